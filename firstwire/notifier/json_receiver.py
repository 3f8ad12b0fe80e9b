"""What receivers of JSON have in common: each kind of message is one body, sent by POST. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.rendering import Parts, parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, status_verdict
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt


@dataclass(frozen=True)
class JsonReceiver(ABC):
    """A receiver whose messages are JSON documents to one URL. `url` may be a secret."""

    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = True

    @abstractmethod
    def alert_body(self, alert: Alert, parts: Parts, key: str) -> Any:
        """One alert, or what is new about it."""

    @abstractmethod
    def list_body(self, alerts: AlertList, key: str) -> Any:
        """Several alerts."""

    @abstractmethod
    def lines_body(self, lines: Sequence[str], key: str) -> Any:
        """Plain text: a notice, or what is left when the format was rejected."""

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """The alert in the receiver's format, or as lines if `plain`."""
        return self.posted(self.body_of(parts_of(alert, receipt, told, self.view), alert, key, plain=plain))

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """The alerts in the receiver's format, or as lines if `plain`."""
        body = self.lines_body(list_lines(alerts, self.view), key) if plain else self.list_body(alerts, key)
        return self.posted(body)

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """The notice as lines."""
        return self.posted(self.lines_body(notice_lines(notice), key))

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: every message stays as it was."""
        return None

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status alone."""
        return status_verdict(reply, self.url, plain=plain)

    def body_of(self, parts: Parts, alert: Alert, key: str, *, plain: bool) -> Any:
        """The body of one alert."""
        return self.lines_body(plain_lines(parts), key) if plain else self.alert_body(alert, parts, key)

    def posted(self, body: Any, headers: Mapping[str, str] | None = None) -> Request:
        """The body as JSON to the URL."""
        return Request(self.url, orjson.dumps(body), {"Content-Type": "application/json", **(headers or {})})
