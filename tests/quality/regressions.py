"""Fits logistic regressions over named features. Needs scikit-learn, which neither the product nor its tests do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from firstwire.core.language.linear_models import LinearModel

SEEN_AT_LEAST = 2
"""Rows that a feature must occur in."""
DIGITS = 3
LEAST_WEIGHT = 0.02
"""Features that weigh less for every class are left out: they are half of all."""


def regression(
    rows: Sequence[Mapping[str, float]], labels: Sequence[str], *, strength: float, only: str | None = None
) -> LinearModel:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    seen = Counter(name for row in rows for name in row)
    kept = [{name: value for name, value in row.items() if seen[name] >= SEEN_AT_LEAST} for row in rows]
    vectorizer = DictVectorizer(dtype=np.float64)
    table = vectorizer.fit_transform(kept)
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-5).fit(table, list(labels))
    classes = tuple(str(name) for name in model.classes_)
    if only is not None:
        assert classes == ("", only)
        classes = (only,)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(classes) == 2:  # one row for the second of both: half of it for each
        coefficients = np.vstack((-coefficients / 2, coefficients / 2))
        intercepts = np.concatenate((-intercepts / 2, intercepts / 2))
    weights = {}
    for name, column in vectorizer.vocabulary_.items():
        row = tuple(round(float(value), DIGITS) for value in coefficients[:, column])
        if max(map(abs, row)) >= LEAST_WEIGHT:
            weights[name] = row
    bias = tuple(round(float(value), DIGITS) for value in intercepts)
    return LinearModel(classes, bias, dict(sorted(weights.items())))


def plain_model(model: LinearModel) -> dict[str, Any]:
    return {"classes": model.classes, "bias": model.bias, "weights": model.weights}
