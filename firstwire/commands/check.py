"""`firstwire check`."""

from __future__ import annotations

import asyncio

import click

from firstwire import config
from firstwire.commands.options import configured, require_configuration


@click.command()
@click.option("--feeds", "visits_feeds", is_flag=True, help="Visit every feed once.")
@configured
def check(configuration: config.Configuration, visits_feeds: bool) -> int:
    """Validate configuration, rules, routes and feeds; try to reach the receivers and Kafka."""
    from firstwire.commands.startup_checks import startup_checks

    require_configuration(configuration)

    async def checking() -> int:
        worst = 0
        async for found in startup_checks(configuration, visits_feeds=visits_feeds):
            mark = "FAILED" if found.exit_code else "warn  " if found.is_warning else "ok    "
            click.echo(f"{mark} {found.subject}: {found.message}")
            worst = max(worst, found.exit_code)
        return worst

    return asyncio.run(checking())
