"""An index in a folder, filled with records as if they came from the topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from firstwire.broker.reader import Received
from firstwire.broker.topics import (
    ALERTS,
    DELIVERIES,
    EVENTS,
    FEEDBACK,
    OUTCOMES,
    STORIES,
    TAKEDOWNS,
    VERDICTS,
    topic_name,
)
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.index.place import IndexPlace
from firstwire.index.reading import IndexReader
from firstwire.index.writing import Applied, IndexWriter, Limits
from schemas.alert import Alert, Verdict
from schemas.article import Relation, Story
from schemas.codec import encode
from schemas.delivery import Delivery
from schemas.event import Event
from schemas.outcome import Outcome
from schemas.record import Record
from schemas.silence import Feedback
from schemas.takedown import Takedown
from schemas.times import to_milliseconds
from tests.support.records import at
from tests.support.small_gazetteer import GAZETTEER

PREFIX = "tried"
NO_LIMITS = Limits(days=36_500, size_bytes=1 << 40)


def story(
    article_id: str,
    title: str = "Ships leave the port",
    *,
    body: str = "",
    story_id: str = "",
    source: str | None = "Dawn",
    url: str | None = None,
    language: str = "en",
    hours: float = 0,
    relation: Relation = "new",
    origin: str = "",
    retells: tuple[str, ...] = (),
) -> Story:
    return Story(
        article_id=article_id,
        title=title,
        body=body,
        language=language,
        source=source,
        url=url,
        published_at=at(hours),
        fetched_at=at(hours),
        story_id=story_id or f"story-of-{article_id}",
        relation=relation,
        origin_id=origin or article_id,
        retells=retells,
    )


class Topics:
    """Records with their places, each topic on one partition, as a reader hands them over."""

    def __init__(self) -> None:
        self._offsets: Counter[str] = Counter()

    def received(
        self, *records: Record, hours: float = 0, headers: tuple[tuple[str, bytes], ...] = ()
    ) -> list[Received]:
        return [self._one(*_kept(record), encode(record), hours, headers) for record in records]

    def tombstone(self, topic: str, key: str) -> list[Received]:
        return [self._one(topic, key, None, 0, ())]

    def raw(self, topic: str, value: bytes) -> list[Received]:
        return [self._one(topic, "", value, 0, ())]

    def _one(
        self, topic: str, key: str, value: bytes | None, hours: float, headers: tuple[tuple[str, bytes], ...]
    ) -> Received:
        offset = self._offsets[topic]
        self._offsets[topic] += 1
        return Received(topic_name(PREFIX, topic), 0, offset, key, value, headers, to_milliseconds(at(hours)))


def place_in(folder: Path, contents: str = "tried") -> IndexPlace:
    return IndexPlace(folder / "index", contents)


def writer_in(
    folder: Path,
    *,
    contents: str = "tried",
    limits: Limits = NO_LIMITS,
    now: str = "",
    gazetteer: Gazetteer = GAZETTEER,
) -> IndexWriter:
    now_ms = to_milliseconds(now or at(0))
    return IndexWriter(place_in(folder, contents), PREFIX, gazetteer, limits, lambda: now_ms)


def filled(folder: Path, records: Iterable[Record]) -> IndexReader:
    """An index of these records alone."""
    writer = writer_in(folder)
    writer.apply(Topics().received(*records))
    writer.close()
    return IndexReader(place_in(folder))


def written(folder: Path, batches: Sequence[Sequence[Received]]) -> list[Applied]:
    writer = writer_in(folder)
    applied = [writer.apply(batch) for batch in batches]
    writer.close()
    return applied


def _kept(record: Record) -> tuple[str, str]:
    """The topic of a record, and its key."""
    match record:
        case Story():
            return STORIES, record.story_id
        case Outcome():
            return OUTCOMES, record.article_id
        case Verdict():
            return VERDICTS, record.key
        case Event():
            return EVENTS, record.event_id
        case Alert():
            return ALERTS, record.alert_id
        case Takedown():
            return TAKEDOWNS, record.article_id
        case Delivery():
            return DELIVERIES, f"{record.alert_id}:{record.revision}:{record.destination}"
        case Feedback():
            return FEEDBACK, record.key
    raise AssertionError(record)
