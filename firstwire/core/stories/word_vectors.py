"""Word vectors: how alike words are in meaning, for the words of a fixed list, compared by their terms.

The vectors are parameters; the core opens no file. Words in no list have no vector and are like themselves only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_terms import HASH_SHIFT, RARITIES, RARITY_MASK, hash_of
from firstwire.core.text.rarities import stem_of

Vectors = npt.NDArray[np.float32]

SIZE = 64
TERMS_CACHED: Final = 1 << 17


class WordVectors:
    """Unit vectors of the words of English, by stem. `vectors` has a row for each word: shape (words, SIZE)."""

    def __init__(self, words: Iterable[str] = (), vectors: npt.NDArray[np.int8] | None = None) -> None:
        by_hash: dict[int, int] = {}
        for row, word in enumerate(words):
            by_hash.setdefault(hash_of(f"en {stem_of(word, 'en')}"), row + 1)
        self._rows = _Rows(by_hash)
        table = np.zeros((1, SIZE), np.float32)
        if vectors is not None:
            real = vectors.astype(np.float32)
            real /= np.linalg.norm(real, axis=1, keepdims=True) + np.float32(1e-9)
            table = np.concatenate((table, real))
        self._table = table
        """Row 0 is that of unknown words: zeros."""

    def of(self, terms: Sequence[int]) -> Vectors:
        """The vectors of terms, zeros for those without one: shape (terms, SIZE)."""
        rows = np.fromiter(map(self._rows.__getitem__, terms), np.intp, len(terms))
        found: Vectors = np.take(self._table, rows, axis=0)
        return found

    def mean(self, terms: Sequence[int]) -> Vectors:
        """The direction of several words, each weighted with its rarity: shape (SIZE,), zeros if none has a vector."""
        if not terms:
            return np.zeros(SIZE, np.float32)
        total = _WEIGHTS[np.array(terms, np.uint32) & _STEP] @ self.of(terms)
        length = sqrt(total @ total)
        direction: Vectors = total / np.float32(length) if length else total
        return direction


class _Rows(dict[int, int]):
    """A cache of rows by term: a term has the rarity of its word besides the hash."""

    def __init__(self, by_hash: Mapping[int, int]) -> None:
        super().__init__()
        self._by_hash = by_hash

    def __missing__(self, term: int) -> int:
        if len(self) >= TERMS_CACHED:
            self.clear()
        return self.setdefault(term, self._by_hash.get(term >> HASH_SHIFT, 0))


_WEIGHTS: Vectors = np.array(RARITIES, np.float32)
"""By rarity step."""
_STEP = np.uint32(RARITY_MASK)
