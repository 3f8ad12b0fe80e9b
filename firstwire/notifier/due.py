"""The queue of one destination: what it still has to send, in the order in which it may be sent. Pure."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from firstwire.notifier.receiver import Pace

Turn = tuple[str, int, int]
"""When an alert was raised, and its partition and offset."""

_Timed = tuple[datetime, Turn, int, str]
"""A time, the turn of what falls due together, the number of a push, and the key pushed."""

STALE_LIMIT = 64
"""So many outdated times are kept before they are cleared away."""


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the queue knows of a delivery; the delivery itself waits elsewhere, as there may be very many."""

    key: str
    turn: Turn
    queued_at: datetime
    due_at: datetime
    expires_at: datetime
    batch: str | None = None
    """The id of the message that it shares with others."""
    may_be_gathered: bool = True
    """Whether it may share a message: it is an alert, it shares none yet, and none that it shared was rejected."""


class DueQueue:
    """Deliveries by the time of their next attempt, each at most once, each until it is too old.

    One that waits never delays another. A pause delays all until its end; parked, all wait for the next probe.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[int, Waiting]] = {}
        self._by_due: list[_Timed] = []
        self._by_expiry: list[_Timed] = []
        self._batches: dict[str, dict[str, None]] = {}
        """The keys of what waits for one message, in their order."""
        self._numbers = count()
        self._paused_until: datetime | None = None
        self._open_until: datetime | None = None
        self._probe_at: datetime | None = None
        self.is_parked = False

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, waiting: Waiting) -> None:
        """Queue a delivery, in place of what waits under its key."""
        number = next(self._numbers)
        self._forget_batch(waiting.key)
        self._waiting[waiting.key] = (number, waiting)
        if waiting.batch is not None:
            self._batches.setdefault(waiting.batch, {})[waiting.key] = None
        for heap, at in ((self._by_due, waiting.due_at), (self._by_expiry, waiting.expires_at)):
            if len(heap) > 2 * len(self._waiting) + STALE_LIMIT:
                heap[:] = [timed for timed in heap if self._is_current(timed)]
                heapq.heapify(heap)
            heapq.heappush(heap, (at, waiting.turn, number, waiting.key))

    def hurry(self, key: str, now: datetime) -> None:
        """Make a delivery due now, if it waits here."""
        if (found := self._waiting.get(key)) is not None:
            heapq.heappush(self._by_due, (now, found[1].turn, found[0], key))

    def hurry_all(self) -> None:
        """Make everything due, in the order in which it was queued, whatever was tried in vain."""
        self._by_due = [(one.queued_at, one.turn, number, one.key) for number, one in self._waiting.values()]
        heapq.heapify(self._by_due)

    def pause(self, until: datetime) -> None:
        """Hold everything until then; a call never shortens an earlier pause."""
        self._paused_until = until if self._paused_until is None else max(self._paused_until, until)

    def open(self, until: datetime) -> None:
        """Hold everything until then as the destination only fails, or until `close`."""
        self._open_until = until

    def close(self) -> None:
        """Hold nothing any longer because it failed."""
        self._open_until = None

    def park(self, probe_at: datetime | None) -> None:
        """Hold everything until the probe; None: until `resume`."""
        self.is_parked, self._probe_at = True, probe_at

    def resume(self) -> None:
        """Hold nothing any longer because it was parked."""
        self.is_parked, self._probe_at = False, None

    def next_at(self) -> datetime | None:
        """When the next delivery may be sent; None if none may for now."""
        due = self._first(self._by_due)
        if due is None or (self.is_parked and self._probe_at is None):
            return None
        return max(at for at in (due[0], self._paused_until, self._open_until, self._probe_at) if at is not None)

    def next_expiry_at(self) -> datetime | None:
        """When the next delivery is too old."""
        first = self._first(self._by_expiry)
        return None if first is None else first[0]

    def pop(self) -> Waiting:
        """The delivery that has been due longest. Raises IndexError if the queue is empty."""
        return self._taken(self._by_due)

    def pop_due(self, now: datetime, limit: int) -> list[Waiting]:
        """The deliveries that are due by now, at most so many, in the order in which they fell due."""
        found: list[Waiting] = []
        while len(found) < limit and (first := self._first(self._by_due)) is not None and first[0] <= now:
            found.append(self._taken(self._by_due))
        return found

    def pop_batch(self, batch: str) -> list[Waiting]:
        """All that wait for one message."""
        return [self._removed(key) for key in tuple(self._batches.get(batch, ()))]

    def pop_expired(self) -> Waiting:
        """The delivery that is too old first. Raises IndexError if the queue is empty."""
        return self._taken(self._by_expiry)

    def _taken(self, heap: list[_Timed]) -> Waiting:
        first = self._first(heap)
        if first is None:
            raise IndexError("the queue is empty")
        return self._removed(first[3])

    def _removed(self, key: str) -> Waiting:
        self._forget_batch(key)
        return self._waiting.pop(key)[1]

    def _forget_batch(self, key: str) -> None:
        found = self._waiting.get(key)
        batch = None if found is None else found[1].batch
        if batch is not None:
            self._batches[batch].pop(key, None)
            if not self._batches[batch]:
                del self._batches[batch]

    def _first(self, heap: list[_Timed]) -> _Timed | None:
        while heap and not self._is_current(heap[0]):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _is_current(self, timed: _Timed) -> bool:
        found = self._waiting.get(timed[3])
        return found is not None and found[0] == timed[2]
