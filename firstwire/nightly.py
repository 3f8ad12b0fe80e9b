"""The nightly `firstwire verify` of `firstwire run`: when it is due, and what came of the last one, as metrics.

Its result is a file in the data folder, which whoever reports on the run reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry

from firstwire.files.atomic import write_whole
from firstwire.metrics import VERIFY_ALERTS, VERIFY_DURATION, VERIFY_ENDED, sampled

FILE = "verify.json"
SPAN = timedelta(hours=36)
"""What is judged again: the last day, and the night before it."""
SAME = "same"
"""The result of alerts in which live and replay agree; others are named by the cause of their difference."""


class LastVerify(msgspec.Struct, frozen=True, kw_only=True):
    """What a nightly run found. Times are seconds since 1970."""

    ended_at: float
    seconds: float
    """How long it took."""
    alerts: Mapping[str, int]
    """How many agree, and how many differ, by cause."""


def last_verify(data_dir: Path) -> LastVerify | None:
    """What the last nightly run found; None if there was none."""
    try:
        return msgspec.json.decode((data_dir / FILE).read_bytes(), type=LastVerify)
    except (OSError, msgspec.DecodeError):
        return None


def note_verify(data_dir: Path, found: LastVerify) -> None:
    """Raises ConfigError if the data folder cannot be written to."""
    write_whole(data_dir / FILE, msgspec.json.encode(found).decode() + "\n")


def due_between(at: str, before: datetime, now: datetime) -> bool:
    """Whether the time of day `at`, `HH:MM` in the zone of these moments, or empty for never, has come since `before`.

    What was missed while nothing ran is not made up for: the next night looks back far enough.
    """
    if not at:
        return False
    today = datetime.combine(now.date(), time.fromisoformat(at), now.tzinfo)
    latest = today if today <= now else today - timedelta(days=1)
    return before < latest <= now


def sample_verify(registry: CollectorRegistry, data_dir: Path) -> None:
    """Report what the last nightly run found; nothing before the first one."""
    sampled(registry, VERIFY_ENDED, lambda: [((), found.ended_at) for found in _found(data_dir)])
    sampled(registry, VERIFY_DURATION, lambda: [((), found.seconds) for found in _found(data_dir)])
    sampled(
        registry,
        VERIFY_ALERTS,
        lambda: [((result,), count) for found in _found(data_dir) for result, count in found.alerts.items()],
    )


def _found(data_dir: Path) -> list[LastVerify]:
    found = last_verify(data_dir)
    return [] if found is None else [found]
