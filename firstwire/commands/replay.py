"""`firstwire replay`."""

from __future__ import annotations

from dataclasses import replace as with_fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.old_records import LedgerChoice, OldRecords, old_records, with_ledger
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
def replay(
    configuration: config.Configuration,
    records: OldRecords,
    output: Path,
    rule_files: Path | None,
    ledger: LedgerChoice,
) -> None:
    """Process old articles again and write the results to files.

    Sends and commits nothing.
    """
    from firstwire.replay.files import write_replayed
    from firstwire.replay.reading import StartStage, chosen_stage
    from firstwire.replay.rule_choice import rules_on_record
    from firstwire.replay.service import replay_source

    knowledge, written, seeds = ledger.load(configuration, None if rule_files is None else [rule_files])
    window = config.story_window(configuration.settings)

    async def run(source: ReplaySource) -> Replayed:
        choice = await chosen_stage(source, records.span, records.stage or StartStage.ARTICLES)
        known = knowledge
        if rule_files is None and (found := await rules_on_record(source, knowledge, written, seeds.groups)):
            known = with_fields(knowledge, rules=found)
        return await replay_source(
            source, records.span, choice.stage, known, seeds, window, corrections=ledger.is_configured
        )

    found = records.read(configuration, knowledge.lemmas, run)
    write_replayed(found, output)
    for line in found.unreadable:
        click.echo(f"line {line.line}: {line.reason}", err=True)
    click.echo(
        f"{len(found.outcomes)} articles, {len(found.events)} events, {len(found.matches)} matches, "
        f"{len(found.alerts)} alerts → {output}",
        err=True,
    )
