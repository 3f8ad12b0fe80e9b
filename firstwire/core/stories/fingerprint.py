"""A text as the sequence of its hashed word 5-grams, and the similarity of two texts. Never the text itself.

This is the definition of a near-duplicate; `docs/stories.md` gives its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]

GRAM_WORDS = 5

JACCARD_AT_LEAST = 0.5
HELD_AT_LEAST = 0.8
"""Two texts are near-duplicates with at least this Jaccard index, or if one contains this share of the other."""

GRAMS_KEPT = 8192
"""Hashes kept of one text, 32 kB: enough for all but one text in thousands; longer ones are sampled evenly."""

_HASH_BITS = 32
_WORDS_CACHED = 1 << 17
_ON_THE_WIRE = np.dtype("<u4")


@dataclass(frozen=True)
class Likeness:
    """The similarity of two texts as sets of 5-grams."""

    jaccard: float
    held: float
    """The share of the smaller set that is in the larger one."""

    @property
    def is_near_duplicate(self) -> bool:
        return self.jaccard >= JACCARD_AT_LEAST or self.held >= HELD_AT_LEAST

    @property
    def similarity(self) -> float:
        """The decisive number: the Jaccard index if that is sufficient, else the larger of both shares."""
        decisive = self.jaccard if self.jaccard >= JACCARD_AT_LEAST else max(self.jaccard, self.held)
        return round(decisive, 4)


class Fingerprint:
    """Hashes of a text's 5-grams, in order; if thinned, only those whose first `thinned` bits are zero."""

    __slots__ = ("_set", "grams", "thinned")

    def __init__(self, grams: Hashes, thinned: int = 0) -> None:
        self.grams = grams
        self.thinned = thinned
        self._set: Hashes | None = None

    @property
    def gram_set(self) -> Hashes:
        """The distinct hashes, ascending."""
        if self._set is None:
            ordered = self.grams.copy()
            ordered.sort()
            is_first = np.ones(len(ordered), np.bool_)
            np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
            self._set = ordered[is_first]
        return self._set

    @property
    def size(self) -> int:
        """The number of distinct 5-grams of the text; an estimate if thinned."""
        return len(self.gram_set) << self.thinned

    def kept(self) -> Fingerprint:
        """The fingerprint to remember: itself, or an even sample of at most GRAMS_KEPT hashes."""
        if len(self.grams) <= GRAMS_KEPT:
            return self
        _, first_at = np.unique(self.grams, return_index=True)
        once = Fingerprint(self.grams[np.sort(first_at)], self.thinned)
        while len(once.grams) > GRAMS_KEPT:
            once = once.thinned_to(once.thinned + 1)
        return once

    def thinned_to(self, bits: int) -> Fingerprint:
        if bits <= self.thinned:
            return self
        limit = np.uint32((1 << (_HASH_BITS - bits)) - 1)
        return Fingerprint(self.grams[self.grams <= limit], bits)

    def to_bytes(self) -> bytes:
        return self.grams.astype(_ON_THE_WIRE, copy=False).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes, thinned: int = 0) -> Self:
        whole = data[: len(data) - len(data) % _ON_THE_WIRE.itemsize]
        return cls(np.frombuffer(whole, _ON_THE_WIRE).astype(np.uint32, copy=False), thinned)


def fingerprint_of(words: Sequence[str], language: str) -> Fingerprint:
    """The fingerprint of a text of at least GRAM_WORDS words. Texts in different languages share no hashes."""
    count = len(words) - GRAM_WORDS + 1
    hashed = np.fromiter(map(_HASHES.__getitem__, words), np.uint64, len(words))
    mixed = hashed[:count] * _GRAM_FACTORS[0]
    for at in range(1, GRAM_WORDS):
        mixed += hashed[at : count + at] * _GRAM_FACTORS[at]
    mixed += np.uint64(_HASHES[f"language {language}"])  # no collision: words contain no space
    mixed ^= mixed >> np.uint64(29)
    mixed *= _GRAM_FACTORS[GRAM_WORDS]
    return Fingerprint((mixed >> np.uint64(64 - _HASH_BITS)).astype(np.uint32))


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """The similarity of two texts; symmetric. Exact unless one of them is thinned."""
    bits = max(one.thinned, other.thinned)
    few, many = one.thinned_to(bits).gram_set, other.thinned_to(bits).gram_set
    if len(few) > len(many):
        few, many = many, few
    if len(few) == 0:
        return Likeness(0.0, 0.0)
    at = many.searchsorted(few)
    at[at == len(many)] = 0
    shared = int(np.count_nonzero(many[at] == few))
    return Likeness(shared / (len(few) + len(many) - shared), shared / len(few))


class _WordHashes(dict[str, int]):
    """A cache of 64-bit hashes of words: a few hundred words make up half of a text."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS_CACHED:
            self.clear()
        hashed = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return self.setdefault(word, int.from_bytes(hashed, "little"))


_HASHES = _WordHashes()

_GRAM_FACTORS = np.array([_HASHES[f"factor {at}"] | 1 for at in range(GRAM_WORDS + 1)], dtype=np.uint64)
"""Odd, so that no bit of a word's hash is lost; one per position in a 5-gram, so that order matters."""
