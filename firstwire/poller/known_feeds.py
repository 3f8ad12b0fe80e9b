"""What Kafka knows of feeds: records to states and decisions. What cannot be read is logged, and left out."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from firstwire.broker.reader import Received
from firstwire.poller.links import redacted, same_feed_key
from schemas.codec import DecodeError, decode
from schemas.feed import FeedEntries, FeedState
from schemas.subscription import SubscriptionChange

log = structlog.get_logger()


def read_state(record: Received) -> FeedState | None:
    """The state in a record of `feed-states`; None for a tombstone, or if it cannot be read."""
    if record.value is None:
        return None
    try:
        return decode(record.value, FeedState)
    except DecodeError as err:
        # Without its state the feed is polled as a new one: repeats are recognized downstream
        log.warning("feed_state_unreadable", url=redacted(record.key), reason=str(err))
        return None


def read_entries(record: Received) -> FeedEntries | None:
    """The entries in a record of `feed-entries`; None for a tombstone, or if they cannot be read."""
    if record.value is None:
        return None
    try:
        return decode(record.value, FeedEntries)
    except DecodeError as err:
        log.warning("feed_state_unreadable", url=redacted(record.key), reason=str(err))
        return None


def read_change(record: Received) -> SubscriptionChange | None:
    """The decision in a record of `subscriptions`; None if it cannot be read."""
    if record.value is None:
        return None
    try:
        return decode(record.value, SubscriptionChange)
    except DecodeError as err:
        log.warning("subscription_unreadable", url=redacted(record.key), reason=str(err))
        return None


def newest_of_each_feed(states: Iterable[FeedState]) -> dict[str, FeedState]:
    """The newest state of each feed, by `same_feed_key`: one subscribed with http and then with https has two."""
    return {same_feed_key(state.url): state for state in sorted(states, key=lambda state: state.checked_at or "")}
