"""The certainty of an act that several sentences of an article tell."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.events.findings import Grade


def best_of(grades: Iterable[Grade]) -> Grade:
    """The best of the readings of one act: the first sure one, else the first."""
    ordered = list(grades)
    return next((grade for grade in ordered if grade.certainty == "sure"), ordered[0])
