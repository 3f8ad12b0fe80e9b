"""Counts of what the notifier has done since it started, logged when it stops."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counters:
    """Counts since the start; deliveries are counted per destination."""

    alerts: int = 0
    skipped: int = 0
    poison: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    outdated: Counter[str] = field(default_factory=Counter)
    """Deliveries that a later revision superseded, or that a retraction canceled, before they were sent."""
