"""A damaged index, wherever it is damaged: it is noticed, put aside and made anew, and whoever keeps it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from firstwire.errors import TransientError
from firstwire.index.packing import Packer
from firstwire.index.place import ASIDE, IndexPlace
from firstwire.index.reading import IndexReader
from firstwire.index.search import search
from firstwire.index.service import IndexFiller
from schemas.takedown import Takedown
from tests.support.index_filling import Log, filled, filler_in
from tests.support.indexing import Topics, story
from tests.support.records import at
from tests.support.small_gazetteer import GAZETTEER
from tests.support.waiting import until

PAGE_BYTES = 4_096
FEW = 100
"""Samples of a dictionary; articles after them are packed with it."""
COUNT = FEW + 20
STORIES = Topics().received(
    *(story(f"a{each}", f"Ships {each}", body=f"Text {each * 7919}", hours=each / 10) for each in range(COUNT))
)
TAKEN_DOWN = Topics().received(Takedown(article_id="a30", author="ana", made_at=at(9)))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    """Most of whose records are packed with a dictionary."""
    monkeypatch.setattr("firstwire.index.packing.SAMPLES", FEW)
    monkeypatch.setattr("firstwire.index.packing.DICTIONARY_BYTES", 2_000)
    made = Log(STORIES, monkeypatch)
    made.at_once = FEW
    return made


def answers(place: IndexPlace) -> tuple[list[str], list[str]]:
    """What every part of the index says."""
    reader = IndexReader(place)
    ids = [record.key.removeprefix("story-of-") for record in STORIES[::30]]
    found = [one.article_id for each in ids if (one := reader.article(each)) is not None and one.revisions]
    reader.state(), reader.alerts(), reader.stories(since="2025-01-01T00:00:00.000Z")
    return found, [hit.story.article_id for hit in search(reader, GAZETTEER, "ships", limit=COUNT).hits]


async def recovered(filler: IndexFiller, expected: object) -> None:
    """Keep the index until it answers as before."""
    stop = asyncio.Event()
    task = asyncio.create_task(filler.run(stop))

    async def answers_as_before() -> bool:
        assert not task.done(), task.exception()
        try:
            return answers(filler.place) == expected
        except TransientError:
            return False

    try:
        await until(answers_as_before, "the answers of before")
    finally:
        stop.set()
        await task


def in_sql(statement: str) -> Callable[[IndexPlace], None]:
    def damage(place: IndexPlace) -> None:
        db = sqlite3.connect(place.file)
        db.execute(statement)
        db.commit()
        db.close()

    return damage


DAMAGES = [
    in_sql("UPDATE dictionaries SET content = zeroblob(7)"),
    in_sql("UPDATE dictionaries SET content = CAST(replace(content, 'S', 's') AS BLOB)"),
    in_sql("DELETE FROM dictionaries"),
    in_sql("UPDATE texts SET record = x'00'"),
    in_sql("UPDATE texts SET record = substr(record, 1, 30)"),
    in_sql("UPDATE texts SET record = CAST('no frame' AS BLOB)"),
    in_sql("DELETE FROM about"),
]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damaged_content_ends_nothing(tmp_path: Path, log: Log, damage: Callable[[IndexPlace], None]) -> None:
    filler = filler_in(tmp_path)
    await filled(filler, COUNT)
    expected = answers(filler.place)
    damage(filler.place)
    await recovered(filler, expected)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_taken_down_stays_out(tmp_path: Path, log: Log, damage: Callable[[IndexPlace], None]) -> None:
    log.records += TAKEN_DOWN
    filler = filler_in(tmp_path)
    await filled(filler, COUNT - 1)
    expected = answers(filler.place)
    assert expected[0] == ["a0", "a60", "a90"] and "a30" not in expected[1]
    damage(filler.place)
    await recovered(filler, expected)


OTHER_CONTENT = in_sql(f"UPDATE texts SET record = x'{Packer().packed(b'{}').hex()}'")


@pytest.mark.parametrize("damage", [*DAMAGES, OTHER_CONTENT])
async def test_a_takedown_that_meets_damage_is_done(
    tmp_path: Path, log: Log, damage: Callable[[IndexPlace], None]
) -> None:
    filler = filler_in(tmp_path)
    await filled(filler, COUNT)
    found, hits = answers(filler.place)
    damage(filler.place)
    log.records += TAKEN_DOWN
    await recovered(filler, ([each for each in found if each != "a30"], [each for each in hits if each != "a30"]))


async def test_damage_is_told_until_somebody_has_seen_it(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    reader = await filled(filler, COUNT)
    assert reader.state().damage is None
    in_sql("UPDATE texts SET record = x'00'")(filler.place)
    with pytest.raises(TransientError, match=r"the index was damaged \(a record cannot be unpacked: .*it is made anew"):
        search(reader, GAZETTEER, "ships")
    assert (filler.place.folder / ASIDE).exists()
    again = await filled(filler, COUNT)
    damage = again.state().damage
    assert damage is not None and damage.reason.startswith("a record cannot be unpacked")
    assert search(again, GAZETTEER, "ships").articles == COUNT


async def test_any_page_of_the_file_may_be_damaged(tmp_path: Path, log: Log) -> None:
    filler = filler_in(tmp_path)
    await filled(filler, COUNT)
    expected, whole = answers(filler.place), filler.place.file.read_bytes()
    chance = Random(1)
    for start in range(0, len(whole), PAGE_BYTES):
        filler.place.file.write_bytes(whole[:start] + chance.randbytes(PAGE_BYTES) + whole[start + PAGE_BYTES :])
        await recovered(filler, expected)
