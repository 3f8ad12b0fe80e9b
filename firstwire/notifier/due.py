"""The queue of one destination: what it still has to send, in the order in which it may be sent. Pure."""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta
from itertools import count

from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.receiver import Pace


class RateLimit:
    """Keeps the messages to one destination to its pace."""

    def __init__(self, pace: Pace) -> None:
        self._interval = timedelta(seconds=pace.interval_seconds)
        self._slack = self._interval * (pace.burst - 1)
        self._free_at: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        """When the next message may be sent: `now` or later."""
        if self._free_at is not None and self._free_at - now > self._slack + self._interval:
            self._free_at = None  # the clock was set back
        return now if self._free_at is None else max(now, self._free_at - self._slack)

    def take(self, now: datetime) -> None:
        """Count a message sent at `now`."""
        self._free_at = (now if self._free_at is None else max(now, self._free_at)) + self._interval


class DueQueue:
    """Deliveries by the time of their next attempt. One that waits never delays another; a pause delays all."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, LoggedDelivery]] = []
        self._numbers = count()
        self._paused_until: datetime | None = None

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, entry: LoggedDelivery, due_at: datetime) -> None:
        heapq.heappush(self._heap, (due_at, next(self._numbers), entry))

    def pause(self, until: datetime) -> None:
        """Hold everything until then; a call never shortens an earlier pause."""
        self._paused_until = until if self._paused_until is None else max(self._paused_until, until)

    def next_at(self) -> datetime | None:
        """When the next delivery may be sent; None if the queue is empty."""
        if not self._heap:
            return None
        due_at = self._heap[0][0]
        return due_at if self._paused_until is None else max(due_at, self._paused_until)

    def pop(self) -> LoggedDelivery:
        """The delivery that has been due longest. Raises IndexError if the queue is empty."""
        return heapq.heappop(self._heap)[2]
