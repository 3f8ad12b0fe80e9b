"""Rows of different lengths in two arrays: the start of each row, and the concatenated items."""

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
        """From pairs of a row number, below `count`, and an item; duplicates are dropped, items ascend in their row."""
        order = np.lexsort((items, rows))
        rows, items = rows[order], items[order]
        fresh = np.ones(len(rows), bool)
        fresh[1:] = (rows[1:] != rows[:-1]) | (items[1:] != items[:-1])
        rows, items = rows[fresh], items[fresh]
        return cls(np.searchsorted(rows, np.arange(count + 1)), items.astype(np.int32))

    def positions(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """The positions in `items` of the given rows, concatenated, and the length of each row."""
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        ends = lengths.cumsum()
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + (first - ends + lengths).repeat(lengths), lengths

    def of(self, rows: Numbers) -> NDArray[Any]:
        """The items of the given rows, concatenated."""
        return self.items[self.positions(rows)[0]]
