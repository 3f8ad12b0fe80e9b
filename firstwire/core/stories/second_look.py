"""A second look at two articles: a small transformer reads the beginnings of both together.

Words in common say little about two reports in quite other words, and much about two acts of one kind. Where the first
comparison leaves doubt, the texts themselves are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple, Protocol

from firstwire.core.language.linear_models import log_odds

DIGITS = 4
"""Of a probability, so that a story does not depend on the last bits of a machine's arithmetic."""
_LEAST = 1e-3
"""Of a probability, so that its logarithm stays small: the transformer is seldom as sure by right."""


class SecondLook(NamedTuple):
    """What reading two articles together says."""

    same: float
    """Probability that both are on one happening."""
    repeats: float
    """Probability that the later one adds nothing to the earlier one, if they are."""


class PairReader(Protocol):
    def load(self) -> None:
        """Make ready, which takes up to a fifth of a second; the first look does it otherwise."""

    def beginning(self, title: str, text: str) -> bytes:
        """What is remembered of an article, to be read later."""

    def __call__(self, article: bytes, earlier: bytes) -> SecondLook:
        """What the beginnings of an article and of an earlier one say together."""


@dataclass(frozen=True)
class LookWeights:
    """Logistic regressions on log odds, their constants first."""

    joins: tuple[float, ...]
    """Of the first comparison's probability, and the most and the least of the looks' `same`."""
    adds: tuple[float, ...]
    """Of the first model's probability, the most and the least of the looks' `repeats`, the most of `same`, and the
    probability that it belongs to the story."""

    def joining(self, probability: float, looks: Sequence[SecondLook]) -> float:
        """The probability that an article belongs to a story, after `looks` at its likest articles."""
        return regressed(self.joins, join_features(probability, looks))

    def adding(self, probability: float, looks: Sequence[SecondLook], joined: float) -> float:
        """The probability that an article adds something to a story to which it belongs by `joined`, after `looks`."""
        return regressed(self.adds, add_features(probability, looks, joined))


def join_features(probability: float, looks: Sequence[SecondLook]) -> tuple[float, ...]:
    same = [look.same for look in looks]
    return (_odds(probability), _odds(max(same)), _odds(min(same)))


def add_features(probability: float, looks: Sequence[SecondLook], joined: float) -> tuple[float, ...]:
    repeats = [look.repeats for look in looks]
    same = max(look.same for look in looks)
    return tuple(map(_odds, (probability, max(repeats), min(repeats), same, joined)))


def regressed(weights: Sequence[float], values: Sequence[float]) -> float:
    """The probability of a logistic regression, its constant first."""
    base, *others = weights
    odds = base + sum(weight * value for weight, value in zip(others, values, strict=True))
    return round(1 / (1 + exp(-odds)), 6)


def _odds(probability: float) -> float:
    return log_odds(probability, _LEAST)
