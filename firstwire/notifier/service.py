"""The notifier's entry point: checks the receivers, creates sockets and clock and passes them on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from firstwire.broker.topics import create_missing_topics
from firstwire.config import Configuration, inhibitions_of, route_tree
from firstwire.core.text.durations import seconds
from firstwire.notifier.loop import Notifier
from firstwire.notifier.receiver_types import receivers_from
from firstwire.notifier.routing_check import unrouted_receivers
from firstwire.notifier.transport import open_transport


async def notify(
    configuration: Configuration,
    bootstrap_servers: str,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Deliver alerts until `stop` is set, then end within 5 s. Waits out outages of Kafka.

    Raises ConfigError before anything is started if a receiver's URL or secret is missing or wrong, later FencedError
    when another notifier has taken over, FatalError when continuing would be unsafe.
    """
    settings = configuration.settings
    receivers = receivers_from(settings.receivers, console=settings.web.console)
    section = settings.notifier
    if unrouted := unrouted_receivers(settings):
        structlog.get_logger("firstwire.notifier").warning("receivers_without_route", receivers=list(unrouted))

    def now() -> datetime:
        return datetime.now(UTC)

    async with open_transport(section, now) as transport:
        notifier = Notifier(
            bootstrap_servers=bootstrap_servers,
            topic_prefix=settings.kafka.topic_prefix,
            member_id=section.id,
            create_topics=lambda: create_missing_topics(bootstrap_servers, settings.kafka),
            routes=route_tree(settings),
            inhibitions=inhibitions_of(settings),
            receivers=receivers,
            post=transport.send,
            give_up_after_seconds=seconds(section.give_up_after),
            expire_after_seconds=seconds(section.expire_after),
            trouble_receivers=section.trouble_receivers,
            now=now,
        )
        running = asyncio.ensure_future(notifier.run())
        on_ready()
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            notifier.stop()
            await running
        finally:
            running.cancel()
            stopping.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)
