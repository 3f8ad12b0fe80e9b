"""ntfy: push messages by topic, on ntfy.sh or a server of one's own.

https://docs.ntfy.sh/publish/#publish-as-json
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.fitting import fitted_bytes
from firstwire.notifier.json_receiver import JsonReceiver
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.receiver import CHAT_PACE, Pace
from firstwire.notifier.receiver_type import ReceiverType, token_of
from firstwire.notifier.rendering import Parts, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, status_verdict
from firstwire.notifier.view import View
from schemas import Alert

MESSAGE_LIMIT_BYTES = 4_000
"""Of 4,096: a longer message would become an attachment."""
TITLE_LIMIT_BYTES = 250
PRIORITIES = {"critical": 5, "warning": 4, "info": 3}


@dataclass(frozen=True)
class NtfyReceiver(JsonReceiver):
    """`url` is the server's address; whoever knows the topic may read it."""

    topic: str = field(default="", repr=False)
    token: str | None = field(default=None, repr=False)
    pace: Pace = CHAT_PACE

    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        lines = plain_lines(parts)[1:]
        body = self._message(parts.title, lines, PRIORITIES[alert.severity])
        click = parts.console or parts.url
        return body if click is None else {**body, "click": click}

    def list_body(self, alerts: AlertList, key: str) -> Any:
        return self._message(alerts.title, list_lines(alerts, self.view)[1:], PRIORITIES[alerts.severity])

    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        return self._message(lines[0], lines[1:], PRIORITIES["info"])

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        return status_verdict(reply, f"{self.url}/{self.topic}/{self.token or ''}", plain=plain)

    def posted(self, body: Any, headers: Mapping[str, str] | None = None) -> Request:
        return super().posted(body, None if self.token is None else {"Authorization": f"Bearer {self.token}"})

    def _message(self, title: str, lines: Sequence[str], priority: int) -> dict[str, Any]:
        message = {"title": fitted_bytes([title], TITLE_LIMIT_BYTES), "priority": priority}
        return {"topic": self.topic, "message": fitted_bytes(lines or [title], MESSAGE_LIMIT_BYTES), **message}


def _configured(section: ReceiverSettings, url: str, view: View) -> NtfyReceiver:
    split = urlsplit(url)
    topic = split.path.strip("/").rpartition("/")[2]
    if not topic:
        raise ConfigError("the URL must end in a topic, as https://ntfy.sh/topic", place=section.place)
    server = url[: url.rindex(topic)].rstrip("/")
    return NtfyReceiver(server, view, topic=topic, token=token_of(section, required=False) or None)


TYPE = ReceiverType("ntfy", _configured, keys=("token",))
