"""Keeping in step: whatever happens to the file or to Kafka, the index goes on or is made anew, and ends whole."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from firstwire.broker.reader import Received
from firstwire.errors import TransientError
from firstwire.index.database import alone
from firstwire.index.place import remove
from firstwire.index.reading import IndexReader
from firstwire.index.writing import IndexWriter
from tests.support.index_filling import Log, filled, filler_in
from tests.support.indexing import Topics, story

COUNT = 6
STORIES = Topics().received(*(story(f"a{number}", f"Ships {number}", hours=number) for number in range(COUNT)))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    return Log(STORIES, monkeypatch)


def once(act: Callable[[], None], at: int = 4) -> Callable[[int], None]:
    """Something that happens once, before the records from an offset on are read."""
    left: Iterator[Callable[[], None]] = iter([act])

    def happen(offset: int) -> None:
        if offset == at and (it := next(left, None)) is not None:
            it()

    return happen


async def test_it_is_filled_and_goes_on_where_it_was(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    log.records = log.records[:3]
    assert await filler.catch_up()
    log.records = list(STORIES)
    await filled(filler, COUNT)
    assert log.starts == [0, 3]


async def test_kafka_may_be_away(tmp_path: Path, log: Log) -> None:
    def away() -> None:
        raise TransientError("no broker")

    log.before = once(away)
    await filled(filler_in(tmp_path), COUNT)
    assert log.starts == [0, 4]


async def test_a_removed_file_is_made_anew(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    log.before = once(lambda: remove(filler.place))
    await filled(filler, COUNT)
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
    await filled(filler_in(tmp_path), COUNT)
    assert log.starts == starts


async def test_topics_that_were_made_anew_make_the_index_anew(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    await filled(filler, COUNT)
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
    await filled(filler_in(tmp_path), COUNT)
    (tmp_path / "mine.yaml").write_text("nations: {}\n")
    await filled(filler_in(tmp_path, "mine.yaml"), COUNT)
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
    task = asyncio.create_task(filled(filler, COUNT))
    await asyncio.sleep(0.05)
    filler.place.folder.unlink()
    await task
