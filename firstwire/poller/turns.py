"""Which feed to visit next: by due time, limited in all and to two per host. Pure state, no clock."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from datetime import datetime

from firstwire.poller.links import host_of

PER_HOST = 2
"""Requests to one host at a time, as polite crawlers do (rss-fetcher)."""


class Turns:
    """Feeds waiting between visits: `plan` adds one, `take` returns those that are due, `end` frees their slot."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._taken = 0
        self._due: list[tuple[datetime, str]] = []
        self._busy: Counter[str] = Counter()
        self._queues: defaultdict[str, deque[tuple[datetime, str]]] = defaultdict(deque)

    def plan(self, url: str, due: datetime) -> None:
        """Let a feed wait until `due`, which is aware."""
        heapq.heappush(self._due, (due, url))

    def take(self, now: datetime) -> list[str]:
        """The feeds to visit now, the longest due first. Call `end` once for each."""
        taken = []
        while self._due and self._taken < self._concurrency and self._due[0][0] <= now:
            due, url = heapq.heappop(self._due)
            host = host_of(url)
            if self._busy[host] >= PER_HOST:
                # Set aside, so that a slow host with many feeds delays no others
                self._queues[host].append((due, url))
                continue
            self._busy[host] += 1
            self._taken += 1
            taken.append(url)
        return taken

    def end(self, url: str) -> None:
        """End a visit: the next feed of its host may be visited."""
        host = host_of(url)
        self._taken -= 1
        self._busy[host] -= 1
        if self._queues[host]:
            heapq.heappush(self._due, self._queues[host].popleft())
        else:
            del self._queues[host]

    def seconds_to_next(self, now: datetime) -> float | None:
        """Seconds until a feed is due; None if that requires a visit to end first."""
        if not self._due or self._taken >= self._concurrency:
            return None
        return max(0.0, (self._due[0][0] - now).total_seconds())
