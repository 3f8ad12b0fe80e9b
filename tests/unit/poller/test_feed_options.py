"""Settings of single feeds: headers and logins, and what decides between two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.config import FeedSettings, Secret
from firstwire.errors import ConfigError
from firstwire.poller.feed_options import FeedOptions, checked_headers, options_of


def test_secrets_are_read_where_they_stand_and_become_headers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "login").write_text("name:pass word\n", encoding="utf-8")
    monkeypatch.setenv("KEY", "k3y")
    options = FeedOptions(
        headers={"Accept-Language": "de", "X-Key": Secret(env="KEY")}, login=Secret(file=str(tmp_path / "login"))
    )
    assert options.request_headers() == {
        "Accept-Language": "de",
        "X-Key": "k3y",
        "Authorization": "Basic bmFtZTpwYXNzIHdvcmQ=",
    }


def test_a_missing_secret_is_named_and_another_policy_than_a_present_one(monkeypatch: pytest.MonkeyPatch) -> None:
    options = FeedOptions(headers={"X-Key": Secret(env="FEED_KEY")})
    with pytest.raises(ConfigError, match="header X-Key: environment variable FEED_KEY is not set"):
        options.request_headers()
    without = options.policy("p")
    monkeypatch.setenv("FEED_KEY", "k3y")
    assert options.policy("p") == "p" != without


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"Host": "a.example"}, "Host is set by the poller itself"),
        ({"If-None-Match": "x"}, "If-None-Match is set by the poller itself"),
        ({"Authorization": "x"}, "a login has its own setting"),
        ({"X Y": "x"}, "'X Y' is not the name of a header"),
        ({"X": "a\r\nHost: b"}, "a header's value is one line"),
    ],
)
def test_headers_that_would_break_a_request_are_refused(headers: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        checked_headers(headers)
    with pytest.raises(ConfigError, match=message):
        options_of(FeedSettings(url="https://a.example/", headers=headers))  # type: ignore[arg-type]


def test_what_one_leaves_open_the_other_says() -> None:
    command, file = FeedOptions(interval_seconds=60.0), FeedOptions(interval_seconds=900.0, language="de")
    assert command.over(file) == FeedOptions(interval_seconds=60.0, language="de")
