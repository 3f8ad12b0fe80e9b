"""A feed's state as records: its schedule and health at every visit, its entries only when they have changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from firstwire.broker.producer import Message
from firstwire.broker.topics import FEED_ENTRIES, FEED_STATES, topic_name
from firstwire.poller.feed_partitions import feed_partition
from schemas.codec import encode
from schemas.feed import FeedEntries, FeedState


def state_messages(prefix: str, state: FeedState, before: FeedState | None, partitions: int) -> Iterator[Message]:
    """The records to write of a state; `before` is what is written already, None if nothing is.

    Either may arrive without the other: with old entries articles are published again, which ends as duplicates.
    """
    partition = feed_partition(state.url, partitions)
    if before is None or entries_of(state) != entries_of(before):
        topic = topic_name(prefix, FEED_ENTRIES)
        yield Message(topic=topic, key=state.url, value=encode(entries_of(state)), partition=partition)
    schedule = msgspec.structs.replace(state, entries={}, shared=(), keys=None)
    yield Message(topic=topic_name(prefix, FEED_STATES), key=state.url, value=encode(schedule), partition=partition)


def entries_of(state: FeedState) -> FeedEntries:
    """What a state remembers of entries."""
    return FeedEntries(url=state.url, entries=state.entries, shared=state.shared, keys=state.keys)


def with_entries(state: FeedState, known: FeedEntries | None) -> FeedState:
    """The whole state."""
    if known is None:
        return state
    return msgspec.structs.replace(state, entries=known.entries, shared=known.shared, keys=known.keys)
