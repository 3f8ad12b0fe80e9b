"""`firstwire run`."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import configured, require_configuration
from firstwire.commands.process import serve_until_stopped
from firstwire.errors import FirstwireError

if TYPE_CHECKING:
    from firstwire.health import ProcessReporter


@click.command()
@configured
def run(configuration: config.Configuration) -> int:
    """Run everything: broker (if embedded), poller, worker, notifier, console."""
    from firstwire.daemon import Supervisor

    require_configuration(configuration)

    async def supervised(stop: asyncio.Event, reporter: ProcessReporter) -> int:
        supervisor = Supervisor(configuration, stop, reporter=reporter, summary=partial(summed_up, configuration))
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, supervisor.reload)
        return await supervisor.run()

    return serve_until_stopped("run", configuration, supervised, supervises=True)


def summed_up(configuration: config.Configuration) -> dict[str, object]:
    """What runs, for the log: where the console is, how many feeds and rules the files name."""
    from firstwire.files.rules import rule_count
    from firstwire.poller.subscriptions import read_subscriptions

    listen = configuration.settings.web.listen
    found: dict[str, object] = {"console": f"http://{listen}/" if listen else "off"}
    with suppress(FirstwireError):  # whoever reads them says what is wrong
        found["feeds"] = len(read_subscriptions(configuration)[0])
        found["rules"] = rule_count(configuration.rule_paths)
    return found
