"""An article is removed from an archive, which stays whole; nothing else in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import Rulebook
from firstwire.errors import ConfigError
from firstwire.replay.archive import Archive, ArchiveWriter
from firstwire.replay.archive_takedown import HOLD_TEXT, take_down
from schemas.article import Article
from tests.support.knowledge import knowledge_of
from tests.support.records import article, at
from tests.support.replays import archived, articles_file

TIMES = {"early": 1, "first": 2, "last": 3, "late": 4, "later": 900}
ARTICLES = [article(f"a{number}", title=f"News {number}", hours=10 * number) for number in range(5)]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return knowledge_of(Rulebook())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with ArchiveWriter(tmp_path / "archive") as archive:
        for number, one in enumerate(ARTICLES):
            archive.add("articles", one, at(10 * number))
    return tmp_path / "archive"


def test_what_is_taken_down_is_in_no_file(folder: Path) -> None:
    assert take_down(folder, {"a1", "a4", "unknown"}) == 2
    archive = Archive(folder)
    archive.check()
    assert list(archive.read("articles", Article)) == [ARTICLES[0], *ARTICLES[2:4]]
    assert sum(file.records for file in archive.files("articles")) == 3
    assert {file.name for file in folder.rglob("*.zst")} == {file.name.split("/")[1] for file in archive.manifest.files}
    before = (folder / "manifest.json").read_bytes()
    assert take_down(folder, {"a1"}) == 0
    assert (folder / "manifest.json").read_bytes() == before


def test_a_damaged_archive_is_left_as_it_is(folder: Path) -> None:
    path = next(folder.rglob("*.zst"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ConfigError, match="was changed or damaged"):
        take_down(folder, {"a1"})


def test_the_times_of_an_archive_are_those_of_what_is_left(tmp_path: Path, knowledge: Knowledge) -> None:
    """An import asks them whether anything is of the future, or older than Kafka keeps it."""
    told = [article(name, title="Iran recognizes the Taliban government", hours=hours) for name, hours in TIMES.items()]
    kept = archived(articles_file(tmp_path, told), tmp_path / "archive", knowledge).archive
    assert kept.extent("events") == (at(1), at(900))
    take_down(kept.folder, {"early", "late", "later"})
    left = Archive(kept.folder)
    assert {kind: left.extent(kind) for kind in HOLD_TEXT} == dict.fromkeys(HOLD_TEXT, (at(2), at(3)))
    left.check()
    assert sorted(file.name for file in left.manifest.files) == sorted(
        str(path.relative_to(kept.folder)) for path in kept.folder.rglob("*.*") if path.suffix == ".zst"
    )
    take_down(kept.folder, {*TIMES})
    assert Archive(kept.folder).extent("articles") is None
