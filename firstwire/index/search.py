"""Search over what was read: the answer of a watch with that query, the newest first, with counts by day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.watches.evaluate import evaluate, holds
from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import Query
from firstwire.errors import ConfigError
from firstwire.index.database import days_in, row_id
from firstwire.index.expressions import candidates_of
from firstwire.index.packing import Unpacker
from firstwire.index.reading import LONGEST_NUMBER, IndexReader
from firstwire.index.results import DayCount, SearchHit, SearchPage
from firstwire.index.writing import DAY_MS, read_document
from schemas.article import Story
from schemas.codec import decode
from schemas.times import from_milliseconds, to_milliseconds

VERIFIED_AT_MOST = 20_000
"""Articles that are read and asked one by one for one page; about 150 µs each."""
_EVER = (0, 1 << 62)
"""In milliseconds since 1970, as far as SQLite's integers go."""

Place = tuple[int, int]
"""Of an article in the order of time: milliseconds since 1970, and its row's id."""


class _Found(NamedTuple):
    """An article for which a query holds; in the order of time."""

    fetched_ms: int
    id: int
    story_key: int
    is_news: bool

    @property
    def place(self) -> Place:
        return self.fetched_ms, self.id


class _EnoughVerifiedError(Exception):
    """The budget is spent before the article at a place, which is the next to be asked."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.place = place


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
) -> SearchPage:
    """The articles fetched in a time for which a query holds, the newest first; counts come with the first page.

    `after` is the `next` of the page before. Where the index cannot tell, articles are read and asked, up to
    `verified_at_most` of them: then the page may be short though there are more. Raises QueryError for a query that is
    none, ConfigError for a wrong `after`, TransientError if there is no index.
    """
    query = parse(text, gazetteer)
    first_ms = _EVER[0] if since is None else to_milliseconds(since)
    end = (_EVER[1] if until is None else to_milliseconds(until), 0)
    if after is not None:
        end = min(end, _place_of(after))
    with reader.snapshot() as db:
        asked = _AskedQuery(db, reader.unpacker(db), gazetteer, query, first_ms, end, _Budget(verified_at_most))
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

    def first_page(self, limit: int) -> SearchPage:
        """The first hits, and counts over everything."""
        found, stopped = self._found(None)
        counted = [day for day in self._days() if stopped is None or day >= stopped[0] // DAY_MS]
        return SearchPage(
            hits=self._hits(found[:limit]),
            next=_next(found, limit, stopped),
            days=_counts(counted, found),
            counted_since=None if stopped is None else from_milliseconds(stopped[0] + 1),
        )

    def later_page(self, limit: int) -> SearchPage:
        """The next hits; nothing is counted."""
        found, stopped = self._found(limit + 1)
        return SearchPage(hits=self._hits(found[:limit]), next=_next(found, limit, stopped))

    def _found(self, at_most: int | None) -> tuple[list[_Found], Place | None]:
        """The newest articles that the query finds, and where verifying ended, if it did before all of them."""
        found: list[_Found] = []
        newest_first = chain.from_iterable(map(self._of_day, reversed(self._days())))
        try:
            for one in islice(newest_first, at_most):
                found.append(one)  # noqa: PERF402 - what was found before the budget is spent counts
        except _EnoughVerifiedError as err:
            return found, err.place
        return found, None

    def _days(self) -> list[int]:
        first, last = self.first_ms // DAY_MS, self.end[0] // DAY_MS
        return [day for day in days_in(self.db) if first <= day <= last]

    def _of_day(self, day: int) -> Iterator[_Found]:
        """What the query finds of a day, the newest first."""
        candidates = candidates_of(self.query.root, lambda prefix: self._tokens(day, prefix))
        certain = self._fitting(day, candidates.certain)
        doubtful = self._fitting(day, candidates.doubtful)
        if not doubtful:
            yield from sorted(certain, reverse=True)
            return
        sure = {one.id for one in certain}
        for one in sorted((*certain, *doubtful), reverse=True):
            if one.id in sure or self._holds(one):
                yield one

    def _fitting(self, day: int, expression: str | None) -> list[_Found]:
        if expression is None:
            return []
        rows = self.db.execute(
            f"SELECT fetched_ms, id, story_key, is_news FROM words_{day} CROSS JOIN articles "
            f"ON id = words_{day}.rowid + ? WHERE words_{day} MATCH ? "
            "AND fetched_ms >= ? AND (fetched_ms, id) < (?, ?)",
            (row_id(day, 0), expression, self.first_ms, *self.end),
        )
        return list(map(_Found._make, rows))

    def _tokens(self, day: int, prefix: str) -> Iterable[str]:
        """The tokens of a day that begin with a text."""
        rows = self.db.execute(
            f"SELECT term FROM vocabulary_{day} WHERE term >= ? AND term < ?",
            (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
        )
        return (term for (term,) in rows)

    def _holds(self, one: _Found) -> bool:
        if not self.budget.left:
            raise _EnoughVerifiedError(one.place)
        self.budget.left -= 1
        return holds(self.query.root, read_document(self._story(one.id), self.gazetteer))

    def _story(self, article: int) -> Story:
        (record,) = self.db.execute("SELECT record FROM texts WHERE id = ?", (article,)).fetchone()
        return decode(self.unpacker.unpacked(record), Story)

    def _hits(self, found: Iterable[_Found]) -> tuple[SearchHit, ...]:
        stories = [self._story(one.id) for one in found]
        return tuple(
            SearchHit(story, evaluate(self.query, read_document(story, self.gazetteer)).evidence) for story in stories
        )


def _counts(days: Iterable[int], found: list[_Found]) -> tuple[DayCount, ...]:
    """By day: how many were found, and how many of them a watch would tell."""
    articles, messages = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    told: set[int] = set()
    for one in reversed(found):  # the earliest first
        day = one.fetched_ms // DAY_MS
        articles[day] += 1
        if one.is_news or one.story_key not in told:
            messages[day] += 1
        told.add(one.story_key)
    return tuple(DayCount(from_milliseconds(day * DAY_MS)[:10], articles[day], messages[day]) for day in articles)


def _next(found: list[_Found], limit: int, stopped: Place | None) -> str | None:
    """The place before which the next page begins."""
    if len(found) > limit:
        return "{}-{}".format(*found[limit - 1].place)
    return None if stopped is None else f"{stopped[0]}-{stopped[1] + 1}"


def _place_of(cursor: str) -> Place:
    milliseconds, _, number = cursor.partition("-")
    if not all(part.isdecimal() and len(part) <= LONGEST_NUMBER for part in (milliseconds, number)):
        raise ConfigError(f"{cursor!r} is not a place in what was found; take `next` of the page before")
    return int(milliseconds), int(number)
