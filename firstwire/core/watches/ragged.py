"""Rows of different lengths in two arrays: where each begins, and what they hold one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


class Ragged:
    """Row k holds `items[starts[k]:starts[k + 1]]`; `starts` has one more entry than there are rows."""

    def __init__(self, starts: Numbers, items: NDArray[Any]) -> None:
        self.starts = starts
        self.items = items

    @classmethod
    def grouped(cls, rows: Numbers, items: Numbers, count: int) -> Ragged:
        """Pairs of a row, below `count`, and an item; doubles count once, items ascend in their row."""
        order = np.lexsort((items, rows))
        rows, items = rows[order], items[order]
        fresh = np.ones(len(rows), bool)
        fresh[1:] = (rows[1:] != rows[:-1]) | (items[1:] != items[:-1])
        rows, items = rows[fresh], items[fresh]
        return cls(np.searchsorted(rows, np.arange(count + 1)), items.astype(np.int32))

    def places(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """For rows one after the other: the places of their items, and the length of each row."""
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        ends = lengths.cumsum()
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + (first - ends + lengths).repeat(lengths), lengths

    def of(self, rows: Numbers) -> NDArray[Any]:
        """The items of some rows, one after the other."""
        return self.items[self.places(rows)[0]]
