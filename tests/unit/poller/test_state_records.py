"""A feed's state as records: what is written is what has changed, and both together are the state."""

from __future__ import annotations

import msgspec

from firstwire.broker.topics import FEED_ENTRIES, FEED_STATES
from firstwire.poller.state_records import state_messages, with_entries
from schemas.codec import decode
from schemas.feed import FeedEntries, FeedState

STATE = FeedState(url="https://a.example/feed", etag='"1"', entries={"a": "1"}, shared=("s",), keys={"a": "und"})


def written(state: FeedState, before: FeedState | None) -> dict[str, bytes | None]:
    return {message.topic: message.value for message in state_messages("p", state, before, 4)}


def test_a_state_is_read_back_whole() -> None:
    found = written(STATE, None)
    entries = decode(found[f"p-{FEED_ENTRIES}"], FeedEntries)
    assert with_entries(decode(found[f"p-{FEED_STATES}"], FeedState), entries) == STATE


def test_entries_are_left_out_while_they_are_the_same() -> None:
    later = msgspec.structs.replace(STATE, etag='"2"', entries={"a": "1"})
    assert written(later, STATE).keys() == {f"p-{FEED_STATES}"}
    for changed in ({"entries": {"a": "2"}}, {"shared": ()}, {"keys": {}}):
        assert f"p-{FEED_ENTRIES}" in written(msgspec.structs.replace(later, **changed), STATE)


def test_a_state_of_an_earlier_version_has_its_entries_with_it() -> None:
    assert with_entries(STATE, None) == STATE
