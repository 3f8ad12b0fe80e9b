"""One visit to one feed: fetch, read in a worker process, and decide. The loop says when, and keeps the result."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from firstwire.errors import ConfigError
from firstwire.poller.answers import Answer, Failed, FailureKind, Fetched, NotModified
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.fetch import Fetcher
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of, is_same_server
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parsed, Parser
from firstwire.poller.parse_worker import ReadJob
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.visit import (
    Visit,
    VisitRules,
    validators_to_send,
    visit_changed,
    visit_failed,
    visit_pushed,
    visit_unchanged,
)
from schemas.feed import FeedState


@dataclass(frozen=True)
class ReadingLimits:
    """What is read of a document, and published of the first one of a feed."""

    entries: int
    body_bytes: int
    first_poll_seconds: float | None = None
    """The age up to which entries of a first document are published; None for all."""
    pushed_interval_seconds: float | None = None
    """Between two visits to a feed whose news are pushed, at least; None if hubs are not asked to push."""


class Visitor:
    """Makes visits. `policy` is a digest of the poller's settings that may refuse a feed."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        parser: Parser,
        paces: Paces,
        limits: ReadingLimits,
        policy: str,
        now: Callable[[], datetime],
    ) -> None:
        self.paces = paces
        self._policy = policy
        self._fetcher = fetcher
        self._parser = parser
        self._limits = limits
        self._now = now

    def policy_of(self, subscription: Subscription) -> str:
        """A digest of all settings that may refuse the feed."""
        return subscription.options.policy(self._policy)

    async def visit(
        self,
        subscription: Subscription,
        state: FeedState,
        taken: Container[str],
        answered: Callable[[Answer], Awaitable[FeedState | None]],
    ) -> Visit | None:
        """Visit a feed. `taken` are the feeds that are subscribed, by `same_feed_key`.

        `answered` is told of the answer as soon as the server is done, and returns what is known of the feed then; if
        that is None, the answer is left.
        """
        rules = await self._rules(subscription, state, taken)
        try:
            own_headers = subscription.options.request_headers()
        except ConfigError as err:
            return visit_failed(state, Failed(str(err), "refused"), rules)
        async with self._fetcher.answer(
            _address_for(state, own_headers),
            Validators() if self._looks_for_hubs(state) else validators_to_send(state, subscription.options, rules.now),
            own_url=state.url,
            is_private=rules.pace.is_private,
            is_slow=state.lane == "slow",
            own_headers=own_headers,
        ) as answer:
            known = await answered(answer)
            if known is None:
                return None
            state = known
            rules = replace(rules, now=self._now())
            if isinstance(answer, Failed):
                return visit_failed(state, answer, rules)
            if isinstance(answer, NotModified):
                return visit_unchanged(state, answer, rules)
            return await self._visit_with_body(subscription, state, answer, rules)

    async def pushed(
        self, subscription: Subscription, state: FeedState, body: bytes, content_type: str
    ) -> Visit | UnreadableFeed:
        """What a document means that a hub has sent, or why it cannot be read."""
        parsed = await self._read(state, body, address_of(state), content_type)
        if isinstance(parsed.document, UnreadableFeed):
            return parsed.document
        return visit_pushed(state, subscription, parsed.document, await self._rules(subscription, state, ()))

    async def failed(self, subscription: Subscription, state: FeedState, reason: str) -> Visit:
        """The result of a visit that failed for a reason of our own."""
        return visit_failed(state, Failed(reason), await self._rules(subscription, state, ()))

    async def _visit_with_body(
        self, subscription: Subscription, state: FeedState, answer: Fetched, rules: VisitRules
    ) -> Visit:
        body_hash = blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == state.body_hash and not self._looks_for_hubs(state):
            return visit_unchanged(state, answer, rules)
        parsed = await self._read(state, answer.body, answer.url, answer.content_type)
        answer = replace(answer, was_slow=answer.was_slow or parsed.was_slow)
        if isinstance(parsed.document, UnreadableFeed):
            kind: FailureKind = "refused" if parsed.document.is_limit else "answer"
            return visit_failed(state, Failed(parsed.document.reason, kind, was_slow=answer.was_slow), rules)
        return visit_changed(state, subscription, parsed.document, answer, body_hash, rules)

    async def _read(self, state: FeedState, body: bytes, url: str, content_type: str) -> Parsed:
        job = ReadJob(
            body,
            url=url,
            content_type=content_type,
            entry_limit=self._limits.entries,
            body_limit_bytes=self._limits.body_bytes,
        )
        return await self._parser.read(job, is_slow=state.lane == "slow")

    def _looks_for_hubs(self, state: FeedState) -> bool:
        """Whether the whole document is wanted, for a feed that was read before hubs were."""
        return self._limits.pushed_interval_seconds is not None and state.hubs is None

    async def _rules(self, subscription: Subscription, state: FeedState, taken: Container[str]) -> VisitRules:
        return VisitRules(
            pace=await self.paces.pace_of(host_of(address_of(state)), subscription.options),
            entry_limit=self._limits.entries,
            now=self._now(),
            policy=self.policy_of(subscription),
            first_poll_seconds=self._limits.first_poll_seconds,
            pushed_interval_seconds=self._limits.pushed_interval_seconds,
            taken=taken,
        )


def _address_for(state: FeedState, own_headers: Mapping[str, str]) -> str:
    """Where to ask: secrets stay with the server that they were given for, wherever it says that the feed has moved."""
    address = address_of(state)
    return address if not own_headers or is_same_server(state.url, address) else state.url


def address_of(state: FeedState) -> str:
    """Where the feed is now."""
    return state.address or state.url
