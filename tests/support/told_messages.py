"""What each type of receiver gets of the one story: the requests themselves, and in a few lines what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, cast

import orjson

from firstwire.config import ReceiverSettings, Secret
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receivers_from
from firstwire.notifier.replies import Request
from tests.support.alerts import NOW
from tests.support.configuration import SECRET
from tests.support.receivers import TOKEN
from tests.support.story import told_story

THREAD = "C024BE91L/1751551360.000100"
"""What Slack answers to the first message of the bot."""


def story_receiver(kind: str, folder: Path, **fields: Any) -> Receiver:
    """A receiver in Berlin, whose messages link to a console."""
    for name, text in (("token", TOKEN), ("secret", SECRET)):
        (folder / name).write_text(text)
    if kind == "slack_bot":
        fields |= {"token": Secret(file=str(folder / "token")), "channel": "C024BE91L"}
    if kind == "email":
        fields |= {"sender": "firstwire@news.example", "recipients": ("desk@news.example",)}
    if kind == "webhook":
        fields |= {"secret": Secret(file=str(folder / "secret"))}
    url = {"email": "smtps://mail.example", "slack_bot": None}.get(kind, "https://service.example/hook")
    section = ReceiverSettings(name="desk", type=kind, url=url, timezone="Europe/Berlin", **fields)
    return receivers_from((section,), console="https://console.example")["desk"]


def story_requests(kind: str, folder: Path) -> Iterator[Request]:
    """All requests of the story in their order, edits of the first message too."""
    one = story_receiver(kind, folder)
    for alert, receipt, known in told_story():
        told = known if known is None or kind != "slack_bot" else replace(known, thread=THREAD)
        if told is not None and (edit := one.edit_request(alert, receipt, told)) is not None:
            yield edit
        key = f"{alert.alert_id}:{alert.revision}:desk"
        yield one.request(alert, receipt, key, NOW, plain=False, told=told)


def mails(folder: Path) -> list[EmailMessage]:
    """The e-mails of the story, read back."""
    parser = BytesParser(policy=default)
    return [cast(EmailMessage, parser.parsebytes(each.body)) for each in story_requests("email", folder)]


def mail_lines(folder: Path) -> list[str]:
    """The headers of each e-mail that say what belongs together."""
    lines = []
    for mail in mails(folder):
        lines.append(f"Subject: {mail['Subject']}")
        lines += [f"  {name}: {mail[name]}" for name in ("Message-ID", "In-Reply-To") if mail[name] is not None]
    return lines


def bot_lines(folder: Path) -> list[str]:
    """Each call of the bot, where it goes, and its first line."""
    lines = []
    for request in story_requests("slack_bot", folder):
        body = orjson.loads(request.body)
        place = "in the thread" if "thread_ts" in body else "in the channel"
        if body.get("reply_broadcast"):
            place += " and in the channel"
        method = request.url.rpartition("/")[2]
        where = "the first message" if method == "chat.update" else place
        lines.append(f"{method}  {where}: {body['text'].partition(chr(10))[0]}")
    return lines


def webhook_lines(folder: Path) -> list[str]:
    """The second event, without the alert and its text, which are long."""
    body = orjson.loads(list(story_requests("webhook", folder))[1].body)
    data = body["data"]
    body["data"] = {key: data[key] for key in ("revision", "changes", "developments", "receipt", "left_out")}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode().splitlines()
