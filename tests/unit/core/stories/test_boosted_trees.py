"""Boosted trees: a row goes left at thresholds, and leaves add up."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from firstwire.core.stories.boosted_trees import BoostedTrees
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
    depth=2,
)


@pytest.mark.parametrize(("row", "leaf"), [((0.5, 9), -1), ((0.6, 2), 0.5), ((0.6, 2.1), 2)])
def test_leaves_add_up_to_log_odds(row: tuple[float, float], leaf: float) -> None:
    (found,) = TREES.probabilities([row])
    assert found == pytest.approx(1 / (1 + exp(-(0.1 + leaf + 0.25))), abs=1e-6)


def test_rows_do_not_depend_on_each_other() -> None:
    rows = [(0.1, 1.0), (0.9, 1.0), (0.9, 3.0)]
    assert TREES.probabilities(rows) == [TREES.probabilities([row])[0] for row in rows]


def test_the_shipped_models_were_fitted_on_the_features_of_this_version() -> None:
    known = story_knowledge()
    for model in (known.english, known.other):
        assert model.pairs.features == FEATURES
        assert len(model.weights) == 7
