"""A clock that stands still until a test moves it, and knows who waits for which time."""

from __future__ import annotations

import asyncio
from datetime import datetime


class VirtualClock:
    """Shows the time that was set last. Whoever waits is woken when its time is set."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._waits: dict[asyncio.Event, datetime | None] = {}

    def now(self) -> datetime:
        return self._at

    async def woken(self, wake: asyncio.Event, now: datetime, *moments: datetime | None) -> None:
        self._waits[wake] = min((moment for moment in moments if moment is not None), default=None)
        try:
            await wake.wait()
        finally:
            del self._waits[wake]

    def next_at(self) -> datetime | None:
        """The first time that anybody waits for."""
        return min((moment for moment in self._waits.values() if moment is not None), default=None)

    def is_still(self, waiting: int) -> bool:
        """Whether so many wait, all of them for later."""
        return len(self._waits) == waiting and not any(wake.is_set() for wake in self._waits)

    def set(self, at: datetime) -> None:
        """Move on, past nobody's time."""
        next_at = self.next_at()
        assert self._at <= at and (next_at is None or at <= next_at), (self._at, at, next_at)
        self._at = at
        for wake, moment in self._waits.items():
            if moment is not None and moment <= at:
                wake.set()
