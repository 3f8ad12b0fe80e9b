"""Terms: words and pairs of words as 32 bits, of which the last six are the rarity step of the word.

A term is 25 bits of hash, a bit that distinguishes pairs from words, and the rarity step: a word always has the
same rarity, so terms can be compared as integers and weighted without the word.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_words import FUNCTION_WORDS
from firstwire.core.text.folding import fold_text
from firstwire.core.text.rarities import STEP, Rarities, stem_of

Terms = npt.NDArray[np.uint32]
Amounts = npt.NDArray[np.float64]

RARITY_BITS = 6
RARITY_MASK = (1 << RARITY_BITS) - 1
PAIR = 1 << RARITY_BITS
HASH_SHIFT = RARITY_BITS + 1

RARITIES: Amounts = np.arange(1 << RARITY_BITS, dtype=np.float64) * STEP
SHARES: Amounts = np.exp(-RARITIES)
"""By step: the share of short texts that have the word."""

WORDS_CACHED = 1 << 17

_HASH_SHIFT = np.uint32(HASH_SHIFT)
_RARITY_MASK = np.uint32(RARITY_MASK)
_PAIR_FACTORS = np.array([0x9E3779B1, 0x85EBCA77, 0x2C1B3C6D], np.uint32)
"""Odd, and different for the two positions, so that order matters."""
_STEPS = np.arange(1 << RARITY_BITS)
_PAIR_RARITIES: Terms = np.rint(np.sqrt(np.outer(_STEPS, _STEPS))).astype(np.uint32)


@lru_cache(maxsize=1 << 14)
def hash_of(text: str) -> int:
    """A 25-bit hash of a text."""
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(hashed, "big") >> HASH_SHIFT


def pairs_of(ones: Terms, others: Terms) -> Terms:
    """The terms of pairs of adjacent words, with the geometric mean of their rarities."""
    mixed = (ones >> _HASH_SHIFT) * _PAIR_FACTORS[0] + (others >> _HASH_SHIFT) * _PAIR_FACTORS[1]
    mixed = (mixed ^ mixed >> np.uint32(15)) * _PAIR_FACTORS[2]
    rarities = _PAIR_RARITIES[ones & _RARITY_MASK, others & _RARITY_MASK]
    terms: Terms = (mixed >> _HASH_SHIFT << _HASH_SHIFT) | np.uint32(PAIR) | rarities
    return terms


@lru_cache(maxsize=64)
def terms_of_words(language: str, rarities: Rarities) -> Mapping[str, int]:
    """A cached mapping from words as written to terms; 0 for function words and single letters."""
    return _WordTerms(language, rarities)


class _WordTerms(dict[str, int]):
    def __init__(self, language: str, rarities: Rarities) -> None:
        super().__init__()
        self._language = language
        self._rarities = rarities

    def __missing__(self, written: str) -> int:
        if len(self) >= WORDS_CACHED:
            self.clear()
        word = fold_text(written)
        if word in FUNCTION_WORDS or (len(word) < 2 and not word.isdigit()):
            return self.setdefault(written, 0)
        word = stem_of(word, self._language)
        hashed = hash_of(f"{self._language} {word}")
        return self.setdefault(written, hashed << HASH_SHIFT | self._rarities.of(word, self._language))
