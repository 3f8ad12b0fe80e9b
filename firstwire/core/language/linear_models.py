"""Linear models: logistic regressions over named features, as plain numbers.

Trained by `python -m tests.quality.train_readings`; read from a file by the caller, as the core opens none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, fsum, log

Features = Mapping[str, float]


def log_odds(probability: float, least: float) -> float:
    """Of a probability taken for at least `least` and at most 1 - `least`, so that its logarithm stays small."""
    share = min(1 - least, max(least, probability))
    return log(share / (1 - share))


@dataclass(frozen=True, eq=False)
class LinearModel:
    """One regression for each class; one class alone is a yes or no."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    """By feature: a weight for each class. Features that are not here weigh nothing."""

    def probabilities(self, features: Features) -> dict[str, float]:
        """By class, rounded so that every machine gives the same; of several classes they add up to 1."""
        rows = [(self.weights[name], value) for name, value in features.items() if name in self.weights]
        scores = [base + fsum(row[at] * value for row, value in rows) for at, base in enumerate(self.bias)]
        if len(scores) == 1:
            return {self.classes[0]: round(1 / (1 + exp(-scores[0])), 6)}
        highest = max(scores)
        powers = [exp(score - highest) for score in scores]
        total = fsum(powers)
        return {name: round(power / total, 6) for name, power in zip(self.classes, powers, strict=True)}
