"""The interface of a stage: a pure judgment, with the topics that it reads and writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from firstwire.broker.commit_notes import Tally
from firstwire.broker.producer import Headers, Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import topic_name
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.state import Change, State
from schemas.article import Article, Story
from schemas.codec import decode, encode
from schemas.outcome import Place
from schemas.record import Record
from schemas.times import to_milliseconds

ARTICLE_PLACE = "article_place"
"""Header: `partition:offset` of the article that a record was made from, for its outcome."""

UNREADABLE = "unreadable"
"""Replaces the article id of a record that cannot be decoded."""


STAMPS = frozenset({"deduplicated_at", "analyzed_at", "alerted_at"})
"""Headers: when a stage judged what the record was made from."""

NOTHING_COUNTED = Tally()


@dataclass
class Judged:
    """Everything that one input record causes: records to send, and changes of state."""

    messages: list[Message] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    tally: Tally = NOTHING_COUNTED
    """What it adds to the outcomes, verdicts and matches. What is read and written is counted by the batch."""


class Stage(Protocol):
    """One agent's work. It neither sends nor commits: it returns, and the batch writes."""

    name: str
    input: str
    """Short name of the input topic."""
    is_transactional_input: bool
    """Whether the input is written in transactions, whose markers leave gaps between offsets."""

    @property
    def old_ids(self) -> OldActionIds | None:
        """Translates earlier action ids in the stage's state; None if its state has no actions."""

    def new_state(self) -> State: ...

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        """The outputs of a record. Raises PoisonError or a ValueError of the codec if it can never be judged.

        `stamp` is the wall-clock time, only used for the receipt in the headers.
        """

    def rejected(self, record: Received, reason: str) -> list[Message]:
        """The outcomes to write besides the dead letter when a record is given up."""


@dataclass(frozen=True)
class Writer:
    """Encodes records for the topics of one prefix."""

    prefix: str

    def message(
        self, topic: str, key: str, record: Record, headers: Headers = (), timestamp_ms: int | None = None
    ) -> Message:
        return Message(
            topic=topic_name(self.prefix, topic),
            key=key,
            value=encode(record),
            headers=headers,
            timestamp_ms=timestamp_ms,
        )

    def state_message(self, change: Change, partition: int) -> Message:
        """A change of state, for the state topic's partition with the number of the input's."""
        return Message(
            topic=topic_name(self.prefix, change.topic),
            key=change.key,
            value=None if change.value is None else encode(change.value),
            partition=partition,
        )


def stamped(headers: Headers, name: str, stamp: str) -> Headers:
    """The headers with one more time for the receipt."""
    return (*(header for header in headers if header[0] != name), (name, stamp.encode()))


def handed_on_ms(record: Received) -> int:
    """When the hop before passed a record on: the latest of its stamps, else its fetch. Milliseconds since 1970.

    It is asked for after the commit, when nothing may fail any more: a stamp that is none counts as none.
    """
    stamps = [value for name, value in record.headers if name in STAMPS]
    try:
        return to_milliseconds(max(stamps).decode("ascii")) if stamps else record.timestamp_ms
    except ValueError:
        return record.timestamp_ms


def with_place(headers: Headers, record: Received) -> Headers:
    """The headers with the article's place in Kafka."""
    return (*headers, (ARTICLE_PLACE, f"{record.partition}:{record.offset}".encode()))


def article_place(headers: Iterable[tuple[str, bytes]], articles_topic: str) -> Place | None:
    """The article's place from the headers; None if it is missing or malformed."""
    for name, value in headers:
        if name == ARTICLE_PLACE:
            partition, _, offset = value.decode("ascii", "replace").partition(":")
            if partition.isdigit() and offset.isdigit():
                return Place(topic=articles_topic, partition=int(partition), offset=int(offset))
    return None


def outcome_key(article_id: str, place: Place | None) -> str:
    """Article id with its source partition and offset: one outcome for every record of `articles`."""
    return article_id if place is None else f"{article_id}:{place.partition}:{place.offset}"


def readable_article_id(record: Received, kind: type[Article] | type[Story]) -> str:
    """The id of an article that was given up; `unreadable` if it cannot be decoded."""
    try:
        return decode(record.value, kind).article_id
    except ValueError:
        return UNREADABLE
