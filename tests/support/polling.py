"""A poller without Kafka: real sockets and worker processes, states and articles in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from firstwire.config import networks
from firstwire.poller.fetch import FetchLimits, open_fetcher
from firstwire.poller.links import same_feed_key
from firstwire.poller.loop import Poller
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parser
from firstwire.poller.subscriptions import Subscription
from schemas.feed import FeedState
from tests.fakes.outbox import MemoryOutbox

LOOPBACK = networks(("127.0.0.0/8",))


def real_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def polling(
    outbox: MemoryOutbox,
    *urls: str,
    interval_seconds: float = 0.3,
    states: Mapping[str, FeedState] | None = None,
    concurrency: int = 50,
    now: Callable[[], datetime] = real_now,
) -> AsyncIterator[Poller]:
    """A poller that runs for the body; its feeds may be on loopback."""
    stop = asyncio.Event()
    limits = FetchLimits(timeout_seconds=10.0, body_bytes=15_000_000)
    async with (
        Parser(workers=2) as parser,
        open_fetcher(allow=LOOPBACK, limits=limits, user_agent="firstwire-test/1", now=now) as fetcher,
    ):
        poller = Poller(
            subscriptions=[Subscription(url=url, place="test") for url in urls],
            states={same_feed_key(url): state for url, state in (states or {}).items()},
            fetcher=fetcher,
            parser=parser,
            outbox=outbox,
            paces=Paces(interval_seconds, LOOPBACK, fetcher.resolver),
            concurrency=concurrency,
            gap_seconds=5.0,
            entry_limit=2_000,
            body_limit_bytes=15_000_000,
            now=now,
        )
        running = asyncio.create_task(poller.run(stop))
        try:
            yield poller
        finally:
            stop.set()
            async with asyncio.timeout(5):
                await running
