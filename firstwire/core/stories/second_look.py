"""A second look at an article and a story: a small transformer reads their beginnings together.

Words in common say little about reports in quite other words, and much about two acts of one kind. Where the first
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
ARTICLES_READ = 4
"""Of a story, at most."""
_LEAST = 1e-3
"""Of a probability, so that its logarithm stays small: the transformer is seldom as sure by right."""


class SecondLook(NamedTuple):
    """What reading an article and a story together says."""

    same: float
    """Probability that the article is on the story's happening."""
    repeats: float
    """Probability that it adds nothing to the story, if it is."""


class TextPart(NamedTuple):
    """A part of a text, after its beginning."""

    read: bytes
    """What is read of it, under the title."""
    words: str
    """As it stands in the text."""


class StoryReader(Protocol):
    def load(self) -> None:
        """Make ready, which takes up to a fifth of a second; the first look does it otherwise."""

    def beginning(self, title: str, text: str) -> bytes:
        """What is remembered of an article, to be read later."""

    def rest(self, title: str, text: str) -> tuple[TextPart, ...]:
        """What a long text says after its beginning, in parts that are read one by one; none of a short one."""

    def meaning(self, beginning: bytes) -> bytes:
        """The direction of an article's beginning: articles on one happening have like ones. See `meanings`."""

    def __call__(self, article: bytes, story: Sequence[bytes]) -> SecondLook:
        """What the beginnings of an article and of a story's articles, in their order, say together."""


@dataclass(frozen=True)
class LookWeights:
    """Logistic regressions on log odds, their constants first."""

    seeks: tuple[float, ...]
    """Of the first comparison's probability and the nearness of meanings: whether a look is worth it."""
    joins: tuple[float, ...]
    """Of both and the look's `same`."""
    adds: tuple[float, ...]
    """Of the first model's probability and the look's `repeats`."""

    def seeking(self, probability: float, nearness: float) -> float:
        """The probability that an article belongs to a story, before a look at both."""
        return regressed(self.seeks, seek_features(probability, nearness))

    def joining(self, probability: float, look: SecondLook, nearness: float) -> float:
        """The probability that an article belongs to a story, after a look at both."""
        return regressed(self.joins, join_features(probability, look, nearness))

    def adding(self, probability: float, look: SecondLook) -> float:
        """The probability that an article adds something to its story, after a look at both."""
        return regressed(self.adds, add_features(probability, look))


def seek_features(probability: float, nearness: float) -> tuple[float, ...]:
    return (_odds(probability), nearness)


def join_features(probability: float, look: SecondLook, nearness: float) -> tuple[float, ...]:
    return (*seek_features(probability, nearness), _odds(look.same))


def add_features(probability: float, look: SecondLook) -> tuple[float, ...]:
    return (_odds(probability), _odds(look.repeats))


def regressed(weights: Sequence[float], values: Sequence[float]) -> float:
    """The probability of a logistic regression, its constant first."""
    base, *others = weights
    odds = base + sum(weight * value for weight, value in zip(others, values, strict=True))
    return round(1 / (1 + exp(-odds)), 6)


def _odds(probability: float) -> float:
    return log_odds(probability, _LEAST)
