"""Answers from the index: alerts, stories, articles and what was decided on them. Never writes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import msgspec

from firstwire.broker.topics import DELIVERIES, EVENTS, FEEDBACK, OUTCOMES, VERDICTS
from firstwire.core.routes.labels import folded_label
from firstwire.core.stories.active import ActiveStory, active_story
from firstwire.core.stories.pages import page_key
from firstwire.core.stories.urls import canonical_url
from firstwire.errors import ConfigError
from firstwire.index.database import (
    days_in,
    dictionary_of,
    open_to_read,
    row_id,
    unreadable,
    used_bytes,
)
from firstwire.index.keys import key_of, key_of_page, keys_meant
from firstwire.index.packing import Unpacker
from firstwire.index.place import DamagedContentError, IndexPlace, file_id, last_damage
from firstwire.index.results import (
    AlertFilter,
    AlertPage,
    AlertTrail,
    IndexedAlert,
    IndexedArticle,
    IndexState,
    StoryPage,
)
from firstwire.index.writing import DAY_MS, JUDGMENT_KINDS
from schemas.alert import Alert, Verdict
from schemas.article import Story
from schemas.codec import DecodeError, decode
from schemas.delivery import Delivery, Receipt
from schemas.event import Event
from schemas.outcome import Outcome
from schemas.record import Record
from schemas.silence import Feedback
from schemas.times import from_milliseconds, to_milliseconds

R = TypeVar("R", bound=Record)
J = TypeVar("J", Outcome, Verdict, Event)

SHORTEST_BEGINNING = 4
"""Characters of an id that are enough to look it up; what is shorter is taken as a whole one."""
LOOKED_AT_MOST = 200
"""Records that are looked at to find out which article is meant."""
LONGEST_NUMBER = 18
"""Digits of a number that SQLite can hold, whatever they are."""
MEANT_AT_MOST = 6
"""Ids that are named where a beginning is ambiguous."""


class _Revision(msgspec.Struct):
    """What tells which revision of an alert a record is, without reading all of it."""

    revision: int


_REVISION = msgspec.json.Decoder(_Revision)


class IndexReader:
    """An index to ask, from any thread. Every answer is of one moment.

    Every method raises TransientError while there is no index, or only one of something else, and ConfigError for an
    id or a cursor that is malformed or ambiguous.
    """

    def __init__(self, place: IndexPlace) -> None:
        self.place = place
        self._local = threading.local()

    def state(self) -> IndexState:
        with self.snapshot() as db:
            about = dict(db.execute("SELECT name, value FROM about"))
            days = days_in(db)
            return IndexState(
                articles=_one(db, "SELECT count(*) FROM articles"),
                alerts=_one(db, "SELECT count(*) FROM alerts"),
                size_bytes=used_bytes(db),
                first_day=from_milliseconds(days[0] * DAY_MS)[:10] if days else None,
                behind=int(about["behind"]) if "behind" in about else None,
                seen_at=about.get("seen_at"),
                damage=last_damage(self.place),
            )

    def alerts(
        self,
        wanted: AlertFilter = AlertFilter(),  # noqa: B008
        *,
        limit: int = 50,
        after: str | None = None,
        without: Sequence[str] = (),
    ) -> AlertPage:
        """The alerts that a filter means, those raised last first; after the place that a page before ended with.

        Those `without`, by their ids, are left out.
        """
        where, values = _conditions(wanted)
        if without:
            where += f" AND alert_id NOT IN {_any(without)}"
            values += without
        with self.snapshot() as db:
            total = _one(db, f"SELECT count(*) FROM alerts WHERE {where}", values)
            if after is not None:
                raised_ms, alert_id = place_meant(after)
                where += " AND (raised_ms < ? OR (raised_ms = ? AND alert_id > ?))"
                values = [*values, raised_ms, raised_ms, alert_id]
            rows = db.execute(
                f"{_ALERTS} WHERE {where} ORDER BY raised_ms DESC, alert_id LIMIT ?",
                [*values, limit + 1],
            ).fetchall()
            found = tuple(self._alert(db, row) for row in rows[:limit])
        last = None if len(rows) <= limit else place_after(found[-1].raised_at, found[-1].alert.alert_id)
        return AlertPage(found, total, last)

    def revisions(self, alert_ids: Sequence[str]) -> dict[str, int]:
        """The newest revision of each of these alerts, by its id; of those that are here."""
        with self.snapshot() as db:
            unpacked = self.unpacker(db).unpacked
            rows = db.execute(f"SELECT alert_id, record FROM alerts WHERE alert_id IN {_any(alert_ids)}", alert_ids)
            return {alert_id: _REVISION.decode(unpacked(record)).revision for alert_id, record in rows}

    def alert(self, wanted: str) -> IndexedAlert | None:
        """The alert with an id, or the only one whose id begins like this."""
        with self.snapshot() as db:
            row = db.execute(f"{_ALERTS} WHERE alert_id = ?", (wanted,)).fetchone()
            if row is None and len(wanted) >= SHORTEST_BEGINNING:
                rows = db.execute(
                    f"{_ALERTS} WHERE alert_id >= ? AND alert_id < ? LIMIT ?",
                    (wanted, wanted + "\U0010ffff", MEANT_AT_MOST),
                ).fetchall()
                row = _only(rows, wanted, [found[0] for found in rows])
            return None if row is None else self._alert(db, row)

    def alert_trail(self, alert_id: str) -> AlertTrail:
        """The verdicts that belong to an alert, and its deliveries."""
        with self.snapshot() as db:
            rows = db.execute(
                "SELECT record FROM judgments WHERE alert_key = ? AND kind = ? ORDER BY id",
                (key_of(alert_id), JUDGMENT_KINDS[VERDICTS]),
            )
            verdicts = [verdict for verdict in self._records(db, rows, Verdict) if verdict.alert_id == alert_id]
            deliveries = self._about_alert(db, DELIVERIES, alert_id, Delivery)
        deliveries.sort(key=lambda each: (each.revision, each.destination))
        return AlertTrail(tuple(verdicts), tuple(deliveries))

    def stories(self, *, since: str, until: str | None = None, limit: int = 20, offset: int = 0) -> StoryPage:
        """The stories with an article fetched in a time, those of most outlets first, then of most articles."""
        since_ms, until_ms = to_milliseconds(since), _end_ms(until)
        span = (row_id(since_ms // DAY_MS, 0), row_id(until_ms // DAY_MS + 1, 0), since_ms, until_ms)
        with self.snapshot() as db:
            total = _one(db, f"SELECT count(DISTINCT story_key) FROM articles {_IN_SPAN}", span)
            keys = db.execute(
                f"SELECT story_key FROM articles {_IN_SPAN} GROUP BY story_key "
                "ORDER BY count(DISTINCT coalesce(outlet_key, 0)) DESC, count(DISTINCT article_key) DESC, "
                "max(fetched_ms) DESC, story_key LIMIT ? OFFSET ?",
                (*span, limit, offset),
            ).fetchall()
            found = [self._story(db, key, span) for (key,) in keys]
        return StoryPage(tuple(one for one in found if one is not None), total)

    def story(self, wanted: str) -> ActiveStory | None:
        """A story with all its articles on record, by its id or the beginning of it."""
        with self.snapshot() as db:
            rows = db.execute(
                f"SELECT DISTINCT story_key FROM articles WHERE {_meant('story_key')} LIMIT ?",
                (*keys_meant(wanted, SHORTEST_BEGINNING), MEANT_AT_MOST),
            )
            keys = [key for (key,) in rows]
            found = [story for key in keys if (story := self._story(db, key, _EVER)) is not None]
        found = [one for one in found if one.story_id.startswith(wanted)]
        found = [one for one in found if one.story_id == wanted] or found
        return _only(found, wanted, [one.story_id for one in found])

    def article(self, wanted: str) -> IndexedArticle | None:
        """All about an article: by its id, the beginning of it, or the address of its page."""
        with self.snapshot() as db:
            ids = self._ids_meant(db, wanted)
            article_id = _only(ids, wanted, ids)
            return None if article_id is None else self._article(db, article_id)

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The index as it is at one moment."""
        db = self._connection()
        try:
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("ROLLBACK")
        except (sqlite3.DatabaseError, DamagedContentError, DecodeError) as err:
            read = self._local.held[0]
            self._close()
            raise unreadable(self.place, err, read) from err

    def unpacker(self, db: sqlite3.Connection) -> Unpacker:
        """What gives back the records of a snapshot."""
        found: Unpacker | None = getattr(self._local, "unpacker", None)
        if found is None:
            found = self._local.unpacker = Unpacker(lambda number: dictionary_of(db, number))
        return found

    def _connection(self) -> sqlite3.Connection:
        """This thread's own, opened again when the file was made anew."""
        held = getattr(self._local, "held", None)
        current = file_id(self.place)
        if held is not None and held[0] == current:
            return held[1]  # type: ignore[no-any-return]
        self._close()
        opened = open_to_read(self.place)
        self._local.held = (current, opened)  # if it was made anew meanwhile, the next question opens it again
        return opened

    def _close(self) -> None:
        held = getattr(self._local, "held", None)
        if held is not None:
            held[1].close()
        self._local.held = self._local.unpacker = None

    def _alert(self, db: sqlite3.Connection, row: tuple[Any, ...]) -> IndexedAlert:
        alert_id, raised_ms, changed_ms, receipt, record = row
        said = self._about_alert(db, FEEDBACK, alert_id, Feedback)
        return IndexedAlert(
            alert=decode(self.unpacker(db).unpacked(record), Alert),
            raised_at=from_milliseconds(raised_ms),
            changed_at=from_milliseconds(changed_ms),
            receipt=msgspec.json.decode(receipt, type=Receipt),
            feedback=tuple(sorted(said, key=lambda each: each.made_at, reverse=True)),
        )

    def _about_alert(self, db: sqlite3.Connection, topic: str, alert_id: str, kind: type[R]) -> list[R]:
        rows = db.execute("SELECT record FROM about_alerts WHERE alert_id = ? AND topic = ?", (alert_id, topic))
        return self._records(db, rows, kind)

    def _records(self, db: sqlite3.Connection, rows: Iterator[tuple[bytes]], kind: type[R]) -> list[R]:
        unpacked = self.unpacker(db).unpacked
        return [decode(unpacked(record), kind) for (record,) in rows]

    def _story(self, db: sqlite3.Connection, key: int, span: tuple[int, int, int, int]) -> ActiveStory | None:
        """The story with a key as it was in a span of days and times; None if it has nothing there."""
        rows = db.execute(
            f"SELECT record FROM articles JOIN texts USING (id) {_IN_SPAN} AND story_key = ? ORDER BY id",
            (*span, key),
        )
        stories = self._records(db, rows, Story)
        return active_story(stories) if stories else None

    def _ids_meant(self, db: sqlite3.Connection, wanted: str) -> list[str]:
        """The ids of the articles meant. Several may stand on a page: an address with the fragment of one means it."""
        on_page = self._stories_where(db, "page_key = ?", (key_of_page(wanted),))
        on_page = [story for story in on_page if story.url is not None and page_key(story.url) == page_key(wanted)]
        exact = canonical_url(wanted, keep_fragment=True)
        on_page = [story for story in on_page if story.url == exact] or on_page
        if on_page:
            return list(dict.fromkeys(story.article_id for story in on_page))
        span = keys_meant(wanted, SHORTEST_BEGINNING)
        found = [one.article_id for one in self._stories_where(db, _meant("article_key"), span)]
        rows = db.execute(
            f"SELECT record FROM judgments WHERE {_meant('article_key')} AND kind = ? LIMIT {LOOKED_AT_MOST}",
            (*span, JUDGMENT_KINDS[OUTCOMES]),
        )
        found += [outcome.article_id for outcome in self._records(db, rows, Outcome)]
        meant = [article_id for article_id in dict.fromkeys(found) if article_id.startswith(wanted)]
        return [wanted] if wanted in meant else meant

    def _stories_where(self, db: sqlite3.Connection, where: str, values: Sequence[int]) -> list[Story]:
        rows = db.execute(
            f"SELECT record FROM articles JOIN texts USING (id) WHERE {where} ORDER BY id LIMIT {LOOKED_AT_MOST}",
            values,
        )
        return self._records(db, rows, Story)

    def _article(self, db: sqlite3.Connection, article_id: str) -> IndexedArticle:
        revisions = self._stories_where(db, "article_key = ?", (key_of(article_id),))

        def judged(topic: str, kind: type[J]) -> tuple[J, ...]:
            rows = db.execute(
                "SELECT record FROM judgments WHERE article_key = ? AND kind = ? ORDER BY id",
                (key_of(article_id), JUDGMENT_KINDS[topic]),
            )
            return tuple(one for one in self._records(db, rows, kind) if one.article_id == article_id)

        return IndexedArticle(
            article_id=article_id,
            revisions=tuple(
                sorted((one for one in revisions if one.article_id == article_id), key=lambda one: one.fetched_at)
            ),
            outcomes=judged(OUTCOMES, Outcome),
            events=judged(EVENTS, Event),
            verdicts=judged(VERDICTS, Verdict),
        )


def place_after(raised_at: str, alert_id: str) -> str:
    """The place in the list of alerts after one: what to give as `after`."""
    return f"{to_milliseconds(raised_at)}-{alert_id}"


def place_meant(cursor: str) -> tuple[int, str]:
    """The time, in milliseconds, and the id of the alert after which a place is. Raises ConfigError if it is none."""
    number, _, rest = cursor.partition("-")
    if not (number.isdecimal() and len(number) <= LONGEST_NUMBER and rest):
        raise ConfigError(f"{cursor!r} is not a place in a list; take `next` of the part before")
    return int(number), rest


_ALERTS = "SELECT alert_id, raised_ms, changed_ms, receipt, record FROM alerts"
_IN_SPAN = "WHERE id >= ? AND id < ? AND fetched_ms >= ? AND fetched_ms < ?"
_LAST_MS = timedelta.max // timedelta(milliseconds=1)
_EVER = (0, (1 << 63) - 1, 0, _LAST_MS)


def _conditions(wanted: AlertFilter) -> tuple[str, list[Any]]:
    """The filter in SQL, with its values."""
    conditions, values = ["1"], list[Any]()
    for label, given in wanted.labels.items():
        conditions.append(f"alert_id IN (SELECT alert_id FROM alert_labels WHERE label = ? AND value IN {_any(given)})")
        values += [label, *(folded_label(label, each) for each in given)]
    if wanted.lives:
        conditions.append(f"life IN {_any(wanted.lives)}")
        values += wanted.lives
    if wanted.shadow is not None:
        conditions.append("is_shadow = ?")
        values.append(wanted.shadow)
    if wanted.among is not None:
        conditions.append(f"alert_id IN {_LISTED}")
        values.append(_listed(wanted.among))
    if wanted.apart:
        conditions.append(f"alert_id NOT IN {_LISTED}")
        values.append(_listed(wanted.apart))
    for given_time, comparison in ((wanted.since, ">="), (wanted.until, "<")):
        if given_time is not None:
            conditions.append(f"raised_ms {comparison} ?")
            values.append(to_milliseconds(given_time))
    return " AND ".join(conditions), values


def _meant(column: str) -> str:
    """The condition that `keys_meant` gives the values of."""
    return f"({column} = ? OR {column} BETWEEN ? AND ?)"


_LISTED = "(SELECT value FROM json_each(?))"
"""Any number of values, as one."""


def _listed(values: Collection[str]) -> str:
    return msgspec.json.encode(sorted(values)).decode()


def _any(values: Sequence[str]) -> str:
    return f"({', '.join('?' * len(values))})"


T = TypeVar("T")


def _only(found: Sequence[T], wanted: str, ids: Sequence[str]) -> T | None:
    if len(found) > 1:
        raise ConfigError(f"{wanted!r} is ambiguous: {', '.join(ids[:MEANT_AT_MOST])}")
    return found[0] if found else None


def _one(db: sqlite3.Connection, statement: str, values: Sequence[Any] = ()) -> int:
    return int(db.execute(statement, values).fetchone()[0])


def _end_ms(until: str | None) -> int:
    return _LAST_MS if until is None else to_milliseconds(until)
