"""Folding: text without case, accents and compatibility forms, with a map back to the original.

NFKC, casefold, then NFD without combining marks (except the breve of й and the voicing marks of kana), then NFC.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import msgspec

KEPT_MARKS = {
    "\u0306": "иИ",  # the breve of й; on other letters (ă, ŭ) it is an accent
    "\u3099": "",  # voicing marks of kana: kept after any letter
    "\u309a": "",
}

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
        return Folded(text.lower())
    chars = set(text)
    if not any(map(_joins, chars)):  # the usual case: each character is folded alone
        table = {ord(char): _fold_cluster(char) for char in chars}
        if all(len(folded) == 1 for folded in table.values()):
            return Folded(text.translate(table))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        folded = _fold_cluster(text[start:end])
        pieces.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))
    folded_text = "".join(pieces)
    if len(starts) == len(text) and all(start == at for at, start in enumerate(starts)):
        return Folded(folded_text)
    return Folded(folded_text, starts, ends)


def fold_text(text: str) -> str:
    """The folded text without its map."""
    return text.lower() if text.isascii() else fold(text).text


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
        return cluster.lower()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", cluster).casefold())
    kept = [
        char
        for at, char in enumerate(plain)
        if unicodedata.category(char) != "Mn" or (char in KEPT_MARKS and _follows(plain, at, KEPT_MARKS[char]))
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _follows(text: str, at: int, letters: str) -> bool:
    return not letters or (at > 0 and text[at - 1] in letters)
