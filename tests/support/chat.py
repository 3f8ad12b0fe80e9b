"""Receivers of JSON, what they are made of, and the limits of their services, which every message must keep to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from firstwire.notifier.receiver import Receiver
from firstwire.notifier.replies import Request
from tests.support.receivers import TOKEN, receiver

FIELDS: dict[str, dict[str, Any]] = {
    "discord": {"url": "https://discord.example/api/webhooks/1/hush-hush-hush"},
    "mattermost": {"url": "https://mattermost.example/hooks/hush-hush-hush"},
    "teams": {"url": "https://teams.example/workflows/hush-hush-hush"},
    "telegram": {"url": None, "channel": "-1001"},
    "ntfy": {"url": "https://ntfy.example/hush-hush-hush"},
    "pagerduty": {"url": None},
    "alertmanager": {"url": "https://alerts.example/hush-hush-hush"},
    "cloudevents": {"url": "https://events.example/hush-hush-hush"},
}
HOSTILE = [
    "@everyone @here <!channel> <@U1> @channel <@&1>",
    "**bold** [link](https://evil.example) `code` # head",
    "<b>bold</b><script>alert(1)</script> &amp;",
    "{{ template }} ${x} %s \\",
    "\u202etxet\u202c\x00\x1b[31mred\r\nSubject: x",
    "𝒲" * 400,
    "\\" * 3_000,
    "_*[]()~`>#+-=|{}.!" * 200,
]


def made(kind: str, folder: Path) -> Receiver:
    fields = dict(FIELDS[kind])
    return receiver(kind, fields.pop("url"), folder, **fields)


def units(text: str) -> int:
    """UTF-16 units, as some services count."""
    return len(text.encode("utf-16-le")) // 2


def check_discord(request: Request, body: Any) -> None:
    assert body["allowed_mentions"] == {"parse": []}
    assert units(body.get("content", "")) <= 2_000
    for embed in body.get("embeds", ()):
        assert units(embed["title"]) <= 256
        assert units(embed["description"]) <= 4_096
        assert units(embed.get("footer", {}).get("text", "")) <= 2_048
    assert body.get("content") or body["embeds"]


def check_mattermost(request: Request, body: Any) -> None:
    texts = [body.get("text", ""), *(each["text"] for each in body.get("attachments", ()))]
    assert units("".join(texts)) <= 16_383
    assert "@channel" not in json.dumps(body)
    assert "@here" not in json.dumps(body)


def check_teams(request: Request, body: Any) -> None:
    assert len(request.body) <= 28_000
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    for action in attachment["content"].get("actions", ()):
        assert action["url"].startswith("https://")


def check_telegram(request: Request, body: Any) -> None:
    assert units(body["text"]) <= 4_096 + 2 * 700, "addresses of links do not count"
    assert TOKEN not in request.body.decode()
    if body.get("parse_mode") == "HTML":
        assert "<script" not in body["text"]
        assert body["text"].count("<b>") == body["text"].count("</b>") == 1


def check_ntfy(request: Request, body: Any) -> None:
    assert len(body["title"].encode()) <= 250
    assert 0 < len(body["message"].encode()) <= 4_096
    assert body["priority"] in range(1, 6)
    assert body["topic"] == "hush-hush-hush"


def check_pagerduty(request: Request, body: Any) -> None:
    assert len(body["payload"]["summary"]) <= 1_024
    assert len(body["dedup_key"]) <= 255
    assert len(request.body) <= 512_000
    assert body["payload"]["severity"] in ("critical", "error", "warning", "info")


def check_alertmanager(request: Request, body: Any) -> None:
    keys = (
        "version groupKey truncatedAlerts status receiver groupLabels commonLabels commonAnnotations externalURL alerts"
    )
    assert list(body) == keys.split()
    for alert in body["alerts"]:
        assert all(isinstance(value, str) for value in (*alert["labels"].values(), *alert["annotations"].values()))


def check_cloudevents(request: Request, body: Any) -> None:
    for event in body if isinstance(body, list) else [body]:
        assert event["specversion"] == "1.0"
        assert {"id", "source", "type", "time", "data"} <= event.keys()


CHECKS: dict[str, Callable[[Request, Any], None]] = {
    name: globals()[f"check_{name}"] for name in FIELDS
}  # a type without a check of its limits fails here
