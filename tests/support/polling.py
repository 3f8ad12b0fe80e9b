"""A poller without Kafka: real sockets and worker processes, states and articles in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from firstwire.config import Network, networks
from firstwire.metrics import PollerMetrics
from firstwire.poller.article_pages import ArticlePages
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.fetch import FetchLimits, open_fetcher
from firstwire.poller.links import same_feed_key
from firstwire.poller.loop import LONGEST_SLEEP_SECONDS, Poller
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parser
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.visitor import ReadingLimits, Visitor
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
    first_poll_seconds: float | None = None,
    longest_sleep_seconds: float = LONGEST_SLEEP_SECONDS,
    own: bool = True,
    policy: str = "test",
    allow: tuple[Network, ...] = LOOPBACK,
    registry: CollectorRegistry | None = None,
    pushed_interval_seconds: float | None = None,
    options: FeedOptions | None = None,
    page_wait_seconds: float = 10.0,
) -> AsyncIterator[Poller]:
    """A poller that runs for the body; its feeds may be on loopback. `own`: which is treated as one's own network."""
    stop = asyncio.Event()
    limits = FetchLimits(timeout_seconds=10.0, body_bytes=15_000_000)
    async with (
        Parser(workers=2) as parser,
        open_fetcher(allow=allow, limits=limits, user_agent="firstwire-test/1", now=now) as fetcher,
    ):
        visitor = Visitor(
            fetcher=fetcher,
            parser=parser,
            paces=Paces(interval_seconds, allow if own else (), fetcher.resolver),
            limits=ReadingLimits(2_000, 15_000_000, first_poll_seconds, pushed_interval_seconds),
            policy=policy,
            now=now,
        )
        poller = Poller(
            visitor=visitor,
            outbox=outbox,
            concurrency=concurrency,
            gap_seconds=5.0,
            metrics=PollerMetrics(registry or CollectorRegistry()),
            now=now,
            pages=ArticlePages(fetcher, parser, product="firstwire-test", now=now),
            page_wait_seconds=page_wait_seconds,
            longest_sleep_seconds=longest_sleep_seconds,
        )
        known = {same_feed_key(url): state for url, state in (states or {}).items()}
        for url in urls:
            poller.subscribe(
                Subscription(url=url, options=options or FeedOptions(), place="test"), known.get(same_feed_key(url))
            )
        running = asyncio.create_task(poller.run(stop))
        try:
            yield poller
        finally:
            stop.set()
            async with asyncio.timeout(5):
                await running


class VirtualClock:
    """A clock that is moved by `until`: whenever no visit is under way, to the time of the next one."""

    def __init__(self, start: datetime) -> None:
        self._moment = start

    def now(self) -> datetime:
        return self._moment

    async def until(self, moment: datetime, poller: Poller) -> None:
        """Let the poller live until a moment."""
        while self._moment < moment:
            await asyncio.sleep(0)
            if not poller.is_idle:
                await asyncio.sleep(0.001)
            elif (seconds := poller.seconds_to_next) is None:
                self._moment = moment
            elif seconds > 0:
                self._moment = min(moment, self._moment + timedelta(seconds=seconds))
            else:
                await asyncio.sleep(0.001)
