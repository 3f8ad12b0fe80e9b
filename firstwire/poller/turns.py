"""Which feed to visit next: by due time, limited in all and per host. Pure state, no clock.

A host gets two requests at a time, with a gap between their starts, and none while it asks to be left alone. Feeds that
were slow have a lane of their own, so that they never keep the others waiting.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from schemas.feed import Lane

PER_HOST = 2
"""Requests to one host at a time, as polite crawlers do (rss-fetcher)."""

SLOW_PER_HOST = 1
"""Of these in the slow lane, so that the other feeds of the host go on."""

SLOW_SHARE = 5
"""One in so many of the visits under way may be in the slow lane, and always two."""

OWN_HOST_SECONDS = 1.0
"""A request to a host of one's own network counts for so long: its other feeds do not wait for one that hangs."""

FORGET_ABOVE = 10_000
"""Hosts remembered before those without a visit in the last gap are removed."""

PAGES_AT_ONCE = 10
"""Pages of articles that are fetched, or wait to be read, at a time, beside the visits."""

TurnLane = Lane | Literal["page"]
LANES: tuple[TurnLane, ...] = ("normal", "slow", "page")


@dataclass(order=True, frozen=True, slots=True)
class Turn:
    """A feed that waits for its visit. `due` is aware."""

    due: datetime
    url: str
    host: str = field(compare=False)
    domain: str = field(compare=False)
    """Whose requests to be left alone count for this feed: the registrable domain."""
    lane: TurnLane = field(default="normal", compare=False)
    is_own: bool = field(default=False, compare=False)
    """On a network that the settings allow: without a gap."""
    page_gap: timedelta = field(default=timedelta(0), compare=False)
    """From the start of one page of the host to that of the next at least: what its robots.txt asks for."""


class Turns:
    """Feeds waiting between visits: `plan` adds one, `take` returns those that are due.

    `answered` says that the server is done with a feed, `end` that the visit is over.
    """

    def __init__(self, concurrency: int, gap_seconds: float) -> None:
        self._limits = {"normal": concurrency, "slow": max(2, concurrency // SLOW_SHARE), "page": PAGES_AT_ONCE}
        self._gap = timedelta(seconds=gap_seconds)
        self._due: dict[TurnLane, list[Turn]] = {lane: [] for lane in LANES}
        self._planned: dict[str, Turn] = {}
        self._open: Counter[TurnLane] = Counter()
        self._visits: dict[str, Turn] = {}
        self._waiting: set[str] = set()
        self._requests: dict[str, tuple[Turn, datetime]] = {}
        self._busy: Counter[tuple[str, TurnLane]] = Counter()
        self._queues: defaultdict[tuple[str, TurnLane], deque[Turn]] = defaultdict(deque)
        self._started_at: dict[str, datetime] = {}
        self._slots: dict[str, datetime] = {}
        self._paused: dict[str, datetime] = {}
        self._pages: dict[str, datetime] = {}
        """When hosts whose robots.txt asks for a gap may be asked for the next page."""

    def plan(self, turn: Turn) -> None:
        """Let a feed wait until it is due, and no longer as planned before. The end of a visit plans anew anyway."""
        if turn.url in self._visits:
            return
        self._planned[turn.url] = turn
        heapq.heappush(self._due[turn.lane], turn)

    def forget(self, url: str) -> None:
        """Do not visit a feed that waits. One whose visit has begun still needs its `end`."""
        self._planned.pop(url, None)

    def pause(self, domain: str, until: datetime) -> None:
        """Start no visit to a domain before a moment. A pause is never made shorter."""
        self._paused[domain] = max(until, self._paused.get(domain, until))

    def set_back(self, by: timedelta) -> None:
        """The clock was set back: pauses and pages do not wait longer for that. Feeds are to be planned anew."""
        self._paused = {domain: until - by for domain, until in self._paused.items()}
        for turn in [each for each in self._planned.values() if each.lane == "page"]:
            self.plan(replace(turn, due=turn.due - by))

    def visited(self, host: str, at: datetime, now: datetime) -> None:
        """Keep the gap from a visit that somebody else has made, or this poller before it was started anew."""
        if at <= now < at + self._gap:
            self._started_at[host] = max(at, self._started_at.get(host, at))

    def take(self, now: datetime) -> list[str]:
        """The feeds to visit now, the longest due first. Call `end` once for each."""
        self._leave_hanging(now)
        self._forget(now)
        return [turn.url for lane in LANES for turn in self._taken_from(lane, now)]

    def answered(self, url: str) -> None:
        """End the request: the next feed of its host may be visited."""
        if url not in self._requests:
            return
        turn, _ = self._requests.pop(url)
        self._busy[turn.host, turn.lane] -= 1
        if not self._busy[turn.host, turn.lane]:
            del self._busy[turn.host, turn.lane]
        for place in [(turn.host, lane) for lane in LANES if (turn.host, lane) in self._queues]:
            self._let_one_wait(self._queues[place])
            if not self._queues[place]:
                del self._queues[place]

    def wait(self, url: str) -> None:
        """Let others have the visit's place: it goes on, but only waits for its turns elsewhere."""
        if url in self._visits and url not in self._waiting:
            self._waiting.add(url)
            self._open[self._visits[url].lane] -= 1

    def end(self, url: str) -> None:
        """End the visit."""
        self.answered(url)
        lane = self._visits.pop(url).lane
        if url in self._waiting:
            self._waiting.discard(url)
        else:
            self._open[lane] -= 1

    def seconds_to_next(self, now: datetime) -> float | None:
        """Seconds until a feed is due; None if that requires a visit to end first."""
        moments = [due[0].due for lane, due in self._due.items() if due and self._open[lane] < self._limits[lane]]
        moments += [
            began + timedelta(seconds=OWN_HOST_SECONDS)
            for turn, began in self._requests.values()
            if turn.is_own and self._has_waiting(turn.host)
        ]
        return max(0.0, (min(moments) - now).total_seconds()) if moments else None

    def _taken_from(self, lane: TurnLane, now: datetime) -> list[Turn]:
        taken, due = [], self._due[lane]
        while due and self._open[lane] < self._limits[lane] and due[0].due <= now:
            turn = heapq.heappop(due)
            if self._planned.get(turn.url) is not turn:
                continue
            if self._is_busy(turn.host, lane):
                # Set aside, so that a slow host with many feeds delays no others
                self._queues[turn.host, lane].append(turn)
                continue
            later = self._later(turn, now)
            if later is not None:
                self.plan(replace(turn, due=later))
                continue
            self._begin(turn, now)
            taken.append(turn)
        return taken

    def _let_one_wait(self, queue: deque[Turn]) -> None:
        """Plan the first that was set aside and still waits: of the others some are planned anew, or forgotten."""
        while queue:
            waiting = queue.popleft()
            if self._planned.get(waiting.url) is waiting:
                self.plan(waiting)
                return

    def _is_busy(self, host: str, lane: TurnLane) -> bool:
        if lane == "slow" and self._busy[host, lane] >= SLOW_PER_HOST:
            return True
        return sum(self._busy[host, each] for each in LANES) >= PER_HOST

    def _later(self, turn: Turn, now: datetime) -> datetime | None:
        """When the host may be asked again, a moment for each feed that waits for it; None if it may be asked now."""
        page_at = self._pages.get(turn.host)
        # One that is farther away is of before the clock was set back
        if page_at is not None and now < page_at <= now + turn.page_gap:
            return page_at
        if turn.is_own:
            return None
        paused = self._paused.get(turn.domain)
        if paused is not None and paused > now:
            return paused
        started = self._started_at.get(turn.host)
        # A start in the future is one of before the clock was set back
        if started is None or not started <= now < started + self._gap:
            return None
        slot = max(started + self._gap, self._slots.get(turn.host, now))
        self._slots[turn.host] = slot + self._gap
        return slot

    def _begin(self, turn: Turn, now: datetime) -> None:
        del self._planned[turn.url]
        self._open[turn.lane] += 1
        self._visits[turn.url] = turn
        self._requests[turn.url] = (turn, now)
        self._busy[turn.host, turn.lane] += 1
        if turn.page_gap:
            self._pages[turn.host] = now + turn.page_gap
        if not turn.is_own:
            self._started_at[turn.host] = now
            self._slots[turn.host] = max(now + self._gap, self._slots.get(turn.host, now))

    def _leave_hanging(self, now: datetime) -> None:
        hanging = [
            url
            for url, (turn, began) in self._requests.items()
            if turn.is_own and self._has_waiting(turn.host) and (now - began).total_seconds() >= OWN_HOST_SECONDS
        ]
        for url in hanging:
            self.answered(url)

    def _has_waiting(self, host: str) -> bool:
        return any((host, lane) in self._queues for lane in LANES)

    def _forget(self, now: datetime) -> None:
        """Remove what no longer matters. A host that is visited once a day need not be remembered for a day."""
        if len(self._started_at) > FORGET_ABOVE:
            self._started_at = {host: at for host, at in self._started_at.items() if now < at + self._gap}
            self._slots = {host: at for host, at in self._slots.items() if host in self._started_at}
            self._paused = {domain: until for domain, until in self._paused.items() if until > now}
        if len(self._pages) > FORGET_ABOVE:
            self._pages = {host: at for host, at in self._pages.items() if at > now}
