"""`firstwire web`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.process import kafka_of, process, serve_until_stopped
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from aiohttp import web

    from firstwire.health import ProcessReporter


@click.command("web")
@process
def run_console(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the console: pages and the JSON API on web.listen."""
    from firstwire.broker.topics import create_missing_topics, partition_count
    from firstwire.health import add_report_routes
    from firstwire.poller.outbox import Outbox
    from firstwire.poller.push_door import add_push_door
    from firstwire.process import report_ready
    from firstwire.supervised import console_reporter
    from firstwire.web.guards import may_push
    from firstwire.web.service import serve_console

    if not configuration.settings.web.listen:
        raise ConfigError("web.listen is empty: set it to an address, such as 127.0.0.1:8470")

    async def serving(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        address = await kafka_of(configuration, bootstrap_servers, stop)
        asked = console_reporter(configuration.data_dir, reporter)
        kafka = configuration.settings.kafka
        await create_missing_topics(address, kafka)
        partitions = await partition_count(address, kafka.topic_prefix)
        outbox = Outbox(address, kafka.topic_prefix, partitions=partitions, stop=stop, now=_now)

        def add_routes(app: web.Application) -> None:
            add_report_routes(app, asked)
            add_push_door(app, outbox, may_push, _now)

        try:
            await serve_console(
                configuration,
                address,
                stop=stop,
                on_ready=report_ready,
                readiness=reporter.readiness,
                add_routes=add_routes,
            )
        finally:
            await outbox.close()
        return 0

    return serve_until_stopped("web", configuration, serving)


def _now() -> datetime:
    return datetime.now(UTC)
