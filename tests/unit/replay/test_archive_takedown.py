"""An article is removed from an archive, which stays whole; nothing else in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.replay.archive import Archive, ArchiveWriter
from firstwire.replay.archive_takedown import take_down
from schemas.article import Article
from tests.support.records import article, at

ARTICLES = [article(f"a{number}", title=f"News {number}", hours=10 * number) for number in range(5)]


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
