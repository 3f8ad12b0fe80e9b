"""The delivery log: what each destination was told, folded from `deliveries`: a restart neither repeats nor forgets.

What the record has no field for travels in its headers: the alert's state, the first attempt, the destination's rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.errors import PoisonError, place_of
from firstwire.notifier.routes import Told
from schemas import Alert, Delivery, Receipt
from schemas.alert import AlertLife
from schemas.codec import DecodeError, decode, encode
from schemas.record import Timestamp
from schemas.times import parse_timestamp

LIFE_HEADER = "alert_state"
FIRST_ATTEMPT_HEADER = "first_attempted_at"
PAUSE_HEADER = "paused_until"


@dataclass(frozen=True)
class Entry:
    """A delivery record with its headers."""

    delivery: Delivery
    life: AlertLife
    """State of the alert in this revision; the record keeps the alert itself only while it is pending."""
    first_attempted_at: Timestamp | None = None
    paused_until: Timestamp | None = None
    """Until when the whole destination was told to rest."""

    @property
    def key(self) -> str:
        return f"{self.delivery.alert_id}:{self.delivery.revision}:{self.delivery.destination}"

    def message(self, topic: str) -> Message:
        """The record to be written. RecordTooLargeError if the alert does not fit."""
        headers = [(LIFE_HEADER, self.life.encode())]
        for name, value in ((FIRST_ATTEMPT_HEADER, self.first_attempted_at), (PAUSE_HEADER, self.paused_until)):
            if value is not None:
                headers.append((name, value.encode()))
        return Message(topic, key=self.key, value=encode(self.delivery), headers=tuple(headers))


def new_entry(alert: Alert, destination: str, receipt: Receipt) -> Entry:
    """A delivery that is due and has not been tried."""
    delivery = Delivery(
        alert_id=alert.alert_id,
        revision=alert.revision,
        destination=destination,
        state="pending",
        receipt=receipt,
        alert=alert,
    )
    return Entry(delivery, alert.state)


def entry_of(record: Received) -> Entry | None:
    """The entry in a record of `deliveries`; None for a tombstone. PoisonError if it cannot be read."""
    if record.value is None:
        return None
    place = place_of(record.topic, record.partition, record.offset)
    headers = dict(record.headers)
    try:
        delivery = decode(record.value, Delivery)
        life = delivery.alert.state if delivery.alert is not None else headers.get(LIFE_HEADER, b"raised").decode()
        times = [headers[name].decode() if name in headers else None for name in (FIRST_ATTEMPT_HEADER, PAUSE_HEADER)]
        for time in times:
            if time is not None:
                parse_timestamp(time)
    except (DecodeError, ValueError) as err:
        raise PoisonError(str(err), place=place) from err
    for known in get_args(AlertLife):
        if known == life:
            return Entry(delivery, known, times[0], times[1])
    raise PoisonError(f"unknown alert state {life!r}", place=place)


class DeliveryLog:
    """The newest revision told per alert and destination, and what is still pending."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._told: dict[tuple[str, str], Told] = {}
        self._attempted: set[tuple[str, str]] = set()
        self._pending: dict[str, Entry] = {}
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: Entry) -> None:
        """Take in the newest state of a delivery."""
        delivery = entry.delivery
        pair = (delivery.alert_id, delivery.destination)
        told = self._told.get(pair)
        if told is None or delivery.revision >= told.revision:
            self._told[pair] = Told(delivery.revision, entry.life)
        if delivery.attempt > 0:
            self._attempted.add(pair)
        if delivery.state == "pending":
            self._pending[entry.key] = entry
        else:
            self._pending.pop(entry.key, None)

    def told(self, alert_id: str, destination: str) -> Told | None:
        return self._told.get((alert_id, destination))

    def was_attempted(self, alert_id: str, destination: str) -> bool:
        """Whether any revision may have reached the destination."""
        return (alert_id, destination) in self._attempted

    def pending(self) -> tuple[Entry, ...]:
        return tuple(self._pending.values())
