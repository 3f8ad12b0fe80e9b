"""`firstwire routes`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from firstwire import config
from firstwire.commands.asked_alert import asked_alert, with_file_of_alerts
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured


@click.group(cls=CommandGroup)
def routes() -> None:
    """Try out routes."""


@routes.command("test")
@click.argument("alert")
@with_file_of_alerts
@configured
def test_routes(configuration: config.Configuration, alert: str, file: Path | None) -> None:
    """Show the path of ALERT, an id or its beginning: which routes take it, who would be sent what, and when."""
    from firstwire.commands.routes_text import trail_lines
    from firstwire.core.routes.routing import Routing
    from firstwire.notifier.route_trail import route_trail

    found, log, said = asked_alert(configuration, file, alert)
    settings = configuration.settings
    routing = Routing(config.route_tree(settings), log, config.inhibitions_of(settings))
    for each in said:
        routing.hear(each)
    for line in trail_lines(found, route_trail(found, routing, log, datetime.now(UTC))):
        click.echo(line)
