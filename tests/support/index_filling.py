"""An index that is filled from a topic in memory, whatever happens between two reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from firstwire import config
from firstwire.broker.reader import Received
from firstwire.errors import TransientError
from firstwire.index.reading import IndexReader
from firstwire.index.service import IndexFiller
from tests.support.configuration import write_configuration
from tests.support.indexing import PREFIX
from tests.support.small_gazetteer import GAZETTEER
from tests.support.waiting import until


class Log:
    """One topic of stories, as a follower reads it. `before` is called before each read, with the next offset."""

    def __init__(self, records: Sequence[Received], monkeypatch: pytest.MonkeyPatch) -> None:
        self.records = list(records)
        self.before: Callable[[int], None] = lambda offset: None
        self.starts: list[int] = []
        self.at_once = 2
        monkeypatch.setattr("firstwire.index.service.TopicsFollower", self.follower)
        for name in ("WAIT_SECONDS", "FULL_WAIT_SECONDS"):
            monkeypatch.setattr(f"firstwire.index.service.{name}", 0.0)

    def follower(self, bootstrap_servers: str, topics: Sequence[str], *, client_id: str) -> LogFollower:
        assert f"{PREFIX}-stories" in topics
        return LogFollower(self)


class LogFollower:
    """What `TopicsFollower` is to the index."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._at = 0

    async def start(self, places: Mapping[tuple[str, int], int], since_ms: Mapping[str, int]) -> bool:
        self._at = places.get((f"{PREFIX}-stories", 0), 0)
        self._log.starts.append(self._at)
        return self._at <= len(self._log.records)

    async def next(self, at_most: int) -> list[Received]:
        await asyncio.sleep(0)
        self._log.before(self._at)
        found = self._log.records[self._at : self._at + self._log.at_once]
        self._at += len(found)
        return found

    async def behind(self) -> int:
        return len(self._log.records) - self._at

    async def stop(self) -> None:
        pass


def filler_in(folder: Path, *entities: str) -> IndexFiller:
    """`entities`: lists of one's own."""
    more = "[index]\ndays = 36500\n"
    if entities:
        more += f"[entities]\npaths = {list(entities)}\n"
    configuration = config.load(write_configuration(folder, prefix=PREFIX, more=more), {})
    return IndexFiller(configuration, "nowhere:9092", lambda: GAZETTEER)


async def filled(filler: IndexFiller, articles: int) -> IndexReader:
    reader = IndexReader(filler.place)
    stop = asyncio.Event()
    task = asyncio.create_task(filler.run(stop))

    async def is_whole() -> bool:
        assert not task.done(), task.exception()
        try:
            state = reader.state()
        except TransientError:
            return False
        return (state.articles, state.behind) == (articles, 0)

    try:
        await until(is_whole, "all articles")
    finally:
        stop.set()
        await task
    return reader
