"""`firstwire check`."""

from __future__ import annotations

import asyncio

import click

from firstwire import config
from firstwire.commands.options import configured


@click.command()
@configured
def check(configuration: config.Configuration) -> int:
    """Validate configuration, rules and feeds; try to reach Kafka."""
    from firstwire.commands.startup_checks import startup_checks

    async def checking() -> int:
        worst = 0
        async for found in startup_checks(configuration):
            mark = "ok    " if found.exit_code == 0 else "FAILED"
            click.echo(f"{mark} {found.subject}: {found.message}")
            worst = max(worst, found.exit_code)
        return worst

    return asyncio.run(checking())
