"""`firstwire run`."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import configured, require_configuration
from firstwire.commands.process import serve_until_stopped

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command()
@configured
def run(configuration: config.Configuration) -> int:
    """Run everything: broker (if embedded), poller, worker, notifier, console."""
    from firstwire.daemon import Supervisor

    require_configuration(configuration)

    async def supervised(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        supervisor = Supervisor(configuration, stop, reporter=reporter)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, supervisor.reload)
        return await supervisor.run()

    return serve_until_stopped("run", configuration, supervised, supervises=True)
