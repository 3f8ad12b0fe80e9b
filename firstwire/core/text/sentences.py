"""Splits text into sentences; handles abbreviations, initials, quotes and the dots of headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from firstwire.core.text.word_lists import word_set

_BOUNDARY = re.compile(
    r"(?P<lines>\n\s*+)"
    r"|(?P<wide>[。！？｡]++[”’」』）\"']*+\s*+)"
    r"|(?P<stop>(?<![.!?؟۔।…])[.!?؟۔।…]++)(?P<close>[\"'”’»)\]]*+)(?P<gap>\s++)(?=(?P<open>[\"'“‘«(\[¿¡]*)(?P<next>\S))"
)

_ABBREVIATIONS = word_set(
    """
    mr mrs ms dr st sen rep gov gen lt col sgt maj capt cpl adm prof hon rev fr sr jr pres supt insp messrs mt
    ft vs v no nos art sec fig vol ed est approx dept univ assn bros inc ltd co corp jan feb mar apr jun jul
    aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ave blvd rd cf e.g i.e etc al ca pp
    viz m mme mlle dna gt sra srta hr nr bzw ul г гг им см т.е np tzw tj m.in ppłk płk św
    """
)
_INITIALS = re.compile(r"(?:^|[\s\"'“‘(\[-])(?:\w\.)*\w$")

# After "U.S." or an initial, only a word that rarely follows a name begins a sentence.
_OPENERS = word_set(
    """
    the a an in on at it its he she they we you i but and or so yet this that these those there here his her
    their our my as if when while after before since because although though however meanwhile also for from
    by with to what who why how where earlier later then now one two some many most no not both according last
    """
)
WIDEST_LINE = 100
"""Code points; longer lines are paragraphs."""
_BREAKS_NEEDED = 2
"""One line break does not show whether the next word would have fit: the longest line is always the first."""
_ENDLESS = 1_000_000
_UNBROKEN = re.compile(r"\S+")
_WORD_OF_LINE = re.compile(r"[\w'’]+")


def split_sentences(text: str, at_most: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, or of its first ones, in code points, without surrounding white space.

    A line break ends a sentence, except where a text is wrapped to short lines and the next word would not have fit,
    or where the next line begins with a lower-case letter.
    """
    return list(islice(_spans(text), at_most))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    width = _width(text)
    for match in _BOUNDARY.finditer(text):
        if match["stop"] and not _ends_sentence(text, start, match):
            continue
        if match["lines"] and width and _is_wrapped(text, match, width):
            continue
        end = match.end("close") if match["stop"] else match.end()
        yield from _stripped(text, start, end)
        start = match.end()
    yield from _stripped(text, start, len(text))


def _width(text: str) -> int:
    """The width to which a text is wrapped; 0 if it is not, endless if it has too few lines to decide."""
    lines = text.split("\n")
    width = max(map(len, lines))
    if width > WIDEST_LINE:
        return 0
    return width if len(lines) > _BREAKS_NEEDED else _ENDLESS


def _is_wrapped(text: str, match: re.Match[str], width: int) -> bool:
    """Whether a line was wrapped because the next word did not fit, or continues in lower case."""
    if match["lines"] != "\n":
        return False
    begin = text.rfind("\n", 0, match.start()) + 1
    word = _UNBROKEN.match(text, match.end())
    if word is None:
        return False
    if word[0][:1].islower():
        return True
    return match.start() - begin + 1 + len(word[0]) > width


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space around it, if anything is left."""
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + len(piece) - len(piece.lstrip())
        yield begin, begin + len(stripped)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = match["next"]
    if following.islower():
        return False
    stop = match["stop"]
    if stop == "…" or (len(stop) > 1 and set(stop) == {"."}):
        return _opens(text, match)
    if stop != "." or match["close"]:
        return True
    before = text[max(start, match.start() - 20) : match.start()]
    word = before.rsplit(None, 1)[-1].lstrip("\"'“‘«([") if before.strip() else ""
    if word.casefold() in _ABBREVIATIONS:
        return False
    if word.isdigit() and len(word) <= 2 and following.isdigit():
        return False
    return _opens(text, match) if _INITIALS.search(before) and not word.isdigit() else True


def _opens(text: str, match: re.Match[str]) -> bool:
    word = _WORD_OF_LINE.match(text, match.end() + len(match["open"]))
    return word is not None and word[0].casefold() in _OPENERS
