"""Boosted trees: a row goes left at thresholds, and leaves add up."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from firstwire.core.stories.boosted_trees import LEAVES_AT_MOST, BoostedTrees, Numbers
from firstwire.core.stories.resemblance import FEATURES
from tests.support.knowledge import story_knowledge

# Tree 1: x <= 0.5 ? -1 : (y <= 2 ? 0.5 : 2). Tree 2 is a leaf of 0.25.
TREES = BoostedTrees(
    features=("x", "y"),
    base=0.1,
    roots=np.array([0, 5], np.int32),
    feature=np.array([0, 0, 1, 0, 0, 0], np.int32),
    threshold=np.array([0.5, 0, 2, 0, 0, 0], np.float32),
    left=np.array([1, 1, 3, 3, 4, 5], np.int32),
    right=np.array([2, 1, 4, 3, 4, 5], np.int32),
    value=np.array([0, -1, 0, 0.5, 2, 0.25], np.float32),
)


@pytest.mark.parametrize(("row", "leaf"), [((0.5, 9), -1), ((0.6, 2), 0.5), ((0.6, 2.1), 2)])
def test_leaves_add_up_to_log_odds(row: tuple[float, float], leaf: float) -> None:
    (found,) = TREES.probabilities([row])
    assert found == pytest.approx(1 / (1 + exp(-(0.1 + leaf + 0.25))), abs=1e-6)


def test_rows_do_not_depend_on_each_other() -> None:
    rows = [(0.1, 1.0), (0.9, 1.0), (0.9, 3.0)]
    assert TREES.probabilities(rows) == [TREES.probabilities([row])[0] for row in rows]


def test_every_row_ends_at_the_leaf_that_its_conditions_lead_to() -> None:
    chance = np.random.default_rng(5)
    for model in (story_knowledge().english, story_knowledge().other):
        for trees in (model.pairs, model.additions):
            near = chance.choice(trees.threshold, (40, len(trees.features)))  # values at thresholds and next to them
            rows = np.where(chance.random(near.shape) < 0.5, near, near + np.float32(0.01)).astype(np.float32)
            walked = [sum(_leaf(trees, int(root), row) for root in trees.roots) for row in rows]
            expected = [1 / (1 + exp(-(trees.base + odds))) for odds in walked]
            assert trees.probabilities(rows.tolist()) == pytest.approx(expected, abs=2e-6)


def _leaf(trees: BoostedTrees, node: int, row: Numbers) -> float:
    while trees.left[node] != node:
        is_left = row[trees.feature[node]] <= trees.threshold[node]
        node = int(trees.left[node] if is_left else trees.right[node])
    return float(trees.value[node])


def test_a_tree_with_too_many_leaves_is_refused() -> None:
    count = LEAVES_AT_MOST  # conditions, one below the other: one leaf more than they are
    inner, leaves = range(count), range(count, 2 * count + 1)
    chain = BoostedTrees(
        features=("x",),
        base=0.0,
        roots=np.array([0], np.int32),
        feature=np.zeros(2 * count + 1, np.int32),
        threshold=np.arange(2 * count + 1, dtype=np.float32),
        left=np.array([*(count + at for at in inner), *leaves], np.int32),
        right=np.array([*range(1, count), 2 * count, *leaves], np.int32),
        value=np.zeros(2 * count + 1, np.float32),
    )
    with pytest.raises(ValueError, match=f"{count + 1} leaves"):
        chain.probabilities([(0.5,)])


def test_the_shipped_models_were_fitted_on_the_features_of_this_version() -> None:
    known = story_knowledge()
    for model in (known.english, known.other):
        assert model.pairs.features == FEATURES
        assert len(model.weights) == 7
