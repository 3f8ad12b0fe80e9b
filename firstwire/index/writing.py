"""Writes records of the topics into the index: each batch, with the positions behind it, is one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec

from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, DELIVERIES, EVENTS, FEEDBACK, OUTCOMES, STORIES, TAKEDOWNS, VERDICTS
from firstwire.core.alerts.redaction import redacted
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions, tags_of
from firstwire.core.routes.labels import folded_label, labels_of
from firstwire.core.routes.receipts import raise_seen, receipt_of
from firstwire.core.watches.document import Document, document_of
from firstwire.errors import TransientError
from firstwire.index.database import (
    add_dictionary,
    create_day,
    days_in,
    dictionary_of,
    drop_day,
    open_to_write,
    pack_day,
    row_id,
    used_bytes,
)
from firstwire.index.keys import hashed, key_of, key_of_page
from firstwire.index.marks import rows_of
from firstwire.index.packing import Packer
from firstwire.index.place import DamagedContentError, IndexPlace, is_damaged, put_aside
from firstwire.index.taking_down import take_down
from schemas.alert import Alert, Verdict
from schemas.article import Story
from schemas.codec import decode, decode_any, decode_one_of, encode
from schemas.delivery import Delivery, Receipt
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.outcome import Outcome
from schemas.record import Record
from schemas.silence import Feedback
from schemas.takedown import Takedown
from schemas.times import to_milliseconds

DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)

JUDGMENT_KINDS: dict[str, int] = {OUTCOMES: 0, VERDICTS: 1, EVENTS: 2}
"""By topic: the `kind` of a judgment."""

Position = tuple[str, int]
"""A topic's short name and a partition."""


@dataclass(frozen=True)
class Limits:
    """How much the index keeps: what is older than `days` goes, and the oldest day whenever it exceeds `size_bytes`."""

    days: int
    size_bytes: int


@dataclass
class Applied:
    """What a batch changed."""

    articles: int = 0
    alerts: list[str] = field(default_factory=list)
    """Ids of the alerts that have a new revision, in the order of their records."""
    unreadable: list[tuple[Received, str]] = field(default_factory=list)
    """Records that were left out, and why."""
    dropped_days: list[int] = field(default_factory=list)
    """Days since 1970 that were dropped for their size."""


@dataclass
class _NewRows:
    """The rows of a batch, by where they go."""

    articles: list[tuple[int | None, ...]] = field(default_factory=list)
    texts: list[tuple[int, bytes]] = field(default_factory=list)
    words: dict[int, list[tuple[int, str, str, str, str]]] = field(default_factory=dict)
    judgments: list[tuple[int, int, int | None, int, bytes]] = field(default_factory=list)
    days: set[int] = field(default_factory=set)
    """Of all articles and judgments."""
    taken_down: list[str] = field(default_factory=list)
    """Ids of articles, to be removed once all other rows are written."""


class IndexWriter:
    """The only writer of an index. `now_ms` gives milliseconds since 1970; old records are judged by it."""

    def __init__(
        self, place: IndexPlace, prefix: str, gazetteer: Gazetteer, limits: Limits, now_ms: Callable[[], int]
    ) -> None:
        self._place, self._gazetteer, self._limits, self._now_ms = place, gazetteer, limits, now_ms
        self._short = len(prefix) + 1
        self._applying: dict[str, Callable[[Received, _NewRows, Applied], None]] = {
            STORIES: self._add_story,
            OUTCOMES: self._add_judgment,
            VERDICTS: self._add_judgment,
            EVENTS: self._add_judgment,
            ALERTS: self._put_alert,
            DELIVERIES: self._put_about_alert,
            FEEDBACK: self._put_about_alert,
            TAKEDOWNS: self._note_takedown,
        }
        self.open()

    @property
    def topics(self) -> tuple[str, ...]:
        """The short names of the topics that it wants."""
        return tuple(self._applying)

    @property
    def first_day(self) -> int:
        """The earliest day, counted since 1970, of which articles are kept."""
        return max(0, self._now_ms() // DAY_MS - self._limits.days)

    def open(self) -> None:
        """Open the file, which is made anew if it is damaged or missing. Raises TransientError if it cannot be."""
        self._db = open_to_write(self._place)
        try:
            self._load()
        except (sqlite3.Error, DamagedContentError) as err:
            self._db.close()
            if not is_damaged(err):
                raise TransientError(f"the index cannot be read: {err}", place=str(self._place.file)) from err
            put_aside(self._place, err)
            self._db = open_to_write(self._place)
            self._load()

    def close(self) -> None:
        self._db.close()

    def positions(self) -> dict[Position, int]:
        """By topic and partition: the offset of the next record."""
        rows = self._db.execute("SELECT topic, partition, next_offset FROM positions")
        return {(topic, partition): offset for topic, partition, offset in rows}

    def apply(self, records: Sequence[Received]) -> Applied:
        """Write records and the positions behind them, all or nothing; then forget what is too old or too much.

        Raises sqlite3.Error, DamagedContentError or DecodeError, with nothing of them written.
        """
        applied, rows = Applied(), _NewRows()
        self._first_day = self.first_day
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for record in records:
                try:
                    self._applying[record.topic[self._short :]](record, rows, applied)
                except (sqlite3.Error, MemoryError):
                    raise
                except Exception as err:  # whatever one record contains, the others are written
                    applied.unreadable.append((record, str(err) or type(err).__name__))
            self._insert(rows)
            for article_id in rows.taken_down:
                take_down(self._db, article_id, self._packer, self._words_of, JUDGMENT_KINDS[EVENTS])
            self._db.executemany(
                "INSERT OR REPLACE INTO positions VALUES (?, ?, ?)",
                [(record.topic[self._short :], record.partition, record.offset + 1) for record in records],
            )
            applied.dropped_days = self._forget()
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("ROLLBACK")
            self._load()
            raise
        return applied

    def note(self, behind: int, seen_at: str) -> None:
        """Record how many records of the topics are not here yet."""
        self._db.executemany(
            "INSERT OR REPLACE INTO about VALUES (?, ?)", [("behind", str(behind)), ("seen_at", seen_at)]
        )

    def _load(self) -> None:
        """What is remembered of the file, which a rollback makes wrong."""
        self._first_day = self.first_day
        self._packer = Packer(dictionary_of(self._db))
        self._days = set(days_in(self._db))
        self._taken_down = {article_id for (article_id,) in self._db.execute("SELECT article_id FROM taken_down")}
        self._numbers: dict[tuple[str, int], int] = {}

    def _next_id(self, table: str, day: int) -> int:
        number = self._numbers.get((table, day))
        if number is None:
            span = (row_id(day, 0), row_id(day + 1, 0) - 1)
            (last,) = self._db.execute(f"SELECT max(id) FROM {table} WHERE id BETWEEN ? AND ?", span).fetchone()
            number = 0 if last is None else last - row_id(day, 0)
        self._numbers[table, day] = number + 1
        return row_id(day, number + 1)

    def _add_story(self, record: Received, rows: _NewRows, applied: Applied) -> None:
        story = decode(record.value, Story)
        fetched_ms = to_milliseconds(story.fetched_at)
        day = fetched_ms // DAY_MS
        if day < self._first_day or record.value is None or story.article_id in self._taken_down:
            return
        words = self._words_of(story)
        at = self._next_id("articles", day)
        rows.days.add(day)
        rows.articles.append(
            (
                at,
                fetched_ms,
                key_of(story.article_id),
                key_of(story.story_id),
                None if story.url is None else key_of_page(story.url),
                None if story.source is None else hashed(story.source),
                not story.retells,
            )
        )
        rows.texts.append((at, self._packer.packed(record.value)))
        rows.words.setdefault(day, []).append((at - row_id(day, 0), *words))
        applied.articles += 1

    def _words_of(self, story: Story) -> tuple[str, str, str, str]:
        return rows_of(read_document(story, self._gazetteer))

    def _add_judgment(self, record: Received, rows: _NewRows, applied: Applied) -> None:
        topic = record.topic[self._short :]
        day = record.timestamp_ms // DAY_MS
        found = _judgment_of(topic, record)
        if found is None or record.value is None or day < self._first_day:
            return
        if isinstance(found, Event) and found.article_id in self._taken_down:
            return
        rows.days.add(day)
        alert_id = found.alert_id if isinstance(found, Verdict) else None
        rows.judgments.append(
            (
                self._next_id("judgments", day),
                key_of(found.article_id),
                None if alert_id is None else key_of(alert_id),
                JUDGMENT_KINDS[topic],
                self._packer.packed(record.value),
            )
        )

    def _put_alert(self, record: Received, rows: _NewRows, applied: Applied) -> None:
        alert = None if record.value is None else redacted(decode(record.value, Alert), self._taken_down)
        labels = [] if alert is None else labels_of(alert).items()
        self._db.execute("DELETE FROM alert_labels WHERE alert_id = ?", (record.key,))
        if alert is None:
            self._db.execute("DELETE FROM alerts WHERE alert_id = ?", (record.key,))
            return
        row = self._db.execute("SELECT receipt FROM alerts WHERE alert_id = ?", (record.key,)).fetchone()
        before = None if row is None else msgspec.json.decode(row[0], type=Receipt)
        receipt = raise_seen(alert, receipt_of(alert, record.headers, record.timestamp_ms), before)
        self._db.execute(
            "INSERT OR REPLACE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(alert.alert_id, to_milliseconds(alert.times.fetched_at), record.timestamp_ms),
                *(alert.state, alert.shadow),
                *(msgspec.json.encode(receipt), self._packer.packed(encode(alert))),
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO alert_labels VALUES (?, ?, ?)",
            [(label, folded_label(label, value), alert.alert_id) for label, values in labels for value in values],
        )
        applied.alerts.append(alert.alert_id)

    def _note_takedown(self, record: Received, rows: _NewRows, applied: Applied) -> None:
        """It is acted on once all records before it are written: it may be about one of them."""
        if record.value is None:
            self._db.execute("DELETE FROM taken_down WHERE article_id = ?", (record.key,))
            self._taken_down.discard(record.key)
            return
        article_id = decode(record.value, Takedown).article_id
        self._db.execute("INSERT OR IGNORE INTO taken_down VALUES (?)", (article_id,))
        self._taken_down.add(article_id)
        rows.taken_down.append(article_id)

    def _put_about_alert(self, record: Received, rows: _NewRows, applied: Applied) -> None:
        """What has an alert's id and a key of its own, of which the newest record counts."""
        topic = record.topic[self._short :]
        if record.value is None:
            self._db.execute("DELETE FROM about_alerts WHERE topic = ? AND key = ?", (topic, record.key))
            return
        found = decode_any(record.value, (Delivery, Feedback))
        assert isinstance(found, Delivery | Feedback)
        self._db.execute(
            "INSERT OR REPLACE INTO about_alerts VALUES (?, ?, ?, ?)",
            (topic, record.key, found.alert_id, self._packer.packed(record.value)),
        )

    def _insert(self, rows: _NewRows) -> None:
        for day in sorted(rows.days - self._days):
            if self._days and max(self._days) < day:
                pack_day(self._db, max(self._days))
            create_day(self._db, day)
            self._days.add(day)
        for day, words in rows.words.items():
            self._db.executemany(
                f"INSERT INTO words_{day} (rowid, title, summary, body, marks) VALUES (?, ?, ?, ?, ?)",
                words,
            )
        self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", rows.articles)
        self._db.executemany("INSERT INTO texts VALUES (?, ?)", rows.texts)
        self._db.executemany("INSERT INTO judgments VALUES (?, ?, ?, ?, ?)", rows.judgments)
        if (trained := self._packer.train()) is not None:
            add_dictionary(self._db, *trained)

    def _forget(self) -> list[int]:
        """Drop the days that are too old, and the oldest while there is too much; those dropped for their size."""
        for day in sorted(self._days):
            if day < self._first_day:
                self._drop(day)
        dropped: list[int] = []
        self._db.execute("SAVEPOINT counted")  # the full text is written to its pages only now, or at the end
        self._db.execute("RELEASE counted")
        while self._days and used_bytes(self._db) > self._limits.size_bytes:
            day = min(self._days)
            self._drop(day)
            dropped.append(day)
        return dropped

    def _drop(self, day: int) -> None:
        drop_day(self._db, day)
        self._days.discard(day)
        self._numbers = {key: number for key, number in self._numbers.items() if key[1] != day}


def read_document(story: Story, gazetteer: Gazetteer) -> Document:
    """A story's article as watches read it."""
    mentions = find_mentions(story, gazetteer)
    return document_of(story, tags_of(story, mentions, gazetteer), mentions)


def _judgment_of(topic: str, record: Received) -> Outcome | Verdict | Event | None:
    """The record; None for what is no judgment on an article: a correction of the ledger."""
    if topic == OUTCOMES:
        return decode(record.value, Outcome)
    if topic == VERDICTS:
        return decode(record.value, Verdict)
    found: Record = decode_one_of(record.value, Event, LedgerCorrection, LedgerVouching)
    return found if isinstance(found, Event) else None
