"""Gradient-boosted trees: a trained model as plain numbers, and its answer for a few rows of features at once.

Trained by `python -m tests.quality.train_stories`; read from a file by the caller, as the core opens none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class BoostedTrees:
    """Nodes of all trees in one table: shape (nodes,). A leaf is its own child, so that every path has equal length."""

    features: tuple[str, ...]
    base: float
    """The log odds before any tree."""
    roots: Indexes
    feature: Indexes
    threshold: Numbers
    left: Indexes
    """The child for a value up to the threshold."""
    right: Indexes
    value: Numbers
    """Of a leaf, added to the log odds; 0 for other nodes."""
    depth: int

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """One probability for each row of features, rounded so that every machine gives the same."""
        table = np.array(rows, np.float32)
        at = np.broadcast_to(self.roots, (len(table), len(self.roots)))
        row = np.arange(len(table))[:, None]
        for _ in range(self.depth):
            is_left = table[row, self.feature[at]] <= self.threshold[at]
            at = np.where(is_left, self.left[at], self.right[at])
        odds = self.base + self.value[at].astype(np.float64).sum(axis=1)
        return [round(1 / (1 + exp(-value)), 6) for value in odds.tolist()]
