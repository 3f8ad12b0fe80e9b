"""What Kafka knows of feeds: records to states and decisions. What cannot be read is logged, and left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import structlog

from firstwire.broker.reader import Received
from firstwire.poller.links import redacted, same_feed_key
from schemas.codec import DecodeError, decode
from schemas.feed import FeedEntries, FeedState
from schemas.subscription import SubscriptionChange

T = TypeVar("T", FeedState, FeedEntries)

log = structlog.get_logger()


def read_state(record: Received) -> FeedState | None:
    """The state in a record of `feed-states`; None for a tombstone, or if it cannot be read."""
    return _read(record, FeedState)


def read_entries(record: Received) -> FeedEntries | None:
    """The entries in a record of `feed-entries`; None for a tombstone, or if they cannot be read."""
    return _read(record, FeedEntries)


def read_change(record: Received) -> SubscriptionChange | None:
    """The decision in a record of `subscriptions`; None if it cannot be read."""
    if record.value is None:
        return None
    try:
        return decode(record.value, SubscriptionChange)
    except DecodeError as err:
        log.warning("subscription_unreadable", url=redacted(record.key), reason=str(err))
        return None


def note_state(states: dict[str, FeedState], record: Received) -> None:
    """Let the state in a record of `feed-states` follow those of before, in place of the one with its key."""
    states.pop(record.key, None)
    state = read_state(record)
    if state is not None:
        states[record.key] = state


def note_change(changes: dict[str, SubscriptionChange], record: Received) -> None:
    """Let the decision in a record of `subscriptions` replace the one on its feed, by `same_feed_key`."""
    change = read_change(record)
    if change is not None:
        changes[same_feed_key(change.url)] = change


def newest_of_each_feed(states: Iterable[FeedState]) -> dict[str, FeedState]:
    """The newest state of each feed, by `same_feed_key`: one subscribed with http and then with https has two."""
    return {same_feed_key(state.url): state for state in sorted(states, key=lambda state: state.checked_at or "")}


def _read(record: Received, kind: type[T]) -> T | None:
    if record.value is None:
        return None
    try:
        return decode(record.value, kind)
    except DecodeError as err:
        # Without its state the feed is polled as a new one: repeats are recognized downstream
        log.warning("feed_state_unreadable", url=redacted(record.key), reason=str(err))
        return None
