"""The tokens that queries compare: runs of word characters after NFKC, each with its range in the original text.

Silent characters such as the tatweel are no part of a token, and an apostrophe ends one, whichever it is.
Unlike `core.text.tokens`, which folds first, a token here keeps its exact form for `=Apple` beside the folded one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from firstwire.core.text.folding import LETTER_APOSTROPHES, fold_text, silent_places, without_silent

WILDCARDS = "*?"
MARKS_LIMIT = 30
"""Marks normalized with one letter, as in Unicode's Stream-Safe Text Format: sorting 80,000 took 4.6 s."""
WORD_LIMIT = 100
"""Code points folded at once and cached; longer tokens are no words, and are folded in pieces."""

# Scripts written without spaces: every character, with its marks, is a token of its own.
SPACELESS_RANGES = (
    "\u0e00-\u0e7f\u0e80-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\U000116d0-\U000116ff"  # Burmese and its extensions
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3031-\u3035\u303c\u3041-\u30ff\u31f0-\u31ff\U0001aff0-\U0001afff\U0001b000-\U0001b16f"  # kana
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\U00016fe2-\U00016fff\U00020000-\U0003ffff"  # Han, supplementary planes
)
_SPACELESS_TOKEN = re.compile(f"[{SPACELESS_RANGES}]")

_ASCII_TOKEN = re.compile(r"[A-Za-z0-9_]+")
_ASCII_PATTERN = re.compile(r"[A-Za-z0-9_*?]+")
# Over the kinds of characters: s spaceless, w other word character, m mark, - anything else.
_TOKEN_OF_KINDS = re.compile("sm*|[wm]+")


class QueryToken(msgspec.Struct, frozen=True):
    """One word: folded, as written (NFKC), and its range in the original text."""

    folded: str
    exact: str
    start: int
    end: int


def tokens_of(text: str) -> list[QueryToken]:
    """The tokens of a text, in order. Marks without a letter, which fold to nothing, are not tokens."""
    return list(_tokens(text, wildcards=False))


def pattern_tokens_of(text: str) -> list[QueryToken]:
    """The tokens of a query's term, where `*` and `?` are word characters."""
    return list(_tokens(text, wildcards=True))


def is_spaceless(char: str) -> bool:
    """Whether a character is of a script written without spaces."""
    return _SPACELESS_TOKEN.match(char) is not None


def fold_word(word: str) -> str:
    """A token folded for comparison: without case and combining marks."""
    if len(word) <= WORD_LIMIT:
        return _fold_short(word)
    return "".join(fold_text(word[at : at + WORD_LIMIT]) for at in range(0, len(word), WORD_LIMIT))


def _tokens(text: str, *, wildcards: bool) -> Iterator[QueryToken]:
    if text.isascii():
        for match in (_ASCII_PATTERN if wildcards else _ASCII_TOKEN).finditer(text):
            yield QueryToken(match[0].lower(), match[0], *match.span())
        return
    normal, starts, ends = _normalized(text)
    kinds = "".join(map(_kind, normal))
    if wildcards:
        kinds = "".join(
            "w" if char in WILDCARDS and text[start] == char else kind
            for char, kind, start in zip(normal, kinds, starts, strict=True)
        )
    for match in _TOKEN_OF_KINDS.finditer(kinds):
        exact = normal[match.start() : match.end()]
        if folded := fold_word(exact):
            yield QueryToken(folded, exact, starts[match.start()], ends[match.end() - 1])


def _normalized(text: str) -> tuple[str, list[int], list[int]]:
    """The NFKC form without silent characters, with the start and end in the original of each of its code points."""
    spoken = without_silent(text)
    normal, starts, ends = _composed(spoken)
    if len(spoken) == len(text):
        return normal, starts, ends
    silent = set(silent_places(text))
    places = [at for at in range(len(text)) if at not in silent]
    return normal, [places[start] for start in starts], [places[end - 1] + 1 for end in ends]


def _composed(text: str) -> tuple[str, list[int], list[int]]:
    """The NFKC form, with the start and end of each of its code points."""
    if unicodedata.is_normalized("NFKC", text):
        return text, list(range(len(text))), list(range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and end - at <= MARKS_LIMIT and _joins(text[end]):
            end += 1
        for piece, start, stop in _pieces(text, at, end):
            pieces.append(piece)
            starts.extend([start] * len(piece))
            ends.extend([stop] * len(piece))
        at = end
    return "".join(pieces), starts, ends


def _pieces(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """The NFKC of a character and the marks after it: code point by code point unless they combine."""
    whole = unicodedata.normalize("NFKC", text[start:end])
    single = [(unicodedata.normalize("NFKC", text[at]), at, at + 1) for at in range(start, end)]
    return single if "".join(piece for piece, _, _ in single) == whole else [(whole, start, end)]


@lru_cache(maxsize=65536)
def _fold_short(word: str) -> str:
    return fold_text(word)


@lru_cache(maxsize=65536)
def _joins(char: str) -> bool:
    """Whether a character may combine with the one before it: a mark, or a vowel or final of Hangul."""
    if char.isascii():
        return False
    first = unicodedata.normalize("NFKC", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


@lru_cache(maxsize=65536)
def _kind(char: str) -> str:
    if unicodedata.category(char).startswith("M"):
        return "m"
    if not (char.isalnum() or char == "_") or char in LETTER_APOSTROPHES:
        return "-"
    return "s" if is_spaceless(char) else "w"
