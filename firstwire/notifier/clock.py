"""The time, and waiting for a time: the notifier waits nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Protocol

LONGEST_WAIT_SECONDS = 10.0
"""Due times are wall-clock times: a change of the clock is noticed within this time."""


class Clock(Protocol):
    """What the time is, and waiting for another."""

    def now(self) -> datetime: ...

    async def woken(self, wake: asyncio.Event, now: datetime, *moments: datetime | None) -> None:
        """Wait until the first of these moments, or until something changes."""


class SystemClock:
    """The clock of this host."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def woken(self, wake: asyncio.Event, now: datetime, *moments: datetime | None) -> None:
        waits = [(moment - now).total_seconds() for moment in moments if moment is not None]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), min([*waits, LONGEST_WAIT_SECONDS]))


SYSTEM_CLOCK = SystemClock()
