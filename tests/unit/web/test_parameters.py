"""Numbers and times of addresses: what is none is refused in words, and breaks nothing."""

from __future__ import annotations

import pytest
from multidict import MultiDict

from firstwire.errors import ConfigError
from firstwire.web.parameters import moment_of, number_of, span_of, time_of

NOW = "2025-07-04T00:00:00.000Z"


@pytest.mark.parametrize("text", ["0", "501", "-1", "1.5", "", "x", "9" * 20, "9" * 5_000])
def test_what_is_no_number_in_range_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"limit: .*is not a number from 1 to 500"):
        number_of(MultiDict(limit=text), "limit", usual=50, lowest=1, highest=500)


def test_a_number_is_read_and_may_be_left_out() -> None:
    assert number_of(MultiDict(limit="500"), "limit", usual=50, lowest=1, highest=500) == 500
    assert number_of(MultiDict(), "limit", usual=50, lowest=1, highest=500) == 50


@pytest.mark.parametrize(
    "text", ["soon", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "2025-13-01", "٣", "-1h", "9" * 5_000]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"since: .*is not a time"):
        time_of(text, "since", NOW)
    with pytest.raises(ConfigError, match=r"since: .*is not a time"):
        moment_of(text, "since")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("", None),
        (" 24h ", "2025-07-03T00:00:00.000Z"),
        ("2025-07-03", "2025-07-03T00:00:00.000Z"),
        ("2025-07-03T14:00:00+02:00", "2025-07-03T12:00:00.000Z"),
        ("36500d", "1925-07-29T00:00:00.000Z"),
    ],
)
def test_a_time_is_a_time_or_how_long_ago(text: str, time: str | None) -> None:
    assert time_of(text, "since", NOW) == time


def test_what_is_no_time_is_answered_with_how_to_write_one() -> None:
    with pytest.raises(ConfigError, match=r"since: 'yesterday-ish' is not a time; write how long ago, 12h or 2d, or"):
        time_of("yesterday-ish", "since", NOW)


def test_an_end_before_the_beginning_is_refused() -> None:
    assert span_of(MultiDict(since="3d", until="2d"), NOW) == ("2025-07-01T00:00:00.000Z", "2025-07-02T00:00:00.000Z")
    with pytest.raises(ConfigError, match=r"the end \(until 3d\) is not after the beginning \(since 2d\)"):
        span_of(MultiDict(since="2d", until="3d"), NOW)
