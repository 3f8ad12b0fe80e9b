"""The notifier's entry point: checks the receivers, creates sockets and clock and passes them on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from firstwire.broker.topics import create_missing_topics
from firstwire.config import Configuration
from firstwire.core.text.durations import seconds
from firstwire.health import ProcessReporter
from firstwire.notifier.clock import SYSTEM_CLOCK, Clock
from firstwire.notifier.figures import sample_notifier
from firstwire.notifier.loop import Notifier
from firstwire.notifier.plan import NotifierPlan, plan_of
from firstwire.notifier.routing_check import unrouted_receivers
from firstwire.notifier.transport import open_transport


async def notify(
    configuration: Configuration,
    bootstrap_servers: str,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
    read_again: Callable[[], Configuration] | None = None,
    hangup: asyncio.Event | None = None,
    reporter: ProcessReporter | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> None:
    """Deliver alerts until `stop` is set, then end within 5 s. Waits out outages of Kafka.

    Whenever `hangup` is set, or somebody asks for it on Kafka, routes and receivers change to those that `read_again`
    returns; other settings need a restart. Raises ConfigError before anything is started if a receiver's URL or secret
    is missing or wrong, later FencedError when another notifier has taken over, FatalError when continuing would be
    unsafe.
    """
    settings = configuration.settings
    plan = _planned(configuration)
    section = settings.notifier
    reporter = reporter or ProcessReporter()

    async with open_transport(section, clock.now) as transport:
        notifier = Notifier(
            bootstrap_servers=bootstrap_servers,
            topic_prefix=settings.kafka.topic_prefix,
            member_id=section.id,
            create_topics=lambda: create_missing_topics(bootstrap_servers, settings.kafka),
            plan=plan,
            replan=lambda: _planned(configuration if read_again is None else read_again()),
            post=transport.send,
            give_up_after_seconds=seconds(section.give_up_after),
            expire_after_seconds=seconds(section.expire_after),
            clock=clock,
            readiness=reporter.readiness,
        )
        sample_notifier(reporter.registry, notifier)
        running = asyncio.ensure_future(notifier.run())
        on_ready()
        helpers = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(_reload_at(hangup, notifier))]
        try:
            await asyncio.wait({running, helpers[0]}, return_when=asyncio.FIRST_COMPLETED)
            notifier.stop()
            await running
        finally:
            for task in (running, *helpers):
                task.cancel()
            await asyncio.gather(running, *helpers, return_exceptions=True)


def _planned(configuration: Configuration) -> NotifierPlan:
    """The plan of a configuration; receivers that no route leads to are in the log. Raises ConfigError."""
    plan = plan_of(configuration)
    if unrouted := unrouted_receivers(configuration.settings):
        structlog.get_logger("firstwire.notifier").warning("receivers_without_route", receivers=list(unrouted))
    return plan


async def _reload_at(hangup: asyncio.Event | None, notifier: Notifier) -> None:
    while hangup is not None:
        await hangup.wait()
        hangup.clear()
        notifier.reload()
