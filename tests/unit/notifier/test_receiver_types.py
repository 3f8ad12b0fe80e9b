"""Receivers are checked before anything starts, and what is wrong is named without its secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from firstwire.config import ReceiverSettings, Secret
from firstwire.errors import ConfigError
from firstwire.notifier import receivers
from firstwire.notifier.receiver_types import receiver_types, receivers_from
from firstwire.notifier.receivers.slack import SlackReceiver
from firstwire.notifier.receivers.slack_bot import SlackBotReceiver
from firstwire.notifier.receivers.webhook import WebhookReceiver
from firstwire.notifier.view import View

GOOD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_receivers_are_built_from_literals_files_and_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(GOOD + "\n")
    monkeypatch.setenv("HUSH_URL", "https://hooks.slack.example/services/x")
    found = receivers_from(
        (
            ReceiverSettings(name="newsroom", type="slack", url=Secret(env="HUSH_URL")),
            ReceiverSettings(
                name="desk", type="webhook", url="http://desk.example/", secret=Secret(file=str(tmp_path / "secret"))
            ),
        )
    )
    assert found["newsroom"] == SlackReceiver("https://hooks.slack.example/services/x", View(ZoneInfo("UTC")))
    desk = found["desk"]
    assert isinstance(desk, WebhookReceiver)
    assert len(desk.keys[0].key) == 24


def test_a_slack_bot_needs_a_token_and_a_channel_and_knows_its_address(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-hush\n")
    (tmp_path / "wrong").write_text("xoxb hush")
    token = Secret(file=str(tmp_path / "token"))
    (bot,) = receivers_from((ReceiverSettings(name="desk", type="slack_bot", token=token, channel="C1"),)).values()
    assert isinstance(bot, SlackBotReceiver)
    assert (bot.url, bot.token, bot.channel) == ("https://slack.com/api", "xoxb-hush", "C1")
    assert "hush" not in repr(bot)
    for fields, says in (
        ({"channel": "C1"}, "a receiver of the type slack_bot needs token"),
        ({"token": token}, "a Slack bot needs channel"),
        ({"token": Secret(file=str(tmp_path / "wrong")), "channel": "C1"}, "characters that no token has"),
    ):
        with pytest.raises(ConfigError, match=says) as caught:
            receivers_from((ReceiverSettings(name="desk", type="slack_bot", **fields),))
        assert "hush" not in str(caught.value)


def test_each_receiver_has_its_zone_and_all_the_address_of_the_console() -> None:
    (receiver,) = receivers_from(
        (ReceiverSettings(name="desk", type="slack", url="https://desk.example/x", timezone="Asia/Kabul"),),
        console="https://console.example",
    ).values()
    assert isinstance(receiver, SlackReceiver)
    assert receiver.view == View(ZoneInfo("Asia/Kabul"), "https://console.example")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "a receiver of the type webhook needs a url"),
        ({"url": "desk.example/hush"}, "the URL must be"),
        ({"url": "ftp://desk.example/hush"}, "the URL must be"),
        ({"url": "https:///hush"}, "the URL must be"),
        ({"url": "https://desk.example:99999/hush"}, "the URL must be"),
        ({"url": "https://desk.example/hush hush"}, "the URL must be"),
        ({"url": Secret(env="HUSH_NOT_SET")}, "HUSH_NOT_SET is not set"),
        ({"url": "https://desk.example/hush"}, "a webhook needs secret"),
        ({"url": "https://desk.example/hush", "secret": Secret(file="/nowhere/hush")}, "cannot read /nowhere/hush"),
        ({"url": "https://desk.example/hush", "secret": Secret()}, "give { env"),
    ],
)
def test_a_receiver_that_cannot_work_is_an_error_that_names_it(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        receivers_from((ReceiverSettings(name="desk", type="webhook", **fields),))
    assert str(caught.value).startswith("receiver 'desk': ")
    assert "desk.example" not in str(caught.value)


def test_each_file_of_a_receiver_is_a_type_of_its_name() -> None:
    assert set(receiver_types()) == {file.stem for file in Path(receivers.__file__).parent.glob("[a-z]*.py")}


def test_an_unknown_type_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="no type 'discrod'; did you mean 'discord'"):
        receivers_from((ReceiverSettings(name="desk", type="discrod", url="https://desk.example/x"),))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"type": "file", "url": "https://desk.example/x"}, "the form file:///path"),
        ({"type": "file", "url": "file://desk.example/x"}, "the form file:///path"),
        ({"type": "ntfy", "url": "https://desk.example/"}, "must end in a topic"),
        ({"type": "telegram"}, "a Telegram receiver needs channel"),
        ({"type": "telegram", "channel": "-100"}, "a receiver of the type telegram needs token"),
        ({"type": "pagerduty"}, "a receiver of the type pagerduty needs token"),
        ({"type": "email", "url": "https://desk.example/"}, r"the form smtps://host/path \(or smtp://\)"),
        ({"type": "email", "url": "smtps://desk.example"}, "e-mail needs from"),
        ({"type": "email", "url": "smtps://desk.example", "sender": "a@b.example"}, "e-mail needs from"),
        (
            {"type": "email", "url": "smtps://desk.example", "sender": "a", "recipients": ("c@d.example",)},
            "'a' is no e-mail address",
        ),
        (
            {
                "type": "email",
                "url": "smtps://desk.example",
                "sender": "a@b.example",
                "recipients": ("c@d.example\nBcc: e@f.example",),
            },
            "is no e-mail address",
        ),
        (
            {
                "type": "email",
                "url": "smtps://desk.example",
                "sender": "a@b.example",
                "recipients": ("c@d.example",),
                "username": "a",
            },
            "username and password belong together",
        ),
    ],
)
def test_what_a_type_needs_is_said(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        receivers_from((ReceiverSettings(name="desk", **fields),))
    assert "desk.example" not in str(caught.value)
