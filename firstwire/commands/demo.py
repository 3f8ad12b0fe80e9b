"""`firstwire demo`."""

from __future__ import annotations

from pathlib import Path

import click

from firstwire.errors import EXIT_OK


@click.command()
@click.option("--keep", is_flag=True, help="Keep the demo's folder afterwards.")
@click.option("--stay", is_flag=True, help="Go on after the report until Ctrl-C, to look around in the console.")
@click.option(
    "--articles",
    "file",
    type=click.Path(path_type=Path),
    help="Only write the sample's articles to this JSON Lines file, to try replay and backtest with.",
)
def demo(keep: bool, stay: bool, file: Path | None) -> int:
    """Demonstrate all stages on local sample feeds.

    Uses a real Kafka and real receivers, and raises one first.
    """
    if file is not None:
        from firstwire.demo.sample_lines import write_sample_lines

        click.echo(f"{write_sample_lines(file)} articles → {file}")
        return EXIT_OK
    from firstwire.demo.run import demonstrate

    return demonstrate(keep=keep, stay=stay)
