"""`deliveries`: what was sent where and when, and the result."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Alert, AlertLife
from schemas.record import Part, Record, Timestamp

DeliveryState = Literal["pending", "delivered", "failed", "superseded"]


class Receipt(Part, frozen=True, kw_only=True):
    """The times of an alert at each stage; those after `fetched_at` come from record headers."""

    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp
    deduplicated_at: Timestamp | None = None
    analyzed_at: Timestamp | None = None
    alerted_at: Timestamp | None = None
    delivered_at: Timestamp | None = None


class Delivery(Record, frozen=True, kw_only=True, tag="delivery"):
    """The state of one alert revision at one destination. Every attempt rewrites it under the same key."""

    alert_id: str
    revision: int
    destination: str
    state: DeliveryState
    attempt: int = 0
    """Attempts made so far."""
    result: str = ""
    """The result of the last attempt: status and beginning of the reply. Never a URL or a secret."""
    attempted_at: Timestamp | None = None
    next_attempt_at: Timestamp | None = None
    first_attempted_at: Timestamp | None = None
    paused_until: Timestamp | None = None
    """Until when the receiver asked for a pause, which holds for the whole destination."""
    alert_state: AlertLife = "raised"
    """State of the alert in this revision; the next notification depends on it."""
    origins: int = 0
    """Independent origins of the alert in this revision."""
    status: str | None = None
    """Status of the alert in this revision: `planned`, `asserted`."""
    developments: int = 0
    """How many developments the alert had in this revision; once it is delivered, all of them were told."""
    receipt: Receipt
    alert: Alert | None = None
    """The alert itself while it is pending, so that a restart can send it; null afterwards."""
