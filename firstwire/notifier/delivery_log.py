"""The delivery log: the last notice per destination, folded from `deliveries`, so that it survives restarts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec

from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.core.routes.decision import LastNotice
from firstwire.errors import PoisonError, place_of
from firstwire.notifier.changes import Told, told_by
from firstwire.notifier.waiting_room import WaitingRoom
from schemas import Alert, Delivery, Place, Receipt
from schemas.codec import DecodeError, decode, encode
from schemas.delivery import DeliveryState
from schemas.record import Timestamp

WAITING: tuple[DeliveryState, ...] = ("pending", "parked")


@dataclass(frozen=True)
class LoggedDelivery:
    """A delivery record and its key."""

    delivery: Delivery

    @property
    def key(self) -> str:
        return f"{self.delivery.alert_id}:{self.delivery.revision}:{self.delivery.destination}"

    @property
    def holds_message(self) -> bool:
        """Whether there is something to send; a record of an earlier version that failed holds nothing."""
        return self.delivery.alert is not None or self.delivery.notice is not None

    def message(self, topic: str) -> Message:
        """The record to write. Raises RecordTooLargeError if the alert does not fit."""
        return Message(topic, key=self.key, value=encode(self.delivery))


def new_entry(
    alert: Alert, destination: str, receipt: Receipt, *, place: Place | None = None, queued_at: Timestamp | None = None
) -> LoggedDelivery:
    """A delivery that is due and has not been tried."""
    delivery = Delivery(
        alert_id=alert.alert_id,
        revision=alert.revision,
        destination=destination,
        state="pending",
        alert_state=alert.state,
        origins=len(alert.origins),
        status=alert.status,
        certainty=alert.certainty,
        rule_id=alert.rule_id,
        outlets=None if alert.kind == "watch" else alert.outlets,
        ledger=None if alert.novelty is None else alert.novelty.ledger,
        undone_on=alert.undone_on,
        developments=alert.developments_so_far,
        queued_at=queued_at,
        receipt=receipt,
        place=place,
        alert=alert,
    )
    return LoggedDelivery(delivery)


def entry_of(record: Received) -> LoggedDelivery | None:
    """The entry in a record of `deliveries`; None for a tombstone. Raises PoisonError if it cannot be decoded.

    A record of before `place` has its own place for that of its alert.
    """
    if record.value is None:
        return None
    try:
        delivery = decode(record.value, Delivery)
    except DecodeError as err:
        raise PoisonError(str(err), place=place_of(record.topic, record.partition, record.offset)) from err
    if delivery.place is None and delivery.notice is None and delivery.alert is not None:
        place = Place(topic=record.topic, partition=record.partition, offset=record.offset)
        delivery = msgspec.structs.replace(delivery, place=place)
    return LoggedDelivery(delivery)


class DeliveryLog:
    """The last notice per alert and destination, what arrived of it, and the deliveries that wait."""

    def __init__(self, entries: Iterable[LoggedDelivery] = ()) -> None:
        self._last_notices: dict[tuple[str, str], LastNotice] = {}
        self._newest_states: dict[tuple[str, str], DeliveryState] = {}
        self._may_have_arrived: set[tuple[str, str]] = set()
        self._told: dict[tuple[str, str], tuple[int, Told]] = {}
        self._pending = WaitingRoom()
        self._held: dict[tuple[str, str], LoggedDelivery] = {}
        self._repeating: dict[tuple[str, str], LoggedDelivery] = {}
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
            self._newest_states[pair] = delivery.state
        if delivery.unanswered > 0 or delivery.state == "delivered":
            self._may_have_arrived.add(pair)
        if delivery.state == "delivered":
            self._tell(pair, delivery)
        self._hold(pair, entry)
        if delivery.state in WAITING:
            self._pending.put(entry.key, delivery)
        else:
            self._pending.discard(entry.key)

    def held(self, alert_id: str, destination: str) -> LoggedDelivery | None:
        """What waits for its group, a digest or the end of quiet hours."""
        return self._held.get((alert_id, destination))

    def repeating(self, alert_id: str, destination: str) -> LoggedDelivery | None:
        """What was delivered and is told again until somebody acknowledges it."""
        return self._repeating.get((alert_id, destination))

    def last_notice(self, alert_id: str, destination: str) -> LastNotice | None:
        return self._last_notices.get((alert_id, destination))

    def newest_state(self, alert_id: str, destination: str) -> DeliveryState | None:
        """What became of the delivery of the last notice."""
        return self._newest_states.get((alert_id, destination))

    def may_have_arrived(self, alert_id: str, destination: str) -> bool:
        """Whether the destination accepted any revision, or did not say that it did not."""
        return (alert_id, destination) in self._may_have_arrived

    def told(self, alert_id: str, destination: str) -> Told | None:
        """What the destination knows of the alert; None if it never got it."""
        found = self._told.get((alert_id, destination))
        return None if found is None else found[1]

    def _hold(self, pair: tuple[str, str], entry: LoggedDelivery) -> None:
        """Of each alert at each destination at most one delivery is held, and at most one told again: the newest."""
        delivery = entry.delivery
        for kept, belongs in (
            (self._held, delivery.state == "held"),
            (self._repeating, delivery.state == "delivered" and delivery.alert is not None),
        ):
            before = kept.get(pair)
            if before is not None and before.delivery.revision > delivery.revision:
                continue
            if belongs:
                kept[pair] = entry
            else:
                kept.pop(pair, None)

    def _tell(self, pair: tuple[str, str], delivery: Delivery) -> None:
        """The newest revision tells what holds; of developments a later one may have told fewer."""
        revision, told = self._told.get(pair, (-1, Told()))
        newest = told_by(delivery) if delivery.revision >= revision else told
        developments = max(told.developments, delivery.developments)
        thread = newest.thread or told.thread
        self._told[pair] = (max(revision, delivery.revision), replace(newest, developments=developments, thread=thread))

    @property
    def waiting(self) -> int:
        """How many wait, parked ones too."""
        return len(self._pending)

    def pending(self) -> Iterator[LoggedDelivery]:
        """Those that wait, parked ones too, one after another: they may be too many for memory."""
        return (LoggedDelivery(delivery) for delivery in self._pending)

    def pending_one(self, key: str) -> LoggedDelivery:
        """The delivery of a key. Raises KeyError if it does not wait."""
        return LoggedDelivery(self._pending[key])
