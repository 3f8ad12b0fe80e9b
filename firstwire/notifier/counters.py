"""What the notifier has done since it started, counted; logged when it stops."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counters:
    """Counts since the start; those of deliveries are per destination."""

    alerts: int = 0
    skipped: int = 0
    poison: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    outdated: Counter[str] = field(default_factory=Counter)
    """Superseded by a later revision before they were taken; their record has the state `failed` and says so."""
