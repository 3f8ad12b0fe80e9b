"""Turns a batch of alert records into deliveries: decodes, routes, decides. Sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from firstwire.broker.reader import Received
from firstwire.core.routes.receipts import receipt_of
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.rulings import Ruling
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery, new_entry
from firstwire.notifier.given_up import letter_of_given_up, letter_of_unreadable
from firstwire.notifier.holding import entries_of
from firstwire.notifier.retries import failed
from schemas import Alert, DeadLetter, Place
from schemas.codec import DecodeError, RecordTooLargeError, decode
from schemas.times import format_timestamp

ROOM_FOR_RESULTS = "x" * 2_000
"""Attempts add their results to the record: one that barely fits would not fit any more."""


@dataclass(frozen=True)
class Intake:
    """The result of a batch: deliveries to make, dead letters, and every decision with its reason."""

    entries: tuple[LoggedDelivery, ...]
    dead_letters: tuple[DeadLetter, ...]
    rulings: tuple[Ruling, ...]


def take_in(batch: Sequence[Received], routing: Routing, log: DeliveryLog, now: datetime) -> Intake:
    """Decide on a batch in order, and add the deliveries to make to the log, as pending or as held."""
    entries: list[LoggedDelivery] = []
    dead_letters: list[DeadLetter] = []
    rulings: list[Ruling] = []
    for record in batch:
        if record.value is None:
            continue  # a tombstone: the alert is forgotten, and nobody is notified
        try:
            alert = decode(record.value, Alert)
        except DecodeError as err:
            dead_letters.append(letter_of_unreadable(record, str(err), now))
            continue
        place = Place(topic=record.topic, partition=record.partition, offset=record.offset)
        receipt = receipt_of(alert, record.headers, record.timestamp_ms)
        fresh = new_entry(alert, "", receipt, place=place, queued_at=format_timestamp(now))
        for ruling in routing.take(alert, now):
            rulings.append(ruling)
            for entry in _entries(ruling, fresh, log, now):
                log.apply(entry)
                entries.append(entry)
                if (letter := letter_of_given_up(entry, now)) is not None:
                    dead_letters.append(letter)
    return Intake(tuple(entries), tuple(dead_letters), tuple(rulings))


def _entries(ruling: Ruling, fresh: LoggedDelivery, log: DeliveryLog, now: datetime) -> list[LoggedDelivery]:
    if ruling.fate == "skipped":
        return []
    entry = LoggedDelivery(replace(fresh.delivery, destination=ruling.receiver))
    return [_fitting(each) for each in entries_of(ruling, entry, log, now)]


def _fitting(entry: LoggedDelivery) -> LoggedDelivery:
    """The entry, failed and without the alert if that is too large to be stored with it."""
    try:
        LoggedDelivery(replace(entry.delivery, result=ROOM_FOR_RESULTS)).message("")
    except RecordTooLargeError as err:
        return failed(LoggedDelivery(replace(entry.delivery, alert=None)), str(err))
    return entry
