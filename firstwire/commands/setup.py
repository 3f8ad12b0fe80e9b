"""`firstwire setup`."""

from __future__ import annotations

import click


@click.command()
def setup() -> None:
    """Fetch what the embedded broker needs."""
    from firstwire.broker.jars import ensure_jars, find_java

    java = find_java()
    click.echo(f"java: {java}")
    click.echo(f"kafka: {ensure_jars(click.echo)}")
