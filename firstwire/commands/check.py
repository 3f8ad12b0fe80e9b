"""`firstwire check`."""

from __future__ import annotations

import asyncio

import click

from firstwire import config
from firstwire.commands.options import configured


@click.command()
@configured
def check(configuration: config.Configuration) -> int:
    """Validate configuration, rules and subscriptions, and see whether Kafka can be reached."""
    from firstwire.commands.startup_checks import startup_checks

    async def checking() -> int:
        worst = 0
        async for found in startup_checks(configuration):
            mark = "ok    " if found.exit_code == 0 else "WRONG "
            click.echo(f"{mark} {found.subject}: {found.says}")
            worst = max(worst, found.exit_code)
        return worst

    return asyncio.run(checking())
