"""A message about the notifier itself, at every type of receiver."""

from __future__ import annotations

import orjson
import standardwebhooks

from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.notices import notice_lines, parked_notices
from firstwire.notifier.receivers.slack import SlackReceiver
from firstwire.notifier.receivers.webhook import WebhookReceiver
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt
from firstwire.notifier.signatures import read_secret
from schemas import Notice
from tests.support.alerts import NOW, first_alert, receipt
from tests.support.configuration import SECRET


def parked() -> LoggedDelivery:
    verdict = ReplyVerdict("parked", "404 <!channel> no_service", setting="receivers.url")
    return after_attempt(new_entry(first_alert(), "desk", receipt()), verdict, NOW, NOW, 9).entry


def notice() -> Notice:
    (entry,) = parked_notices(parked(), "receivers.url", ["ops"], NOW)
    assert entry.delivery.notice is not None
    return entry.delivery.notice


def test_it_says_which_receiver_why_and_what_to_do() -> None:
    title, reason, advice = notice_lines(notice())
    assert title == "FIRSTWIRE  Nothing can be delivered to the receiver desk"
    assert reason == "Reason: 404 <!channel> no_service"
    assert "receivers.url" in advice
    assert "firstwire deliveries redrive --receiver desk" in advice


def test_each_receiver_gets_its_own_delivery_of_it_under_one_id() -> None:
    entries = parked_notices(parked(), "receivers.url", ["ops", "night"], NOW)
    assert [entry.delivery.destination for entry in entries] == ["ops", "night"]
    assert len({entry.delivery.alert_id for entry in entries}) == 1
    assert {(entry.delivery.state, entry.delivery.alert) for entry in entries} == {("pending", None)}


def test_slack_gets_it_as_text_that_mentions_nobody() -> None:
    message = orjson.loads(SlackReceiver("https://hooks.slack.example/x").notice_request(notice(), "k", NOW).body)
    assert message["text"].startswith("FIRSTWIRE  Nothing can be delivered")
    assert "&lt;!channel&gt;" in message["text"]
    assert (message["mrkdwn"], "blocks" in message) == (False, False)


def test_a_webhook_gets_it_signed_as_an_event_of_its_kind() -> None:
    request = WebhookReceiver("https://x.example/", (read_secret(SECRET, "here"),)).notice_request(notice(), "k", NOW)
    hook = standardwebhooks.Webhook(SECRET)
    assert hook.sign(request.headers["webhook-id"], NOW, request.body.decode()) == request.headers["webhook-signature"]
    assert orjson.loads(request.body) == {
        "type": "receiver.parked",
        "timestamp": "2025-07-03T14:02:41.000Z",
        "data": {"text": "\n".join(notice_lines(notice()))},
    }
