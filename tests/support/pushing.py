"""A poller whose feeds are pushed by hubs, without Kafka: real sockets and worker processes, states in memory."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from prometheus_client import CollectorRegistry

from firstwire.metrics import PollerMetrics
from firstwire.poller.callbacks import listening_to_hubs
from firstwire.poller.hub_client import open_hub_client
from firstwire.poller.loop import Poller
from firstwire.poller.subscriber import PushSettings, Subscriber
from schemas.feed import FeedState
from tests.fakes.outbox import MemoryOutbox
from tests.support.polling import LOOPBACK, polling, real_now
from tests.support.waiting import found_once


@asynccontextmanager
async def pushing(
    outbox: MemoryOutbox, *urls: str, body_limit_bytes: int = 1_000_000, lease_seconds: float = 864_000.0, **given: Any
) -> AsyncIterator[tuple[Poller, Subscriber]]:
    """A poller that runs for the body and has hubs push. Its callbacks are on a port of loopback."""
    registry = given.pop("registry", None) or CollectorRegistry()
    listen = f"127.0.0.1:{free_port()}"
    now, allow = given.get("now", real_now), given.get("allow", LOOPBACK)
    stop = asyncio.Event()
    resolver = aiohttp.AsyncResolver()
    async with (
        polling(outbox, *urls, pushed_interval_seconds=3_600.0, **given) as poller,
        open_hub_client(allow=allow, resolver=resolver, user_agent="firstwire-test/1", now=now) as client,
    ):
        subscriber = Subscriber(
            poller=poller,
            client=client,
            settings=PushSettings(f"http://{listen}/websub/", lease_seconds),
            metrics=PollerMetrics(registry),
            now=now,
            look_seconds=0.02,
        )
        async with listening_to_hubs(subscriber, listen, body_limit_bytes):
            poller.resume()
            running = asyncio.create_task(subscriber.run(stop))
            try:
                yield poller, subscriber
            finally:
                stop.set()
                async with asyncio.timeout(5):
                    await running
    await resolver.close()


async def state_once(poller: Poller, url: str, wanted: Any, what: str = "a state") -> FeedState:
    """What is known of a feed, once it is as wanted."""

    async def known() -> FeedState:
        return poller.states[url]

    return await found_once(known, wanted, what)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])
