"""Hashed terms with weights, as bytes on the wire and as arrays where they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Terms = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float64]

PAIR = 1
"""The bit by which a pair of words differs from a word: pairs are rare enough without counting, and not indexed."""

TERMS_KEPT = 96
"""Terms kept of a story's center; 576 bytes."""

_TERM = np.dtype([("term", "<u4"), ("weight", "<u2")])
_STEPS = 1024
"""Weights are kept in steps of 1/1024, so that the same articles give the same bytes on every machine."""
_WEIGHT_AT_MOST = (1 << 16) - 1


def packed(weights: Mapping[int, float], at_most: int = TERMS_KEPT) -> bytes:
    """The heaviest terms in ascending order; those that weigh nothing are left out."""
    steps = [(min(_WEIGHT_AT_MOST, round(weight * _STEPS)), term) for term, weight in weights.items()]
    heaviest = sorted((pair for pair in steps if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))[:at_most]
    rows = sorted((term, weight) for weight, term in heaviest)
    return np.array(rows, dtype=_TERM).tobytes()


def unpacked(data: bytes) -> tuple[Terms, Weights]:
    """Terms and weights; of bytes cut short the whole rows."""
    rows = np.frombuffer(data[: len(data) - len(data) % _TERM.itemsize], _TERM)
    return rows["term"].astype(np.uint32), rows["weight"] / _STEPS


@lru_cache(maxsize=4096)
def weights_of(data: bytes) -> Mapping[int, float]:
    """Not to be changed: it is shared. The stories that grow are asked for again and again."""
    terms, weights = unpacked(data)
    return dict(zip(terms.tolist(), weights.tolist(), strict=True))


def packed_terms(terms: Iterable[int]) -> bytes:
    return np.fromiter(terms, np.dtype("<u4")).tobytes()


def unpacked_terms(data: bytes) -> list[int]:
    found: list[int] = np.frombuffer(data[: len(data) - len(data) % 4], np.dtype("<u4")).tolist()
    return found
