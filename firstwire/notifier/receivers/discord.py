"""Discord through a webhook: an embed for each message.

https://discord.com/developers/docs/resources/webhook#execute-webhook; the limits:
https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from firstwire.notifier.fitting import fitted
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, short_lines
from firstwire.notifier.receiver import Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.rendering import Parts, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict
from schemas import Alert

TITLE_LIMIT = 256
DESCRIPTION_LIMIT = 4_096
CONTENT_LIMIT = 2_000
FOOTER_LIMIT = 300
DISCORD_PACE = Pace(interval_seconds=2.0, burst=3)
"""Thirty messages a minute and channel."""

COLORS = {"critical": 0xC0392B, "warning": 0xD68910, "info": 0x2E86C1}
_MARKS = frozenset("\\*_~`|<>[]()#@:-")


@dataclass(frozen=True)
class DiscordReceiver(JsonReceiver):
    """A channel's webhook."""

    pace: Pace = DISCORD_PACE

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        lines = [line for line in plain_lines(parts)[1:] if line not in (parts.console, f"Why: {parts.why}")]
        embed: dict[str, Any] = {
            "title": fitted([parts.title], TITLE_LIMIT),
            "description": fitted(lines, DESCRIPTION_LIMIT, escaped),
            "color": COLORS[alert.severity],
            "footer": {"text": fitted([parts.why], FOOTER_LIMIT)},
        }
        if (url := parts.url or parts.console) is not None:
            embed["url"] = url
        return _message(embeds=[embed])

    def list_body(self, alerts: AlertList, key: str) -> Any:
        embed = {
            "title": fitted([alerts.title], TITLE_LIMIT),
            "description": fitted(short_lines(alerts, self.view), DESCRIPTION_LIMIT, escaped),
            "color": COLORS[alerts.severity],
        }
        return _message(embeds=[embed])

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return _message(content=fitted(lines, CONTENT_LIMIT, escaped))

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status; the pause that Discord asks for stands in the body, to the millisecond."""
        if reply.status == 429 and (wait := _retry_after(reply.body)) is not None:
            reply = replace(reply, retry_after=f"{wait:.3f}")
        return super().judge(reply, plain=plain)


def escaped(char: str) -> str:
    """No character formats, links or mentions."""
    return f"\\{char}" if char in _MARKS else char


def _message(**content: Any) -> dict[str, Any]:
    return {**content, "allowed_mentions": {"parse": []}}


def _retry_after(body: str) -> float | None:
    try:
        wait = json.loads(body)["retry_after"]
    except (ValueError, KeyError, TypeError):
        return None
    return float(wait) if isinstance(wait, int | float) and wait >= 0 else None


TYPE = ReceiverType("discord", lambda section, url, view: DiscordReceiver(url, view))
