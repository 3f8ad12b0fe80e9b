"""Marks: what distinguishes events of one kind: the 12th package, February figures, a 2-1, an anniversary.

A mark is `key value`; accounts with different values of one key are about different events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from firstwire.core.stories.story_words import (
    ANNIVERSARIES,
    BEFORE_MONTHS,
    DOUBTFUL_MONTHS,
    FUNCTION_WORDS,
    LABELS,
    MONTHS_BY_NAME,
)
from firstwire.core.text.closed_words import ORDINALS, ordinal_of
from firstwire.core.text.folding import fold_text
from firstwire.core.text.word_lists import word_set

MARKS_KEPT = 12

HEADLINE_WORDS_AT_MOST = 20
"""A longer title is prose: its numbers are details, not marks of the event."""

_PIECE = re.compile(r"\d+(?:[.,]\d+)*|\w+|[.º°ª]")
_SCORE = re.compile(r"(?<![\w.,–-])(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\w%–-])(?!\.\d)")
_ORDINAL = re.compile(r"(\d{1,4})(?:st|nd|rd|th|e|er|eme|ème|o|a|й|я|е|го|му|ый|ой)")
_CODE = re.compile(r"([^\W\d_]{2,8}|[gqf])(\d{1,5})[a-z]?")
_YEARS_ON = re.compile(r"^\W*(?:\w+[ -]){1,2}(?:years?|decades?|century) (?:on|after|since|later)\b")

_DIGIT = re.compile(r"\d")
_TELLING = ANNIVERSARIES.union(ORDINALS, MONTHS_BY_NAME, word_set("year years decade decades century"))
"""A title without digits has no mark without one of these words."""

_NO_RANK = word_set("time times straight consecutive successive place floor grade")
"""Nouns whose ordinals do not number a series of events."""


def marks_of(title: str) -> tuple[str, ...]:
    """The distinct marks of a title, in order."""
    folded = fold_text(title)
    pieces = _PIECE.findall(folded)
    if len(pieces) > HEADLINE_WORDS_AT_MOST:
        return ()
    if _DIGIT.search(folded) is None and _TELLING.isdisjoint(pieces):
        return ()  # as of most titles
    found = dict.fromkeys((*_ranks(pieces), *_labels(pieces), *_months(pieces), *_scores(folded)))
    if any(piece in ANNIVERSARIES for piece in pieces) or _YEARS_ON.search(folded):
        found["anniversary"] = None
    return tuple(found)[:MARKS_KEPT]


def conflicting(article: Sequence[str], story: Sequence[str]) -> tuple[str, str] | None:
    """A mark of the article and one of the story that cannot be of one event; None if all agree."""
    theirs = _by_key(story)
    for key, values in _by_key(article).items():
        others = theirs.get(key, values)
        if not values & others:
            return f"{key} {min(values)}", f"{key} {min(others)}"
    if ("anniversary" in article) != ("anniversary" in story):
        return ("anniversary", "the event") if "anniversary" in article else ("the event", "anniversary")
    return None


def merged(story: Sequence[str], article: Sequence[str]) -> tuple[str, ...]:
    """The story's marks and those of the article with new keys: the first value of a key remains."""
    known = _by_key(story).keys()
    return (*story, *(mark for mark in article if mark.rpartition(" ")[0] not in known))[:MARKS_KEPT]


def _by_key(marks: Iterable[str]) -> dict[str, set[str]]:
    keyed: dict[str, set[str]] = {}
    for mark in marks:
        key, _, value = mark.rpartition(" ")
        if key:
            keyed.setdefault(key, set()).add(value)
    return keyed


def _ranks(pieces: Sequence[str]) -> Iterator[str]:
    """`12th package`, `twelfth package`, `12. Paket`, `12-й пакет`."""
    for at in range(len(pieces)):
        number, then = _ordinal(pieces, at)
        if number is not None and then < len(pieces) and pieces[then][0].isalpha():
            noun = pieces[then]
            if noun not in FUNCTION_WORDS and noun not in _NO_RANK and (number > 1 or noun in LABELS):
                yield f"{noun} {number}"


def _ordinal(pieces: Sequence[str], at: int) -> tuple[int | None, int]:
    piece = pieces[at]
    if match := _ORDINAL.fullmatch(piece):
        return int(match[1]), at + 1
    if piece.isdecimal() and len(piece) <= 3:
        following = pieces[at + 1] if at + 1 < len(pieces) else ""
        if following in (".", "º", "°", "ª", "й", "го", "я", "е", "th"):
            return int(piece), at + 2
        return None, at
    return (ordinal_of(piece), at + 1) if piece.isalpha() else (None, at)


def _labels(pieces: Sequence[str]) -> Iterator[str]:
    """`Day 45`, `Phase 2`, and codes without a space, `MH370`, `COP28`, `Q3`."""
    for word, number in pairwise(pieces):
        if word in LABELS and number.isdecimal() and len(number) <= 5:
            yield f"{word} {int(number)}"
    for piece in pieces:
        if match := _CODE.fullmatch(piece):
            yield f"{match[1]} {int(match[2])}"


def _months(pieces: Sequence[str]) -> Iterator[str]:
    for at, piece in enumerate(pieces):
        month = MONTHS_BY_NAME.get(piece)
        if month is None:
            continue
        beside = (pieces[at - 1] if at else "", pieces[at + 1] if at + 1 < len(pieces) else "")
        if piece not in DOUBTFUL_MONTHS or beside[0] in BEFORE_MONTHS or any(word.isdecimal() for word in beside):
            yield f"month {month}"
            day = next((int(word) for word in reversed(beside) if word.isdecimal() and 0 < int(word) <= 31), None)
            if day is not None:
                yield f"day {month}-{day}"


def _scores(folded: str) -> Iterator[str]:
    for match in _SCORE.finditer(folded):
        one, other = sorted((int(match[1]), int(match[2])))
        yield f"score {one}-{other}"
