"""The polling loop: visits feeds as they fall due, with limits on concurrent visits in all and per host.

Never saves a feed's state before Kafka has acknowledged its articles.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

import structlog

from firstwire.poller.answers import Failed, FailureKind, Fetched, NotModified
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.domains import registrable_domain
from firstwire.poller.fetch import Fetcher
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of, redacted, same_feed_key
from firstwire.poller.outbox import Outbox
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parser
from firstwire.poller.parse_worker import ReadJob
from firstwire.poller.schedule import due_at
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.turns import Turn, Turns
from firstwire.poller.visit import Visit, VisitRules, visit_changed, visit_failed, visit_unchanged
from schemas.feed import FeedState
from schemas.times import parse_timestamp

LONGEST_SLEEP_SECONDS = 30.0
"""The wall clock is read at least this often, since it may be changed."""

RESOLVING = 100
"""Hosts resolved at a time, where private networks are allowed."""

GRACE_SECONDS = 2.0
"""On a stop, how long visits whose articles are being sent to Kafka may take. The others are dropped at once."""

log = structlog.get_logger()


class Poller:
    """Visits feeds until stopped. The caller opens and closes its parts. `states` are by `same_feed_key`."""

    def __init__(
        self,
        *,
        subscriptions: Sequence[Subscription],
        states: Mapping[str, FeedState],
        fetcher: Fetcher,
        parser: Parser,
        outbox: Outbox,
        paces: Paces,
        concurrency: int,
        gap_seconds: float,
        entry_limit: int,
        body_limit_bytes: int,
        now: Callable[[], datetime],
    ) -> None:
        self._subscriptions = {subscription.url: subscription for subscription in subscriptions}
        self._states = {url: states.get(same_feed_key(url)) or FeedState(url=url) for url in self._subscriptions}
        self._fetcher = fetcher
        self._parser = parser
        self._outbox = outbox
        self._paces = paces
        self._entry_limit = entry_limit
        self._body_limit_bytes = body_limit_bytes
        self._now = now
        self._turns = Turns(concurrency, gap_seconds)
        self._resolving: dict[asyncio.Task[None], str] = {}
        self._resolving_slots = asyncio.Semaphore(RESOLVING)
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._sending: set[asyncio.Task[None] | None] = set()

    @property
    def states(self) -> Mapping[str, FeedState]:
        """What is known of each feed, by the address of its subscription."""
        return self._states

    async def run(self, stop: asyncio.Event) -> None:
        """Visit feeds as they fall due until `stop` is set; articles being sent to Kafka may still arrive."""
        for url in self._subscriptions:
            self._plan(url)
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                for url in self._turns.take(self._now()):
                    self._tasks[asyncio.create_task(self._visit(url))] = url
                sleep_seconds = self._turns.seconds_to_next(self._now())
                await asyncio.wait(
                    {stopping, *self._tasks, *self._resolving},
                    timeout=LONGEST_SLEEP_SECONDS
                    if sleep_seconds is None
                    else min(sleep_seconds, LONGEST_SLEEP_SECONDS),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._collect()
            if sending := [task for task in self._tasks if task in self._sending]:
                await asyncio.wait(sending, timeout=GRACE_SECONDS)
        finally:
            left = [stopping, *self._tasks, *self._resolving]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _plan(self, url: str) -> None:
        state = self._states[url]
        if state.health == "gone":
            log.warning("feed_gone", url=redacted(url), reason=state.last_error)
            return
        host = host_of(url)
        is_own = self._paces.known(host)
        if is_own is None:
            self._resolving[asyncio.create_task(self._resolve(host))] = url
            return
        stored = None if state.next_poll_at is None else parse_timestamp(state.next_poll_at)
        due = due_at(stored, self._now())
        self._turns.plan(Turn(due, url, host, registrable_domain(host), state.lane, is_own))

    async def _resolve(self, host: str) -> None:
        async with self._resolving_slots:
            await self._paces.resolve(host)

    def _collect(self) -> None:
        """Remove visits that have ended, and plan the next ones."""
        for task in [task for task in self._tasks if task.done()]:
            url = self._tasks.pop(task)
            self._turns.end(url)
            self._plan(url)
        for resolving in [task for task in self._resolving if task.done()]:
            self._plan(self._resolving.pop(resolving))

    async def _visit(self, url: str) -> None:
        """Visit a feed. Whatever it contains, its failure is its own: nothing is raised but the end of the process."""
        state = self._states[url]
        try:
            await self._keep(url, await self._judged(url, state))
        except Exception as err:  # a bug triggered by one feed's content must not stop the others
            log.exception("visit_failed", url=redacted(url))
            reason = f"internal error: {type(err).__name__}"
            rules = VisitRules(await self._paces.pace_of(host_of(url)), self._entry_limit, self._now())
            visit = visit_failed(state, Failed(reason), rules)
            # Planned by this even if it cannot be saved either
            self._states[url] = visit.state
            with suppress(Exception):
                await self._keep(url, visit)

    async def _keep(self, url: str, visit: Visit) -> None:
        """Publish the articles, then save the state."""
        task = asyncio.current_task()
        self._sending.add(task)
        try:
            if await self._outbox.publish(visit.articles) and await self._outbox.save(visit.state):
                self._states[url] = visit.state
                _report(visit)
        finally:
            self._sending.discard(task)

    async def _judged(self, url: str, state: FeedState) -> Visit:
        pace = await self._paces.pace_of(host_of(url))
        known = Validators(etag=state.etag, last_modified=state.last_modified)
        is_slow = state.lane == "slow"
        async with self._fetcher.answer(url, known, is_private=pace.is_private, is_slow=is_slow) as answer:
            self._turns.answered(url)
            rules = VisitRules(pace, self._entry_limit, self._now())
            if isinstance(answer, Failed):
                return visit_failed(state, answer, rules)
            if isinstance(answer, NotModified):
                return visit_unchanged(state, answer, rules)
            return await self._judged_body(url, state, answer, rules)

    async def _judged_body(self, url: str, state: FeedState, answer: Fetched, rules: VisitRules) -> Visit:
        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return visit_unchanged(state, answer, rules)
        job = ReadJob(
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            entry_limit=self._entry_limit,
            body_limit_bytes=self._body_limit_bytes,
            detect=state.language is None,
        )
        parsed = await self._parser.read(job, is_slow=state.lane == "slow")
        answer = replace(answer, was_slow=answer.was_slow or parsed.was_slow)
        if isinstance(parsed.document, UnreadableFeed):
            kind: FailureKind = "refused" if parsed.document.is_limit else "answer"
            return visit_failed(state, Failed(parsed.document.reason, kind, was_slow=answer.was_slow), rules)
        return visit_changed(state, self._subscriptions[url], parsed.document, answer, body_hash, rules)


def _report(visit: Visit) -> None:
    state = visit.state
    url = redacted(state.url)
    if state.failures:
        log.warning(
            "feed_failed",
            url=url,
            reason=(state.last_error or "").removeprefix(f"{url}: "),
            failures=state.failures,
            health=state.health,
            next_poll_at=None if state.health == "gone" else state.next_poll_at,
        )
        return
    if visit.has_gap:
        log.warning("feed_gapped", url=url, entries=len(state.entries), next_poll_at=state.next_poll_at)
    if visit.articles:
        log.info("feed_has_news", url=url, articles=len(visit.articles), next_poll_at=state.next_poll_at)
        if state.garbled is not None:
            log.warning("feed_garbled", url=url, excerpt=state.garbled)
    else:
        log.debug("feed_unchanged", url=url, next_poll_at=state.next_poll_at)
