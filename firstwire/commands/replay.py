"""`firstwire replay`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace as with_fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.old_records import (
    LedgerChoice,
    OldRecords,
    ReadingChoice,
    old_records,
    with_ledger,
    with_reading,
)
from firstwire.commands.options import configured

if TYPE_CHECKING:
    from firstwire.replay.run import Replayed
    from firstwire.replay.sources import ReplaySource


@click.command()
@configured
@old_records()
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the results.")
@click.option("--to-topics", "run_name", metavar="RUN", help="Or topics, replay.RUN.alerts and so on.")
@click.option("--keep-for", default="7d", show_default=True, help="When the topics of the run may be removed.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the rules in force."
)
@with_ledger
@with_reading
def replay(
    configuration: config.Configuration,
    records: OldRecords,
    output: Path | None,
    run_name: str | None,
    keep_for: str,
    rule_files: Path | None,
    ledger: LedgerChoice,
    reading: ReadingChoice,
) -> None:
    """Process old articles again and write the results to files, or to topics of their own.

    Sends and commits nothing. After an interruption the same command goes on where it was.
    """
    from rich.console import Console

    from firstwire.commands.replay_output import output_of
    from firstwire.commands.replay_progress import shown_progress, told_to_go_on
    from firstwire.replay.plan import discard_kept, ended_as_before
    from firstwire.replay.reading import StartStage, chosen_stage
    from firstwire.replay.rule_choice import rules_on_record
    from firstwire.replay.service import replay_source

    knowledge, written, seeds = ledger.load(configuration, None if rule_files is None else [rule_files])
    window = config.story_window(configuration.settings)
    place = output_of(configuration, output, run_name, keep_for, restart=reading.restart)
    plan = reading.plan(configuration, "replay", place.folder, place.token)
    screen = Console(stderr=True, highlight=False, markup=False, emoji=False)

    async def run(source: ReplaySource, address: str | None = None) -> tuple[Replayed, Counter[str]]:
        source = await ended_as_before(source, plan)
        choice = await chosen_stage(source, records.span, records.stage or StartStage.ARTICLES)
        known = knowledge
        if rule_files is None and (history := await rules_on_record(source, knowledge, written, seeds.groups)):
            known = with_fields(knowledge, rules=history)
        async with place.results(source.name, address) as results:
            with shown_progress(screen, "{} alerts") as progress:
                found = await replay_source(
                    source,
                    records.span,
                    choice.stage,
                    known,
                    seeds,
                    window,
                    corrections=ledger.is_configured,
                    plan=plan,
                    results=results,
                    progress=progress,
                )
        return found, results.counts

    with told_to_go_on(plan):
        read = records.read if run_name is None else records.read_on_kafka
        found, counts = read(configuration, knowledge.lemmas, run)
    discard_kept(plan)
    for line in found.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    click.echo(
        f"{counts['outcomes']} articles, {counts['events']} events, {counts['matches']} matches, "
        f"{counts['alerts']} alerts → {place}",
        err=True,
    )
