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
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder for the results.")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the rules in force."
)
@with_ledger
@with_reading
def replay(
    configuration: config.Configuration,
    records: OldRecords,
    output: Path,
    rule_files: Path | None,
    ledger: LedgerChoice,
    reading: ReadingChoice,
) -> None:
    """Process old articles again and write the results to files.

    Sends and commits nothing. After an interruption the same command goes on where it was.
    """
    from rich.console import Console

    from firstwire.commands.replay_progress import shown_progress, told_to_go_on
    from firstwire.replay.files import ResultFiles
    from firstwire.replay.plan import discard_kept
    from firstwire.replay.reading import StartStage, chosen_stage
    from firstwire.replay.rule_choice import rules_on_record
    from firstwire.replay.service import replay_source

    knowledge, written, seeds = ledger.load(configuration, None if rule_files is None else [rule_files])
    window = config.story_window(configuration.settings)
    plan = reading.plan(configuration, "replay", output)
    screen = Console(stderr=True, highlight=False)

    async def run(source: ReplaySource) -> tuple[Replayed, Counter[str]]:
        choice = await chosen_stage(source, records.span, records.stage or StartStage.ARTICLES)
        known = knowledge
        if rule_files is None and (history := await rules_on_record(source, knowledge, written, seeds.groups)):
            known = with_fields(knowledge, rules=history)
        with ResultFiles(output) as files, shown_progress(screen, "{} alerts") as progress:
            found = await replay_source(
                source,
                records.span,
                choice.stage,
                known,
                seeds,
                window,
                corrections=ledger.is_configured,
                plan=plan,
                results=files,
                progress=progress,
            )
        return found, files.counts

    with told_to_go_on(plan):
        found, counts = records.read(configuration, knowledge.lemmas, run)
    discard_kept(plan)
    for line in found.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    click.echo(
        f"{counts['outcomes']} articles, {counts['events']} events, {counts['matches']} matches, "
        f"{counts['alerts']} alerts → {output}",
        err=True,
    )
