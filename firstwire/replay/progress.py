"""How far a reading of old records has come, and how fast it may go."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import NamedTuple


class ReadSoFar(NamedTuple):
    """How far it has come, for whoever waits."""

    articles: int
    fetched_at: str
    share: float | None
    """Of the records of the source, from 0 to 1; None if that is unknown."""
    alerts: tuple[int, ...]
    """So far: of a replay, or before and after of a backtest."""


AT_ONCE_SECONDS = 0.125


@dataclass
class Meter:
    """How many of a source's records have been read. `total` is 0 until it is known."""

    total: int = 0
    read: int = 0

    @property
    def share(self) -> float | None:
        return min(self.read / self.total, 1.0) if self.total else None


class ReadPace:
    """At most so many records a second. Time that was lost is not made up for in one go."""

    def __init__(self, records_per_second: float) -> None:
        self._gap_seconds = 1 / records_per_second
        self.at_once = max(1, int(records_per_second * AT_ONCE_SECONDS))
        """So many records come in the time that one may wait for others, to be handed over together with them."""
        self._next_at = time.monotonic()

    async def wait(self) -> None:
        """Call it before each record."""
        now = time.monotonic()
        self._next_at = max(self._next_at, now - 1.0) + self._gap_seconds
        if self._next_at > now:
            await asyncio.sleep(self._next_at - now)
