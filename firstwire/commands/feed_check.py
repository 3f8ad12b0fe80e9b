"""Feeds before a start: may their addresses be connected to, and is a feed there? Each is visited once at most."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from firstwire.addresses import refusal
from firstwire.config import Configuration, networks
from firstwire.poller.document import FeedDocument
from firstwire.poller.domains import is_ip_address
from firstwire.poller.inspection import open_inspector
from firstwire.poller.links import host_of
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
    slots = asyncio.Semaphore(VISITS_AT_ONCE)
    async with open_inspector(configuration) as inspector:

        async def visited(one: Subscription) -> tuple[Subscription, FeedDocument | str]:
            async with slots:
                return one, (await inspector.inspect(one.url, one.options)).found

        for visit in asyncio.as_completed([visited(one) for one in subscriptions]):
            yield await visit


def _written_address(url: str) -> str | None:
    host = host_of(url).rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "127.0.0.1"
    return host if is_ip_address(host) else None
