"""How a replay reads: in how many processes, how fast, and where it keeps what it read until it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from firstwire.replay.identity import ReplayIdentity, program_digest, rules_digest
from firstwire.replay.journal import Journal, begun_before, delete_journal
from firstwire.replay.kept_readers import KeptReaders
from firstwire.replay.progress import ReadPace
from firstwire.replay.reader_processes import open_readers
from firstwire.replay.reading import StartStage, Told, told_by
from firstwire.replay.readings import ReadingTask
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import Bound, ReplaySpan, Sourced
from schemas.times import from_milliseconds


@dataclass(frozen=True)
class Keeping:
    """Where what was read is kept until the results are whole, by which command, and of which knowledge it is."""

    folder: Path
    command: str
    knowledge: str
    """`files_digest` of entities and groups."""
    token: str = ""
    """Of the topics that results are written to."""
    restart: bool = False
    """Whether what an interrupted run left is thrown away."""
    tell: Callable[[str], None] = lambda text: None
    """Told if an interrupted run goes on."""


@dataclass(frozen=True)
class ReadingPlan:
    """By default this process reads alone, as fast as it can, and keeps nothing."""

    processes: int = 1
    keeping: Keeping | None = None
    records_per_second: float | None = None


READ_HERE = ReadingPlan()


@dataclass(frozen=True)
class OpenedReading:
    """What a source says, in order; and the source, whose end is fixed."""

    told: AsyncIterator[Sourced[Told]]
    source: ReplaySource


async def ended_as_before(source: ReplaySource, plan: ReadingPlan) -> ReplaySource:
    """The source as an interrupted run that goes on had it: without what came since, a release of rules too."""
    if plan.keeping is None:
        return source
    before = None if plan.keeping.restart else begun_before(plan.keeping.folder)
    return await source.ended(before.ends if before is not None and before.source == source.name else None)


@asynccontextmanager
async def told_under(
    plan: ReadingPlan, source: ReplaySource, span: ReplaySpan, stage: StartStage, task: ReadingTask, window: timedelta
) -> AsyncIterator[OpenedReading]:
    """Begin to read, or go on where an interrupted run of the same was. Raises ConfigError if it was another one.

    What was read is kept until `discard_kept`, which is called when the results are whole.
    """
    with ExitStack() as stack:
        journal = None
        if plan.keeping is not None:
            source = await ended_as_before(source, plan)
            identity = _identity(plan.keeping, source, span, stage, task, window)
            journal = stack.enter_context(Journal(plan.keeping.folder, identity, restart=plan.keeping.restart))
            if journal.has_readings:
                plan.keeping.tell(f"an interrupted {plan.keeping.command} goes on: what it read is not read again")
        is_from_articles = stage is StartStage.ARTICLES
        readers = stack.enter_context(open_readers(task, plan.processes, from_articles=is_from_articles))
        if journal is not None:
            readers = KeptReaders(journal, readers, task)
        pace = None if plan.records_per_second is None else ReadPace(plan.records_per_second)
        yield OpenedReading(told_by(source, span, stage, task, readers, window, pace), source)


def discard_kept(plan: ReadingPlan) -> None:
    """Delete what was kept: the results are whole."""
    if plan.keeping is not None:
        delete_journal(plan.keeping.folder)


def _identity(
    keeping: Keeping,
    source: ReplaySource,
    span: ReplaySpan,
    stage: StartStage,
    task: ReadingTask,
    window: timedelta,
) -> ReplayIdentity:
    return ReplayIdentity(
        command=keeping.command,
        token=keeping.token,
        source=source.name,
        since=_shown(span.since),
        until=_shown(span.until),
        warm_up_seconds=span.warm_up.total_seconds(),
        stage=stage.value,
        window_seconds=window.total_seconds(),
        rules=tuple(map(rules_digest, task.rules)),
        knowledge=keeping.knowledge,
        program=program_digest(),
        ends=source.ends,
    )


def _shown(bound: Bound) -> str:
    if bound is None:
        return ""
    if isinstance(bound, int):
        return from_milliseconds(bound)
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(bound.items()))
