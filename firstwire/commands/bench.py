"""`firstwire bench …`."""

from __future__ import annotations

from pathlib import Path

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.options import configured


@click.group(cls=CommandGroup)
def bench() -> None:
    """Measure throughput on this machine with your own data."""


@bench.command("watches")
@click.option("--articles", required=True, type=click.Path(path_type=Path), help="JSON Lines file, as for replay.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the configured ones."
)
@configured
def bench_watches(configuration: config.Configuration, articles: Path, rule_files: Path | None) -> None:
    """Match articles against all watches: rate, memory, build time."""
    import time

    from firstwire.commands.bench_watches import measure_watches, measured_lines
    from firstwire.files.articles import read_articles
    from firstwire.files.knowledge import load_written
    from firstwire.files.rules import rulebook_of

    began = time.process_time()
    knowledge, written, _ = load_written(**configuration.knowledge_settings(rules=rule_files))
    loaded = time.process_time() - began
    measured = measure_watches(rulebook_of(written).watches, read_articles(articles), knowledge.gazetteer)
    for line in measured.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    for text in measured_lines(measured, loaded):
        click.echo(text)
