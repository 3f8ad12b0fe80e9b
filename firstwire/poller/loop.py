"""The polling loop: visits feeds as they fall due, with limits on concurrent visits in all and per host.

Never saves a feed's state before Kafka has acknowledged its articles.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Literal, Protocol, TypeVar
from weakref import WeakValueDictionary

import msgspec
import structlog

from firstwire.metrics import PollerMetrics
from firstwire.poller.answers import Answer, Failed
from firstwire.poller.article_pages import ArticlePages
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.domains import registrable_domain
from firstwire.poller.health_alerts import health_alert
from firstwire.poller.links import host_of, redacted, same_feed_key
from firstwire.poller.outage import RETRY_SECONDS, Outage
from firstwire.poller.pace import Paces
from firstwire.poller.reports import report
from firstwire.poller.schedule import FLOOR_SECONDS, due_at, share_of
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.turns import Turn, Turns
from firstwire.poller.visit import Visit, asked_anew, domain_retry_at
from firstwire.poller.visitor import Visitor, address_of
from schemas.alert import Alert
from schemas.article import Article
from schemas.feed import FeedState
from schemas.times import format_timestamp, parse_timestamp

T = TypeVar("T")
PushResult = Literal["news", "unchanged", "unreadable", "not taken"]
"""What became of a document that a hub has sent; `not taken`: the feed is not visited here, Kafka is away,
or too many others are under way."""

LONGEST_SLEEP_SECONDS = 30.0
"""The wall clock is read at least this often, since it may be changed."""

SET_BACK = timedelta(seconds=1)
"""A clock that goes back by more is planned by anew; less makes a visit that much later."""

RESOLVING = 100
"""Hosts resolved at a time, where private networks are allowed."""

PUSH_PAGE_WAIT_SECONDS = 8.0
"""How long articles that a hub has pushed wait for their pages at most: the hub waits for its answer."""

PUSHES_AT_ONCE = 4
"""Documents of hubs that are held in memory at a time: while Kafka is away each stays until it is back."""

GRACE_SECONDS = 2.0
"""On a stop, how long visits whose articles are being sent to Kafka may take. The others are dropped at once."""

log = structlog.get_logger()


class Publisher(Protocol):
    """Where articles and states go; see `Outbox`."""

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        """Whether all are safe, each with the key of its id; False if stopped before."""
        ...

    async def save(self, state: FeedState, before: FeedState | None) -> bool:
        """The same for the state of a feed, of which `before` is saved already."""
        ...

    async def tell(self, alert: Alert) -> bool:
        """The same for an alert of the poller's own."""
        ...


class Poller:
    """Visits feeds until stopped. The caller opens and closes its parts. Feeds may come and go at any time."""

    def __init__(
        self,
        *,
        visitor: Visitor,
        outbox: Publisher,
        concurrency: int,
        gap_seconds: float,
        metrics: PollerMetrics,
        now: Callable[[], datetime],
        pages: ArticlePages,
        page_wait_seconds: float,
        longest_sleep_seconds: float = LONGEST_SLEEP_SECONDS,
    ) -> None:
        self._subscriptions: dict[str, Subscription] = {}
        self._keys: Counter[str] = Counter()
        self._states: dict[str, FeedState] = {}
        self._visitor = visitor
        self._outbox = outbox
        self._metrics = metrics
        self._now = now
        self._pages = pages
        self._page_wait_seconds = page_wait_seconds
        self._page_numbers = count()
        self._page_turns: dict[str, asyncio.Future[None]] = {}
        self._longest_sleep_seconds = longest_sleep_seconds
        self._turns = Turns(concurrency, gap_seconds)
        self._looked_at: datetime | None = None
        """When the clock was last looked at, by itself."""
        self._hosts: Counter[str] = Counter()
        self._outage = Outage()
        self._resolving: dict[asyncio.Task[bool], str] = {}
        self._resolving_slots = asyncio.Semaphore(RESOLVING)
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._sending: set[asyncio.Task[None] | None] = set()
        self._changed = asyncio.Event()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pushes: dict[asyncio.Task[PushResult], str] = {}
        self._changes: set[asyncio.Task[Any]] = set()
        """What changes feeds beside the visits: pushes, what hubs say, and what is noted of alerts."""
        self._is_paused = False
        self.has_feeds = False
        """Whether all feeds of its share are known here, and visited: not while they move."""
        self.generation = 0
        """Grows whenever a feed comes or goes."""

    @property
    def states(self) -> Mapping[str, FeedState]:
        """What is known of each feed, by the address of its subscription."""
        return self._states

    @property
    def subscriptions(self) -> Mapping[str, Subscription]:
        """The feeds that are visited, by their addresses."""
        return self._subscriptions

    @property
    def paces(self) -> Paces:
        """Which of their hosts are on networks of one's own."""
        return self._visitor.paces

    @property
    def is_idle(self) -> bool:
        """Whether no visit is under way."""
        return not (self._tasks or self._resolving)

    @property
    def seconds_to_next(self) -> float | None:
        """Seconds until a feed is due; None if none is planned."""
        return self._turns.seconds_to_next(self._now())

    def subscribe(self, subscription: Subscription, state: FeedState | None = None) -> None:
        """Visit a feed from now on, or with other settings. `state` is what was known of it, if it is new here."""
        url = subscription.url
        if url not in self._subscriptions:
            self._keys[same_feed_key(url)] += 1
            self._hosts[host_of(url)] += 1
            self._outage.hosts = len(self._hosts)
            self._states[url] = state or FeedState(url=url)
            self.generation += 1
            self._metrics.health(self._states[url].health, 1)
        elif subscription != self._subscriptions[url]:
            # A visit under way has the settings of before
            self._cancel(lambda of: of == url)
        self._subscriptions[url] = subscription
        self._restore(url)
        self._plan(url)
        self._changed.set()

    def unsubscribe(self, url: str) -> FeedState:
        """Visit a feed no more, and return what is known of it. What is being sent to Kafka still arrives."""
        del self._subscriptions[url]
        for counts, name in ((self._keys, same_feed_key(url)), (self._hosts, host_of(url))):
            counts[name] -= 1
            if not counts[name]:
                del counts[name]
        self._outage.hosts = len(self._hosts)
        self._outage.forget(url)
        self._turns.forget(url)
        self._cancel(lambda of: of == url)
        self.generation += 1
        self._metrics.health(self._states[url].health, -1)
        return self._states.pop(url)

    async def change(self, url: str, change: Callable[[FeedState], FeedState]) -> bool:
        """Change what is known of a feed, and save it, while nobody else does. Whether it is safe."""
        return await _done(self._begun(self._save_changed(url, change))) or False

    async def _save_changed(self, url: str, change: Callable[[FeedState], FeedState]) -> bool:
        async with self._lock_of(url):
            if self._is_paused or url not in self._states:
                return False
            before = self._states[url]
            after = change(before)
            if after is before:
                return True
            if not await self._save(after, before):
                return False
            self._remember(url, after)
            return True

    async def take_push(self, url: str, body: bytes, content_type: str) -> PushResult:
        """Read a document that a hub has sent, and publish what is new in it, as after a visit.

        One that cannot be read makes the feed due: the hub may have meant that there is something. Not taken at once if
        another of the feed is under way, or too many of all feeds are.
        """
        if len(self._pushes) >= PUSHES_AT_ONCE or url in self._pushes.values():
            return "not taken"
        task = self._begun(self._take_push(url, body, content_type))
        self._pushes[task] = url
        task.add_done_callback(self._pushes.pop)
        return await _done(task) or "not taken"

    async def _take_push(self, url: str, body: bytes, content_type: str) -> PushResult:
        async with self._lock_of(url):
            if self._is_paused or url not in self._subscriptions:
                return "not taken"
            before = self._states[url]
            visit = await self._visitor.pushed(self._subscriptions[url], before, body, content_type)
            if url not in self._subscriptions:
                return "not taken"
            if isinstance(visit, UnreadableFeed):
                log.warning("push_unreadable", url=redacted(url), reason=visit.reason)
                self.visit_soon(url)
                return "unreadable"
            visit = await self._with_full_texts(url, visit, min(PUSH_PAGE_WAIT_SECONDS, self._page_wait_seconds))
            if not await self._publish(url, visit, before):
                return "not taken"
            log.info("feed_pushed", url=redacted(url), articles=len(visit.articles))
            return "news" if visit.articles else "unchanged"

    def visit_soon(self, url: str) -> None:
        """Make a feed due, though not sooner after its last visit than its pace allows, nor later than planned."""
        state, now = self._states[url], self._now()
        since = now if state.checked_at is None else parse_timestamp(state.checked_at)
        least_seconds = min(FLOOR_SECONDS, self._visitor.paces.interval_seconds)
        wait_seconds = max(0.0, (since - now).total_seconds() + least_seconds)
        if state.next_poll_at is None or parse_timestamp(state.next_poll_at) <= now + timedelta(seconds=wait_seconds):
            return
        self._set_due(url, wait_seconds)
        self._plan(url)
        self._changed.set()

    def _lock_of(self, url: str) -> asyncio.Lock:
        """Held while what is known of a feed is changed: by a visit once its server has answered, or by a hub.

        It is the same for a feed that is removed and added meanwhile, and forgotten once nobody holds it or waits.
        """
        return self._locks.setdefault(url, asyncio.Lock())

    async def tell_health(self) -> None:
        """Raise alerts on feeds that are no longer well. Those that are being visited are told of the next time."""
        if self._is_paused:
            return
        busy = set(self._tasks.values())
        states = {url: state for url, state in self._states.items() if url not in busy}
        told = health_alert(self._subscriptions, states, self._now())
        if told is None or not await self._outbox.tell(told.alert):
            return
        log.info("feed_health_told", alert_id=told.alert.alert_id, headline=told.alert.headline)
        for url in told.urls:
            await _done(self._begun(self._save_told(url, states[url])))

    async def _save_told(self, url: str, state: FeedState) -> None:
        """Remember what was told, unless a visit has found something else meanwhile: then it may be told again."""
        async with self._lock_of(url):
            if self._states.get(url) is not state or url in self._tasks.values():
                return
            told = msgspec.structs.replace(state, told_health=state.health)
            self._states[url] = told
            await self._save(told, state)

    async def pause(self, seconds: float) -> None:
        """Begin no visit until `resume`, and wait so long for what is under way; the rest is dropped.

        Afterwards nothing more of a feed is sent, since it may be another's: what was not safe is not known of it,
        so that its next poller finds it.
        """
        self._is_paused, self.has_feeds = True, False
        await self._ended(seconds)
        self._cancel(lambda of: True)
        await self._ended(GRACE_SECONDS)
        for task in (*self._tasks, *self._changes):
            task.cancel()
        await self._ended(GRACE_SECONDS)
        self._changed.set()

    async def _ended(self, seconds: float) -> None:
        """Wait until nothing is under way, but not longer than so many seconds."""
        if under_way := {*self._tasks, *self._changes}:
            await asyncio.wait(under_way, timeout=seconds)

    def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that changes a feed. It goes on if who waits for it goes away, as hubs do; see `_done`."""
        task = asyncio.create_task(work)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        return task

    def resume(self) -> None:
        """Visit feeds again."""
        self._is_paused, self.has_feeds = False, True
        self._changed.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Visit feeds as they fall due until `stop` is set; articles being sent to Kafka may still arrive."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._changed.clear()
                self._look_at_clock()
                if not self._is_paused:
                    for url in self._turns.take(self._now()):
                        ready = self._page_turns.get(url)
                        if ready is not None and ready.done():
                            # Given up in this very moment
                            self._turns.end(url)
                        elif ready is not None:
                            ready.set_result(None)
                        else:
                            self._tasks[asyncio.create_task(self._visit(url))] = url
                await self._wait(stopping)
                self._collect()
            if sending := [*(task for task in self._tasks if task in self._sending), *self._changes]:
                await asyncio.wait(sending, timeout=GRACE_SECONDS)
        finally:
            self.has_feeds = False
            left = [stopping, *self._tasks, *self._resolving, *self._changes]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _look_at_clock(self) -> None:
        """If the clock was set back, plan all feeds anew: those that wait would wait that much longer."""
        before, self._looked_at = self._looked_at, self._now()
        if before is None or before - self._looked_at <= SET_BACK:
            return
        log.warning("clock_set_back", seconds=round((before - self._looked_at).total_seconds(), 1))
        self._turns.set_back(before - self._looked_at)
        for url in self._subscriptions:
            self._plan(url)

    async def _wait(self, stopping: asyncio.Task[bool]) -> None:
        """Until a visit ends, a feed is due or comes or goes, or it is time to look at the clock."""
        sleep_seconds = None if self._is_paused else self.seconds_to_next
        longest = self._longest_sleep_seconds
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait(
                {stopping, changed, *self._tasks, *self._resolving},
                timeout=longest if sleep_seconds is None else min(sleep_seconds, longest),
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            changed.cancel()

    def _cancel(self, wanted: Callable[[str], bool]) -> None:
        """Drop visits, but none whose articles are being sent."""
        for task, url in self._tasks.items():
            if wanted(url) and task not in self._sending:
                task.cancel()

    def _restore(self, url: str) -> None:
        """Respect what the server asked for before, and ask at once what other settings refused or somebody added."""
        state, subscription = self._states[url], self._subscriptions[url]
        host = host_of(address_of(state))
        if state.checked_at is not None:
            self._turns.visited(host, parse_timestamp(state.checked_at), self._now())
        if state.retry_at is not None:
            self._leave_alone(host, parse_timestamp(state.retry_at))
        if subscription.decided_at is not None and subscription.decided_at > (state.checked_at or ""):
            self._remember(url, asked_anew(state))
        elif state.health == "refused" and state.policy != self._visitor.policy_of(subscription):
            self._states[url] = msgspec.structs.replace(state, next_poll_at=None)

    def _plan(self, url: str, is_own: bool | None = None) -> None:
        """Plan the next visit. `is_own`: what resolving the host has said, however it ended."""
        if url not in self._subscriptions:
            return
        state = self._states[url]
        if state.health == "gone":
            log.warning("feed_gone", url=redacted(url), reason=state.last_error)
            return
        host = host_of(address_of(state))
        if is_own is None:
            is_own = self._visitor.paces.known(host)
        if is_own is None:
            self._resolving[asyncio.create_task(self._resolve(host))] = url
            return
        stored = None if state.next_poll_at is None else parse_timestamp(state.next_poll_at)
        due = due_at(stored, self._now(), None if state.checked_at is None else parse_timestamp(state.checked_at))
        self._turns.plan(Turn(due, url, host, registrable_domain(host), state.lane, is_own))

    async def _resolve(self, host: str) -> bool:
        async with self._resolving_slots:
            return await self._visitor.paces.resolve(host)

    def _collect(self) -> None:
        """Remove visits that have ended, and plan the next ones."""
        for task in [task for task in self._tasks if task.done()]:
            url = self._tasks.pop(task)
            self._turns.end(url)
            self._plan(url)
        for resolving in [task for task in self._resolving if task.done()]:
            # A host that does not resolve is not known now either: the visit says so, and waits as after any failure
            self._plan(self._resolving.pop(resolving), resolving.result())

    async def _visit(self, url: str) -> None:
        """Visit a feed. Whatever it contains, its failure is its own: nothing is raised but the end of the process."""
        self._note_delay(self._states[url])
        with self._metrics.duration.time():
            await self._visit_once(url)

    async def _visit_once(self, url: str) -> None:
        subscription, state = self._subscriptions[url], self._states[url]
        async with AsyncExitStack() as held:

            async def answered(answer: Answer) -> FeedState | None:
                nonlocal state
                if not self._heard(url, answer):
                    return None
                await held.enter_async_context(self._lock_of(url))
                # A hub may have pushed something meanwhile
                state = self._states.get(url, state)
                return state

            try:
                visit = await self._visitor.visit(subscription, state, self._keys, answered)
                if visit is None:
                    self._metrics.visits.labels("network down").inc()
                    self._set_due(url, min(RETRY_SECONDS, self._visitor.paces.interval_seconds))
                else:
                    visit = await self._with_full_texts(url, visit, self._page_wait_seconds)
                    await self._keep(url, visit, state)
            except Exception as err:  # a bug triggered by one feed's content must not stop the others
                log.exception("visit_failed", url=redacted(url))
                visit = await self._visitor.failed(subscription, state, f"internal error: {type(err).__name__}")
                # Planned by this even if it cannot be saved either
                self._remember(url, visit.state)
                with suppress(Exception):
                    await self._keep(url, visit, state)

    def _heard(self, url: str, answer: Answer) -> bool:
        """A server is done with a feed. False if it was not reached for an outage of our own."""
        self._turns.answered(url)
        if url not in self._states:
            return False
        host = host_of(address_of(self._states[url]))
        if isinstance(answer, Failed):
            if answer.is_silent:
                return not self._is_our_outage(url, host, answer)
            self._respect(answer, host)
        kept_back = self._outage.answered()
        if kept_back:
            log.warning("network_up", feeds=len(kept_back))
        for other in kept_back:
            # Spread, so that they do not all come at once
            self._set_due(other, RETRY_SECONDS * share_of(other))
            self._plan(other)
        return True

    def _is_our_outage(self, url: str, host: str, failure: Failed) -> bool:
        before = self._outage.is_ours
        self._outage.silent(host, url)
        if self._outage.is_ours and not before:
            log.warning("network_down", reason=failure.reason)
        return self._outage.is_ours

    def _respect(self, failure: Failed, asked_host: str) -> None:
        """Leave a server alone that wants that, wherever redirects from `asked_host` led."""
        until = domain_retry_at(failure, self._now())
        if until is not None:
            self._leave_alone(failure.host or asked_host, until)

    def _leave_alone(self, host: str, until: datetime) -> None:
        self._turns.pause(registrable_domain(host), until)

    def _set_due(self, url: str, wait_seconds: float) -> None:
        """Change the time of the next visit, in memory: nothing is known of the feed that were worth saving."""
        if url not in self._states:
            return
        due = format_timestamp(self._now() + timedelta(seconds=wait_seconds))
        self._states[url] = msgspec.structs.replace(self._states[url], next_poll_at=due)

    async def _with_full_texts(self, url: str, visit: Visit, wait_seconds: float) -> Visit:
        """The visit, its short articles with the text of their pages, if the feed is to have that."""
        subscription = self._subscriptions.get(url)
        if subscription is None or not subscription.options.full_text or not visit.articles:
            return visit
        self._turns.wait(url)
        self._changed.set()
        try:
            completed = await self._pages.completed(
                visit.articles,
                wait_seconds=wait_seconds,
                own_url=url,
                is_private=await self.paces.resolve(host_of(address_of(visit.state))),
                turn=self._turn_of_page,
            )
        except Exception:  # a bug triggered by one page must not cost the article
            log.exception("full_text_failed", url=redacted(url))
            return visit
        for reason, number in completed.faults.items():
            log.warning("full_text_missing", url=redacted(url), articles=number, reason=reason)
        self._metrics.full_texts.labels("read").inc(completed.read)
        self._metrics.full_texts.labels("missing").inc(sum(completed.faults.values()))
        state = msgspec.structs.replace(visit.state, full_text_fault=completed.fault)
        return replace(visit, articles=completed.articles, state=state)

    @asynccontextmanager
    async def _turn_of_page(self, url: str, gap_seconds: float) -> AsyncIterator[Callable[[Answer], None]]:
        """Wait until a page may be asked for; see `PageTurn`."""
        host, name = host_of(url), f"page {next(self._page_numbers)}"
        # Whoever writes articles chooses their hosts: of these only that of the feed is known
        is_own = self.paces.known(host) or False
        ready = self._page_turns[name] = asyncio.get_running_loop().create_future()
        gap = timedelta(seconds=gap_seconds)
        self._turns.plan(Turn(self._now(), name, host, registrable_domain(host), "page", is_own, gap))
        self._changed.set()
        try:
            await ready
            yield partial(self._heard_of_page, name, host)
        finally:
            del self._page_turns[name]
            if ready.done() and not ready.cancelled():
                self._turns.end(name)
            else:
                self._turns.forget(name)
            self._changed.set()

    def _heard_of_page(self, name: str, host: str, answer: Answer) -> None:
        self._turns.answered(name)
        self._changed.set()
        if isinstance(answer, Failed):
            self._respect(answer, host)

    async def _keep(self, url: str, visit: Visit, before: FeedState) -> None:
        """Publish the articles, then save the state, of which `before` is saved already."""
        task = asyncio.current_task()
        self._sending.add(task)
        try:
            if await self._publish(url, visit, before):
                result = "failed" if visit.state.failures else "news" if visit.articles else "unchanged"
                self._metrics.visits.labels(result).inc()
                report(visit)
        finally:
            self._sending.discard(task)

    async def _publish(self, url: str, visit: Visit, before: FeedState) -> bool:
        is_safe = await self._outbox.publish(visit.articles, visit.keys) and await self._save(visit.state, before)
        if is_safe:
            self._remember(url, visit.state)
            self._count(visit)
        return is_safe

    async def _save(self, state: FeedState, before: FeedState) -> bool:
        is_safe = await self._outbox.save(state, before)
        self._metrics.states.inc(is_safe)
        return is_safe

    def _remember(self, url: str, state: FeedState) -> None:
        if url in self._subscriptions:
            self._metrics.health(self._states[url].health, -1)
            self._metrics.health(state.health, 1)
            self._states[url] = state

    def _count(self, visit: Visit) -> None:
        """Count what was published."""
        self._metrics.articles.inc(len(visit.articles))
        for article in visit.articles:
            if article.published_at is not None:
                age = parse_timestamp(article.fetched_at) - parse_timestamp(article.published_at)
                self._metrics.age.observe(max(0.0, age.total_seconds()))
        self._metrics.gaps.inc(visit.has_gap)

    def _note_delay(self, state: FeedState) -> None:
        if state.next_poll_at is not None:
            delay = self._now() - parse_timestamp(state.next_poll_at)
            self._metrics.delay.observe(max(0.0, delay.total_seconds()))


async def _done(task: asyncio.Task[T]) -> T | None:
    """The result of a task; None if it was dropped, since feeds move."""
    await asyncio.wait({task})
    return None if task.cancelled() else task.result()
