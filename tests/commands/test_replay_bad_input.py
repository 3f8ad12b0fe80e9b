"""What cannot be replayed is refused with what there is instead, and leaves nothing behind that stands in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from firstwire.commands.cli import cli
from firstwire.errors import ConfigError
from firstwire.replay.journal import NAME
from tests.support.command_line import lines_of

ARTICLES = lines_of(
    *({"id": f"a{day}", "title": "Rain over Wales", "published_at": f"2025-07-0{day}T00:00:00Z"} for day in (1, 2, 3))
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With articles, and an archive of them."""
    folder = tmp_path_factory.mktemp("bad")
    (folder / "articles.jsonl").write_bytes(ARTICLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(cli, ["archive", "export", "--articles", "articles.jsonl", "--output", "kept"])
    assert done.exit_code == 0, done.output
    return folder


def refused(*arguments: str) -> str:
    found = CliRunner().invoke(cli, arguments)
    assert isinstance(found.exception, ConfigError), found.output
    return str(found.exception)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--articles", "articles.jsonl", "--from", "2030-01-01"),
            "articles.jsonl: nothing was fetched between --from and --to; there are records fetched from "
            "2025-07-01T00:00:00.000Z to 2025-07-03T00:00:00.000Z",
        ),
        (
            ("--archive", "kept", "--to", "2020-01-01"),
            "kept: nothing was fetched between --from and --to; there are articles fetched from "
            "2025-07-01T00:00:00.000Z to 2025-07-03T00:00:00.000Z",
        ),
        (
            ("--articles", "articles.jsonl", "--from", "2025-07-02", "--to", "2025-07-01"),
            "--to 2025-07-01T00:00:00.000Z is not after --from 2025-07-02T00:00:00.000Z: there is nothing between them",
        ),
        (("--articles", "articles.jsonl", "--from", "0:1"), "offsets are places in a topic; give times"),
        (
            ("--articles", "articles.jsonl", "--from", "soon"),
            "'soon' is not a time; write it like 2025-07-03T",
        ),
        (("--articles", "articles.jsonl", "--warm-up", "soon"), "--warm-up: 'soon' is not a duration"),
        (("--articles", "nothing.jsonl"), "nothing.jsonl: cannot read the articles: No such file"),
        (("--archive", "articles.jsonl"), "articles.jsonl: no archive but a file; one of articles is given by"),
        (("--archive", "nothing"), "no archive: it has no manifest.json, or its export did not end"),
        (("--articles", "articles.jsonl", "--from-stage", "stories"), "firstwire archive export makes an archive that"),
        (("--articles", "articles.jsonl", "--rules", "nothing.yaml"), "nothing.yaml: cannot read it"),
    ],
)
def test_a_replay_of_nothing_says_what_there_is(
    options: tuple[str, ...], words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert words in refused("replay", *options, "--output", "out")
    assert not (folder / "out" / NAME).exists()


def test_rules_of_a_time_that_is_not_on_record_are_no_rules(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    words = "kept: no rules are on record there, so that 'release:3' is unknown; give a file"
    assert words in refused("backtest", "--archive", "kept", "--against", "release:3", "--rules", "live")


def test_a_damaged_archive_names_the_file_and_the_day_to_leave_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder / "kept", tmp_path / "kept")
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "kept" / "stories" / "2025-07-02.jsonl.zst"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    words = refused("replay", "--archive", "kept", "--from-stage", "stories", "--output", "out")
    assert "kept/stories/2025-07-02.jsonl.zst: was changed or damaged: its SHA-256 is" in words
    assert "restore it, export it again, or leave 2025-07-02 out with --from and --to" in words
    file.unlink()
    more = ("--from-stage", "stories", "--output", "out", "--restart")
    assert "cannot read it: No such file" in refused("replay", "--archive", "kept", *more)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (tmp_path / ".stories.jsonl.part").symlink_to("/dev/full")
    words = refused("replay", "--articles", "articles.jsonl", "--output", str(tmp_path))
    assert words == f"{tmp_path}: cannot write there: No space left on device"
    assert not [*tmp_path.glob("*.jsonl")]


def test_a_file_that_is_no_journal_is_begun_anew(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (tmp_path / NAME).write_bytes(b"\0" * 3_000_000)
    done = CliRunner().invoke(cli, ["replay", "--articles", "articles.jsonl", "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / NAME).exists()
