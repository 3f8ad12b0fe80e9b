"""--ledger of replay and backtest: with it nothing else is known of earlier acts, no corrections by hand either."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from firstwire.replay.archive import WHOLE_TIME, ArchiveWriter
from tests.support.command_line import firstwire, written
from tests.support.records import CHINA, article, at, by_hand


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one recognition, and of a correction by hand that knows an earlier one."""
    folder = tmp_path_factory.mktemp("typed")
    with ArchiveWriter(folder / "kept") as kept:
        kept.add(
            "articles",
            article("a", title="Iran recognizes the Taliban government", summary="", body="", hours=1),
            at(1),
        )
        kept.add("corrections", by_hand(CHINA, date="2025-06-01"), at(), WHOLE_TIME)
    (folder / "acts.yaml").write_text("events:\n- {id: acts, action: recognize}\n", encoding="utf-8")
    (folder / "other.yaml").write_text("watches:\n- {id: other, query: nowhere}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "second, after China on 2025-06-01"),
        (("--ledger", "none"), "not enough known: nobody vouches that the list of earlier actors is whole"),
    ],
    ids=["configured", "none"],
)
def test_replay_and_backtest_know_the_same_earlier_acts(folder: Path, options: tuple[str, ...], reason: str) -> None:
    source = ("--archive", "kept", "--rules", "acts.yaml", "--output")
    code, _, err = firstwire("replay", *source, "replayed", *options, cwd=folder)
    assert code == 0, err
    assert [one["reason"] for one in written(folder / "replayed")["verdicts"]] == [reason]
    code, _, err = firstwire("backtest", *source, "report", "--against", "other.yaml", *options, cwd=folder)
    assert code == 0, err
    found = orjson.loads((folder / "report" / "diff.json").read_bytes())
    assert [one["new_reason"] for one in found["differences"]] == [reason]
