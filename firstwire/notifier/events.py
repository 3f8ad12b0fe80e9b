"""Alerts and notices as events for programs: `{type, timestamp, data}`, the same in every attempt. Pure."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.text.wording import cut
from firstwire.notifier.changes import Told
from firstwire.notifier.event_size import EVENT_LIMIT_BYTES, MESSAGE_LIMIT, share_bytes, shortened
from firstwire.notifier.listing import AlertList
from firstwire.notifier.news import News, news_of
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.notifier.view import IN_UTC, View
from schemas import Alert, Notice, Receipt


def alert_event(
    alert: Alert,
    receipt: Receipt,
    told: Told | None = None,
    view: View = IN_UTC,
    limit_bytes: int = EVENT_LIMIT_BYTES,
) -> dict[str, Any]:
    """`{type, timestamp, data: {revision, text, changes, developments, alert, receipt, left_out}}`.

    `text` is the message in lines; `changes` are those of the alert since this receiver was told, `developments` those
    that it was not told, the newest first; `left_out` counts what is left out of lists so that it stays small.
    """
    receipt = msgspec.structs.replace(receipt, delivered_at=None)
    news = news_of(alert, told)
    event = {
        "type": f"alert.{_kind_of(alert, told, news)}",
        "timestamp": receipt.alerted_at or receipt.fetched_at,
        "data": {
            "revision": alert.revision,
            "text": "\n".join(plain_lines(parts_of(alert, receipt, told, view))),
            "changes": [{"about": change.about, "text": change.text} for change in news.changes],
            "developments": msgspec.to_builtins(news.developments),
            "alert": msgspec.to_builtins(alert),
            "receipt": msgspec.to_builtins(receipt),
            "left_out": {},
        },
    }
    return shortened(event, limit_bytes)


def list_events(alerts: AlertList, view: View = IN_UTC) -> list[dict[str, Any]]:
    """The event of each alert of one message, in their order."""
    limit_bytes = share_bytes(len(alerts.alerts))
    return [alert_event(each.alert, each.receipt, each.told, view, limit_bytes) for each in alerts.alerts]


def notice_event(notice: Notice) -> dict[str, Any]:
    """The notice as an event of its kind, its text in lines."""
    return {
        "type": notice.kind,
        "timestamp": notice.happened_at,
        "data": {"text": cut("\n".join(notice_lines(notice)), MESSAGE_LIMIT)},
    }


def message_id_of(key: str) -> str:
    """The id of a delivery key: the same on every attempt, and without a period, as signatures require."""
    return "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _kind_of(alert: Alert, told: Told | None, news: News) -> str:
    """`raised` is the first that a receiver hears of an alert, whatever happened to it before.

    One that was taken back is only sent to those who accepted it earlier, or may have without an answer.
    """
    if alert.state in TAKEN_BACK:
        return alert.state
    if told is None:
        return "raised"
    return "development" if news.developments or news.unlisted else "updated"
