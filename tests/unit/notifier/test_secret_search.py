"""The search for secrets finds each that is planted, in every form and place, and nothing else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from firstwire.broker.reader import Received
from firstwire.config import ReceiverSettings, Secret, Settings
from schemas.codec import encode
from tests.support.alerts import first_alert
from tests.support.secret_search import PIECE_BYTES, SecretSearch, secrets_of

PASSWORD = 'pass"word/ä?&=%\\1'


def record(**changes: object) -> Received:
    alert = first_alert()
    fields: dict[str, object] = {
        "topic": "storm.deliveries",
        "partition": 0,
        "offset": 7,
        "key": alert.alert_id,
        "value": encode(alert),
        "headers": (("alerted_at", b"2025-07-03T14:02:40.180Z"),),
        "timestamp_ms": 0,
    }
    return Received(**{**fields, **changes})  # type: ignore[arg-type]


def searched(one: Received) -> list[str]:
    search = SecretSearch(["another-secret", PASSWORD])
    search.look_at_record(one)
    return search.found


@pytest.mark.parametrize(
    "planted",
    [
        PASSWORD.encode(),
        quote(PASSWORD, safe="").encode(),
        quote(PASSWORD).encode(),
        json.dumps({"url": f"https://desk.example/{PASSWORD}"}).encode(),
        json.dumps({"url": PASSWORD}, ensure_ascii=False).encode(),
        *(base64.b64encode(f"{login}:{PASSWORD}".encode()) for login in ("a", "ad", "ada")),
        *(base64.urlsafe_b64encode(f"{login}:{PASSWORD}, and more".encode()) for login in ("a", "ad", "ada")),
    ],
)
def test_a_secret_planted_in_a_record_is_found_in_every_form(planted: bytes) -> None:
    found = ["secret 2 in storm.deliveries 0:7"]
    assert searched(record(value=b'{"result": "404 ' + planted + b'"}')) == found
    assert searched(record(headers=(("error", b"at " + planted),))) == found
    assert searched(record(key=f"id:{planted.decode()}:desk")) == found


def test_a_record_without_a_secret_is_clean() -> None:
    assert searched(record()) == searched(record(value=None)) == []


def test_a_secret_is_found_where_two_pieces_of_a_file_meet(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * (PIECE_BYTES - 5) + PASSWORD.encode() + b"y" * 100)
    search = SecretSearch([PASSWORD])
    search.look_at_file(log)
    assert search.found == ["secret 1 in log"]
    assert search.searched == log.stat().st_size


def test_the_secrets_of_a_configuration_are_parts_of_addresses_keys_tokens_and_passwords(tmp_path: Path) -> None:
    for name, text in (("key", "whsec_a-signing-key"), ("token", "a-token-of-a-bot"), ("password", PASSWORD)):
        (tmp_path / name).write_text(text)

    def file(name: str) -> Secret:
        return Secret(file=str(tmp_path / name))

    receivers = (
        ReceiverSettings(
            name="desk",
            type="webhook",
            url="https://a.example/hooks/first-secret-part?key=second%2Fsecret",
            secret=file("key"),
        ),
        ReceiverSettings(name="bot", type="slack_bot", token=file("token"), channel="C1"),
        ReceiverSettings(
            name="mail", type="email", url="smtps://mail.example", username="ada", password=file("password")
        ),
    )
    assert secrets_of(Settings(receivers=receivers)) == [
        "first-secret-part",
        "second/secret",
        "whsec_a-signing-key",
        "a-signing-key",
        "a-token-of-a-bot",
        PASSWORD,
    ]
