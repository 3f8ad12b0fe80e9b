"""The delivery log: the last notice per destination, folded from `deliveries`, so that it survives restarts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.errors import PoisonError, place_of
from firstwire.notifier.routes import LastNotice
from schemas import Alert, Delivery, Receipt
from schemas.codec import DecodeError, decode, encode


@dataclass(frozen=True)
class LoggedDelivery:
    """A delivery record and its key."""

    delivery: Delivery

    @property
    def key(self) -> str:
        return f"{self.delivery.alert_id}:{self.delivery.revision}:{self.delivery.destination}"

    def message(self, topic: str) -> Message:
        """The record to write. Raises RecordTooLargeError if the alert does not fit."""
        return Message(topic, key=self.key, value=encode(self.delivery))


def new_entry(alert: Alert, destination: str, receipt: Receipt) -> LoggedDelivery:
    """A delivery that is due and has not been tried."""
    delivery = Delivery(
        alert_id=alert.alert_id,
        revision=alert.revision,
        destination=destination,
        state="pending",
        alert_state=alert.state,
        origins=len(alert.origins),
        status=alert.status,
        developments=alert.developments_so_far,
        receipt=receipt,
        alert=alert,
    )
    return LoggedDelivery(delivery)


def entry_of(record: Received) -> LoggedDelivery | None:
    """The entry in a record of `deliveries`; None for a tombstone. Raises PoisonError if it cannot be decoded."""
    if record.value is None:
        return None
    try:
        return LoggedDelivery(decode(record.value, Delivery))
    except DecodeError as err:
        raise PoisonError(str(err), place=place_of(record.topic, record.partition, record.offset)) from err


class DeliveryLog:
    """The last notice per alert and destination, and the pending deliveries."""

    def __init__(self, entries: Iterable[LoggedDelivery] = ()) -> None:
        self._last_notices: dict[tuple[str, str], LastNotice] = {}
        self._attempted: set[tuple[str, str]] = set()
        self._told: dict[tuple[str, str], int] = {}
        self._pending: dict[str, LoggedDelivery] = {}
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: LoggedDelivery) -> None:
        """Record the newest state of a delivery."""
        delivery = entry.delivery
        pair = (delivery.alert_id, delivery.destination)
        last = self._last_notices.get(pair)
        if last is None or delivery.revision >= last.revision:
            self._last_notices[pair] = LastNotice(
                delivery.revision,
                delivery.alert_state,
                delivery.origins,
                delivery.status,
                delivery.developments,
            )
        if delivery.attempt > 0:
            self._attempted.add(pair)
        if delivery.state == "delivered":
            self._told[pair] = max(self._told.get(pair, 0), delivery.developments)
        if delivery.state == "pending":
            self._pending[entry.key] = entry
        else:
            self._pending.pop(entry.key, None)

    def last_notice(self, alert_id: str, destination: str) -> LastNotice | None:
        return self._last_notices.get((alert_id, destination))

    def was_attempted(self, alert_id: str, destination: str) -> bool:
        """Whether any revision may have reached the destination."""
        return (alert_id, destination) in self._attempted

    def told(self, alert_id: str, destination: str) -> int | None:
        """How many developments of the alert the destination was told; None if it never got the alert."""
        return self._told.get((alert_id, destination))

    def pending(self) -> tuple[LoggedDelivery, ...]:
        return tuple(self._pending.values())
