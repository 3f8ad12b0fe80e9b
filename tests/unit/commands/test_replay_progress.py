"""How far a replay has come, in one line."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from firstwire.commands import replay_progress
from firstwire.commands.replay_progress import progress_line, shown_progress
from firstwire.replay.progress import Meter, ReadSoFar


@pytest.mark.parametrize(
    ("share", "seconds", "line"),
    [
        (0.25, 30, "9,000 articles, 300/s, at 2025-07-03 · 25%, 2 min left · 7 alerts"),
        (0.5, 20, "9,000 articles, 450/s, at 2025-07-03 · 50%, 20 s left · 7 alerts"),
        (0.01, 90, "9,000 articles, 100/s, at 2025-07-03 · 1%, 2.5 h left · 7 alerts"),
        (0.009, 30, "9,000 articles, 300/s, at 2025-07-03 · 7 alerts"),
        (None, 30, "9,000 articles, 300/s, at 2025-07-03 · 7 alerts"),
        (1.0, 30, "9,000 articles, 300/s, at 2025-07-03 · 100%, 1 s left · 7 alerts"),
    ],
)
def test_the_line_has_the_rate_and_the_time_left(share: float | None, seconds: float, line: str) -> None:
    assert progress_line(ReadSoFar(9_000, "2025-07-03T14:00:00.000Z", share, (7,)), seconds, "{} alerts") == line


def test_where_there_is_no_terminal_lines_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_progress, "PLAIN_EVERY_SECONDS", 0.0)
    screen = Console(file=io.StringIO(), width=80)
    with shown_progress(screen, "alerts: old {}, new {}") as progress:
        for count in (1, 2):
            progress(ReadSoFar(count, "2025-07-03T14:00:00.000Z", count / 2, (count, 1_000)))
    assert isinstance(screen.file, io.StringIO)
    lines = screen.file.getvalue().splitlines()
    assert [line.partition(" articles")[0] for line in lines] == ["1", "2"]
    assert lines[1].endswith("· alerts: old 2, new 1,000")


def test_a_share_is_never_more_than_all() -> None:
    assert Meter().share is None
    assert Meter(total=4, read=1).share == 0.25
    assert Meter(total=4, read=9).share == 1.0
