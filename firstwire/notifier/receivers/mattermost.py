"""Mattermost through an incoming webhook: a message attachment.

https://developers.mattermost.com/integrate/webhooks/incoming/ and /integrate/reference/message-attachments/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, short_lines
from firstwire.notifier.receiver import CHAT_PACE, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import Parts, plain_lines
from schemas import Alert

TEXT_LIMIT = 12_000
"""Of a post's 16,383 characters; the rest is for the attachment's other fields."""
TITLE_LIMIT = 400
COLORS = {"critical": "#c0392b", "warning": "#d68910", "info": "#2e86c1"}
_MARKS = frozenset("\\*_~`|<>[]()#!-")


@dataclass(frozen=True)
class MattermostReceiver(JsonReceiver):
    """A channel's incoming webhook."""

    pace: Pace = CHAT_PACE

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        title = fitted([parts.title], TITLE_LIMIT, escaped)
        lines = [line for line in plain_lines(parts)[1:] if line != parts.console]
        attachment: dict[str, Any] = {
            "fallback": title,
            "color": COLORS[alert.severity],
            "title": title,
            "text": fitted(lines, TEXT_LIMIT, escaped),
        }
        if (url := parts.url or parts.console) is not None:
            attachment["title_link"] = url
        return {"attachments": [attachment]}

    def list_body(self, alerts: AlertList, key: str) -> Any:
        attachment = {
            "fallback": alerts.title,
            "color": COLORS[alerts.severity],
            "title": alerts.title,
            "text": fitted(short_lines(alerts, self.view), TEXT_LIMIT, escaped),
        }
        return {"attachments": [attachment]}

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return {"text": fitted(lines, TEXT_LIMIT, escaped)}


def escaped(char: str) -> str:
    """No character formats or links; a zero-width space behind an @ keeps @channel from calling everybody."""
    if char == "@":
        return "@\u200b"
    return f"\\{char}" if char in _MARKS else char


TYPE = ReceiverType("mattermost", lambda section, url, view: MattermostReceiver(url, view))
