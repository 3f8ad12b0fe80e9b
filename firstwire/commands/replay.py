"""`firstwire replay`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from firstwire import config
from firstwire.commands.options import configured, milliseconds, on_kafka
from firstwire.core.text.durations import seconds


@click.command()
@click.option("--articles", type=click.Path(path_type=Path), help="JSON Lines file of articles.")
@click.option("--from-topic", is_flag=True, help="Read the articles topic instead of a file.")
@click.option("--from", "from_time", help="With --from-topic: fetched at or after this time, RFC 3339.")
@click.option("--to", "to_time", help="With --from-topic: fetched before this time, RFC 3339.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the rules in force."
)
@click.option("--ledger", help="Ledger file instead of the configured ones; `none` starts empty.")
@configured
def replay(
    configuration: config.Configuration,
    articles: Path | None,
    from_topic: bool,
    from_time: str | None,
    to_time: str | None,
    output: Path,
    rule_files: Path | None,
    ledger: str | None,
) -> None:
    """Process old articles again and write the results to files.

    Sends and commits nothing.
    """
    from firstwire.files.knowledge import load_written
    from firstwire.replay.files import write_replayed
    from firstwire.replay.service import replay_file, replay_topic

    if (articles is None) == (not from_topic):
        raise click.UsageError("give either --articles FILE or --from-topic")
    if articles is not None and (from_time or to_time):
        raise click.UsageError("--from and --to require --from-topic")
    ledger_file = Path(ledger) if ledger is not None and ledger != "none" else None
    knowledge, written, seeds = load_written(**configuration.knowledge_settings(rules=rule_files, ledger=ledger_file))
    if ledger == "none":
        seeds = seeds.without_acts()
    window = timedelta(seconds=seconds(configuration.settings.stories.window))
    if articles is not None:
        found = replay_file(articles, knowledge, seeds, window)
    else:
        prefix = configuration.settings.kafka.topic_prefix
        bounds = milliseconds(from_time), milliseconds(to_time)
        found = on_kafka(
            configuration,
            lambda address: replay_topic(
                address,
                prefix,
                bounds,
                knowledge,
                written,
                seeds,
                window,
                rules_in_force=rule_files is None,
                corrections=ledger is None,
            ),
        )
    write_replayed(found, output)
    for line in found.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    click.echo(
        f"{len(found.outcomes)} articles, {len(found.events)} events, {len(found.matches)} matches, "
        f"{len(found.alerts)} alerts → {output}",
        err=True,
    )
