"""A receiver of every type, and what each of its messages must keep to, whatever a publisher or a server wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from types import MappingProxyType
from typing import Any

import standardwebhooks

from firstwire.config import Secret
from firstwire.notifier.fitting import length
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.replies import Request
from tests.support import chat
from tests.support.configuration import SECRET
from tests.support.receivers import TOKEN, receiver

FIELDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        **chat.FIELDS,
        "apprise": {"url": f"json://desk.example/{TOKEN}"},
        "email": {
            "url": "smtps://mail.example",
            "sender": "firstwire@news.example",
            "recipients": ("ada@news.example", "bob@news.example"),
        },
        "file": {"url": "file:///tmp/alerts.jsonl"},
        "slack": {"url": f"https://slack.example/{TOKEN}"},
        "slack_bot": {"url": None, "channel": "C1"},
        "webhook": {"url": f"https://desk.example/{TOKEN}"},
    }
)
_SLACK_LINK = re.compile(r"<https?://[^<>|\s]+\|(?:read the article|open in the console)>")


def made(kind: str, folder: Path) -> Receiver:
    """A receiver of a type, with whatever that needs."""
    fields = dict(FIELDS[kind])
    if kind == "webhook":
        (folder / "secret").write_text(SECRET)
        fields["secret"] = Secret(file=str(folder / "secret"))
    return receiver(kind, fields.pop("url"), folder, **fields)


def check(kind: str, request: Request) -> None:
    """Raise an error unless the request keeps the format and the limits of its service, and shows no secret."""
    assert TOKEN not in repr(request)
    if (others := _CHECKS.get(kind)) is not None:
        others(request)
    else:
        chat.CHECKS[kind](request, json.loads(request.body))


def check_slack(message: dict[str, Any]) -> None:
    """The limits of docs.slack.dev/reference/block-kit/blocks, and no markup but our own."""
    assert 1 <= len(message["blocks"]) <= 50
    for block in message["blocks"]:
        if block["type"] == "header":
            assert block["text"]["type"] == "plain_text"
            assert 1 <= length(block["text"]["text"]) <= 150
        elif block["type"] == "section":
            assert 1 <= length(block["text"]["text"]) <= 3000
        else:
            assert block["type"] == "context"
            assert 1 <= len(block["elements"]) <= 10
            assert all(1 <= length(element["text"]) <= 3000 for element in block["elements"])
    shown = texts_of(message)
    assert sum(length(text["text"]) for text in shown) <= 13_200
    for text in shown:
        _check_slack_text(text["text"])
    assert all(text.get("verbatim") is True for text in shown if text["type"] == "mrkdwn")
    check_slack_alone(message)


def check_slack_alone(message: dict[str, Any]) -> None:
    """What holds of a message without blocks too."""
    assert 1 <= length(message["text"]) <= 4000
    _check_slack_text(message["text"])
    if "ts" not in message:  # an edit unfurls nothing
        assert message["unfurl_links"] is False


def texts_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The texts of all blocks."""
    texts = []
    for block in message["blocks"]:
        texts += [block["text"]] if "text" in block else block["elements"]
    return texts


def _check_slack_text(text: str) -> None:
    bare = _SLACK_LINK.sub("", text)
    assert "<" not in bare
    assert ">" not in bare
    assert not re.search(r"&(?!amp;|lt;|gt;)", bare)
    assert not set(text) & set("\u202e\x00\x1b\u2066")


def parsed_mail(body: bytes) -> Any:
    """As Python's own parser reads it."""
    return BytesParser(policy=default).parsebytes(body)


def check_email(request: Request) -> None:
    """It is read back without defects, has no header of a stranger, no script and no line that is too long."""
    message = parsed_mail(request.body)
    assert not message.defects
    assert message["Bcc"] is None
    assert 1 <= len(message["Subject"]) <= 200
    assert not message["Subject"].defects
    heads = request.body.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in heads.split(b"\r\n"))
    assert message.get_body(("plain",)).get_content().strip()
    page = message.get_body(("html",))
    assert page is None or "<script" not in page.get_content().lower()
    assert all(len(line) <= 998 for line in request.body.split(b"\r\n"))


def check_webhook(request: Request) -> None:
    """The reference library verifies it: signature, time, and that it is JSON."""
    event = standardwebhooks.Webhook(SECRET).verify(request.body.decode(), dict(request.headers))
    assert {"type", "timestamp", "data"} <= event.keys()
    assert "." not in request.headers["webhook-id"]


def check_apprise(request: Request) -> None:
    """What most services take, and nothing that one of them takes for a mention."""
    body = json.loads(request.body)
    assert 0 < len(body["title"]) <= 250
    assert 0 < len(body["body"]) <= 4_000
    assert not re.search(r"@(?!\u200b)|<(?!\u200b)", body["title"] + " " + body["body"])


def check_file(request: Request) -> None:
    """Each line is one event."""
    lines = request.body.split(b"\n")
    assert lines.pop() == b""
    for line in lines:
        assert {"id", "type", "timestamp", "data"} <= json.loads(line).keys()


def _check_slack_request(request: Request) -> None:
    message = json.loads(request.body)
    (check_slack if "blocks" in message else check_slack_alone)(message)


_CHECKS: Mapping[str, Callable[[Request], None]] = MappingProxyType(
    {
        "apprise": check_apprise,
        "email": check_email,
        "file": check_file,
        "slack": _check_slack_request,
        "slack_bot": _check_slack_request,
        "webhook": check_webhook,
    }
)
