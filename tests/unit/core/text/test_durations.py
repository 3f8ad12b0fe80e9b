"""Durations as people write them, read and written."""

from __future__ import annotations

import pytest

from firstwire.core.text.durations import rounded_duration, seconds, written_duration


@pytest.mark.parametrize("text", ["90s", "15m", "1h30m", "2d", "1ms", "36500d", "1d1h1m1s"])
def test_a_written_duration_is_read_as_the_same(text: str) -> None:
    assert seconds(written_duration(seconds(text))) == seconds(text)


def test_durations_are_shown_in_their_largest_units() -> None:
    assert [written_duration(span) for span in (0.5, 60.0, 5400.0)] == ["500ms", "1m", "1h30m"]
    assert [rounded_duration(span) for span in (0.4, 59.9, 119, 7199, 40 * 86_400 + 5)] == [
        "0s",
        "59s",
        "1m",
        "1h",
        "40d",
    ]
