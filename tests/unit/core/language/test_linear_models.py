"""Linear models: the answers of a regression."""

from __future__ import annotations

import math

import pytest

from firstwire.core.language.linear_models import LinearModel


def test_one_class_is_a_yes_or_no() -> None:
    model = LinearModel(("told",), (-1.0,), {"a": (2.0,), "b": (0.5,)})
    assert model.probabilities({}) == {"told": pytest.approx(1 / (1 + math.e), abs=1e-6)}
    assert model.probabilities({"a": 1.0, "unheard of": 9.0})["told"] == pytest.approx(1 / (1 + math.exp(-1)), abs=1e-6)
    assert model.probabilities({"b": 2.0})["told"] == 0.5


def test_several_classes_share_one_probability() -> None:
    model = LinearModel(("x", "y", "z"), (0.0, 0.0, 0.0), {"a": (3.0, 0.0, -3.0)})
    found = model.probabilities({"a": 1.0})
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert found["x"] > found["y"] > found["z"]
    assert model.probabilities({"a": 400.0})["x"] == 1.0, "no overflow"


def test_the_order_of_features_changes_nothing() -> None:
    weights = {str(at): (10.0 ** (at % 7 - 3),) for at in range(100)}
    model = LinearModel(("told",), (0.1,), weights)
    forward = {str(at): 1.0 for at in range(100)}
    backward = {str(at): 1.0 for at in reversed(range(100))}
    assert model.probabilities(forward) == model.probabilities(backward)
