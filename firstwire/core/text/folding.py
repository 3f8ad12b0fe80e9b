"""Folding: text without case, accents and compatibility forms, with a map back to the original.

NFKC, casefold, then NFD without combining marks (except the breve of й and the voicing marks of kana), then letters
that keyboards or languages write differently as one, then NFC. Characters that nobody sees or speaks are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import msgspec

KEPT_MARKS = {
    "\u0306": "иИ",  # the breve of й; on other letters (ă, ŭ) it is an accent
    "\u3099": "",  # voicing marks of kana: kept after any letter
    "\u309a": "",
}

ZERO_WIDTH_NON_JOINER = "\u200c"
SILENT = ZERO_WIDTH_NON_JOINER + (
    "\u0640"  # tatweel, which only stretches an Arabic word
    "\u00ad\u200d\u2060\ufeff"  # soft hyphen, zero-width joiner, word joiner, byte order mark
    "\u061c\u200e\u200f"  # direction marks
)
"""Characters that are no part of a word. The non-joiner is a space in Arabic script: Persian writes `می‌شود` and
`می شود`. In others, such as Kannada, it only shapes the letters of one word."""

ARABIC_RANGES = (
    "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefe\U00010ec0-\U00010eff\U0001ee00-\U0001eeff"
)
"""Blocks of Arabic script."""

LETTER_APOSTROPHES = "\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ee\ua78b\ua78c"
"""Apostrophes that Unicode counts as letters, as in `Oʻzbekiston`, `Hawaiʻi`, `Пʼята` and `Qurʾān`."""

_APOSTROPHES = LETTER_APOSTROPHES + "\u2018\u2019\u201b\u2032\u055a\u05f3`´"
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))

_LETTERS = str.maketrans(
    {
        **dict.fromkeys(SILENT),
        **dict.fromkeys(_APOSTROPHES, "'"),
        "\u0131": "i",  # Turkish dotless i: `I` is its capital, and that of English i
        "\u06cc": "\u064a",  # yeh of Persian keyboards
        "\u0649": "\u064a",  # alef maqsura: a final yeh in Egypt, a yeh anywhere in old Persian text
        "\u06a9": "\u0643",  # kaf of Persian keyboards
        "\u06c1": "\u0647",  # heh of Urdu keyboards
        "\u0671": "\u0627",  # alef wasla
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},  # digits of Arabic keyboards
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},  # and of Persian ones
    }
)
_HEH_WITH_YEH, _HEH = "\u06d5\u0654", "\u0647"
"""`ۀ`, decomposed, is a final heh with an ending: `خانۀ`, `خانهٔ`."""

_SILENT_CHARACTER = re.compile(
    f"[{SILENT.replace(ZERO_WIDTH_NON_JOINER, '')}]|(?<![{ARABIC_RANGES}]){ZERO_WIDTH_NON_JOINER}"
)
_ARABIC_CHARACTER = re.compile(f"[{ARABIC_RANGES}]")

MARKS_LIMIT = 30
"""Marks folded with one letter (Unicode's stream-safe format, UAX 15): sorting more takes quadratic time."""

# Categories that may combine with the letter before; `_joins` adds the vowels and finals of Hangul in single jamo.
_MARKS = ("Mn", "Mc", "Me")


class Folded(msgspec.Struct, frozen=True):
    """A folded text. `starts` and `ends` map each code point to its range in the original; None if they are equal."""

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that was folded to `text[start:end]`."""
        if self.starts is None or self.ends is None or start >= end:
            return (start, end) if self.starts is None else (self._start(start), self._start(start))
        return self.starts[start], self.ends[end - 1]

    def _start(self, position: int) -> int:
        assert self.starts is not None
        assert self.ends is not None
        if position < len(self.starts):
            return self.starts[position]
        return self.ends[-1] if self.ends else 0


def fold(text: str) -> Folded:
    """The folded text with its map, which is None if code points fold one to one."""
    if text.isascii():
        return Folded(_fold_ascii(text))
    alone = text.translate(_ALONE)
    if _TOGETHER not in alone:  # the usual case: each character is folded alone, to one
        return Folded(alone)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        is_space = text[start] == ZERO_WIDTH_NON_JOINER and _ARABIC_CHARACTER.match(text, start - 1) is not None
        folded = " " if start and is_space else _fold_cluster(text[start:end])
        pieces.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))
    folded_text = "".join(pieces)
    if len(starts) == len(text) and all(start == at for at, start in enumerate(starts)):
        return Folded(folded_text)
    return Folded(folded_text, starts, ends)


class _Alone(dict[int, str]):
    """Characters that are folded alone, to one character, by code point; all others are _TOGETHER."""

    def __missing__(self, code: int) -> str:
        folded = _fold_cluster(chr(code))
        self[code] = folded if len(folded) == 1 and not _joins(chr(code)) else _TOGETHER
        return self[code]


_TOGETHER = "\0"
_ALONE = _Alone()


def fold_text(text: str) -> str:
    """The folded text without its map."""
    return _fold_ascii(text) if text.isascii() else fold(text).text


def without_silent(text: str) -> str:
    """The text without characters that are no part of a word; the same object if it has none."""
    return _SILENT_CHARACTER.sub("", text) if any(char in text for char in SILENT) else text


def silent_places(text: str) -> list[int]:
    """The positions of the characters that `without_silent` drops, ascending."""
    return [match.start() for match in _SILENT_CHARACTER.finditer(text)]


def fold_value(value: str) -> str:
    """A whole value (an outlet, a tag, a URL) folded for comparison."""
    return fold_text(unicodedata.normalize("NFKC", value))


def _fold_ascii(text: str) -> str:
    return text.lower().replace("`", "'")


def _clusters(text: str) -> list[tuple[int, int]]:
    """The ranges of characters with their marks, which must be folded together."""
    clusters: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _joins(text[at]) or at - start > MARKS_LIMIT:
            clusters.append((start, at))
            start = at
    return clusters if text else []


@lru_cache(maxsize=65536)
def _joins(char: str) -> bool:
    return char > "\x7f" and (unicodedata.category(char) in _MARKS or "\u1160" <= char <= "\u11ff")


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    if cluster.isascii():
        return _fold_ascii(cluster)
    composed = unicodedata.normalize("NFKC", cluster.translate(_TO_APOSTROPHE))
    plain = unicodedata.normalize("NFD", composed.casefold()).replace(_HEH_WITH_YEH, _HEH)
    kept = [
        char
        for at, char in enumerate(plain)
        if unicodedata.category(char) != "Mn" or (char in KEPT_MARKS and _follows(plain, at, KEPT_MARKS[char]))
    ]
    return unicodedata.normalize("NFC", "".join(kept).translate(_LETTERS))


def _follows(text: str, at: int, letters: str) -> bool:
    return not letters or (at > 0 and text[at - 1] in letters)
