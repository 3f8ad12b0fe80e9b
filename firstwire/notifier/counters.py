"""Counts of what the notifier has done since it started: metrics, and logged when it stops."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from prometheus_client import Histogram

from firstwire.metrics import DELIVERY_DURATION, histogram


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
    delivery_seconds: Histogram = field(default_factory=lambda: histogram(None, DELIVERY_DURATION))
