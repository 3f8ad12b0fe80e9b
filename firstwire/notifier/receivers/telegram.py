"""Telegram through a bot: updates answer the first message, which is edited to what holds now.

https://core.telegram.org/bots/api#sendmessage
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, short_lines
from firstwire.notifier.receiver import Pace
from firstwire.notifier.receiver_type import ReceiverType, token_of
from firstwire.notifier.rendering import Parts, parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of, status_verdict
from firstwire.notifier.view import View
from schemas import Alert, Receipt

TITLE_LIMIT = 400
TEXT_LIMIT = 3_500
"""Of 4,096, with the title."""
LINK_LIMIT = 600
TELEGRAM_PACE = Pace(interval_seconds=3.0, burst=3)
"""Twenty messages a minute and group."""


@dataclass(frozen=True)
class TelegramReceiver(JsonReceiver):
    """A chat in which the bot may write. `url` is the address of the Bot API."""

    token: str = field(default="", repr=False)
    chat: str = ""
    pace: Pace = TELEGRAM_PACE

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """As an answer to the first message, if that is on record."""
        body = self.body_of(parts_of(alert, receipt, told, self.view), alert, key, plain=plain)
        if told is not None and told.thread is not None:
            body["reply_parameters"] = {"message_id": int(told.thread), "allow_sending_without_reply": True}
        return self.posted(body)

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """The first message as the whole alert is now; None if it is not on record."""
        if told.thread is None:
            return None
        of_article = Receipt(published_at=receipt.published_at, fetched_at=receipt.fetched_at)
        body = self.alert_body(alert, parts_of(alert, of_article, None, self.view), "")
        return self._called("editMessageText", {**body, "message_id": int(told.thread)})

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        lines = [line for line in plain_lines(parts)[1:] if line != parts.console]
        links = ((parts.url, "read the article"), (parts.console, "open in the console"))
        return self._message(parts.title, lines, links)

    def list_body(self, alerts: AlertList, key: str) -> Any:
        return self._message(alerts.title, short_lines(alerts, self.view))

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return {"chat_id": self.chat, "text": fitted(lines, TEXT_LIMIT)}

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status and the description: a chat that is gone parks, a format that is rejected is sent as text."""
        answer = _json(reply.body)
        secret = f"{self.url}/{self.token}"
        wait = answer.get("parameters", {}).get("retry_after") if isinstance(answer.get("parameters"), dict) else None
        if isinstance(wait, int | float):
            reply = replace(reply, retry_after=str(wait))
        described = str(answer.get("description", "")).lower()
        if reply.status == 400 and ("chat" in described or "rights" in described):
            return ReplyVerdict("parked", result_of(reply, secret), setting="receivers.channel")
        if reply.status == 403:
            return ReplyVerdict("parked", result_of(reply, secret), setting="receivers.channel", probed=True)
        verdict = status_verdict(reply, secret, plain=plain, access="receivers.token")
        message = answer.get("result")
        if verdict.verdict == "delivered" and isinstance(message, dict) and isinstance(message.get("message_id"), int):
            return replace(verdict, result=str(reply.status), thread=str(message["message_id"]))
        return verdict

    def posted(self, body: Any, headers: Mapping[str, str] | None = None) -> Request:
        return self._called("sendMessage", body)

    def _message(
        self, title: str, lines: Sequence[str], links: Sequence[tuple[str | None, str]] = ()
    ) -> dict[str, Any]:
        shown = [
            f'<a href="{html.escape(url)}">{words}</a>'
            for url, words in links
            if url is not None and len(url) <= LINK_LIMIT
        ]
        text = [f"<b>{fitted([title], TITLE_LIMIT, escaped)}</b>", fitted(lines, TEXT_LIMIT, escaped), *shown]
        return {
            "chat_id": self.chat,
            "text": "\n".join(filter(None, text)),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }

    def _called(self, method: str, body: Any) -> Request:
        return replace(super().posted(body), url=f"{self.url}/bot{self.token}/{method}")


def escaped(char: str) -> str:
    """As HTML; an @ is followed by a zero-width space, so that it mentions nobody."""
    return "@\u200b" if char == "@" else html.escape(char)


def _json(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _configured(section: ReceiverSettings, url: str, view: View) -> TelegramReceiver:
    if not section.channel:
        raise ConfigError("a Telegram receiver needs channel, the id of the chat or @channelname", place=section.place)
    return TelegramReceiver(url.rstrip("/"), view, token=token_of(section), chat=section.channel)


TYPE = ReceiverType("telegram", _configured, default_url="https://api.telegram.org", keys=("token", "channel"))
