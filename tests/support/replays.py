"""Replays in tests: files of articles, archives made of them, and what a source says or raises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
import orjson

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.replay.archive import Archive
from firstwire.replay.archiving import Exported, export
from firstwire.replay.plan import READ_HERE, ReadingPlan
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reading import StartStage, told_of
from firstwire.replay.readings import ReadHere, ReadingTask
from firstwire.replay.run import Replayed
from firstwire.replay.service import replay_source
from firstwire.replay.sources import ArchiveSource, FileSource, ReplaySource
from firstwire.replay.span import ReplaySpan
from schemas.article import Article
from schemas.times import to_milliseconds
from tests.support.records import WINDOW

T = TypeVar("T")

WHOLE = ReplaySpan()


def line_of(article: Article) -> bytes:
    """The line of a file of articles that is read as this one."""
    value = msgspec.to_builtins(article)
    return orjson.dumps({"id": value["article_id"], "tags": value["publisher_tags"], **value})


def articles_file(folder: Path, articles: Iterable[Article]) -> FileSource:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "articles.jsonl"
    file.write_bytes(b"".join(line_of(article) + b"\n" for article in articles))
    return FileSource(file)


def archived(source: ReplaySource, folder: Path, knowledge: Knowledge, span: ReplaySpan = WHOLE) -> ArchiveSource:
    """An archive of a file of articles, with the stories and events that are read of them."""
    exported(source, folder, knowledge, span)
    return ArchiveSource(Archive(folder))


def exported(
    source: ReplaySource, folder: Path, knowledge: Knowledge | None = None, span: ReplaySpan = WHOLE
) -> Exported:
    """With what is known, stories and events are read of the articles."""
    if knowledge is None:
        return asyncio.run(export(source, folder, span, None))
    task = ReadingTask(knowledge, ())
    read = partial(told_of, task=task, readers=ReadHere(task), window=WINDOW)
    return asyncio.run(export(source, folder, span, read))


def run_source(
    source: ReplaySource,
    knowledge: Knowledge,
    seeds: Seeds,
    *,
    span: ReplaySpan = WHOLE,
    stage: StartStage = StartStage.ARTICLES,
    window: timedelta = WINDOW,
    plan: ReadingPlan = READ_HERE,
    progress: Callable[[ReadSoFar], None] = lambda read: None,
) -> Replayed:
    return asyncio.run(
        replay_source(source, span, stage, knowledge, seeds, window, corrections=True, plan=plan, progress=progress)
    )


def span_of(since: str | None = None, until: str | None = None, warm_up: timedelta = timedelta(0)) -> ReplaySpan:
    """A span between two timestamps."""
    bounds = (None if text is None else to_milliseconds(text) for text in (since, until))
    return ReplaySpan(*bounds, warm_up=warm_up)


async def _listed(records: AsyncIterator[T]) -> list[T]:
    return [record async for record in records]


def listed(records: AsyncIterator[T]) -> list[T]:
    return asyncio.run(_listed(records))
