"""`firstwire demo`."""

from __future__ import annotations

import click


@click.command()
@click.option("--keep", is_flag=True, help="Keep the demonstration's folder afterwards.")
def demo(keep: bool) -> int:
    """Show the whole chain on sample feeds of this machine: real Kafka, real receivers, one first."""
    from firstwire.demo.run import demonstrate

    return demonstrate(keep=keep)
