"""One range replayed again and again, by processes of their own, from whatever it is kept in: the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from firstwire.errors import EXIT_OK
from firstwire.replay.journal import NAME
from tests.support.command_line import FILES, firstwire, lines_of
from tests.support.processes import exit_code
from tests.support.processes import firstwire as running
from tests.support.waiting import until

DECIDED = ("events", "matches", "alerts", "verdicts")
"""What is the same from stories, which know no duplicates."""

ARTICLES = lines_of(
    *(
        {
            "id": f"a{number}",
            "title": title,
            "url": f"https://{'abc'[number % 3]}.example/{number}",
            "source": f"{'abc'[number % 3]}.example",
            "published_at": f"2025-07-{1 + number // 8:02}T0{number % 8}:00:00Z",
        }
        for number, title in enumerate(
            [
                "Russia formally recognizes the Taliban government",
                "Russia becomes the first country to recognize Taliban rule",
                "Russia formally recognizes the Taliban government",
                "Kremlin denies that it will recognize the Taliban",
                "Norway opens an embassy in Mali",
                "Ships wait in the port of Aden",
                "Malta recognizes Palestine, says its minister",
                "Chad and Sudan restore diplomatic relations",
            ]
            * 3
        )
    ),
    b"{not json}\n",
)


Hashes = dict[str, str]


def hashes(folder: Path) -> Hashes:
    return {name: hashlib.sha256((folder / f"{name}.jsonl").read_bytes()).hexdigest() for name in FILES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the articles, plain and packed, and an archive of them."""
    folder = tmp_path_factory.mktemp("range")
    (folder / "plain.jsonl").write_bytes(ARTICLES)
    (folder / "packed.jsonl").write_bytes(gzip.compress(ARTICLES))
    code, _, err = firstwire("archive", "export", "--articles", "plain.jsonl", "--output", "kept", cwd=folder)
    assert code == EXIT_OK, err
    return folder


def replayed_bytes(folder: Path, *options: str, output: str, environment: dict[str, str] | None = None) -> Hashes:
    code, _, err = firstwire("replay", *options, "--output", output, cwd=folder, environment=environment)
    assert code == EXIT_OK, err
    assert sorted(each.name for each in (folder / output).iterdir()) == sorted(f"{name}.jsonl" for name in FILES)
    return hashes(folder / output)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_replays_of_a_range_are_the_same_bytes(folder: Path) -> None:
    sources = [("--articles", "plain.jsonl"), ("--articles", "plain.jsonl", "--processes", "2")]
    sources += [("--articles", "packed.jsonl"), ("--articles", "packed.jsonl", "--processes", "3")]
    sources += [("--archive", "kept"), ("--archive", "kept", "--processes", "2"), ("--archive", "kept", "--rate", "30")]
    from_stories = ("--archive", "kept", "--from-stage", "stories")
    sources += [from_stories, (*from_stories, "--processes", "2"), from_stories]
    found = [
        replayed_bytes(
            folder,
            *source,
            output=f"out{number}",
            environment={"PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Kathmandu")[number % 2]},
        )
        for number, source in enumerate(sources)
    ]
    assert found[0] == found[1] == found[2] == found[3]
    assert found[4] == found[5] == found[6]
    assert found[7] == found[8] == found[9]
    for other in (found[4], found[7]):
        assert {name: other[name] for name in DECIDED} == {name: found[0][name] for name in DECIDED}
    assert len((folder / "out0" / "alerts.jsonl").read_bytes().splitlines()) >= 2


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stage", ["articles", "stories"])
async def test_killed_then_interrupted_then_finished_it_is_the_same_bytes(folder: Path, stage: str) -> None:
    """By a kill that nothing survives, and by Ctrl-C, with two processes and with one."""
    source = ("--archive", "kept", "--from-stage", stage)
    whole = replayed_bytes(folder, *source, output=f"whole-{stage}")
    output, log = folder / f"again-{stage}", folder / f"{stage}.log"
    options = ("replay", *source, "--output", str(output), "--rate", "3")
    kept = 0
    interruptions = ((signal.SIGKILL, "2", -signal.SIGKILL), (signal.SIGINT, "1", 130), (signal.SIGINT, "2", 130))
    for number, processes, ends_with in interruptions:
        with running(*options, "--processes", processes, log=log, folder=folder) as process:

            async def has_kept_more(known: int = kept, process: subprocess.Popen[bytes] = process) -> bool:
                assert process.poll() is None, log.read_text()
                return (output / NAME).exists() and (output / NAME).stat().st_size > known

            if not kept:  # the first line, which says what is replayed
                await until(has_kept_more, "it has begun")
                kept = (output / NAME).stat().st_size
            await until(partial(has_kept_more, kept), "something was read and kept")
            process.send_signal(number)
            assert await exit_code(process) == ends_with, log.read_text()
        kept = (output / NAME).stat().st_size
    assert "interrupted; what was read is kept: the same command goes on from there" in log.read_text()
    assert [*output.glob("*.jsonl")] == []
    code, _, err = firstwire("replay", *source, "--output", output, cwd=folder)
    assert (code, "an interrupted replay goes on" in err) == (EXIT_OK, True), err
    assert hashes(output) == whole
    assert not (output / NAME).exists()
