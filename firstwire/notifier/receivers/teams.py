"""Microsoft Teams through a workflow's webhook: an Adaptive Card.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, items_of
from firstwire.notifier.receiver import CHAT_PACE, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import Parts, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict
from schemas import Alert

TITLE_LIMIT = 400
TEXT_LIMIT = 6_000
"""A message has 28 KB at most, and a character three bytes and an escape."""
COLORS = {"critical": "attention", "warning": "warning", "info": "accent"}
_MARKS = frozenset("\\*_~`|<>[]()#-")


@dataclass(frozen=True)
class TeamsReceiver(JsonReceiver):
    """A workflow that posts what it gets in a channel or chat."""

    pace: Pace = CHAT_PACE

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        lines = [line for line in plain_lines(parts)[1:] if line != parts.console]
        links = [("Read the article", parts.url), ("Open in the console", parts.console)]
        return card(parts.title, lines, COLORS[alert.severity], links)

    def list_body(self, alerts: AlertList, key: str) -> Any:
        lines = [line for item in items_of(alerts, self.view) for line in (f"• {item.headline}", item.details)]
        lines += [] if alerts.more is None else [alerts.more]
        return card(alerts.title, lines, COLORS[alerts.severity])

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return card(lines[0], lines[1:], "default")

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status; an older connector says 200 and in the body that it was asked too often."""
        if reply.status == 200 and "429" in reply.body:
            reply = Reply(429, reply.body, reply.received_at, reply.retry_after)
        return super().judge(reply, plain=plain)


def card(title: str, lines: Sequence[str], color: str, links: Sequence[tuple[str, str | None]] = ()) -> dict[str, Any]:
    """A message with one card: a title, a text and buttons."""
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [
            {
                "type": "TextBlock",
                "text": fitted([title], TITLE_LIMIT, escaped),
                "weight": "bolder",
                "size": "medium",
                "color": color,
                "wrap": True,
            },
            # In a text block one line break is none
            {"type": "TextBlock", "text": fitted(lines, TEXT_LIMIT, escaped).replace("\n", "\n\n"), "wrap": True},
        ],
    }
    actions = [{"type": "Action.OpenUrl", "title": words, "url": url} for words, url in links if url is not None]
    if actions:
        content["actions"] = actions
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def escaped(char: str) -> str:
    """No character formats or links."""
    return f"\\{char}" if char in _MARKS else char


TYPE = ReceiverType("teams", lambda section, url, view: TeamsReceiver(url, view))
