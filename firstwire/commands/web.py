"""`firstwire web`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.process import kafka_of, process, serve_until_stopped
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command("web")
@process
def run_console(configuration: config.Configuration, bootstrap_servers: str | None) -> int:
    """Run the console: pages and the JSON API on web.listen."""
    from firstwire.health import add_report_routes
    from firstwire.process import report_ready
    from firstwire.supervised import console_reporter
    from firstwire.web.service import serve_console

    if not configuration.settings.web.listen:
        raise ConfigError("web.listen is empty: set it to an address, such as 127.0.0.1:8470")

    async def serving(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        address = await kafka_of(configuration, bootstrap_servers, stop)
        asked = console_reporter(configuration.data_dir, reporter)
        await serve_console(
            configuration,
            address,
            stop=stop,
            on_ready=report_ready,
            readiness=reporter.readiness,
            add_routes=lambda app: add_report_routes(app, asked),
        )
        return 0

    return serve_until_stopped("web", configuration, serving)
