"""Gradient-boosted trees: a trained model as plain numbers, and its answer for a few rows of features at once.

All conditions of all trees are tested at once; each that fails strikes out the leaves on its left, and the first leaf
that is left of a tree is its answer (Lucchese et al., "QuickScorer", SIGIR 2015): a few operations on arrays instead
of a walk. Trained by `python -m tests.quality.train_stories`; read from a file by the caller, as the core opens none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int32]
Leaves = npt.NDArray[np.uint8]
"""Sets of leaves, a bit for each, the leftmost being the lowest."""

LEAVES_AT_MOST: Final = 8
"""Of one tree."""
_EVERY_LEAF = (1 << LEAVES_AT_MOST) - 1
_LEFTMOST = np.array([(leaves & -leaves).bit_length() - 1 for leaves in range(_EVERY_LEAF + 1)])
"""By set of leaves."""


@dataclass(frozen=True, eq=False)
class BoostedTrees:
    """Nodes of all trees in one table: shape (nodes,). A leaf is its own child. No tree has over LEAVES_AT_MOST."""

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

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """One probability for each row of features, rounded so that every machine gives the same."""
        tests = self._tests
        table = np.array(rows, np.float32)
        is_left = np.take(table, tests.feature, axis=1) <= tests.threshold
        possible = np.negative(is_left.view(np.uint8)) | tests.kept_if_right  # -1 is the set of all leaves
        possible = np.bitwise_and.reduce(possible.reshape(len(table), *tests.shape), axis=1)
        reached = np.take(_LEFTMOST, possible) + tests.first_leaf
        odds = self.base + np.take(tests.value, reached).sum(axis=1)
        return [round(1 / (1 + exp(-value)), 6) for value in odds.tolist()]

    @cached_property
    def _tests(self) -> _Tests:
        return _Tests.of(self)


@dataclass(frozen=True, eq=False)
class _Tests:
    """The conditions of all trees: shape (conditions of a tree, trees), flat. Trees with fewer have some that hold."""

    shape: tuple[int, int]
    feature: npt.NDArray[np.intp]
    threshold: Numbers
    kept_if_right: Leaves
    """The leaves that a value over the threshold leaves possible."""
    value: npt.NDArray[np.float64]
    """Of the leaves: shape (trees * LEAVES_AT_MOST,)."""
    first_leaf: npt.NDArray[np.intp]
    """By tree: where its leaves are in `value`."""

    @classmethod
    def of(cls, trees: BoostedTrees) -> _Tests:
        shape = (LEAVES_AT_MOST - 1, len(trees.roots))
        feature, threshold = np.zeros(shape, np.intp), np.full(shape, np.inf, np.float32)
        kept_if_right = np.full(shape, _EVERY_LEAF, np.uint8)
        value = np.zeros((len(trees.roots), LEAVES_AT_MOST), np.float64)
        for tree, root in enumerate(trees.roots.tolist()):
            leaves: list[int] = []
            conditions: list[tuple[int, int, int]] = []
            _walk(trees, root, leaves, conditions)
            if len(leaves) > LEAVES_AT_MOST:
                raise ValueError(f"tree {tree} has {len(leaves)} leaves, {LEAVES_AT_MOST} being the most")
            value[tree, : len(leaves)] = trees.value[leaves]
            for at, (node, start, end) in enumerate(conditions):
                feature[at, tree], threshold[at, tree] = trees.feature[node], trees.threshold[node]
                kept_if_right[at, tree] = _EVERY_LEAF & ~((1 << end) - (1 << start))
        first_leaf = np.arange(len(trees.roots)) * LEAVES_AT_MOST
        return cls(shape, feature.ravel(), threshold.ravel(), kept_if_right.ravel(), value.ravel(), first_leaf)


def _walk(trees: BoostedTrees, node: int, leaves: list[int], conditions: list[tuple[int, int, int]]) -> None:
    """The leaves below a node from left to right, and its conditions: the node, and the range of leaves on its left."""
    left, right = int(trees.left[node]), int(trees.right[node])
    if left == node:
        leaves.append(node)
        return
    start = len(leaves)
    _walk(trees, left, leaves, conditions)
    conditions.append((node, start, len(leaves)))
    _walk(trees, right, leaves, conditions)
