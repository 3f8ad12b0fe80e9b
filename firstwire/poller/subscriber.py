"""Has feeds pushed by their hubs (WebSub): asks hubs, renews leases, confirms, and takes what they push.

Visits go on beside it, so that nothing is missed that a hub does not push.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import structlog

from firstwire.metrics import PollerMetrics
from firstwire.poller.hub_client import HubClient
from firstwire.poller.hub_subscriptions import (
    ask_at,
    asked,
    confirmed,
    denied,
    failed,
    is_expected,
    signature_fault,
    token_of,
    topic_of,
    words_of_hub,
)
from firstwire.poller.links import host_of, redacted
from firstwire.poller.loop import Poller, PushResult
from firstwire.poller.stopping import stopped_within
from firstwire.poller.visitor import address_of
from schemas.feed import FeedState, HubSubscription

LOOK_SECONDS = 2.0
"""Between two looks at what is to be asked: 10,000 feeds take some milliseconds."""

ASKED_AT_ONCE = 4
HUB_GAP_SECONDS = 0.5
"""Between two requests to one hub: some have hundreds of feeds, of which all are new at the first start."""

TOKEN_BYTES = 24
SECRET_BYTES = 32
"""Random, so that nobody can guess where a feed is pushed, or sign for its hub. A secret is shorter than 200 bytes."""

REQUESTS_A_MINUTE = 60
"""Of hubs for one feed, pushes and questions; a hub that sends more is told to wait."""

log = structlog.get_logger()

Taken = PushResult | Literal["unsigned", "too large", "too many"]
"""What became of what was pushed."""


@dataclass(frozen=True)
class PushSettings:
    """`callback_url`: under which hubs reach us. `lease_seconds`: for how long they are asked to push."""

    callback_url: str
    lease_seconds: float


class Subscriber:
    """`await run(stop)` asks hubs; `confirm`, `deny` and `take` are for what they send, by the end of our address."""

    def __init__(
        self,
        *,
        poller: Poller,
        client: HubClient,
        settings: PushSettings,
        metrics: PollerMetrics,
        now: Callable[[], datetime],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._poller = poller
        self._client = client
        self._settings = settings
        self._metrics = metrics
        self._now = now
        self._look_seconds = look_seconds
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(ASKED_AT_ONCE)
        self._hubs: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._pushed: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._tokens: dict[str, str] = {}
        self._tokens_of = -1

    @property
    def is_ready(self) -> bool:
        """Whether all feeds are known here. Else nothing is known of what an address of ours means."""
        return self._poller.has_feeds

    async def run(self, stop: asyncio.Event) -> None:
        """Ask hubs when it is time, until `stop` is set."""
        try:
            while not await stopped_within(stop, self._look_seconds):
                self._look()
        finally:
            left = list(self._asking.values())
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def feed_of(self, token: str) -> str | None:
        """The feed that is pushed to an address of ours, by its end; None if there is none."""
        found = self._pushed_at(token)
        return None if found is None else found[0]

    async def confirm(self, token: str, topic: str, lease_seconds: float | None) -> bool | None:
        """Whether we want what a hub asks us to confirm: this feed, and we have asked for it. None: ask again later."""
        found = self._pushed_at(token)
        if found is None:
            return False
        url, push = found
        lease = timedelta(seconds=self._settings.lease_seconds if lease_seconds is None else lease_seconds)

        def confirming(state: FeedState) -> FeedState | None:
            is_topic = topic == topic_of(state, self._poller.subscriptions[url].options)
            is_wanted = is_topic and push.topic == topic and is_expected(push, self._now())
            return confirmed(state, lease, self._now()) if is_wanted else None

        is_wanted = await self._change(url, token, confirming)
        if is_wanted:
            log.info("hub_confirmed", url=redacted(url), hub=redacted(push.hub), lease_seconds=lease.total_seconds())
        return is_wanted

    async def deny(self, token: str, topic: str, reason: str) -> bool | None:
        """A hub will not push a feed. Whether it is one of ours; None: say it again later."""
        found = self._pushed_at(token)
        if found is None:
            return False
        url, push = found
        if push.topic != topic:
            return False
        reason = words_of_hub(push, reason)
        is_ours = await self._change(url, token, lambda state: denied(state, reason, self._now()))
        if is_ours:
            log.warning("hub_denied", url=redacted(url), hub=redacted(push.hub), reason=reason[:200])
        return is_ours

    def is_too_many(self, token: str) -> bool:
        """Whether a hub has sent something for a feed more often than anything can change. Counts this time."""
        now, times = self._now(), self._pushed[token]
        while times and now - times[0] >= timedelta(minutes=1):
            times.popleft()
        if len(times) >= REQUESTS_A_MINUTE:
            return True
        times.append(now)
        return False

    async def take(self, token: str, body: bytes, content_type: str, signature: str | None) -> Taken:
        """What becomes of what was pushed. What is not signed by the hub is dropped."""
        found = self._pushed_at(token)
        if found is None:
            return "not taken"
        url, push = found
        fault = signature_fault(push, signature, body)
        if fault is not None:
            log.warning("push_dropped", url=redacted(url), hub=redacted(push.hub), reason=fault)
            return "unsigned"
        return await self._poller.take_push(url, body, content_type)

    def left(self, token: str, reason: str) -> None:
        """A hub has pushed what is not taken: the feed is visited soon, to see it there."""
        url = self.feed_of(token)
        if url is not None:
            log.warning("push_dropped", url=redacted(url), reason=reason)
            self._poller.visit_soon(url)

    def count(self, result: Taken) -> None:
        """Count what was pushed."""
        self._metrics.pushes.labels(result).inc()

    def _look(self) -> None:
        """Begin to ask what is due."""
        if not self._poller.has_feeds:
            return
        now = self._now()
        for url, state in self._poller.states.items():
            if not state.hubs or url in self._asking:
                continue
            topic = topic_of(state, self._poller.subscriptions[url].options)
            if topic is not None and (ask_at(state, topic, self._settings.callback_url) or now) <= now:
                task = asyncio.create_task(self._ask(url, topic))
                self._asking[url] = task
                task.add_done_callback(partial(self._end, url))

    def _note_tokens(self) -> None:
        """Note the addresses at which feeds are pushed, of those that came or went."""
        self._tokens_of = self._poller.generation
        self._tokens = {
            token_of(state.push): url for url, state in self._poller.states.items() if state.push is not None
        }
        for token in self._pushed.keys() - self._tokens.keys():
            del self._pushed[token]

    def _end(self, url: str, task: asyncio.Task[None]) -> None:
        self._asking.pop(url, None)
        if not task.cancelled() and task.exception() is not None:
            log.error("hub_not_asked", url=redacted(url), reason=repr(task.exception()))

    async def _ask(self, url: str, topic: str) -> None:
        async with self._slots:
            callback = f"{self._settings.callback_url.rstrip('/')}/{secrets.token_urlsafe(TOKEN_BYTES)}"
            secret = secrets.token_urlsafe(SECRET_BYTES)

            def asking(state: FeedState) -> FeedState:
                return asked(state, topic, callback, secret, self._now()) if state.hubs else state

            before = None if (known := self._poller.states.get(url)) is None else known.push
            # Saved before the hub may answer, so that its answer is understood after a restart too
            if not await self._poller.change(url, asking):
                return
            state = self._poller.states.get(url)
            if state is None or state.push is None:
                return
            push, token = state.push, token_of(state.push)
            self._tokens[token] = url
            if before is not None and before.callback != push.callback:
                # What is pushed to the address of before, perhaps another poller's, is not taken
                self._poller.visit_soon(url)
            is_private = await self._poller.paces.resolve(host_of(address_of(state)))
            async with self._hubs[host_of(push.hub)]:
                refusal = await self._client.ask(
                    push, self._settings.lease_seconds, own_url=url if is_private else None
                )
                await asyncio.sleep(HUB_GAP_SECONDS)
            if refusal is None:
                log.debug("hub_asked", url=redacted(url), hub=redacted(push.hub))
                return
            reason, wait = refusal.reason, refusal.wait
            await self._change(url, token, lambda state: failed(state, reason, self._now(), wait))
            log.warning("hub_failed", url=redacted(url), hub=redacted(push.hub), reason=reason)

    def _pushed_at(self, token: str) -> tuple[str, HubSubscription] | None:
        """The feed that is pushed to an address of ours, by its end, and what its hub has promised."""
        if self._tokens_of != self._poller.generation:
            self._note_tokens()
        url = self._tokens.get(token, "")
        push = _push_at(self._poller.states.get(url), token)
        return None if push is None else (url, push)

    async def _change(self, url: str, token: str, change: Callable[[FeedState], FeedState | None]) -> bool | None:
        """Change what is known of a feed if it is pushed to this address of ours, still, and `change` wants that.
        Whether it has changed; None if that is not safe.
        """
        has_changed = False

        def changed(state: FeedState) -> FeedState:
            nonlocal has_changed
            after = None if _push_at(state, token) is None else change(state)
            has_changed = after is not None
            return state if after is None else after

        return has_changed if await self._poller.change(url, changed) else None


def _push_at(state: FeedState | None, token: str) -> HubSubscription | None:
    """What a hub has promised to push to this address of ours."""
    push = None if state is None else state.push
    return push if push is not None and token_of(push) == token else None
