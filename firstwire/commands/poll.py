"""`firstwire poll`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.process import kafka_of, process, serve_until_stopped

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command("poll")
@process
def run_poller(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the poller: read feeds and publish articles."""
    from firstwire.poller.service import poll

    async def polling(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        await poll(configuration, await kafka_of(configuration, bootstrap_servers, stop), stop=stop, reporter=reporter)
        return 0

    return serve_until_stopped("poll", configuration, polling)
