"""Floods: when so many messages wait at a receiver that people read them better as one."""

from __future__ import annotations

from datetime import datetime, timedelta

FLOOD_FROM = 6
"""From so many alerts that wait at a receiver they go as one message."""

MESSAGE_GAP = timedelta(seconds=1)
"""Between two messages to people: what comes in the meantime may go with the next."""

FLOOD_REST = timedelta(seconds=30)
"""After a message about many: a flood of 1,000 alerts in ten seconds is three messages."""


def is_flood(waiting: int) -> bool:
    """Whether so many waiting alerts are told together."""
    return waiting >= FLOOD_FROM


class FloodGate:
    """When the next message to one receiver may go."""

    def __init__(self) -> None:
        self._free_at: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        """`now` or later."""
        if self._free_at is not None and self._free_at - now > FLOOD_REST:
            self._free_at = None  # the clock was set back
        return now if self._free_at is None else max(now, self._free_at)

    def take(self, now: datetime, alerts: int) -> None:
        """Count a message about so many alerts."""
        self._free_at = now + (FLOOD_REST if is_flood(alerts) else MESSAGE_GAP)
