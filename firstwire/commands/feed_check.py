"""Feeds before a start: may their addresses be connected to, and is a feed there? Each is visited once at most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from firstwire.addresses import refusal
from firstwire.config import Configuration, PollerSection, networks
from firstwire.core.text.durations import seconds
from firstwire.poller.answers import Failed, Fetched
from firstwire.poller.document import FeedDocument
from firstwire.poller.domains import is_ip_address
from firstwire.poller.fetch import Fetcher, FetchLimits, open_fetcher
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of
from firstwire.poller.parse import Parser
from firstwire.poller.parse_worker import ReadJob
from firstwire.poller.subscriptions import Subscription

VISITS_AT_ONCE = 20


def forbidden_feeds(
    configuration: Configuration, subscriptions: Sequence[Subscription]
) -> tuple[tuple[Subscription, str], ...]:
    """The feeds whose address is written as one that is not allowed, and why; names are not looked up."""
    allow = networks(configuration.settings.poller.allow_private_addresses)
    found = ((one, _written_address(one.url)) for one in subscriptions)
    judged = ((one, refusal(address, allow)) for one, address in found if address is not None)
    return tuple((one, reason) for one, reason in judged if reason is not None)


async def visited_feeds(
    configuration: Configuration, subscriptions: Sequence[Subscription]
) -> AsyncIterator[tuple[Subscription, FeedDocument | str]]:
    """Each feed with its document, or why there is none, in the order in which they answer."""
    poller = configuration.settings.poller
    slots = asyncio.Semaphore(VISITS_AT_ONCE)
    async with (
        Parser(workers=poller.parse_workers) as parser,
        open_fetcher(
            allow=networks(poller.allow_private_addresses),
            limits=FetchLimits(timeout_seconds=seconds(poller.timeout), body_bytes=poller.body_limit_bytes),
            user_agent=poller.user_agent,
            now=lambda: datetime.now(UTC),
        ) as fetcher,
    ):

        async def visited(one: Subscription) -> tuple[Subscription, FeedDocument | str]:
            async with slots:
                return one, await _document(fetcher, parser, one.url, poller)

        for visit in asyncio.as_completed([visited(one) for one in subscriptions]):
            yield await visit


async def _document(fetcher: Fetcher, parser: Parser, url: str, poller: PollerSection) -> FeedDocument | str:
    async with fetcher.answer(url, Validators(), is_slow=True) as answer:
        if isinstance(answer, Failed):
            return answer.reason
        if not isinstance(answer, Fetched):
            return "not modified, though nothing was known of it"
        job = ReadJob(
            body=answer.body,
            url=answer.url,
            content_type=answer.content_type,
            entry_limit=poller.entry_limit,
            body_limit_bytes=poller.body_limit_bytes,
        )
        parsed = await parser.read(job)
        if parsed.was_slow and not isinstance(parsed.document, FeedDocument):
            # As the poller does on its next visit
            parsed = await parser.read(job, is_slow=True)
    return parsed.document if isinstance(parsed.document, FeedDocument) else parsed.document.reason


def _written_address(url: str) -> str | None:
    host = host_of(url).rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    return host if is_ip_address(host) else None
