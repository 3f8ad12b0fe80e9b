"""Weighted terms: as bytes when stored, as arrays when compared."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_terms import PAIR, RARITIES, RARITY_MASK, Amounts, Terms

_ROW = np.dtype([("term", "<u4"), ("weight", "<f2")])
"""Half floats have 11 bits of precision on every machine: a step of 1/32 never rounds to zero."""


def rounded(terms: Terms, weights: Amounts, at_most: int) -> tuple[Terms, Amounts]:
    """The terms with the highest weight times rarity, ascending, with their weights rounded as stored.

    Of equals the smaller terms; those without weight are omitted.
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
    """The weighted mean of two vectors; the second has weight `step`."""
    every = np.concatenate((terms, others))
    union, indexes = np.unique(every, return_inverse=True)
    mean = np.bincount(indexes, np.concatenate((weights * (1 - step), to * step)), len(union)).astype(np.float64)
    return rounded(union, mean, at_most)


def heaviest_words(terms: Terms, weights: Amounts, at_most: int) -> list[int]:
    """The heaviest words, without pairs, by which a story is indexed."""
    is_word = (terms & np.uint32(PAIR)) == 0
    words: list[int] = rounded(terms[is_word], weights[is_word], at_most)[0].tolist()
    return words


def packed(terms: Terms, weights: Amounts) -> bytes:
    table: npt.NDArray[np.void] = np.empty(len(terms), _ROW)
    table["term"] = terms
    table["weight"] = weights
    return table.tobytes()


def unpacked(data: bytes) -> tuple[Terms, Amounts]:
    """Terms and weights; an incomplete last row is ignored."""
    table = np.frombuffer(data, _ROW, rows(data))
    return table["term"].astype(np.uint32), table["weight"].astype(np.float64)


def rows(data: bytes) -> int:
    """The number of terms in packed bytes."""
    return len(data) // _ROW.itemsize


def packed_terms(terms: Iterable[int]) -> bytes:
    return np.fromiter(terms, np.dtype("<u4")).tobytes()


def unpacked_terms(data: bytes) -> list[int]:
    found: list[int] = np.frombuffer(data[: len(data) - len(data) % 4], np.dtype("<u4")).tolist()
    return found


_RARITY = np.uint32(RARITY_MASK)
