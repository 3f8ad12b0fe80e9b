"""`firstwire demo`."""

from __future__ import annotations

import click


@click.command()
@click.option("--keep", is_flag=True, help="Keep the demo's folder afterwards.")
def demo(keep: bool) -> int:
    """Demonstrate all stages on local sample feeds.

    Uses a real Kafka and real receivers, and raises one first.
    """
    from firstwire.demo.run import demonstrate

    return demonstrate(keep=keep)
