"""Archives: a file a day, hashes, the order in which records were judged, and errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import EventRule
from firstwire.errors import ConfigError
from firstwire.replay.archive import Archive, ArchiveWriter, Manifest
from firstwire.replay.sources import ArchiveSource, FileSource
from schemas.article import Article
from tests.support.knowledge import knowledge_of
from tests.support.records import article, at, rulebook
from tests.support.replays import archived, articles_file, exported, listed, run_source, span_of

TITLES = (
    "Iran recognizes the Taliban government",
    "Cricket: Afghanistan wins the final",
    "Kenya opens an embassy in Kabul",
)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return knowledge_of(rulebook(EventRule(id="every", action=("*",), status=("*",), max_age_seconds=None)))


def week() -> Iterator[Article]:
    """Three articles a day for a week; one of each day is told again, by another outlet and by the same one."""
    for number in range(21):
        one = article(f"a{number}", title=TITLES[number % 3], body=f"Number {number}.", hours=8 * number)
        yield one
        if number % 3 == 0:
            yield one
            yield msgspec.structs.replace(one, article_id=f"b{number}", source="AFP")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    return articles_file(tmp_path_factory.mktemp("file"), week())


def test_an_archive_holds_every_article_in_order_and_its_files_are_days(file: FileSource, kept: ArchiveSource) -> None:
    assert listed(kept.articles(span_of())) == listed(file.articles(span_of()))
    days = [each.day for each in kept.archive.files("articles")]
    assert days == [f"2025-07-{day:02}" for day in range(3, 10)]
    assert sum(each.records for each in kept.archive.files("articles")) == 35
    assert sum(each.records for each in kept.archive.files("stories")) == 28  # duplicates end before them
    assert kept.archive.files("events")


def test_a_replay_of_the_archive_is_the_replay_of_the_file(
    file: FileSource, kept: ArchiveSource, knowledge: Knowledge, ledger: Seeds
) -> None:
    assert run_source(kept, knowledge, ledger) == run_source(file, knowledge, ledger)


def test_the_same_export_gives_the_same_bytes(
    file: FileSource, kept: ArchiveSource, knowledge: Knowledge, tmp_path: Path
) -> None:
    again = archived(file, tmp_path / "again", knowledge).archive
    assert again.manifest == kept.archive.manifest
    for each in again.manifest.files:
        assert (again.folder / each.name).read_bytes() == (kept.archive.folder / each.name).read_bytes()


def test_an_article_fetched_before_midnight_and_judged_after_it_keeps_its_place(tmp_path: Path) -> None:
    late = [article("a", hours=1), article("b", hours=25), article("c", hours=23), article("d", hours=49)]
    found = exported(articles_file(tmp_path, late), tmp_path / "kept")
    assert found.without_stories.startswith("a file of articles holds no stories")
    kept = Archive(tmp_path / "kept")
    assert [one.article_id for one in kept.read("articles", Article)] == ["a", "b", "c", "d"]
    assert [(each.day, each.records) for each in kept.files("articles")] == [
        ("2025-07-03", 1), ("2025-07-04", 2), ("2025-07-05", 1),
    ]  # fmt: skip
    found = listed(ArchiveSource(kept).articles(span_of(at(20), at(24))))
    assert [each.record.article_id for each in found if isinstance(each.record, Article)] == ["c"]


def test_lines_that_cannot_be_read_are_left_out_and_counted(tmp_path: Path, knowledge: Knowledge) -> None:
    source = articles_file(tmp_path, [article("a")])
    source.file.write_bytes(source.file.read_bytes() + b"nonsense\n")
    found = exported(source, tmp_path / "kept", knowledge)
    assert found.records["articles"] == 1
    assert [(line.line, line.reason[:8]) for line in found.unreadable] == [(2, "not JSON")]


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), r"was changed or damaged: its SHA-256 is .*2025-07-03"),
        (lambda path: path.unlink(), r"cannot read it: No such file"),
    ],
    ids=["changed", "missing"],
)
def test_a_file_that_is_not_what_the_manifest_says_is_an_error(tmp_path: Path, harm: object, message: str) -> None:
    exported(articles_file(tmp_path, [article("a"), article("b", hours=30)]), tmp_path / "kept")
    harm(tmp_path / "kept" / "articles" / "2025-07-03.jsonl.zst")  # type: ignore[operator]
    kept = Archive(tmp_path / "kept")
    with pytest.raises(ConfigError, match=message):
        kept.check()
    with pytest.raises(ConfigError, match=message):
        list(kept.read("articles", Article))
    left = listed(ArchiveSource(kept).articles(span_of(at(24))))
    assert len(left) == 1  # as the message says: other days can be read


def test_a_folder_without_a_manifest_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no archive: it has no manifest.json, or its export did not end"):
        Archive(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "other"}')
    with pytest.raises(ConfigError, match=r"manifest.json: not a manifest of this version"):
        Archive(tmp_path)


def test_an_archive_is_not_written_over_and_an_interrupted_one_leaves_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), ArchiveWriter(tmp_path / "kept") as kept:
        kept.add("articles", article("a"), at())
        raise RuntimeError
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []
    exported(articles_file(tmp_path, [article("a")]), tmp_path / "kept")
    with pytest.raises(ConfigError, match=r"there is an archive already"):
        exported(articles_file(tmp_path, [article("a")]), tmp_path / "kept")


@pytest.mark.parametrize("count", [0, 1])
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, count: int) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot write"):
        exported(articles_file(tmp_path, [article("a")] * count), tmp_path / "file" / "kept")


def test_a_name_in_a_manifest_is_never_a_path_elsewhere(tmp_path: Path) -> None:
    exported(articles_file(tmp_path, [article("a")]), tmp_path / "kept")
    path = tmp_path / "kept" / "manifest.json"
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    (file,) = manifest.files
    path.write_bytes(
        msgspec.json.encode(
            msgspec.structs.replace(manifest, files=(msgspec.structs.replace(file, name="../../secret"),))
        )
    )
    assert [one.article_id for one in Archive(tmp_path / "kept").read("articles", Article)] == ["a"]
    hostile = re.sub(rb'"day": ?"[^"]+"', b'"day": "../../x"', path.read_bytes())
    path.write_bytes(hostile)
    with pytest.raises(ConfigError, match="not a manifest"):
        Archive(tmp_path / "kept")


@pytest.mark.parametrize(("since", "until"), [(at(1000), None), (None, at(-1000)), (at(1000), at(2000))])
def test_a_range_without_anything_says_what_there_is(
    file: FileSource, kept: ArchiveSource, since: str | None, until: str | None
) -> None:
    for source in (file, kept):
        with pytest.raises(ConfigError, match=r"nothing was fetched .* from 2025-07-03T00:00:00.000Z to 2025-07-09T16"):
            listed(source.articles(span_of(since, until)))
