"""`firstwire notify`."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.process import kafka_of, process, serve_until_stopped

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command("notify")
@process
def run_notifier(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the notifier: deliver alerts to receivers. SIGHUP reloads routes and receivers."""
    from firstwire.notifier.service import notify
    from firstwire.process import report_ready

    async def notifying(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        hangup = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup.set)
        address = await kafka_of(configuration, bootstrap_servers, stop)
        await notify(
            configuration,
            address,
            stop=stop,
            on_ready=report_ready,
            read_again=lambda: config.load(configuration.file, os.environ),
            hangup=hangup,
            reporter=reporter,
        )
        return 0

    return serve_until_stopped("notify", configuration, notifying)
