"""Webhooks are signed as Standard Webhooks has it; its reference library is the judge."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import standardwebhooks

from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.events import alert_event, message_id_of
from firstwire.notifier.receivers.webhook import WebhookReceiver
from firstwire.notifier.replies import Reply, retry_after_seconds
from firstwire.notifier.signatures import read_secret, signed
from schemas import Alert
from tests.support.alerts import NOW, TITLE, covering_article, first_alert, grown_alert, later, receipt, told

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
"""Of Svix' tests; its first half is the seed."""
HOOK = WebhookReceiver("https://desk.example/hook/hush-hush", (read_secret(SECRET, "here"),))


def test_the_golden_vectors_of_the_specification_are_reproduced() -> None:
    keys = (read_secret(SECRET, "here"), read_secret(PRIVATE_KEY, "here"))
    assert signed(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')["webhook-signature"] == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= "
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
    )


def test_the_reference_library_verifies_what_is_sent() -> None:
    now = datetime.now(UTC)
    request = HOOK.request(first_alert(state="corrected"), receipt(), "id:1:desk", now, plain=False, told=told())
    body = standardwebhooks.Webhook(SECRET).verify(request.body.decode(), dict(request.headers))
    assert body["type"] == "alert.corrected"
    assert body["timestamp"] == "2025-07-03T14:02:40.180Z"
    assert msgspec.convert(body["data"]["alert"], Alert) == first_alert(state="corrected")
    assert body["data"]["receipt"]["fetched_at"] == "2025-07-03T14:02:40.000Z"
    assert body["data"]["text"].startswith("CORRECTED FIRST  Russia recognizes the Taliban government\n")
    assert "hush" not in repr(HOOK) + repr(request)


def test_during_a_rotation_the_old_and_the_new_secret_verify_a_message() -> None:
    old, new = f"whsec_{base64.b64encode(bytes(32)).decode()}", SECRET
    keys = (read_secret(new, "here"), read_secret(PRIVATE_KEY, "here"), read_secret(old, "here"))
    request = WebhookReceiver("https://desk.example/", keys).request(
        first_alert(), receipt(), "k", datetime.now(UTC), plain=False
    )
    assert [each.split(",")[0] for each in request.headers["webhook-signature"].split()] == ["v1", "v1a", "v1"]
    for secret in (old, new):
        standardwebhooks.Webhook(secret).verify(request.body.decode(), dict(request.headers))
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        other = f"whsec_{base64.b64encode(b'x' * 24).decode()}"
        standardwebhooks.Webhook(other).verify(request.body.decode(), dict(request.headers))


def test_every_attempt_is_the_same_message_with_a_new_signature() -> None:
    first = HOOK.request(first_alert(), receipt(), "id:1:desk", NOW, plain=False)
    again = HOOK.request(
        first_alert(), receipt(delivered_at="2025-07-03T15:00:00.000Z"), "id:1:desk", later(60), plain=False
    )
    assert first.body == again.body
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == message_id_of("id:1:desk")
    assert first.headers["webhook-timestamp"] != again.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]
    assert "." not in first.headers["webhook-id"]
    assert json.loads(first.body)["data"]["receipt"]["delivered_at"] is None


def test_a_webhook_gets_the_developments_that_it_was_not_told() -> None:
    alert = grown_alert(3)
    data = {
        count: json.loads(
            HOOK.request(alert, receipt(), "k", NOW, plain=False, told=None if count is None else told(count)).body
        )
        for count in (None, 0, 1, 3)
    }
    assert {count: body["type"] for count, body in data.items()} == {
        None: "alert.raised", 0: "alert.development", 1: "alert.development", 3: "alert.updated",
    }  # fmt: skip
    assert {count: [each["what"] for each in body["data"]["developments"]] for count, body in data.items()} == {
        None: ["3 dead", "2 dead", "1 dead"], 0: ["3 dead", "2 dead", "1 dead"], 1: ["3 dead", "2 dead"], 3: [],
    }  # fmt: skip
    assert data[1]["data"]["text"].startswith("2 DEVELOPMENTS  Toll rises to 3\n")
    assert msgspec.convert(data[1]["data"]["alert"], Alert) == alert


@pytest.mark.parametrize(
    ("state", "told_before", "kind"),
    [
        ("raised", None, "alert.raised"),
        ("updated", None, "alert.raised"),
        ("corrected", None, "alert.corrected"),
        ("updated", told(origins=1), "alert.updated"),
        ("raised", told(state="retracted"), "alert.updated"),
        ("corrected", told(), "alert.corrected"),
        ("retracted", told(state="corrected"), "alert.retracted"),
    ],
)
def test_the_first_event_of_an_alert_is_that_it_was_raised_unless_it_may_have_been_lost(
    state: Any, told_before: Told | None, kind: str
) -> None:
    body = alert_event(first_alert(state=state, revision=7), receipt(), told_before)
    assert (body["type"], body["data"]["revision"]) == (kind, 7)


def test_a_webhook_gets_what_changed_as_fields_and_as_text() -> None:
    alert = first_alert(
        state="updated", status="asserted", outlets=("a.example", "Radio Kivu"), origins=("a", "b", "c")
    )
    before = told(status="planned", outlets=("a.example",), origins=2)
    data = alert_event(alert, receipt(), before)["data"]
    assert data["changes"] == [
        {"about": "status", "text": "now asserted, before planned"},
        {"about": "outlets", "text": "also Radio Kivu · 3 origins"},
    ]
    assert "• also Radio Kivu · 3 origins" in data["text"].split("\n")
    assert alert_event(alert, receipt())["data"]["changes"] == []


def test_a_webhook_names_the_articles_by_title_outlet_origin_and_times() -> None:
    coverage = (covering_article(1), covering_article(2, origin_id="a1", published_at=None, language="en"))
    alert = alert_event(first_alert(coverage=coverage), receipt())["data"]["alert"]
    assert alert["coverage"][1] == {
        "article_id": "a2",
        "title": f"{TITLE} (2)",
        "url": "https://c.example/2",
        "source": "c.example",
        "language": "en",
        "origin_id": "a1",
        "published_at": None,
        "fetched_at": "2025-07-03T14:02:02.000Z",
    }


def test_keys_differ_in_their_ids() -> None:
    assert len({message_id_of(key) for key in ("a:1:x", "a:2:x", "a:1:y")}) == 3


@pytest.mark.parametrize("size", [24, 32, 64])
def test_secrets_of_24_to_64_bytes_are_read_padded_or_not(size: int) -> None:
    encoded = base64.b64encode(bytes(size)).decode()
    assert read_secret(f"whsec_{encoded}", "here").key == bytes(size)
    assert read_secret(f" whsec_{encoded.rstrip('=')}\n", "here").key == bytes(size)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "must begin with whsec_"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "must begin with whsec_"),
        ("whsk_" + base64.b64encode(bytes(15)).decode(), "the private key has 15 bytes and must have 32 or 64"),
        ("whsk_" + base64.b64encode(bytes(64)).decode(), "does not belong to the public key"),
        ("whpk_6Xb/dCcHpPea21PS1N9VY", "must begin with whsec_ or whsk_"),
        ("whsec_", "0 bytes"),
        ("whsec_" + base64.b64encode(bytes(23)).decode(), "23 bytes"),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "65 bytes"),
        ("whsec_not base64 at all!", "not base64"),
        ("whsec_ключ", "not base64"),
    ],
)
def test_a_wrong_secret_is_explained_and_never_shown(secret: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        read_secret(secret, "receiver 'desk'")
    assert str(caught.value).startswith("receiver 'desk': ")
    assert len(secret) < 10 or secret[6:] not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "verdict", "pauses"),
    [
        (200, "delivered", False),
        (202, "delivered", False),
        (204, "delivered", False),
        (301, "retry", False),
        (307, "retry", False),
        (400, "retry", False),
        (401, "parked", False),
        (403, "parked", False),
        (404, "parked", False),
        (405, "parked", False),
        (410, "parked", False),
        (429, "retry", True),
        (500, "retry", False),
        (502, "retry", False),
    ],
)
def test_only_2xx_is_delivered_and_what_is_wrong_there_is_parked(status: int, verdict: str, pauses: bool) -> None:
    judgement = HOOK.judge(Reply(status, "", NOW, "7"), plain=False)
    assert (judgement.verdict, judgement.pauses) == (verdict, pauses)
    assert judgement.retry_after_seconds == (7.0 if verdict == "retry" else None)
    assert judgement.probed is (verdict == "parked" and status != 410), "410 asks for no further request"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0.0),
        ("12", 12.0),
        (" 0.376 ", 0.376),
        ("9" * 17, 86400.0),
        ("9" * 400, None),
        ("Thu, 03 Jul 2025 14:03:41 GMT", 60.0),
        ("Thu, 03 Jul 2025 14:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86400.0),
        ("Thu, 99 Jul 2025 14:03:41 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds
