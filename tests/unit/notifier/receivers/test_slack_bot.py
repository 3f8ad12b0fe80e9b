"""A Slack bot posts, answers in the thread of the first message and edits it; its token is never shown."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from firstwire.notifier.notices import trial_notice
from firstwire.notifier.receivers.slack_bot import SlackBotReceiver
from firstwire.notifier.replies import Reply
from tests.support.alerts import NOW, first_alert, receipt, told

BOT = SlackBotReceiver("https://slack.example/api", "xoxb-hush-hush", "C1")
IN_THREAD = told(outlets=("a.example",), thread="C9/1751551360.000100")


def sent(alert: Any, known: Any = None, *, plain: bool = False) -> dict[str, Any]:
    request = BOT.request(alert, receipt(), "k", NOW, plain=plain, told=known)
    assert request.url == "https://slack.example/api/chat.postMessage"
    assert request.headers["Authorization"] == "Bearer xoxb-hush-hush"
    assert "hush" not in repr(request) + repr(BOT)
    message: dict[str, Any] = orjson.loads(request.body)
    return message


def test_the_first_message_stands_in_the_channel() -> None:
    message = sent(first_alert())
    assert (message["channel"], "thread_ts" in message) == ("C1", False)
    assert message["blocks"][0]["text"]["text"] == "FIRST  Russia recognizes the Taliban government"


@pytest.mark.parametrize(("state", "broadcast"), [("updated", False), ("corrected", True), ("retracted", True)])
def test_an_update_stands_in_the_thread_and_what_no_longer_holds_in_the_channel_too(
    state: Any, broadcast: bool
) -> None:
    message = sent(first_alert(state=state), IN_THREAD)
    assert (message["channel"], message["thread_ts"]) == ("C9", "1751551360.000100"), "where the first one stands"
    assert message["reply_broadcast"] is broadcast
    assert "also b.example" in message["text"]


def test_who_knows_the_alert_without_a_thread_gets_a_short_message() -> None:
    message = sent(first_alert(state="updated"), told(outlets=("a.example",)))
    assert (message["channel"], "thread_ts" in message) == ("C1", False)
    assert message["blocks"][0]["text"]["text"].startswith("UPDATE")
    assert BOT.edit_request(first_alert(state="updated"), receipt(), told()) is None


def test_the_last_resort_needs_no_thread() -> None:
    message = sent(first_alert(state="updated"), IN_THREAD, plain=True)
    assert (message["channel"], "thread_ts" in message, "blocks" in message) == ("C9", False, False)


def test_the_first_message_is_edited_to_the_whole_alert_as_it_is_now() -> None:
    request = BOT.edit_request(first_alert(state="corrected"), receipt(), IN_THREAD)
    assert request is not None
    assert request.url == "https://slack.example/api/chat.update"
    message = orjson.loads(request.body)
    assert (message["channel"], message["ts"]) == ("C9", "1751551360.000100")
    assert message["blocks"][0]["text"]["text"] == "CORRECTED FIRST  Russia recognizes the Taliban government"
    assert "alerted" not in message["text"], "the update says when"
    assert not {"mrkdwn", "unfurl_links", "thread_ts"} & message.keys()


def test_a_notice_stands_in_the_channel() -> None:
    message = orjson.loads(BOT.notice_request(trial_notice("desk", NOW), "k", NOW).body)
    assert (message["channel"], message["text"].split("\n")[0]) == ("C1", "FIRSTWIRE  TEST: this is no alert")


@pytest.mark.parametrize(
    ("status", "body", "verdict", "setting"),
    [
        (200, '{"ok":true,"channel":"C1","ts":"1.2"}', "delivered", ""),
        (200, '{"ok":false,"error":"invalid_auth"}', "parked", "receivers.token"),
        (200, '{"ok":false,"error":"token_revoked"}', "parked", "receivers.token"),
        (200, '{"ok":false,"error":"missing_scope"}', "parked", "receivers.token"),
        (200, '{"ok":false,"error":"not_in_channel"}', "parked", "receivers.channel"),
        (200, '{"ok":false,"error":"is_archived"}', "parked", "receivers.channel"),
        (200, '{"ok":false,"error":"ratelimited"}', "retry", ""),
        (429, '{"ok":false,"error":"ratelimited"}', "retry", ""),
        (200, '{"ok":false,"error":"internal_error"}', "retry", ""),
        (200, '{"ok":false,"error":"msg_too_long"}', "plainer", ""),
        (200, '{"ok":false,"error":"thread_not_found"}', "plainer", ""),
        (503, "", "retry", ""),
        (404, "<html>", "parked", "receivers.token"),
    ],
)
def test_what_the_api_answers_decides(status: int, body: str, verdict: str, setting: str) -> None:
    judgement = BOT.judge(Reply(status, body, NOW, "7"), plain=False)
    assert (judgement.verdict, judgement.setting) == (verdict, setting)
    assert judgement.thread == ("C1/1.2" if verdict == "delivered" else None)
    assert judgement.pauses is ("ratelimited" in body)


def test_an_answer_that_repeats_the_token_does_not_show_it() -> None:
    body = '{"ok":false,"error":"bad xoxb-hush-hush"}'
    assert "hush" not in BOT.judge(Reply(400, body, NOW), plain=False).result
