"""Writing: all or nothing with the positions, bounded by days and size, made anew whenever the file is in doubt."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firstwire.errors import TransientError
from firstwire.index.database import alone, is_full
from firstwire.index.place import remove
from firstwire.index.reading import IndexReader
from firstwire.index.search import search
from firstwire.index.writing import IndexWriter, Limits
from schemas import Outcome
from schemas.article import Story
from schemas.codec import encode
from tests.support.alerts import first_alert
from tests.support.indexing import Topics, place_in, story, writer_in
from tests.support.records import RUSSIA, at, by_hand
from tests.support.small_gazetteer import GAZETTEER

FEW = 100
STORIES = [story(f"a{number}", f"Ships {number}", hours=number) for number in range(4)]


def found(folder: Path, query: str = "ships", contents: str = "tried") -> list[str]:
    page = search(IndexReader(place_in(folder, contents)), GAZETTEER, query)
    return [hit.story.article_id for hit in page.hits]


def test_positions_are_behind_what_was_written(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    assert writer.positions() == {}
    writer.apply(Topics().received(*STORIES, first_alert()))
    assert writer.positions() == {("stories", 0): 4, ("alerts", 0): 1}
    writer.close()
    assert writer_in(tmp_path).positions() == {("stories", 0): 4, ("alerts", 0): 1}


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    topics = Topics()
    writer = writer_in(tmp_path)
    writer.apply(topics.received(*STORIES[:1]))
    batch = topics.received(*STORIES[1:])
    broken = [batch[0], *batch]
    monkeypatch.setattr("firstwire.index.writing.used_bytes", _fails)
    with pytest.raises(sqlite3.OperationalError):
        writer.apply(broken)
    monkeypatch.undo()
    assert (writer.positions(), found(tmp_path)) == ({("stories", 0): 1}, ["a0"])
    writer.apply(batch)
    assert found(tmp_path) == ["a3", "a2", "a1", "a0"]


def _fails(connection: sqlite3.Connection) -> int:
    raise sqlite3.OperationalError("interrupted")


def test_a_full_disk_leaves_nothing_and_is_told_from_damage(tmp_path: Path) -> None:
    topics = Topics()
    writer = writer_in(tmp_path)
    writer.apply(topics.received(*STORIES[:1]))
    pages = writer._db.execute("PRAGMA page_count").fetchone()[0]
    writer._db.execute(f"PRAGMA max_page_count = {pages + 1}")
    many = topics.received(*(story(f"b{number}", body=f"word{number} " * 500) for number in range(50)))
    with pytest.raises(sqlite3.OperationalError) as caught:
        writer.apply(many)
    assert is_full(caught.value)
    assert found(tmp_path) == ["a0"]
    writer._db.execute("PRAGMA max_page_count = 1000000")
    assert writer.apply(many).articles == 50


def test_unreadable_records_are_left_out_and_named(tmp_path: Path) -> None:
    topics = Topics()
    writer = writer_in(tmp_path)
    applied = writer.apply([*topics.raw("stories", b"{"), *topics.received(*STORIES), *topics.raw("alerts", b"[]")])
    assert [(record.topic, record.offset) for record, _ in applied.unreadable] == [
        ("tried-stories", 0),
        ("tried-alerts", 0),
    ]
    assert applied.articles == 4
    assert writer.positions() == {("stories", 0): 5, ("alerts", 0): 1}


def test_an_article_that_cannot_be_read_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = GAZETTEER.find

    def failing(self: object, text: str, day: str = "") -> object:
        if text == "Ships 1":
            raise RecursionError
        return find(text, day)

    monkeypatch.setattr(type(GAZETTEER), "find", failing)
    applied = writer_in(tmp_path).apply(Topics().received(*STORIES))
    monkeypatch.undo()
    assert [(record.offset, reason) for record, reason in applied.unreadable] == [(1, "RecursionError")]
    assert found(tmp_path) == ["a3", "a2", "a0"]


def test_corrections_of_the_ledger_among_events_are_no_judgments(tmp_path: Path) -> None:
    told = encode(by_hand(RUSSIA))
    applied = writer_in(tmp_path).apply(Topics().raw("events", told))
    assert applied.unreadable == []


def test_old_days_go(tmp_path: Path) -> None:
    topics = Topics()
    writer_in(tmp_path, limits=Limits(2, 1 << 40), now=at(24)).apply(topics.received(*STORIES))
    assert len(found(tmp_path)) == 4
    later = writer_in(tmp_path, limits=Limits(2, 1 << 40), now=at(72))
    applied = later.apply(topics.received(story("new", "Ships", hours=72), story("late", "Ships", hours=1)))
    assert (applied.articles, applied.dropped_days) == (1, [])
    assert found(tmp_path) == ["new"]
    reader = IndexReader(place_in(tmp_path))
    assert reader.state().articles == 1
    assert reader.article("a1") is None


def test_the_oldest_day_goes_while_there_is_too_much(tmp_path: Path) -> None:
    topics = Topics()
    limit = 900_000
    writer = writer_in(tmp_path, limits=Limits(36_500, limit))
    dropped: list[int] = []
    for day in range(6):
        bodies = (" ".join(f"word{day}x{number}x{each}" for each in range(100)) for number in range(120))
        batch = [story(f"{day}-{number}", body=body, hours=day * 24) for number, body in enumerate(bodies)]
        dropped += writer.apply(topics.received(*batch)).dropped_days
        assert IndexReader(place_in(tmp_path)).state().size_bytes <= limit
    assert dropped == sorted(dropped)
    assert 1 <= len(dropped) <= 5
    assert found(tmp_path, "word5x1x1") == ["5-1"]
    assert found(tmp_path, "word0x1x1") == []


def test_another_version_begins_anew(tmp_path: Path) -> None:
    writer_in(tmp_path).apply(Topics().received(*STORIES))
    other = writer_in(tmp_path, contents="other")
    assert other.positions() == {}
    other.apply(Topics().received(STORIES[0]))
    assert found(tmp_path, contents="other") == ["a0"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_damaged_file_begins_anew(tmp_path: Path, content: bytes) -> None:
    writer = writer_in(tmp_path)
    writer.apply(Topics().received(*STORIES))
    writer.close()
    remove(place_in(tmp_path))
    place_in(tmp_path).file.write_bytes(content)
    again = writer_in(tmp_path)
    assert again.positions() == {}
    again.apply(Topics().received(*STORIES))
    assert len(found(tmp_path)) == 4


def test_a_reader_notices_that_the_file_was_made_anew(tmp_path: Path) -> None:
    reader = IndexReader(place_in(tmp_path))
    writer = writer_in(tmp_path)
    writer.apply(Topics().received(*STORIES))
    assert reader.state().articles == 4
    writer.close()
    remove(place_in(tmp_path))
    with pytest.raises(TransientError, match="there is no index yet"):
        reader.state()
    writer.open()
    writer.apply(Topics().received(STORIES[0]))
    assert reader.state().articles == 1


def test_a_damaged_file_is_told_to_readers(tmp_path: Path) -> None:
    reader = IndexReader(place_in(tmp_path))
    writer = writer_in(tmp_path)
    writer.apply(Topics().received(*STORIES))
    writer.close()
    place = place_in(tmp_path)
    content = bytearray(place.file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    place.file.write_bytes(content)
    with pytest.raises(TransientError, match=r"the index was damaged .* it is made anew"):
        reader.article("a1")


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(TransientError, match="the index cannot be written"):
        writer_in(tmp_path)
    with pytest.raises(TransientError, match="the index cannot be written"), alone(tmp_path / "index"):
        pass


def test_only_one_may_write(tmp_path: Path) -> None:
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as again:
        assert again


def test_records_read_back_the_same_before_and_after_the_dictionary_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firstwire.index.packing.SAMPLES", FEW)
    monkeypatch.setattr("firstwire.index.packing.DICTIONARY_BYTES", 2_000)
    topics = Topics()
    writer: IndexWriter = writer_in(tmp_path)
    stories: list[Story] = [
        story(f"a{number}", f"Ship {number}", body=f"Text {number * 7919}") for number in range(FEW + 2)
    ]
    outcome = Outcome(article_id="a0", outcome="no_match", reason="nothing")
    for batch in (stories[:1], stories[1:FEW], stories[FEW:]):
        writer.apply(topics.received(*batch))
    writer.close()
    writer_in(tmp_path).apply(topics.received(outcome))
    reader = IndexReader(place_in(tmp_path))
    for one in (stories[0], stories[-1]):
        kept = reader.article(one.article_id)
        assert kept is not None and kept.revisions == (one,)
    assert reader.article("a0").outcomes == (outcome,)  # type: ignore[union-attr]
