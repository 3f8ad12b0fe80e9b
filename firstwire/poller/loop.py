"""The polling loop: visits feeds as they fall due, with limits on concurrent visits in all and per host.

Never saves a feed's state before Kafka has acknowledged its articles.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

import structlog

from firstwire.poller.document import UnreadableFeed
from firstwire.poller.fetch import Failed, Fetcher, NotModified
from firstwire.poller.headers import Validators
from firstwire.poller.links import redacted, same_feed_key
from firstwire.poller.outbox import Outbox
from firstwire.poller.pace import Paces, VisitInterval
from firstwire.poller.parse import Parser
from firstwire.poller.schedule import Wishes, due_at
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.turns import Turns
from firstwire.poller.visit import Visit, visit_changed, visit_failed, visit_unchanged
from schemas.feed import FeedState
from schemas.times import parse_timestamp

LONGEST_SLEEP_SECONDS = 30.0
"""The wall clock is read at least this often, since it may be changed."""

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
        entry_limit: int,
        now: Callable[[], datetime],
    ) -> None:
        self._subscriptions = {subscription.url: subscription for subscription in subscriptions}
        self._states = {url: states.get(same_feed_key(url)) or FeedState(url=url) for url in self._subscriptions}
        self._fetcher = fetcher
        self._parser = parser
        self._outbox = outbox
        self._paces = paces
        self._entry_limit = entry_limit
        self._now = now
        self._turns = Turns(concurrency)
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._sending: set[asyncio.Task[None] | None] = set()

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
                    {stopping, *self._tasks},
                    timeout=LONGEST_SLEEP_SECONDS
                    if sleep_seconds is None
                    else min(sleep_seconds, LONGEST_SLEEP_SECONDS),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._collect()
            if sending := [task for task in self._tasks if task in self._sending]:
                await asyncio.wait(sending, timeout=GRACE_SECONDS)
        finally:
            left = [stopping, *self._tasks]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _plan(self, url: str) -> None:
        state = self._states[url]
        if state.health == "gone":
            log.warning("feed_gone", url=redacted(url), reason=state.last_error)
            return
        stored = None if state.next_poll_at is None else parse_timestamp(state.next_poll_at)
        self._turns.plan(url, due_at(stored, self._now()))

    def _collect(self) -> None:
        """Remove visits that have ended; an error in one is a bug and ends the loop."""
        for task in [task for task in self._tasks if task.done()]:
            url = self._tasks.pop(task)
            self._turns.end(url)
            task.result()
            self._plan(url)

    async def _visit(self, url: str) -> None:
        state = self._states[url]
        pace = await self._paces.pace_of(url)
        try:
            visit = await self._judged(url, state, pace)
        except Exception as err:  # a bug triggered by one feed's content must not stop the others
            log.exception("visit_failed", url=redacted(url))
            visit = visit_failed(state, f"internal error: {type(err).__name__}", pace, self._now())
        task = asyncio.current_task()
        self._sending.add(task)
        try:
            if await self._outbox.publish(visit.articles) and await self._outbox.save(visit.state):
                self._states[url] = visit.state
                _report(visit)
        finally:
            self._sending.discard(task)

    async def _judged(self, url: str, state: FeedState, pace: VisitInterval) -> Visit:
        known = Validators(etag=state.etag, last_modified=state.last_modified)
        answer = await self._fetcher.fetch(url, known, is_private=pace.is_private)
        now = self._now()
        if isinstance(answer, Failed):
            return visit_failed(
                state, answer.reason, pace, now, retry_after_seconds=answer.retry_after_seconds, gone=answer.gone
            )
        wishes = Wishes(ttl_seconds=state.wish_seconds, fresh_seconds=answer.fresh_seconds)
        if isinstance(answer, NotModified):
            return visit_unchanged(state, answer.validators, wishes, pace, now)
        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash:
            return visit_unchanged(state, answer.validators, wishes, pace, now, renewed=True)
        document = await self._parser.read(
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            entry_limit=self._entry_limit,
            detect=state.language is None,
        )
        if isinstance(document, UnreadableFeed):
            return visit_failed(state, document.reason, pace, now)
        return visit_changed(
            state,
            self._subscriptions[url],
            document,
            body_hash=body_hash,
            validators=answer.validators,
            fresh_seconds=answer.fresh_seconds,
            pace=pace,
            entry_limit=self._entry_limit,
            now=now,
        )


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
    elif visit.articles:
        log.info("feed_has_news", url=url, articles=len(visit.articles), next_poll_at=state.next_poll_at)
    else:
        log.debug("feed_unchanged", url=url, next_poll_at=state.next_poll_at)
