"""Redrives: people ask on a topic that deliveries be made again, and the notifier does what is still wanted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from firstwire.broker.reader import Received
from firstwire.errors import PoisonError
from firstwire.notifier.delivery_log import WAITING, DeliveryLog, LoggedDelivery, entry_of
from firstwire.notifier.given_up import letter_of_unreadable
from firstwire.notifier.retries import anew
from schemas import DeadLetter


@dataclass(frozen=True)
class Redrive:
    """What becomes of one delivery that somebody asked for."""

    key: str
    destination: str
    reason: str
    entry: LoggedDelivery | None = None
    """The delivery to make again, if it was given up."""
    hurries: bool = False
    """Whether it waits anyway and need only be tried at once."""


@dataclass(frozen=True)
class Redrives:
    """The result of a batch of requests."""

    redrives: tuple[Redrive, ...]
    dead_letters: tuple[DeadLetter, ...]


def take_redrives(batch: Sequence[Received], log: DeliveryLog, destinations: Sequence[str], now: datetime) -> Redrives:
    """Decide on requests in order, and add the deliveries to make again to the log as pending."""
    redrives: list[Redrive] = []
    dead_letters: list[DeadLetter] = []
    for record in batch:
        try:
            requested = entry_of(record)
        except PoisonError as err:
            dead_letters.append(letter_of_unreadable(record, err.message, now))
            continue
        if requested is not None:
            redrive = redrive_of(requested, log, destinations, now)
            redrives.append(redrive)
            if redrive.entry is not None:
                log.apply(redrive.entry)
    return Redrives(tuple(redrives), tuple(dead_letters))


def redrive_of(requested: LoggedDelivery, log: DeliveryLog, destinations: Sequence[str], now: datetime) -> Redrive:
    """What is to be done for a request, given what became of the delivery since it was read."""
    delivery = requested.delivery
    newest = log.last_notice(delivery.alert_id, delivery.destination)
    state = log.newest_state(delivery.alert_id, delivery.destination)

    def refused(reason: str) -> Redrive:
        return Redrive(requested.key, delivery.destination, reason)

    if delivery.destination not in destinations:
        return refused("no receiver has that name")
    if newest is None:
        return refused("there is no such delivery")
    if newest.revision != delivery.revision:
        return refused(f"revision {newest.revision} is newer")
    if state in WAITING:
        return Redrive(requested.key, delivery.destination, "it waits, and is tried at once", hurries=True)
    if state != "failed":
        return refused(f"it is {state}")
    if not requested.holds_message:
        return refused("the record holds no alert")
    result = f"to be made again; before: {delivery.result}"[:400]
    again = anew(delivery, now, batch=None, occasion=None, result=result)
    return Redrive(requested.key, delivery.destination, "it is made again", entry=again)
