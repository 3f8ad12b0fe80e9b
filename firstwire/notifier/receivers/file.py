"""A file on this host: one line of JSON for each event, like the body of a webhook, with its `id`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from firstwire.notifier.changes import Told
from firstwire.notifier.events import alert_event, list_events, message_id_of, notice_event
from firstwire.notifier.listing import AlertList
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt


@dataclass(frozen=True)
class FileReceiver:
    """`url` is `file:///path`. After a crash a line may come twice, under the same `id`."""

    url: str
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = False

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """One line."""
        return self._lines([_line(message_id_of(key), alert_event(alert, receipt, told, self.view))])

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """A line for each alert."""
        return self._lines(
            [
                _line(message_id_of(f"{key}:{each.alert.alert_id}"), event)
                for each, event in zip(alerts.alerts, list_events(alerts, self.view), strict=True)
            ]
        )

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: every line stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """One line."""
        return self._lines([_line(message_id_of(key), notice_event(notice))])

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """Written, or tried again: a disk that is full or a folder that is missing may be mended meanwhile."""
        if reply.status == 200:
            return ReplyVerdict("delivered", "written")
        return ReplyVerdict("retry", reply.body)

    def _lines(self, lines: list[bytes]) -> Request:
        return Request(self.url, b"".join(lines), {})


def _line(event_id: str, event: dict[str, Any]) -> bytes:
    return orjson.dumps({"id": event_id, **event}, option=orjson.OPT_APPEND_NEWLINE)


TYPE = ReceiverType("file", lambda section, url, view: FileReceiver(url, view), schemes=("file",))
