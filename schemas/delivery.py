"""`deliveries`: what was sent where and when, and the result."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Alert, AlertLife
from schemas.outcome import Place
from schemas.record import Certainty, Date, Part, Record, Timestamp

DeliveryState = Literal["held", "pending", "parked", "delivered", "failed", "superseded", "muted"]
"""`held`: it waits for its group, a digest or the end of quiet hours. `parked`: its receiver takes nothing until
somebody mends it; all that is pending there waits with it. `muted`: by a silence or an inhibition, it is not told."""

MessageOccasion = Literal["group", "digest", "flood", "repeat"]
"""Why several alerts are told in one message; `repeat`: nobody acknowledged them."""


class Receipt(Part, frozen=True, kw_only=True):
    """The times of an alert at each stage; those after `fetched_at` come from record headers."""

    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp
    deduplicated_at: Timestamp | None = None
    analyzed_at: Timestamp | None = None
    alerted_at: Timestamp | None = None
    delivered_at: Timestamp | None = None


class Notice(Part, frozen=True, kw_only=True):
    """A message about the notifier itself, for the people who look after it."""

    kind: Literal["receiver.parked", "receiver.failing", "receiver.test"]
    headline: str
    lines: tuple[str, ...]
    happened_at: Timestamp


class Delivery(Record, frozen=True, kw_only=True, tag="delivery"):
    """The state of one alert revision at one destination. Every attempt rewrites it under the same key."""

    alert_id: str
    """The alert's, or the id of a notice."""
    revision: int
    destination: str
    state: DeliveryState
    queued_at: Timestamp | None = None
    """When it was decided that it is to be made, or last that it is to be made again; null in older records."""
    attempt: int = 0
    """Attempts made so far, since a redrive if there was one."""
    failures: int = 0
    """How many of them failed without a word on when to try again: with these the delays grow."""
    unanswered: int = 0
    """How many attempts got no reply, so that the receiver may have accepted one."""
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
    certainty: Certainty | None = None
    """Certainty of the alert in this revision; null also in older records."""
    outlets: tuple[str, ...] | None = None
    """Outlets of the alert in this revision; null for a watch, whose developments are told instead, and in older
    records."""
    ledger: str | None = None
    """The ledger's answer in this revision; null also in older records."""
    undone_on: Date | None = None
    """The day on which the actor undid the act, by this revision."""
    rule_id: str | None = None
    """Null in older records, and for a notice."""
    group: str | None = None
    """The group at this receiver, if its route groups, holds or repeats."""
    held_until: Timestamp | None = None
    released_at: Timestamp | None = None
    """When its message was due, if its route groups, holds or repeats."""
    batch: str | None = None
    """The id of the message that it shares with others, or of a reminder."""
    occasion: MessageOccasion | None = None
    """Of that message."""
    alone: bool = False
    """Whether a message that it shared was rejected, so that it shares none any more."""
    max_alerts: int | None = None
    """How many alerts that message lists."""
    template: str | None = None
    """The template that its route names; null if it names none, empty if none is to be used."""
    repeat: int = 0
    """How often it was told again."""
    repeat_at: Timestamp | None = None
    """When it is told again unless somebody acknowledges it."""
    developments: int = 0
    """How many developments the alert had in this revision; once it is delivered, all of them were told."""
    thread: str | None = None
    """The receiver's own reference of the first message, under which later ones are put; null if it has none."""
    receipt: Receipt
    place: Place | None = None
    """The alert's record; null for a notice."""
    alert: Alert | None = None
    """The alert itself unless it is delivered, superseded or muted, so that a restart or a redrive can send it.

    One that is told again keeps it."""
    notice: Notice | None = None
    """What is sent instead of an alert."""
