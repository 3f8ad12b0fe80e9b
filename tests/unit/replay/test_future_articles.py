"""What an import refuses before it asks Kafka: articles of the future, with the command that leaves them out."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import msgspec
import pytest

from firstwire.errors import ConfigError, TransientError
from firstwire.replay.archive import Archive, write_manifest
from firstwire.replay.archive_takedown import take_down
from firstwire.replay.archiving import import_archive
from firstwire.replay.sources import ArchiveSource
from schemas.article import Article
from tests.support.console import NO_KAFKA
from tests.support.knowledge import shipped_lemmas
from tests.support.records import article, at
from tests.support.replays import articles_file, exported, span_of

NOW = at(24)
SECONDS = 1 / 3600
FIVE_MINUTES = 1 / 12


def archive_of(folder: Path, **hours: float) -> Archive:
    """An archive of articles with these names, each fetched so many hours after day one."""
    told = [article(name, title=f"News of {name}", hours=number) for name, number in hours.items()]
    exported(articles_file(folder, told), folder / "archive")
    return Archive(folder / "archive")


def brought(archive: Archive) -> None:
    asyncio.run(import_archive(NO_KAFKA, "tried", archive, shipped_lemmas(), now=NOW))


def test_the_command_keeps_whatever_an_import_takes(tmp_path: Path) -> None:
    kept = archive_of(tmp_path, old=1, soon=24 + FIVE_MINUTES, future=24 + FIVE_MINUTES + SECONDS, later=900)
    with pytest.raises(ConfigError, match=r"the article future is in the future, .* and that of 1 other: ") as refused:
        brought(kept)
    found = re.search(r"firstwire archive export --archive (\S+) --to (\S+) --output NEW\. Else", str(refused.value))
    assert found is not None
    assert found[1] == str(kept.folder)
    exported(ArchiveSource(kept), tmp_path / "new", span=span_of(None, found[2]))
    assert [one.article_id for one in Archive(tmp_path / "new").read("articles", Article)] == ["old", "soon"]
    with pytest.raises(TransientError):
        brought(Archive(tmp_path / "new"))  # which is taken as far as Kafka


def test_there_is_no_command_where_nothing_would_be_left(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"export them anew\. Else set this machine's clock") as refused:
        brought(archive_of(tmp_path, one=30, other=900))
    assert "--to" not in str(refused.value)


@pytest.mark.parametrize("knows_times", [True, False], ids=["taken down now", "taken down by an earlier version"])
def test_a_future_article_that_was_taken_down_does_not_matter(tmp_path: Path, knows_times: bool) -> None:
    kept = archive_of(tmp_path, old=1, future=25)
    with pytest.raises(ConfigError, match="is in the future"):
        brought(kept)
    take_down(kept.folder, {"future"})
    if not knows_times:
        files = [msgspec.structs.replace(file, last_at=at(25)) for file in Archive(kept.folder).files("articles")]
        write_manifest(kept.folder, files)
    with pytest.raises(TransientError):
        brought(Archive(kept.folder))
