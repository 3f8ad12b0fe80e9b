"""Dead letters of the notifier: alerts that cannot be read, and deliveries that were given up. Pure."""

from __future__ import annotations

from datetime import datetime

from firstwire.broker.dead_letters import dead_letter
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.notifier.delivery_log import LoggedDelivery
from schemas import DeadLetter, Place
from schemas.codec import encode
from schemas.times import format_timestamp

READING_STAGE = "notify"
DELIVERING_STAGE = "deliver"


def letter_of_unreadable(record: Received, error: str, now: datetime) -> DeadLetter:
    """The dead letter of a record that is no alert, or no delivery."""
    return dead_letter(
        stage=READING_STAGE,
        place=Place(topic=record.topic, partition=record.partition, offset=record.offset),
        error=error,
        key=record.key,
        value=record.value or b"",
        happened_at=format_timestamp(now),
    )


def letter_of_given_up(entry: LoggedDelivery, now: datetime) -> DeadLetter | None:
    """The dead letter of a failed delivery: the reason, and the delivery itself; None for others, and for a notice."""
    delivery = entry.delivery
    if delivery.state != "failed" or delivery.place is None:
        return None
    return dead_letter(
        stage=DELIVERING_STAGE,
        place=delivery.place,
        error=f"{delivery.destination}: {delivery.result}",
        key=entry.key,
        value=encode(delivery),
        happened_at=format_timestamp(now),
        attempts=delivery.attempt,
    )


def letter_message(letter: DeadLetter, topic: str) -> Message:
    """The record to write."""
    place = letter.place
    return Message(topic, key=f"{place.topic}:{place.partition}:{place.offset}", value=encode(letter))
