"""`firstwire archive …`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.old_records import OldRecords, old_records, say_kept, with_processes, with_retention
from firstwire.commands.options import configured, now, on_kafka
from firstwire.core.text.wording import counted, one_line
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from firstwire.replay.archiving import Exported
    from firstwire.replay.sources import ReplaySource

SHOWN_AT_MOST = 20


@click.group(cls=CommandGroup)
def archive() -> None:
    """Keep articles, stories, events, rules and corrections in files."""


@archive.command("export")
@configured
@old_records(stages=False)
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder of the new archive.")
@with_processes
def export_archive(configuration: config.Configuration, records: OldRecords, output: Path, processes: int) -> None:
    """Write an archive: a compressed file a day, and a manifest with hashes.

    Of a file of articles, their stories and events are read once and archived too.
    """
    from firstwire.files.knowledge import load_written
    from firstwire.replay.archiving import export
    from firstwire.replay.reader_processes import open_readers
    from firstwire.replay.reading import told_of
    from firstwire.replay.readings import ReadingTask

    knowledge, _, _ = load_written(**configuration.knowledge_settings())
    window = config.story_window(configuration.settings)
    task = ReadingTask(knowledge, ())

    async def run(source: ReplaySource) -> Exported:
        if records.articles is None:
            return await export(source, output, records.span, None)
        with open_readers(task, processes, from_articles=True) as readers:
            read = partial(told_of, task=task, readers=readers, window=window)
            return await export(source, output, records.span, read)

    found = records.read(configuration, knowledge.lemmas, run)
    for line in found.unreadable[:SHOWN_AT_MOST]:
        click.echo(f"line {line.line}: {one_line(line.reason)}", err=True)
    if found.without_stories:
        click.echo(f"without stories and events: {found.without_stories}", err=True)
    counts = [f"{count:,} {kind}" for kind, count in found.records.items()]
    left_out = f"; {counted(len(found.unreadable), 'unreadable record')} left out" if found.unreadable else ""
    click.echo(f"{', '.join(counts) or 'nothing'} → {output}{left_out}")


@archive.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--despite-routes", is_flag=True, help="Also if receivers would be sent the alerts of old articles.")
@with_retention
@configured
def import_archive(
    configuration: config.Configuration, folder: Path, despite_routes: bool, extend_retention: bool
) -> None:
    """Put an archive's articles, rules and corrections onto the topics.

    What is there already is not put there again. The workers judge the articles as of their time.
    """
    from firstwire.broker.topics import create_missing_topics
    from firstwire.files.lemmas import load_lemmas
    from firstwire.replay.archive import Archive
    from firstwire.replay.archiving import Imported
    from firstwire.replay.archiving import import_archive as put

    settings = configuration.settings
    opened = Archive(folder)
    if settings.routes and not despite_routes:
        raise ConfigError(
            "the configuration has routes: receivers would be sent the alerts of old articles. Use a "
            "kafka.topic_prefix without them, or --despite-routes",
            place=str(configuration.file or "settings"),
        )

    async def run(address: str) -> Imported:
        await create_missing_topics(address, settings.kafka)
        return await put(
            address,
            settings.kafka.topic_prefix,
            opened,
            load_lemmas(),
            now=now(),
            extend_retention=extend_retention,
        )

    found = on_kafka(configuration, run, makes_data=True)
    say_kept(found.kept_days)
    for what, sent, there in (
        ("articles", found.articles, found.articles_there),
        ("releases of rules", found.releases, found.releases_there),
        ("corrections", found.corrections, found.corrections_there),
    ):
        click.echo(f"{what}: {sent:,} imported, {there:,} there already")
