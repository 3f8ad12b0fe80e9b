"""The forms of a text's tokens without their offsets: those of `tokens_of`, many times faster.

The module `tokens` defines what a token is; a test compares the two on every code point. Text that is
neither ASCII nor safe to normalize in one piece goes to `tokens_of` itself.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

from firstwire.core.text.folding import LETTER_APOSTROPHES, without_silent
from firstwire.core.watches.tokens import MARKS_LIMIT, SPACELESS_RANGES, fold_word, tokens_of

_AS_WRITTEN = "".join(char if char.isalnum() or char == "_" else " " for char in map(chr, range(128)))
_ASCII_EXACT = _AS_WRITTEN.encode().ljust(256)
_ASCII_FOLDED = _AS_WRITTEN.lower().encode().ljust(256)
"""By ASCII byte: its form in a token, or a space. Translating and splitting takes a third of `findall`'s time."""

_LAST_PLANE_WITH_MARKS = 0xE
_PLANES_WITHOUT_MARKS = range(3, _LAST_PLANE_WITH_MARKS)
"""Planes with Han only or nothing: skipped when the marks are listed."""


def exact_forms(text: str) -> list[str]:
    """The tokens of a text as written (NFKC), in order: those of `tokens_of`."""
    if text.isascii():
        return text.encode().translate(_ASCII_EXACT).decode().split()
    forms = _other_forms(text)
    return [token.exact for token in tokens_of(text)] if forms is None else [form for form in forms if fold_word(form)]


def folded_forms(text: str) -> list[str]:
    """The tokens of a text without case and combining marks, in order: those of `tokens_of`."""
    if text.isascii():
        return text.encode().translate(_ASCII_FOLDED).decode().split()
    forms = _other_forms(text)
    if forms is None:
        return [token.folded for token in tokens_of(text)]
    return [folded for folded in map(fold_word, forms) if folded]


def _other_forms(text: str) -> list[str] | None:
    """Candidate tokens; those that fold to nothing are not tokens. None for hostile runs of marks."""
    token, joining = _patterns()
    text = without_silent(text)
    if unicodedata.is_normalized("NFKC", text):
        return token.findall(text)
    if joining.search(text):
        return None
    return token.findall(unicodedata.normalize("NFKC", text))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two patterns: a token of normalized text, and a run of marks too long to be normalized in one piece."""
    marks, joining = [], []
    for plane in range(_LAST_PLANE_WITH_MARKS + 1):
        if plane in _PLANES_WITHOUT_MARKS:
            continue
        for char in map(chr, range(plane << 16, (plane + 1) << 16)):
            category = unicodedata.category(char)
            if category[0] == "M":
                marks.append(char)
            if category[0] == "M" or (category in {"Lm", "Lo", "Sk"} and _joins(char)):
                joining.append(char)
    mark, spaceless = _ranges(marks), SPACELESS_RANGES
    token = re.compile(rf"(?:[^\W{spaceless}{LETTER_APOSTROPHES}]++|[{mark}]++)++|(?=\w)[{spaceless}][{mark}]*+")
    return token, re.compile(f"[{_ranges(joining)}]{{{MARKS_LIMIT}}}")


def _joins(char: str) -> bool:
    """Whether a character other than a mark may combine with the one before it: see `tokens`."""
    first = unicodedata.normalize("NFKC", char)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"


def _ranges(chars: list[str]) -> str:
    """Ascending characters as the inside of a regular expression's brackets."""
    ranges: list[list[int]] = []
    for code in map(ord, chars):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


assert sys.maxunicode >> 16 > _LAST_PLANE_WITH_MARKS
