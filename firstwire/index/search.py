"""Search over what was read: what a watch with that query would find, the newest first, with counts by day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.watches.absence import clause_without_text
from firstwire.core.watches.document import Document, document_of
from firstwire.core.watches.evaluate import evaluate, holds
from firstwire.core.watches.lint import lower_case_operators
from firstwire.core.watches.query import And, EntityTerm, InField, Near, Node, Not, Or, Query, Value
from firstwire.core.watches.unknown_operators import parse_new_search
from firstwire.errors import ConfigError
from firstwire.index.database import days_in, row_id
from firstwire.index.expressions import candidates_of, rest_of
from firstwire.index.packing import Unpacker
from firstwire.index.place import DamagedContentError
from firstwire.index.reading import LONGEST_NUMBER, IndexReader
from firstwire.index.results import DayCount, SearchHit, SearchPage
from firstwire.index.writing import DAY_MS, read_document
from schemas.article import Story
from schemas.codec import decode
from schemas.times import from_milliseconds, to_milliseconds

VERIFIED_AT_MOST = 20_000
"""Articles that are read and asked one by one for one page: 30 µs each for a word, 300 if names must be found."""
COUNTED_AT_MOST = 50_000
"""Articles that a query of values alone finds before it looks at no earlier day: it may find nearly all there are."""
READ_AT_ONCE = 500
_EVER = (0, 1 << 62)
"""In milliseconds since 1970, as far as SQLite's integers go."""

Place = tuple[int, int]
"""Of an article in the order of time: milliseconds since 1970, and its row's id."""


Row = tuple[int, int, int, int]
"""An article that a query finds: milliseconds since 1970, the row's id, its story's key, whether it is news to it."""


@dataclass
class _Budget:
    """How many articles may still be verified."""

    left: int


def search(
    reader: IndexReader,
    gazetteer: Gazetteer,
    text: str,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int = 50,
    after: str | None = None,
    verified_at_most: int = VERIFIED_AT_MOST,
    counted_at_most: int = COUNTED_AT_MOST,
) -> SearchPage:
    """The articles fetched in a time for which a query holds, the newest first; counts come with the first page.

    `after` is the `next` of the page before. Where the index cannot tell, articles are read and asked, up to
    `verified_at_most` of them: then the page may be short though there are more. A query that can hold without any
    words is asked of no earlier day once it has found `counted_at_most`. Raises QueryError for a query that is none,
    ConfigError for a wrong `after`, TransientError if there is no index.
    """
    query = parse_new_search(text, gazetteer)
    first_ms = _EVER[0] if since is None else to_milliseconds(since)
    end = (_EVER[1] if until is None else to_milliseconds(until), 0)
    if after is not None:
        end = min(end, _place_of(after))
    with reader.snapshot() as db:
        asked = _AskedQuery(db, reader.unpacker(db), gazetteer, query, first_ms, end, _Budget(verified_at_most))
        asked.counted_at_most = None if clause_without_text(query.root) is None else counted_at_most
        return asked.first_page(limit) if after is None else asked.later_page(limit)


@dataclass
class _AskedQuery:
    """One query on one snapshot, among the articles between two places in time."""

    db: sqlite3.Connection
    unpacker: Unpacker
    gazetteer: Gazetteer
    query: Query
    first_ms: int
    end: Place
    budget: _Budget
    counted_at_most: int | None = None
    """Articles of a query; None: any number."""

    def first_page(self, limit: int) -> SearchPage:
        """The first hits, and counts over everything."""
        by_day, stopped = self._found(None)
        found = [row for _, rows in by_day for row in rows]
        doubtful = () if found else lower_case_operators(self.query)
        return SearchPage(
            hits=self._hits(found[:limit]),
            next=_next(found, limit, stopped),
            days=_counts(reversed(by_day)),
            counted_since=None if stopped is None else from_milliseconds(stopped[0] + 1),
            is_of_a_watch=clause_without_text(self.query.root) is None,
            hints=tuple(flaw.message for flaw in doubtful),
        )

    def later_page(self, limit: int) -> SearchPage:
        """The next hits; nothing is counted."""
        by_day, stopped = self._found(limit + 1)
        found = [row for _, rows in by_day for row in rows]
        return SearchPage(hits=self._hits(found[:limit]), next=_next(found, limit, stopped))

    def _found(self, at_most: int | None) -> tuple[list[tuple[int, list[Row]]], Place | None]:
        """The articles found of each day, the newest first, and where it ended if too much was found or verified."""
        by_day: list[tuple[int, list[Row]]] = []
        count, stopped = 0, None
        first, last = self.first_ms // DAY_MS, self.end[0] // DAY_MS
        for day in reversed(days_in(self.db)):
            if not first <= day <= last or stopped is not None or (at_most is not None and count >= at_most):
                continue
            if self.counted_at_most is not None and count >= self.counted_at_most:
                stopped = ((day + 1) * DAY_MS - 1, row_id(day + 1, 0))  # no article of an earlier day is after this
                continue
            rows, stopped = self._of_day(day, None if at_most is None else at_most - count)
            by_day.append((day, rows))
            count += len(rows)
        return by_day, stopped

    def _of_day(self, day: int, at_most: int | None) -> tuple[list[Row], Place | None]:
        candidates = candidates_of(self.query.root, lambda prefix: self._tokens(day, prefix))
        certain = self._fitting(day, candidates.certain)
        doubtful = self._fitting(day, candidates.doubtful)
        if not doubtful:
            return sorted(certain, reverse=True)[:at_most], None
        rest = rest_of(self.query.root, lambda prefix: self._tokens(day, prefix))
        sure = {row[1] for row in certain}
        records = self._records([row[1] for row in sorted(doubtful, reverse=True)])
        found: list[Row] = []
        for row in sorted((*certain, *doubtful), reverse=True):
            if at_most is not None and len(found) >= at_most:
                break
            if row[1] not in sure:
                if not self.budget.left:
                    return found, row[:2]
                self.budget.left -= 1
                if not self._holds(rest, next(records)):
                    continue
            found.append(row)
        return found, None

    def _records(self, articles: Sequence[int]) -> Iterator[bytes]:
        """The records of articles, in the order in which these are given."""
        for start in range(0, len(articles), READ_AT_ONCE):
            some = articles[start : start + READ_AT_ONCE]
            query = f"SELECT id, record FROM texts WHERE id IN ({', '.join('?' * len(some))})"
            held = dict(self.db.execute(query, some))
            if len(held) < len(some):
                raise DamagedContentError("the full text has articles whose records are missing")
            yield from (self.unpacker.unpacked(held[article]) for article in some)

    def _fitting(self, day: int, expression: str | None) -> list[Row]:
        if expression is None:
            return []
        return self.db.execute(
            f"SELECT fetched_ms, id, story_key, is_news FROM words_{day} CROSS JOIN articles "
            f"ON id = words_{day}.rowid + ? WHERE words_{day} MATCH ? "
            "AND fetched_ms >= ? AND (fetched_ms, id) < (?, ?)",
            (row_id(day, 0), expression, self.first_ms, *self.end),
        ).fetchall()

    def _tokens(self, day: int, prefix: str) -> Iterable[str]:
        """The tokens of a day that begin with a text."""
        rows = self.db.execute(
            f"SELECT term FROM vocabulary_{day} WHERE term >= ? AND term < ?",
            (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
        )
        return (term for (term,) in rows)

    def _holds(self, rest: Node, record: bytes) -> bool:
        """Whether that holds which the index cannot tell. No more is read of the article than it asks for."""
        asked = _asked_of(rest)
        if asked is _Asked.TEXT:
            try:
                document = Document(**msgspec.structs.asdict(_TEXTS.decode(record)))
            except msgspec.DecodeError as err:
                raise DamagedContentError(f"an article cannot be decoded: {err}") from err
        elif asked is _Asked.VALUES:
            document = document_of(decode(record, Story), (), {})
        else:
            document = read_document(decode(record, Story), self.gazetteer)
        return holds(rest, document)

    def _story(self, article: int) -> Story:
        (record,) = self.db.execute("SELECT record FROM texts WHERE id = ?", (article,)).fetchone()
        return decode(self.unpacker.unpacked(record), Story)

    def _hits(self, found: Iterable[Row]) -> tuple[SearchHit, ...]:
        stories = [self._story(row[1]) for row in found]
        return tuple(
            SearchHit(story, evaluate(self.query, read_document(story, self.gazetteer)).evidence) for story in stories
        )


class _Asked(IntEnum):
    """What a query asks of an article; each takes ten times as long as the one before."""

    TEXT = 0
    VALUES = 1
    NAMES = 2


class _Texts(msgspec.Struct):
    """The part of a record of `stories` that terms are looked for in; it has been the same in all versions."""

    title: str = ""
    summary: str = ""
    body: str = ""


_TEXTS = msgspec.json.Decoder(_Texts)


def _asked_of(node: Node) -> _Asked:
    match node:
        case EntityTerm():
            return _Asked.NAMES
        case Value():
            return _Asked.NAMES if node.field == "tag" else _Asked.VALUES
        case And() | Or():
            return max(map(_asked_of, node.parts))
        case Not() | InField():
            return _asked_of(node.part)
        case Near():
            return max(_asked_of(node.left), _asked_of(node.right))
        case _:
            return _Asked.TEXT


def _counts(by_day: Iterable[tuple[int, list[Row]]]) -> tuple[DayCount, ...]:
    """By day, the earliest first: how many were found, and how many of them a watch would tell."""
    counts: list[DayCount] = []
    told: set[int] = set()
    for day, rows in by_day:
        messages = 0
        for _, _, story_key, is_news in reversed(rows):
            if is_news or story_key not in told:
                messages += 1
            told.add(story_key)
        counts.append(DayCount(from_milliseconds(day * DAY_MS)[:10], len(rows), messages))
    return tuple(counts)


def _next(found: list[Row], limit: int, stopped: Place | None) -> str | None:
    """The place before which the next page begins."""
    if len(found) > limit:
        return f"{found[limit - 1][0]}-{found[limit - 1][1]}"
    return None if stopped is None else f"{stopped[0]}-{stopped[1] + 1}"


def _place_of(cursor: str) -> Place:
    milliseconds, _, number = cursor.partition("-")
    if not all(part.isdecimal() and len(part) <= LONGEST_NUMBER for part in (milliseconds, number)):
        raise ConfigError(f"{cursor!r} is not a place in what was found; take `next` of the page before")
    return int(milliseconds), int(number)
