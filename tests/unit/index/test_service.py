"""Keeping in step: whatever happens to the file or to Kafka, the index goes on or is made anew, and ends whole."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from firstwire import config
from firstwire.broker.reader import Received
from firstwire.errors import TransientError
from firstwire.index.database import alone, remove
from firstwire.index.reading import IndexReader
from firstwire.index.service import IndexFiller
from firstwire.index.writing import IndexWriter
from tests.support.configuration import write_configuration
from tests.support.indexing import PREFIX, Topics, story
from tests.support.small_gazetteer import GAZETTEER
from tests.support.waiting import until

STORIES = Topics().received(*(story(f"a{number}", f"Ships {number}", hours=number) for number in range(6)))


class Log:
    """One topic of stories, as a follower reads it. `before` is called before each read, with the next offset."""

    def __init__(self) -> None:
        self.records: list[Received] = list(STORIES)
        self.before: Callable[[int], None] = lambda offset: None
        self.starts: list[int] = []

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
        found = self._log.records[self._at : self._at + 2]
        self._at += len(found)
        return found

    async def behind(self) -> int:
        return len(self._log.records) - self._at

    async def stop(self) -> None:
        pass


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    made = Log()
    monkeypatch.setattr("firstwire.index.service.TopicsFollower", made.follower)
    for name in ("WAIT_SECONDS", "FULL_WAIT_SECONDS"):
        monkeypatch.setattr(f"firstwire.index.service.{name}", 0.0)
    return made


def filler_in(folder: Path, *entities: str) -> IndexFiller:
    """`entities`: lists of one's own."""
    more = "[index]\ndays = 36500\n"
    if entities:
        more += f"[entities]\npaths = {list(entities)}\n"
    configuration = config.load(write_configuration(folder, prefix=PREFIX, more=more), {})
    return IndexFiller(configuration, "nowhere:9092", lambda: GAZETTEER)


def once(act: Callable[[], None], at: int = 4) -> Callable[[int], None]:
    """Something that happens once, before the records from an offset on are read."""
    left: Iterator[Callable[[], None]] = iter([act])

    def happen(offset: int) -> None:
        if offset == at and (it := next(left, None)) is not None:
            it()

    return happen


async def filled(filler: IndexFiller) -> IndexReader:
    reader = IndexReader(filler.place)
    stop = asyncio.Event()
    task = asyncio.create_task(filler.run(stop))

    async def is_whole() -> bool:
        assert not task.done(), task.exception()
        try:
            state = reader.state()
        except TransientError:
            return False
        return (state.articles, state.behind) == (len(STORIES), 0)

    try:
        await until(is_whole, "all articles")
    finally:
        stop.set()
        await task
    return reader


async def test_it_is_filled_and_goes_on_where_it_was(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    log.records = log.records[:3]
    assert await filler.catch_up()
    log.records = list(STORIES)
    await filled(filler)
    assert log.starts == [0, 3]


async def test_kafka_may_be_away(tmp_path: Path, log: Log) -> None:
    def away() -> None:
        raise TransientError("no broker")

    log.before = once(away)
    await filled(filler_in(tmp_path))
    assert log.starts == [0, 4]


async def test_a_removed_file_is_made_anew(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    log.before = once(lambda: remove(filler.place))
    await filled(filler)
    assert log.starts == [0, 0]


@pytest.mark.parametrize(
    ("code", "starts"),
    [(sqlite3.SQLITE_CORRUPT, [0, 0]), (sqlite3.SQLITE_NOTADB, [0, 0]), (sqlite3.SQLITE_FULL, [0, 4])],
)
async def test_a_damaged_file_is_made_anew_and_a_full_disk_waited_out(
    tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch, code: int, starts: list[int]
) -> None:
    apply = IndexWriter.apply
    left = [code]

    def failing(self: IndexWriter, records: Sequence[Received]) -> object:
        if records[0].offset == 4 and left:
            err = sqlite3.OperationalError("it failed")
            err.sqlite_errorcode = left.pop()
            raise err
        return apply(self, records)

    monkeypatch.setattr(IndexWriter, "apply", failing)
    await filled(filler_in(tmp_path))
    assert log.starts == starts


async def test_topics_that_were_made_anew_make_the_index_anew(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    await filled(filler)
    log.records = list(STORIES[:2])
    assert await filler.catch_up()
    assert IndexReader(filler.place).state().articles == 2
    assert log.starts == [0, 6, 0]


async def test_only_one_process_fills_it(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    with alone(filler.place.folder):
        assert not await filler.catch_up()
    assert await filler.catch_up()


async def test_other_names_make_it_anew(tmp_path: Path, log: Log) -> None:
    await filled(filler_in(tmp_path))
    (tmp_path / "mine.yaml").write_text("nations: {}\n")
    await filled(filler_in(tmp_path, "mine.yaml"))
    assert log.starts == [0, 0]


async def test_a_command_says_what_fails(tmp_path: Path, log: Log) -> None:
    def away() -> None:
        raise TransientError("no broker")

    log.before = once(away, at=0)
    with pytest.raises(TransientError, match="no broker"):
        await filler_in(tmp_path).catch_up()


async def test_a_folder_that_cannot_be_written_to_does_not_end_it(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    filler.place.folder.write_text("a file")
    task = asyncio.create_task(filled(filler))
    await asyncio.sleep(0.05)
    filler.place.folder.unlink()
    await task
