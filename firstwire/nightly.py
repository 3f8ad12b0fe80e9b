"""The nightly `firstwire verify` of `firstwire run`: what it looks at, and when it is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

SPAN = timedelta(hours=36)
"""What is judged again: the last day, and the night before it."""


def due_between(at: str, before: datetime, now: datetime) -> bool:
    """Whether the time of day `at`, `HH:MM` in the zone of these moments, or empty for never, has come since `before`.

    What was missed while nothing ran is not made up for: the next night looks back far enough.
    """
    if not at:
        return False
    today = datetime.combine(now.date(), time.fromisoformat(at), now.tzinfo)
    latest = today if today <= now else today - timedelta(days=1)
    return before < latest <= now
