"""Webhooks by the Standard Webhooks specification: the signed request, and what replies mean.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import msgspec
import orjson

from firstwire.config import ReceiverSettings
from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.errors import ConfigError
from firstwire.notifier.changes import Told
from firstwire.notifier.listing import AlertList, list_lines
from firstwire.notifier.news import News, news_of
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.receiver import UNLIMITED, Pace
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, result_of, retry_after_seconds
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt

SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's prefix, no secret
SECRET_BYTES = range(24, 65)

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
    """One URL with its signing key."""

    url: str = field(repr=False)
    key: bytes = field(repr=False)
    view: View = IN_UTC
    pace: Pace = UNLIMITED
    gathers: bool = False

    @classmethod
    def configured(cls, section: ReceiverSettings, url: str, view: View) -> Self:
        """The receiver of these settings. Raises ConfigError if its secret is missing or wrong."""
        if section.secret is None:
            raise ConfigError('a webhook needs secret = { env = "NAME" } or { file = "/path" }', place=section.place)
        return cls(url, read_secret(section.secret.read(section.place), section.place), view)

    def request(
        self, alert: Alert, receipt: Receipt, key: str, now: datetime, *, plain: bool, told: Told | None = None
    ) -> Request:
        """The alert's record and receipt as JSON. The body is the same on every attempt; the signature covers `now`."""
        return self._signed(body_of(alert, receipt, told, self.view), key, now)

    def list_request(self, alerts: AlertList, key: str, now: datetime, *, plain: bool) -> Request:
        """One event of the type `alert.group` with each alert as it would be sent alone."""
        return self._signed(list_body(alerts, self.view), key, now)

    def edit_request(self, alert: Alert, receipt: Receipt, told: Told) -> Request | None:
        """None: every event stays."""
        return None

    def notice_request(self, notice: Notice, key: str, now: datetime) -> Request:
        """`{type, timestamp, data: {text}}`, signed like an alert."""
        return self._signed(notice_body(notice), key, now)

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

    def _signed(self, body: bytes, key: str, now: datetime) -> Request:
        message_id, timestamp = message_id_of(key), int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self.key, message_id, timestamp, body),
        }
        return Request(self.url, body, headers)


def body_of(alert: Alert, receipt: Receipt, told: Told | None = None, view: View = IN_UTC) -> bytes:
    """`{type, timestamp, data: {revision, text, changes, developments, alert, receipt}}`, byte-equal in every attempt.

    `text` is the message in lines; `changes` are those of the alert since this receiver was told, `developments` those
    that it was not told, the newest first.
    """
    return orjson.dumps(_event(alert, receipt, told, view))


def list_body(alerts: AlertList, view: View = IN_UTC) -> bytes:
    """`{type: alert.group, timestamp, data: {occasion, text, alerts: [{type, timestamp, data}]}}`, all of them."""
    events = [_event(each.alert, each.receipt, each.told, view) for each in alerts.alerts]
    text = "\n".join(list_lines(alerts, view))
    data = {"occasion": alerts.occasion, "text": text, "alerts": events}
    return orjson.dumps({"type": "alert.group", "timestamp": max(each["timestamp"] for each in events), "data": data})


def _event(alert: Alert, receipt: Receipt, told: Told | None, view: View) -> dict[str, Any]:
    receipt = msgspec.structs.replace(receipt, delivered_at=None)
    news = news_of(alert, told)
    return {
        "type": f"alert.{_kind_of(alert, told, news)}",
        "timestamp": receipt.alerted_at or receipt.fetched_at,
        "data": {
            "revision": alert.revision,
            "text": "\n".join(plain_lines(parts_of(alert, receipt, told, view))),
            "changes": [{"about": change.about, "text": change.text} for change in news.changes],
            "developments": msgspec.to_builtins(news.developments),
            "alert": msgspec.to_builtins(alert),
            "receipt": msgspec.to_builtins(receipt),
        },
    }


def _kind_of(alert: Alert, told: Told | None, news: News) -> str:
    """`raised` is the first that a receiver hears of an alert, whatever happened to it before.

    One that was taken back is only sent to those who accepted it earlier, or may have without an answer.
    """
    if alert.state in TAKEN_BACK:
        return alert.state
    if told is None:
        return "raised"
    return "development" if news.developments or news.unlisted else "updated"


def notice_body(notice: Notice) -> bytes:
    """The notice as an event of its kind, its text in lines."""
    text = "\n".join(notice_lines(notice))
    return orjson.dumps({"type": notice.kind, "timestamp": notice.happened_at, "data": {"text": text}})


def message_id_of(key: str) -> str:
    """The webhook-id of a delivery key: the same on every attempt, and without a period, as the signature requires."""
    return "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; `timestamp` in whole seconds since 1970."""
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def read_secret(text: str, place: str) -> bytes:
    """The key in a `whsec_…` secret. Raises ConfigError, which says what is wrong but never shows the secret."""
    text = text.strip()
    if not text.startswith(SECRET_PREFIX):
        raise ConfigError(f"the secret must begin with {SECRET_PREFIX}", place=place)
    encoded = text.removeprefix(SECRET_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as err:
        raise ConfigError(f"what follows {SECRET_PREFIX} in the secret is not base64", place=place) from err
    if len(key) not in SECRET_BYTES:
        raise ConfigError(f"the secret has {len(key)} bytes and must have 24 to 64", place=place)
    return key
