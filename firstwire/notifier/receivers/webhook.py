"""Webhooks by the Standard Webhooks specification: the signed request, and what replies mean.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.event_size import LIST_TEXT_LIMIT_BYTES
from firstwire.notifier.events import alert_event, list_events, message_id_of, notice_event
from firstwire.notifier.fitting import fitted_bytes
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of, retry_after_seconds
from firstwire.notifier.signatures import SigningKey, read_secret, signed
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

_WRONG_THERE = {
    401: "receivers.secret",
    403: "receivers.secret",
    404: "receivers.url",
    405: "receivers.url",
    410: "receivers.url",
}
"""Replies that say that the place or the key is wrong, and the setting that says so."""


@dataclass(frozen=True)
class WebhookReceiver:
    """One URL with its signing keys: the one in use, and during a rotation the one before."""

    url: str = field(repr=False)
    keys: tuple[SigningKey, ...] = field(repr=False)
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = False

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """The alert's record and receipt as JSON. The body is the same on every attempt; the signature covers `now`."""
        return self._signed(alert_event(alert, receipt, told, self.view), key, now)

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """`{type: alert.group, timestamp, data: {occasion, text, alerts}}` with each alert's event, all of them."""
        events = list_events(alerts, self.view)
        text = fitted_bytes(list_lines(alerts, self.view), LIST_TEXT_LIMIT_BYTES)
        data = {"occasion": alerts.occasion, "text": text, "alerts": events}
        newest = max(each["timestamp"] for each in events)
        return self._signed({"type": "alert.group", "timestamp": newest, "data": data}, key, now)

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: every event stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """`{type, timestamp, data: {text}}`, signed like an alert."""
        return self._signed(notice_event(notice), key, now)

    def judge(self, reply: Reply, *, plain: bool) -> ReplyVerdict:
        """Delivered only for a 2xx; parked if such requests are wrong there; all else, redirects too, is retried."""
        result = result_of(reply, self.url)
        if 200 <= reply.status < 300:
            return ReplyVerdict("delivered", result)
        if reply.status in _WRONG_THERE:
            # 410 means for good, and the specification asks to stop; the others may be a deployment's hour
            return ReplyVerdict("parked", result, setting=_WRONG_THERE[reply.status], probed=reply.status != 410)
        wait = retry_after_seconds(reply.retry_after, reply.received_at)
        return ReplyVerdict("retry", result, wait, pauses=reply.status == 429)

    def _signed(self, event: dict[str, Any], key: str, now: datetime) -> Request:
        body, message_id = orjson.dumps(event), message_id_of(key)
        headers = signed(self.keys, message_id, int(now.timestamp()), body)
        return Request(self.url, body, {"Content-Type": "application/json", **headers})


def _configured(section: ReceiverSettings, url: str, view: View) -> WebhookReceiver:
    if section.secret is None:
        raise ConfigError('a webhook needs secret = { env = "NAME" } or { file = "/path" }', place=section.place)
    secrets = (section.secret, *(() if section.old_secret is None else (section.old_secret,)))
    return WebhookReceiver(url, tuple(read_secret(each.read(section.place), section.place) for each in secrets), view)


TYPE = ReceiverType("webhook", _configured, keys=("secret", "old_secret"))
