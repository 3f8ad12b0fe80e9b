"""Terms with weights: as bytes on the wire, as arrays where they are compared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_terms import PAIR, RARITIES, RARITY_MASK, Amounts, Terms

_ROW = np.dtype([("term", "<u4"), ("weight", "<f2")])
"""Halves have eleven bits, the same on every machine: a step of a thirty-second part never rounds to nothing."""


def rounded(terms: Terms, weights: Amounts, at_most: int) -> tuple[Terms, Amounts]:
    """The heaviest terms, their rarity counted, in ascending order, with their weights as they are kept.

    Of equals the lesser terms; those that weigh nothing are left out.
    """
    halves = weights.astype(np.float16).astype(np.float64)
    order = np.argsort(terms)
    worth = (halves * RARITIES[terms & _RARITY])[order]
    heaviest = np.sort(np.argsort(-worth, kind="stable")[:at_most])
    order = order[heaviest[worth[heaviest] > 0]]
    return terms[order], halves[order]


def moved(
    terms: Terms, weights: Amounts, others: Terms, to: Amounts, step: float, at_most: int
) -> tuple[Terms, Amounts]:
    """The mean of two vectors, of which the second counts `step`."""
    every = np.concatenate((terms, others))
    union, places = np.unique(every, return_inverse=True)
    mean = np.bincount(places, np.concatenate((weights * (1 - step), to * step)), len(union)).astype(np.float64)
    return rounded(union, mean, at_most)


def heaviest_words(terms: Terms, weights: Amounts, at_most: int) -> list[int]:
    """The words, no pairs, that weigh most: those by which a story is sought."""
    is_word = (terms & np.uint32(PAIR)) == 0
    words: list[int] = rounded(terms[is_word], weights[is_word], at_most)[0].tolist()
    return words


def packed(terms: Terms, weights: Amounts) -> bytes:
    table: npt.NDArray[np.void] = np.empty(len(terms), _ROW)
    table["term"] = terms
    table["weight"] = weights
    return table.tobytes()


def unpacked(data: bytes) -> tuple[Terms, Amounts]:
    """Terms and weights; of bytes cut short the whole rows."""
    table = np.frombuffer(data, _ROW, rows(data))
    return table["term"].astype(np.uint32), table["weight"].astype(np.float64)


def rows(data: bytes) -> int:
    """How many terms packed bytes have."""
    return len(data) // _ROW.itemsize


def packed_terms(terms: Iterable[int]) -> bytes:
    return np.fromiter(terms, np.dtype("<u4")).tobytes()


def unpacked_terms(data: bytes) -> list[int]:
    found: list[int] = np.frombuffer(data[: len(data) - len(data) % 4], np.dtype("<u4")).tolist()
    return found


_RARITY = np.uint32(RARITY_MASK)
