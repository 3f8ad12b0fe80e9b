"""Silences and feedback from Kafka: decoded and handed to the routing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from firstwire.broker.reader import Received
from firstwire.core.routes.routing import Routing
from firstwire.notifier.given_up import letter_of_unreadable
from schemas import DeadLetter, Feedback, Silence
from schemas.codec import DecodeError, decode_any


def take_said(batch: Sequence[Received], routing: Routing, now: datetime) -> tuple[DeadLetter, ...]:
    """Hand what people said to the routing, in order. A record that comes again changes nothing."""
    letters: list[DeadLetter] = []
    for record in batch:
        if record.value is None:
            routing.silences.forget(record.key)
            continue
        try:
            said = decode_any(record.value, (Silence, Feedback))
        except DecodeError as err:
            letters.append(letter_of_unreadable(record, str(err), now))
            continue
        assert isinstance(said, Silence | Feedback), "it was decoded as one of these"
        routing.hear(said)
    return tuple(letters)
