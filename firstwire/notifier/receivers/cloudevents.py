"""CloudEvents 1.0 over HTTP in structured mode; several alerts as a batch.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from firstwire.notifier.changes import Told
from firstwire.notifier.events import alert_event, list_events, message_id_of, notice_event
from firstwire.notifier.listing import AlertList
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, status_verdict
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

SOURCE = "/firstwire"


@dataclass(frozen=True)
class CloudEventsReceiver:
    """One URL."""

    url: str = field(repr=False)
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = False

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """An event of the type `firstwire.alert.raised` or the like, the same on every attempt."""
        event = alert_event(alert, receipt, told, self.view)
        return self._posted("cloudevents", _cloud_event(event, message_id_of(key), alert.alert_id))

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """A batch of events, one for each alert."""
        events = [
            _cloud_event(event, message_id_of(f"{key}:{each.alert.alert_id}"), each.alert.alert_id)
            for each, event in zip(alerts.alerts, list_events(alerts, self.view), strict=True)
        ]
        return self._posted("cloudevents-batch", events)

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: every event stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """An event of the type `firstwire.receiver.parked` or the like."""
        return self._posted("cloudevents", _cloud_event(notice_event(notice), message_id_of(key), None))

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """By the status."""
        return status_verdict(reply, self.url, plain=True)

    def _posted(self, kind: str, body: Any) -> Request:
        return Request(self.url, orjson.dumps(body), {"Content-Type": f"application/{kind}+json; charset=utf-8"})


def _cloud_event(event: dict[str, Any], event_id: str, subject: str | None) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": f"firstwire.{event['type']}",
        "time": event["timestamp"],
        **({} if subject is None else {"subject": subject}),
        "datacontenttype": "application/json",
        "data": event["data"],
    }


TYPE = ReceiverType("cloudevents", lambda section, url, view: CloudEventsReceiver(url, view))
