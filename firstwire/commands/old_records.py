"""Options of the commands that read old records: which source and part of it, from which stage, with which ledger."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from firstwire import config
from firstwire.commands.options import milliseconds, on_kafka
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from firstwire.replay.span import Bound, ReplaySpan, offsets_in

if TYPE_CHECKING:
    from firstwire.core.firsts.ledger import Seeds
    from firstwire.core.pipeline import Knowledge
    from firstwire.core.text.lemmas import Lemmas
    from firstwire.files.rules import WrittenRule
    from firstwire.replay.plan import ReadingPlan
    from firstwire.replay.reading import StartStage
    from firstwire.replay.sources import ReplaySource

T = TypeVar("T")


@dataclass(frozen=True)
class OldRecords:
    """What the command line says of them."""

    articles: Path | None
    archive: Path | None
    span: ReplaySpan
    from_stage: str | None

    @property
    def stage(self) -> StartStage | None:
        from firstwire.replay.reading import StartStage

        return None if self.from_stage is None else StartStage(self.from_stage)

    def read(
        self,
        configuration: config.Configuration,
        lemmas: Lemmas,
        ask: Callable[[ReplaySource], Coroutine[Any, Any, T]],
    ) -> T:
        """The result of `ask` on the source; Kafka is only looked for if it is the topics."""
        if self._are_on_topics:
            return on_kafka(configuration, lambda address: ask(self._source(configuration, lemmas, address)))
        return asyncio.run(ask(self._source(configuration, lemmas, "")))

    def read_on_kafka(
        self,
        configuration: config.Configuration,
        lemmas: Lemmas,
        ask: Callable[[ReplaySource, str], Coroutine[Any, Any, T]],
    ) -> T:
        """The result of `ask` on the source and the address of Kafka, to which results are written."""
        return on_kafka(
            configuration,
            lambda address: ask(self._source(configuration, lemmas, address), address),
            makes_data=not self._are_on_topics,
        )

    @property
    def _are_on_topics(self) -> bool:
        return self.articles is None and self.archive is None

    def _source(self, configuration: config.Configuration, lemmas: Lemmas, address: str) -> ReplaySource:
        from firstwire.replay.archive import Archive
        from firstwire.replay.sources import ArchiveSource, FileSource
        from firstwire.replay.topic import TopicSource

        if self.articles is not None:
            return FileSource(self.articles)
        if self.archive is not None:
            return ArchiveSource(Archive(self.archive))
        return TopicSource(address, configuration.settings.kafka.topic_prefix, lemmas)


@dataclass(frozen=True)
class ReadingChoice:
    """What --processes, --rate and --restart say."""

    processes: int
    records_per_second: float | None
    restart: bool

    def plan(
        self, configuration: config.Configuration, command: str, folder: Path | None, token: str = ""
    ) -> ReadingPlan:
        """How to read; with a folder for results, what was read is kept there until they are whole."""
        from firstwire.replay.identity import files_digest
        from firstwire.replay.plan import Keeping, ReadingPlan

        keeping = None
        if folder is not None:
            settings = configuration.knowledge_settings()
            knowledge = files_digest([*settings["entities"], *settings["groups"]])
            keeping = Keeping(folder, command, knowledge, token, self.restart, partial(click.echo, err=True))
        return ReadingPlan(self.processes, keeping, self.records_per_second)


with_processes = click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that read articles at once; the result is the same.",
)


with_retention = click.option(
    "--extend-retention",
    is_flag=True,
    help="Keep stories, events and matches longer, if articles are older than these are kept.",
)


def say_kept(days: int) -> None:
    """Say for how long what the stages read is kept from now on, if that was changed."""
    if days:
        click.echo(f"what the stages read is kept for at least {days:,} days from now on", err=True)


def with_reading(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command its `reading`."""

    @with_processes
    @click.option(
        "--rate",
        "records_per_second",
        type=click.FloatRange(min=0, min_open=True),
        help="Records a second at most, so that a live system beside it is not slowed.",
    )
    @click.option("--restart", is_flag=True, help="Throw away what an interrupted run has read, and begin anew.")
    @functools.wraps(command)
    def with_choice(processes: int, records_per_second: float | None, restart: bool, **arguments: Any) -> T:
        return command(reading=ReadingChoice(processes, records_per_second, restart), **arguments)

    return with_choice


@dataclass(frozen=True)
class LedgerChoice:
    """What --ledger says."""

    text: str | None

    @property
    def is_configured(self) -> bool:
        """Then corrections by hand belong to it; a ledger that is given is all that is known."""
        return self.text is None

    def load(
        self, configuration: config.Configuration, rules: list[Path] | None = None
    ) -> tuple[Knowledge, list[WrittenRule], Seeds]:
        """What is known, the rules as written, and the ledger; `rules` replace the configured ones."""
        from firstwire.files.knowledge import load_written

        file = Path(self.text) if self.text not in (None, "none") else None
        settings = configuration.knowledge_settings(ledger=file)
        knowledge, written, seeds = load_written(**settings if rules is None else {**settings, "rules": rules})
        return knowledge, written, seeds.without_acts() if self.text == "none" else seeds


def with_ledger(command: Callable[..., T]) -> Callable[..., T]:
    """Give a command its `ledger`."""

    @click.option("--ledger", "text", help="Ledger file instead of the configured ones; `none` starts empty.")
    @functools.wraps(command)
    def with_choice(text: str | None, **arguments: Any) -> T:
        return command(ledger=LedgerChoice(text), **arguments)

    return with_choice


def old_records(*, stages: bool = True) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Give a command its `records`; it has to stand below `@configured`. Without `stages` there is no --from-stage."""
    options = [
        click.option(
            "--articles",
            type=click.Path(path_type=Path),
            help="JSON Lines file of articles, plain or compressed (zstd, gzip).",
        ),
        click.option("--archive", type=click.Path(path_type=Path), help="Folder of `firstwire archive export`."),
        click.option("--from-topic", is_flag=True, help="Read the topics instead of a file."),
        click.option("--from", "from_text", help="Fetched at or after this time, RFC 3339; or offsets: 0:1200,1:900."),
        click.option("--to", "to_text", help="Fetched before this time, RFC 3339; or offsets."),
    ]
    if stages:
        options += [
            click.option(
                "--warm-up",
                help="How long before --from reading begins, for a right state; or none. Default: stories.window.",
            ),
            click.option(
                "--from-stage", type=click.Choice(["articles", "stories"]), help="Where judging begins again."
            ),
        ]

    def decorated(command: Callable[..., T]) -> Callable[..., T]:
        @functools.wraps(command)
        def with_records(
            configuration: config.Configuration,
            articles: Path | None,
            archive: Path | None,
            from_topic: bool,
            from_text: str | None,
            to_text: str | None,
            warm_up: str | None = None,
            from_stage: str | None = None,
            **arguments: Any,
        ) -> T:
            if sum((articles is not None, archive is not None, from_topic)) != 1:
                raise click.UsageError("give either --articles FILE or --from-topic, or --archive DIR")
            before = configuration.settings.stories.window if warm_up is None else warm_up
            span = ReplaySpan(_bound(from_text), _bound(to_text), _warm_up(before if stages else "none"))
            _refuse_backwards(span)
            records = OldRecords(articles, archive, span, from_stage)
            return command(configuration=configuration, records=records, **arguments)

        for option in reversed(options):
            with_records = option(with_records)
        return with_records

    return decorated


def _bound(text: str | None) -> Bound:
    offsets = offsets_in(text) if text is not None else None
    return milliseconds(text) if offsets is None else offsets


def _refuse_backwards(span: ReplaySpan) -> None:
    since, until = span.since_time, span.until_time
    if since is not None and until is not None and until <= since:
        raise ConfigError(f"--to {until} is not after --from {since}: there is nothing between them")


def _warm_up(text: str) -> timedelta:
    if text == "none":
        return timedelta(0)
    try:
        return timedelta(seconds=seconds(text))
    except ValueError as err:
        raise ConfigError(f"--warm-up: {err}, or none") from err
