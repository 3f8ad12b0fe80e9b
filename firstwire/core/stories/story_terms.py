"""Terms: words as 32 bits, of which the last six are the rarity step of the word.

A term is 25 bits of hash, an unused bit, and the rarity step: a word always has the same rarity, so terms can be
compared as integers and weighted without the word.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from firstwire.core.text.rarities import STEP

Terms = npt.NDArray[np.uint32]
Amounts = npt.NDArray[np.float64]

RARITY_BITS = 6
RARITY_MASK = (1 << RARITY_BITS) - 1
HASH_SHIFT = RARITY_BITS + 1

RARITIES = [step * STEP for step in range(RARITY_MASK + 1)]
SHARES: Amounts = np.exp(-np.array(RARITIES))
"""By step: the share of short texts that have the word."""


@lru_cache(maxsize=1 << 14)
def hash_of(text: str) -> int:
    """A 25-bit hash of a text."""
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(hashed, "big") >> HASH_SHIFT


def rarity_of(term: int) -> float:
    """How rare a word is in its language at large."""
    return RARITIES[term & RARITY_MASK]
