"""The poller's entry point: opens its parts, restores the feeds' states, runs until stopped, and closes everything."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime

import structlog

from firstwire.broker.reader import read_all
from firstwire.broker.topics import FEEDS, topic_name
from firstwire.config import Configuration, age_limit, networks
from firstwire.core.text.digest import digest
from firstwire.core.text.durations import seconds
from firstwire.errors import TransientError
from firstwire.poller.fetch import FetchLimits, open_fetcher
from firstwire.poller.links import redacted, same_feed_key
from firstwire.poller.loop import Poller
from firstwire.poller.outbox import Outbox
from firstwire.poller.pace import Paces
from firstwire.poller.parse import Parser
from firstwire.poller.subscriptions import read_subscriptions
from firstwire.poller.visitor import ReadingLimits, Visitor
from firstwire.process import keep_memory_whole
from schemas.codec import DecodeError, decode
from schemas.feed import FeedState

RETRY_SECONDS = 1.0
POLLER_STOP_SECONDS = 3.5
"""How long stopping may take before the rest is canceled: `poll` promises 5 s."""

log = structlog.get_logger()


async def poll(configuration: Configuration, bootstrap_servers: str, *, stop: asyncio.Event) -> None:
    """Turn feeds into records of `articles` until `stop` is set; return within 5 s of that.

    Raises ConfigError for subscriptions that cannot be read or topics that do not exist. Waits for an unreachable
    Kafka.
    """
    work = asyncio.create_task(_poll(configuration, bootstrap_servers, stop))
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


async def _poll(configuration: Configuration, bootstrap_servers: str, stop: asyncio.Event) -> None:
    keep_memory_whole(one_arena=True)
    settings = configuration.settings
    poller = settings.poller
    allow = networks(poller.allow_private_addresses)
    subscriptions, refused = read_subscriptions(configuration)
    for entry in refused:
        log.warning("subscription_left_out", url=entry.url, reason=entry.reason, file=entry.place)
    states = await _known_states(
        bootstrap_servers,
        topic_name(settings.kafka.topic_prefix, FEEDS),
        {same_feed_key(s.url) for s in subscriptions},
        stop,
    )
    if states is None:
        return
    log.info("polling_started", feeds=len(subscriptions), known=len(states))
    outbox = Outbox(bootstrap_servers, settings.kafka.topic_prefix, stop=stop, now=_now)
    allow_text = sorted(poller.allow_private_addresses)
    policy = digest("policy", *allow_text, str(poller.body_limit_bytes))
    limits = FetchLimits(timeout_seconds=seconds(poller.timeout), body_bytes=poller.body_limit_bytes)
    try:
        async with (
            Parser(workers=poller.parse_workers) as parser,
            open_fetcher(allow=allow, limits=limits, user_agent=poller.user_agent, now=_now) as fetcher,
        ):
            visitor = Visitor(
                fetcher=fetcher,
                parser=parser,
                paces=Paces(seconds(poller.interval), allow, fetcher.resolver, seconds(poller.longest_interval)),
                limits=ReadingLimits(poller.entry_limit, poller.body_limit_bytes, age_limit(poller.first_poll)),
                policy=policy,
                now=_now,
            )
            await Poller(
                subscriptions=subscriptions,
                states=states,
                visitor=visitor,
                outbox=outbox,
                concurrency=poller.concurrency,
                gap_seconds=seconds(poller.host_gap),
                now=_now,
            ).run(stop)
    finally:
        await outbox.close()


async def _known_states(
    bootstrap_servers: str, topic: str, feeds: Collection[str], stop: asyncio.Event
) -> dict[str, FeedState] | None:
    """The states of the subscribed feeds from the last run, by `same_feed_key`; None if stopped while Kafka was
    unreachable.
    """
    while not stop.is_set():
        states: dict[str, FeedState] = {}
        try:
            async for record in read_all(bootstrap_servers, topic):
                states.pop(record.key, None)
                if record.value is None or same_feed_key(record.key) not in feeds:
                    continue
                try:
                    states[record.key] = decode(record.value, FeedState)
                except DecodeError as err:
                    # Without its state the feed is polled as a new one: repeats are recognized downstream
                    log.warning("feed_state_unreadable", url=redacted(record.key), reason=str(err))
            return newest_of_each_feed(states.values())
        except TransientError as err:
            log.warning("kafka_unreachable", reason=str(err), wait_seconds=RETRY_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS):
                    await stop.wait()
    return None


def newest_of_each_feed(states: Iterable[FeedState]) -> dict[str, FeedState]:
    """The newest state of each feed, by `same_feed_key`: one subscribed with http and then with https has two."""
    return {same_feed_key(state.url): state for state in sorted(states, key=lambda state: state.checked_at or "")}


def _now() -> datetime:
    return datetime.now(UTC)
