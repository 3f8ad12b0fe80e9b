"""Discord, Mattermost, Teams, Telegram, ntfy, PagerDuty, Alertmanager: their formats, limits and replies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstwire.notifier.replies import Reply
from schemas import Lead
from tests.fakes.receivers import Answer, ScriptedWebhook
from tests.support.alerts import NOW, first_alert, receipt, told
from tests.support.chat import CHECKS, FIELDS, HOSTILE, made
from tests.support.receivers import TOKEN, attempt, listed, receiver, requests_of

each_type = pytest.mark.parametrize("kind", FIELDS)

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=600) | st.sampled_from(HOSTILE)


@each_type
@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_titles_break_no_format_and_no_limit(kind: str, title: str, tmp_path: Path) -> None:
    one = made(kind, tmp_path)
    for request in requests_of(one, first_alert(headline=title, outlets=(title,))):
        CHECKS[kind](request, json.loads(request.body))


@pytest.mark.slow
@each_type
@given(title=TEXTS, outlet=TEXTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_title_breaks_a_format_or_a_limit(kind: str, tmp_path: Path, title: str, outlet: str) -> None:
    one = made(kind, tmp_path)
    alert = first_alert(headline=title, outlets=(outlet, "b"), lead=Lead(article_id="a", title=title))
    for request in requests_of(one, alert):
        CHECKS[kind](request, json.loads(request.body))


@each_type
def test_secrets_are_in_no_representation(kind: str, tmp_path: Path) -> None:
    one = made(kind, tmp_path)
    request = one.request(first_alert(), receipt(), "k", NOW, plain=False)
    assert "hush" not in repr(one) + repr(request)
    result = one.judge(Reply(500, f"no {one.url} hush-hush-hush", NOW), plain=False).result
    assert "hush-hush-hush" not in result


@each_type
def test_every_attempt_is_the_same_message(kind: str, tmp_path: Path) -> None:
    one = made(kind, tmp_path)
    first, again = ([request.body for request in requests_of(one, first_alert())] for _ in range(2))
    assert first == again


@each_type
@pytest.mark.parametrize(
    ("status", "verdict", "pauses"),
    [
        (200, "delivered", False),
        (202, "delivered", False),
        (302, "retry", False),
        (401, "parked", False),
        (403, "parked", False),
        (404, "parked", False),
        (410, "parked", False),
        (429, "retry", True),
        (500, "retry", False),
        (503, "retry", False),
    ],
)
def test_a_status_means_the_same_everywhere(kind: str, tmp_path: Path, status: int, verdict: str, pauses: bool) -> None:
    judged = made(kind, tmp_path).judge(Reply(status, "", NOW, "7"), plain=False)
    assert (judged.verdict, judged.pauses) == (verdict, pauses)
    assert judged.retry_after_seconds == (7.0 if verdict == "retry" else None)


@each_type
def test_what_is_rejected_is_tried_as_text_and_then_given_up(kind: str, tmp_path: Path) -> None:
    one = made(kind, tmp_path)
    assert one.judge(Reply(400, "bad", NOW), plain=True).verdict == "failed"
    assert one.judge(Reply(400, "bad", NOW), plain=False).verdict in ("plainer", "failed")


@pytest.mark.parametrize(
    ("kind", "status", "body", "seconds"),
    [
        ("discord", 429, '{"message": "You are being rate limited.", "retry_after": 0.376, "global": false}', 0.376),
        ("telegram", 429, '{"ok": false, "error_code": 429, "parameters": {"retry_after": 12}}', 12.0),
        ("teams", 200, "Webhook message delivery failed with error: ... HTTP error 429", None),
    ],
)
def test_the_pause_that_a_service_asks_for_is_kept(
    kind: str, status: int, body: str, seconds: float | None, tmp_path: Path
) -> None:
    judged = made(kind, tmp_path).judge(Reply(status, body, NOW), plain=False)
    assert (judged.verdict, judged.pauses, judged.retry_after_seconds) == ("retry", True, seconds)


@pytest.mark.parametrize(
    ("status", "described", "verdict", "setting"),
    [
        (400, "Bad Request: chat not found", "parked", "receivers.channel"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "parked", "receivers.channel"),
        (400, "Bad Request: can't parse entities", "plainer", ""),
        (400, "Bad Request: message is too long", "plainer", ""),
        (401, "Unauthorized", "parked", "receivers.token"),
        (403, "Forbidden: bot was kicked from the group chat", "parked", "receivers.channel"),
    ],
)
def test_what_telegram_says_names_the_setting_to_mend(
    status: int, described: str, verdict: str, setting: str, tmp_path: Path
) -> None:
    body = json.dumps({"ok": False, "error_code": status, "description": described})
    judged = made("telegram", tmp_path).judge(Reply(status, body, NOW), plain=False)
    assert (judged.verdict, judged.setting) == (verdict, setting)


def test_telegram_puts_updates_under_the_first_message_and_edits_it(tmp_path: Path) -> None:
    one = made("telegram", tmp_path)
    accepted = one.judge(Reply(200, '{"ok": true, "result": {"message_id": 42, "text": "x"}}', NOW), plain=False)
    assert (accepted.verdict, accepted.thread) == ("delivered", "42")
    knows = told(status="planned", thread="42")
    update = one.request(first_alert(state="updated"), receipt(), "k", NOW, plain=False, told=knows)
    assert json.loads(update.body)["reply_parameters"] == {"message_id": 42, "allow_sending_without_reply": True}
    assert update.url == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    edit = one.edit_request(first_alert(state="updated"), receipt(), knows)
    assert edit is not None
    assert edit.url.endswith("/editMessageText")
    assert json.loads(edit.body)["message_id"] == 42
    assert one.edit_request(first_alert(), receipt(), told()) is None


def test_pagerduty_resolves_what_is_taken_back(tmp_path: Path) -> None:
    one = made("pagerduty", tmp_path)
    events = [
        json.loads(one.request(first_alert(state=state), receipt(), "k", NOW, plain=False, told=told()).body)
        for state in ("updated", "retracted")
    ]
    assert [event["event_action"] for event in events] == ["trigger", "resolve"]
    assert len({event["dedup_key"] for event in events}) == 1
    assert events[0]["routing_key"] == TOKEN
    assert events[0]["links"][0]["href"] == "https://a.example/russia?x=1&y=2"


def test_alertmanagers_payload_has_what_its_alerts_have_in_common(tmp_path: Path) -> None:
    one = made("alertmanager", tmp_path)
    several = listed(first_alert(alert_id="a"), first_alert(alert_id="b", severity="info", state="retracted"))
    body = json.loads(one.list_request(several, "group", NOW, plain=False).body)
    assert (body["status"], body["groupKey"], body["receiver"]) == ("firing", "group", "desk")
    assert [alert["status"] for alert in body["alerts"]] == ["firing", "resolved"]
    assert body["commonLabels"]["alertname"] == "first-to-recognize"
    assert "severity" not in body["commonLabels"]
    assert body["alerts"][0]["annotations"]["url"] == "https://a.example/russia?x=1&y=2"


def test_a_message_to_people_holds_what_they_need(tmp_path: Path) -> None:
    for kind in ("discord", "mattermost", "teams", "telegram", "ntfy"):
        text = made(kind, tmp_path).request(first_alert(), receipt(), "k", NOW, plain=False).body.decode()
        text = text.replace("\\\\", "")
        for words in ("Russia recognizes the Taliban government", "First Nation", "a.example", "critical"):
            assert words in text, (kind, words)
        assert "https://a.example/russia?x=1" in text, kind


def test_the_weightiest_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    alerts = [first_alert(alert_id=f"{number}", headline=f"Number {number}", severity="info") for number in range(12)]
    alerts.append(first_alert(alert_id="x", headline="Weighty"))
    for kind in ("discord", "mattermost", "teams", "telegram", "ntfy"):
        body = made(kind, tmp_path).list_request(listed(*alerts, limit=3), "k", NOW, plain=False).body.decode()
        for words in ("13 alerts", "Weighty", "Number 0", "Number 1", "and 10 more"):
            assert words in body, (kind, words)
        assert "Number 2" not in body
        assert body.index("Weighty") < body.index("Number 0")


@pytest.mark.parametrize("kind", ["discord", "mattermost", "teams", "ntfy", "alertmanager", "cloudevents"])
async def test_a_message_is_really_sent(kind: str, tmp_path: Path) -> None:
    async with ScriptedWebhook([Answer(200, body="ok"), Answer(429, {"Retry-After": "3"})]) as server:
        one = receiver(kind, f"{server.url}/topic", tmp_path)
        request = one.request(first_alert(), receipt(), "k", NOW, plain=False)
        assert (await attempt(one, request)).verdict == "delivered"
        refused = await attempt(one, request)
        assert (await attempt(one, request, allow=False)).verdict == "parked"
    assert (refused.verdict, refused.retry_after_seconds) == ("retry", 3.0)
    assert "Russia recognizes" in server.requests[0].body.decode()
    assert len(server.requests) == 2


async def test_a_bot_and_a_pager_are_really_asked(tmp_path: Path) -> None:
    async with ScriptedWebhook([Answer(200, body='{"ok": true, "result": {"message_id": 7}}'), Answer(202)]) as server:
        bot = receiver("telegram", server.url, tmp_path, channel="-1001")
        pager = receiver("pagerduty", server.url, tmp_path)
        sent = await attempt(bot, bot.request(first_alert(), receipt(), "k", NOW, plain=False))
        paged = await attempt(pager, pager.request(first_alert(), receipt(), "k", NOW, plain=False))
    assert (sent.verdict, sent.thread, paged.verdict) == ("delivered", "7", "delivered")
    assert server.requests[0].path == f"/hooks/hush-hush-hush/bot{TOKEN}/sendMessage"
    assert "hush" not in sent.result + paged.result
