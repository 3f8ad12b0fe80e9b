"""`firstwire receivers`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured, require_configuration


@click.group(cls=CommandGroup)
def receivers() -> None:
    """Try out receivers."""


@receivers.command("test")
@click.argument("name")
@configured
def send_test(configuration: config.Configuration, name: str) -> int:
    """Send the receiver NAME a message that is marked as a test, and show its answer."""
    from firstwire.notifier.reach import sent_test

    require_configuration(configuration)
    reach = asyncio.run(sent_test(configuration, name, lambda: datetime.now(UTC)))
    click.echo(f"{name}: {reach.message}")
    return reach.exit_code
