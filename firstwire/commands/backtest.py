"""`firstwire backtest`."""

from __future__ import annotations

from functools import partial
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
from firstwire.commands.options import configured, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from firstwire.replay.failure import AlertRate
    from firstwire.replay.sources import ReplaySource
    from schemas.backtest import Backtest


@click.command()
@configured
@old_records()
@click.option("--rules", "new", required=True, metavar="NEW", help="Rule file or folder, `release:N`, or `live`.")
@click.option("--against", "old", required=True, metavar="OLD", help="The same, to compare with.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for diff.json and report.html.")
@with_ledger
@with_reading
@click.option(
    "--labels",
    "labels_file",
    type=click.Path(path_type=Path),
    help="JSON Lines file of alerts that are right or wrong.",
)
@click.option("--feedback", "wants_feedback", is_flag=True, help="Take what people said of alerts as labels too.")
@click.option("--fail-over", metavar="20/day", help="Fail if the new rules raise more alerts on average.")
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["added", "removed", "changed"]),
    help="Fail if an alert is; may be repeated.",
)
def backtest(
    configuration: config.Configuration,
    records: OldRecords,
    new: str,
    old: str,
    output: Path | None,
    ledger: LedgerChoice,
    reading: ReadingChoice,
    labels_file: Path | None,
    wants_feedback: bool,
    fail_over: str | None,
    fail_on: tuple[str, ...],
) -> int:
    """Compare what new rules and old ones tell of the same articles.

    Sends and commits nothing. Exits with code 1 if a condition of failure holds.
    """
    from rich.console import Console

    from firstwire.commands.backtest_text import print_backtest
    from firstwire.commands.replay_progress import shown_progress, told_to_go_on
    from firstwire.core.routes.messages import MessageCounter
    from firstwire.notifier.said import read_feedback
    from firstwire.replay.backtest import BacktestTask
    from firstwire.replay.backtest import backtest as compare
    from firstwire.replay.failure import FailureCondition
    from firstwire.replay.labels import labels_of_feedback, read_labels
    from firstwire.replay.plan import discard_kept, ended_as_before
    from firstwire.replay.reading import chosen_stage
    from firstwire.replay.report import write_report
    from firstwire.replay.rule_choice import chosen_rules

    failure = FailureCondition(_rate(fail_over), fail_on)  # type: ignore[arg-type]  # of the choices above
    labels = read_labels(labels_file) if labels_file is not None else []
    if wants_feedback:
        prefix = configuration.settings.kafka.topic_prefix
        labels += labels_of_feedback(on_kafka(configuration, lambda address: read_feedback(address, prefix)))
    knowledge, _, seeds = ledger.load(configuration, rules=[])
    window = config.story_window(configuration.settings)
    settings = configuration.settings
    counter = partial(MessageCounter, config.route_tree(settings), config.inhibitions_of(settings))
    screen = Console(stderr=True, highlight=False, markup=False, emoji=False)

    async def run(source: ReplaySource) -> Backtest:
        source = await ended_as_before(source, plan)
        stage = await chosen_stage(source, records.span, records.stage)
        before, after = [await chosen_rules(text, source, knowledge, seeds.groups) for text in (old, new)]
        screen.print(f"from {stage.stage.value}: {stage.reason}")
        task = BacktestTask(source, records.span, stage, before, after, labels, failure, ledger.is_configured)
        with shown_progress(screen, "alerts: old {}, new {}") as progress:
            return await compare(task, knowledge, seeds, window, counter, progress, plan)

    plan = reading.plan(configuration, "backtest", output)
    with told_to_go_on(plan):
        found = records.read(configuration, knowledge.lemmas, run)
    print_backtest(Console(highlight=False, markup=False, emoji=False), found)
    if output is not None:
        for path in write_report(found, output):
            screen.print(f"→ {path}")
        discard_kept(plan)
    return EXIT_FAILED if found.failed else EXIT_OK


def _rate(text: str | None) -> AlertRate | None:
    from firstwire.replay.failure import rate_of

    try:
        return None if text is None else rate_of(text)
    except ValueError as err:
        raise click.UsageError(f"--fail-over: {err}") from err
