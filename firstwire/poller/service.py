"""The poller's entry point: opens its parts, restores the feeds' states, runs until stopped, and closes everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import structlog

from firstwire.broker.topics import create_missing_topics, partition_count
from firstwire.config import Configuration, KafkaSection, Settings, age_limit, networks
from firstwire.core.text.digest import digest
from firstwire.core.text.durations import seconds
from firstwire.errors import TransientError
from firstwire.health import ProcessReporter
from firstwire.metrics import PollerMetrics
from firstwire.poller.article_pages import ArticlePages, product_of
from firstwire.poller.callbacks import listening_to_hubs
from firstwire.poller.former_states import copy_former_states
from firstwire.poller.hub_client import open_hub_client
from firstwire.poller.loop import Poller
from firstwire.poller.outbox import Outbox
from firstwire.poller.parts import open_parts
from firstwire.poller.share import FeedShare
from firstwire.poller.stopping import stopped_within
from firstwire.poller.subscriber import PushSettings, Subscriber
from firstwire.poller.subscriptions import read_subscriptions
from firstwire.poller.visitor import ReadingLimits, Visitor
from firstwire.process import keep_memory_whole

KAFKA = "kafka"
"""What the poller needs to be ready."""

RETRY_SECONDS = 1.0
HEALTH_SECONDS = 600.0
"""Between two looks at the health of feeds: what goes wrong together is told in one message."""
POLLER_STOP_SECONDS = 3.5
"""How long stopping may take before the rest is canceled: `poll` promises 5 s."""

log = structlog.get_logger()


async def poll(
    configuration: Configuration,
    bootstrap_servers: str,
    *,
    stop: asyncio.Event,
    reporter: ProcessReporter | None = None,
) -> None:
    """Turn feeds into records of `articles` until `stop` is set; return within 5 s of that.

    Raises ConfigError for subscriptions that cannot be read or topics that do not exist. Waits for an unreachable
    Kafka.
    """
    work = asyncio.create_task(_poll(configuration, bootstrap_servers, stop, reporter or ProcessReporter()))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({work}, timeout=POLLER_STOP_SECONDS)
    finally:
        # Do not wait for tasks that hang, for instance on a Kafka that swallows connections
        for task in (work, stopping):
            task.cancel()
        await asyncio.gather(work, stopping, return_exceptions=True)
    if not work.cancelled():
        work.result()


async def _poll(
    configuration: Configuration, bootstrap_servers: str, stop: asyncio.Event, reporter: ProcessReporter
) -> None:
    keep_memory_whole(one_arena=True)
    settings = configuration.settings
    subscriptions, refused = read_subscriptions(configuration)
    for entry in refused:
        log.warning("subscription_left_out", url=entry.url, reason=entry.reason, file=entry.place)
    reporter.readiness.lacks(KAFKA, "has not answered yet")
    partitions = await _prepared(bootstrap_servers, settings.kafka, stop)
    if partitions is None:
        return
    reporter.readiness.has(KAFKA)
    log.info("polling_started", feeds_of_files=len(subscriptions))
    prefix = settings.kafka.topic_prefix
    outbox = Outbox(bootstrap_servers, prefix, partitions=partitions, stop=stop, now=_now)
    try:
        async with _loop(settings, outbox, PollerMetrics(reporter.registry)) as (loop, subscriber):
            share = FeedShare(bootstrap_servers, prefix, partitions=partitions, of_files=subscriptions, poller=loop)
            await _run(loop, share, subscriber, stop)
    finally:
        await outbox.close()


@asynccontextmanager
async def _loop(
    settings: Settings, outbox: Outbox, metrics: PollerMetrics
) -> AsyncIterator[tuple[Poller, Subscriber | None]]:
    """The polling loop with its sockets and worker processes, and who has hubs push, if that is wanted."""
    poller, websub = settings.poller, settings.websub
    pushed_interval_seconds = seconds(websub.interval) if websub.callback_url else None
    async with AsyncExitStack() as opened:
        parts = await opened.enter_async_context(open_parts(poller, _now))
        visitor = Visitor(
            fetcher=parts.fetcher,
            parser=parts.parser,
            paces=parts.paces,
            limits=ReadingLimits(
                poller.entry_limit, poller.body_limit_bytes, age_limit(poller.first_poll), pushed_interval_seconds
            ),
            policy=digest("policy", *sorted(poller.allow_private_addresses), str(poller.body_limit_bytes)),
            now=_now,
        )
        loop = Poller(
            visitor=visitor,
            outbox=outbox,
            concurrency=poller.concurrency,
            gap_seconds=seconds(poller.host_gap),
            metrics=metrics,
            now=_now,
            pages=ArticlePages(parts.fetcher, parts.parser, product=product_of(poller.user_agent), now=_now),
            page_wait_seconds=seconds(poller.full_text_wait),
        )
        subscriber = None
        if websub.callback_url:
            client = await opened.enter_async_context(
                open_hub_client(
                    allow=networks(poller.allow_private_addresses),
                    resolver=parts.fetcher.resolver,
                    user_agent=poller.user_agent,
                    now=_now,
                )
            )
            subscriber = Subscriber(
                poller=loop,
                client=client,
                settings=PushSettings(websub.callback_url, seconds(websub.lease)),
                metrics=metrics,
                now=_now,
            )
            address = await opened.enter_async_context(
                listening_to_hubs(subscriber, websub.listen, poller.body_limit_bytes)
            )
            log.info("hubs_awaited", listen=address, callback_url=websub.callback_url)
        yield loop, subscriber


async def _run(loop: Poller, share: FeedShare, subscriber: Subscriber | None, stop: asyncio.Event) -> None:
    """Visit the share's feeds until stopped, or until one of them fails."""
    tasks = [share.run(stop), loop.run(stop), _tell_health(loop, stop)]
    tasks += [] if subscriber is None else [subscriber.run(stop)]
    work = [asyncio.create_task(task) for task in tasks]
    try:
        await asyncio.wait(work, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        # Only now others may visit these feeds
        await share.close()
    for task in work:
        if not task.cancelled():
            task.result()


async def _tell_health(loop: Poller, stop: asyncio.Event) -> None:
    """Tell of feeds that are no longer well, now and then until stopped."""
    while not await stopped_within(stop, HEALTH_SECONDS):
        await loop.tell_health()


async def _prepared(bootstrap_servers: str, kafka: KafkaSection, stop: asyncio.Event) -> int | None:
    """Create topics that an earlier version did not have, and copy what it wrote. The number of partitions;
    None if stopped while Kafka was unreachable.
    """
    while not stop.is_set():
        try:
            await create_missing_topics(bootstrap_servers, kafka)
            partitions = await partition_count(bootstrap_servers, kafka.topic_prefix)
            copied = await copy_former_states(bootstrap_servers, kafka.topic_prefix, partitions)
            if copied:
                log.info("feed_states_copied", count=copied)
            return partitions
        except TransientError as err:
            log.warning("kafka_unreachable", reason=str(err), wait_seconds=RETRY_SECONDS)
            await stopped_within(stop, RETRY_SECONDS)
    return None


def _now() -> datetime:
    return datetime.now(UTC)
