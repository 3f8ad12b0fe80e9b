"""The index of the console: how fast it is filled, how large it is, and how long a search takes.

`python -m tests.bench.index [--articles 300000] [--folder FOLDER]`, from the repository root. The texts are made of
real wire stories, phrase after phrase, 10,000 a day; each has an outcome beside it, as every article has. The peer is
SQLite's full text with its own tokenizer over the same texts, in one table, kept as text: what one would write first.
Times are those of this process on one core, warm.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

import msgspec

from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, OUTCOMES, STORIES, topic_name
from firstwire.index.place import IndexPlace
from firstwire.index.reading import IndexReader
from firstwire.index.results import AlertFilter
from firstwire.index.search import search
from firstwire.index.service import RECORDS_AT_ONCE
from firstwire.index.writing import IndexWriter, Limits
from schemas.article import Story
from schemas.codec import encode
from schemas.outcome import Outcome, Step
from schemas.record import Record
from schemas.times import from_milliseconds
from tests.bench.many_articles import TITLE_WORDS, bodies
from tests.support.alerts import first_alert
from tests.support.knowledge import shipped_gazetteer
from tests.support.shared_data import WIRE, wire_articles

PREFIX = "bench"
A_DAY = 10_000
DAY_MS = 86_400_000
START_MS = 1_780_000_000_000 // DAY_MS * DAY_MS
ALERTS_COUNT = 10_000
ASKED = 7
"""How often each query is asked; the middle time counts."""
QUERIES = {
    "a rare word": "ecuador",
    "a frequent word": "government",
    "words": "(dollar OR yen OR sterling) AND intervention AND NOT tokyo",
    "a phrase": '"central bank"',
    "NEAR": "oil NEAR/5 (price OR prices OR output)",
    "an entity": "@japan AND trade",
    "a wildcard": "intervent*",
    "a wildcard inside": "restr*ions",
    "an exact word": "=Reserve AND bank",
    "an outlet": 'source:"outlet 7" AND bank',
}
PEER_QUERIES = {
    "a rare word": "ecuador",
    "a frequent word": "government",
    "words": "(dollar OR yen OR sterling) AND intervention NOT tokyo",
    "a phrase": '"central bank"',
    "a wildcard": "intervent*",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=300_000, help="how many articles the index holds")
    parser.add_argument("--folder", type=Path, help="where the index and the peer are kept; else they are deleted")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for line in measured(options.folder or Path(temporary), options.articles):
            print(line, flush=True)


def measured(folder: Path, count: int) -> Iterator[str]:
    """The figures line by line, Markdown."""
    wire = wire_articles()
    if wire is None:
        yield f"data missing: {WIRE}"
        return
    place = IndexPlace(folder / "index", "bench")
    gazetteer = shipped_gazetteer()
    end_ms = START_MS + count * DAY_MS // A_DAY
    writer = IndexWriter(place, PREFIX, gazetteer, Limits(365, 1 << 40), lambda: end_ms)
    texts = bodies([article.body for article in wire], count)
    yield from _filled(writer, texts, count)
    yield _real(folder, wire)
    reader = IndexReader(place)
    yield f"{reader.state().size_bytes / count:,.0f} bytes an article of {_characters(reader):,.0f} characters"
    yield ""
    yield "| query | found | the index | the peer |"
    yield "|---|---|---|---|"
    peer = Peer(folder / "peer.sqlite", reader, count)
    for name, query in QUERIES.items():
        found = search(reader, gazetteer, query)
        ours = _middle(partial(search, reader, gazetteer, query))
        theirs = f"{_middle(partial(peer.search, PEER_QUERIES[name])):.0f} ms" if name in PEER_QUERIES else ""
        part = f", counted since {found.counted_since[:10]}" if found.counted_since else ""
        yield f"| {name}: `{query}` | {found.articles:,}{part} | {ours:.0f} ms | {theirs} |"
    yield ""
    yield peer.size_line
    yield _alert_lines(writer, reader)


def _filled(writer: IndexWriter, texts: Iterator[str], count: int) -> Iterator[str]:
    took = worked = 0.0
    chance = Random(1)
    numbered = enumerate(texts)
    while batch := list(islice(numbered, RECORDS_AT_ONCE // 2)):
        records = [record for number, text in batch for record in _records(text, number, chance)]
        began, before = time.perf_counter(), time.process_time()
        writer.apply(records)
        took += time.perf_counter() - began
        worked += time.process_time() - before
    yield (
        f"{count:,} articles with their outcomes written in {took:,.0f} s, {worked:,.0f} s of one core: "
        f"{count / worked:,.0f} articles a second of one core, {count / took:,.0f} by the clock"
    )


def _records(text: str, number: int, chance: Random) -> tuple[Received, Received]:
    fetched_ms = START_MS + number * DAY_MS // A_DAY
    moment = from_milliseconds(fetched_ms)
    article_id = f"{chance.getrandbits(128):032x}"
    made = Story(
        article_id=article_id,
        title=" ".join(text.split()[:TITLE_WORDS]).capitalize(),
        body=text,
        language="en",
        source=f"outlet {number % 500}",
        url=f"https://outlet{number % 500}.example/news/{number}",
        feed=f"https://outlet{number % 500}.example/rss.xml",
        published_at=moment,
        fetched_at=moment,
        story_id=f"{chance.getrandbits(128):032x}",
        relation="new",
        origin_id=article_id,
        reason="no earlier article of this story",
    )
    steps = (
        Step(stage="deduplicate", verdict="new", detail=made.reason),
        Step(stage="analyze", verdict="no event", detail="no verb of an act between entities"),
    )
    outcome = Outcome(article_id=article_id, outcome="no_match", reason=steps[1].detail, trail=steps)
    return _received(STORIES, made, number, fetched_ms), _received(OUTCOMES, outcome, number, fetched_ms)


def _received(topic: str, record: Record, offset: int, timestamp_ms: int, key: str = "") -> Received:
    return Received(topic_name(PREFIX, topic), 0, offset, key, encode(record), (), timestamp_ms)


def _real(folder: Path, wire: Sequence[msgspec.Struct]) -> str:
    """The size of an index of the wire stories as they are."""
    place = IndexPlace(folder / "real", "bench")
    writer = IndexWriter(place, PREFIX, shipped_gazetteer(), Limits(365, 1 << 40), lambda: START_MS + 3 * DAY_MS)
    chance = Random(1)
    texts = [article.body for article in wire]  # type: ignore[attr-defined]
    for start in range(0, len(texts), 1_000):
        numbered = enumerate(texts[start : start + 1_000], start=start)
        writer.apply([record for number, text in numbered for record in _records(text, number, chance)])
    size = IndexReader(place).state().size_bytes / len(texts)
    return (
        f"{size:,.0f} bytes an article of the real wire stories, of {sum(map(len, texts)) / len(texts):,.0f} characters"
    )


def _characters(reader: IndexReader) -> float:
    with reader.snapshot() as db:
        rows = db.execute("SELECT record FROM texts WHERE id % 300 = 0").fetchall()
        records = [msgspec.json.decode(reader.unpacker(db).unpacked(record)) for (record,) in rows]
    return statistics.fmean(len(record["body"]) for record in records)


def _middle(ask: Callable[[], object]) -> float:
    """Milliseconds of one core, the middle of several times."""
    times = []
    for _ in range(ASKED):
        began = time.process_time()
        ask()
        times.append((time.process_time() - began) * 1_000)
    return statistics.median(times)


def _alert_lines(writer: IndexWriter, reader: IndexReader) -> str:
    batch = [
        _received(ALERTS, first_alert(alert_id=f"{number:032x}", certainty="sure"), number, START_MS, f"{number:032x}")
        for number in range(ALERTS_COUNT)
    ]
    began = time.process_time()
    writer.apply(batch)
    filled = ALERTS_COUNT / (time.process_time() - began)
    wanted = AlertFilter({"severity": ("critical",), "entity": ("russia",)})
    listed, selected = (_middle(partial(reader.alerts, one)) for one in (AlertFilter(), wanted))
    return (
        f"{ALERTS_COUNT:,} alerts written at {filled:,.0f} a second; the first 50 listed in {listed:.0f} ms, "
        f"by severity and entity in {selected:.0f} ms"
    )


class Peer:
    """SQLite's full text with the tokenizer `unicode61`, beside a table of the articles."""

    def __init__(self, file: Path, reader: IndexReader, count: int) -> None:
        self._db = sqlite3.connect(file)
        self._db.execute("PRAGMA cache_size = -64000")
        self._db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, fetched_at TEXT, title TEXT, body TEXT)")
        self._db.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, content=articles, content_rowid=id)")
        took = 0.0
        with reader.snapshot() as db:
            unpacked = reader.unpacker(db).unpacked
            rows = db.execute("SELECT record FROM texts ORDER BY id")
            number = 0
            while batch := rows.fetchmany(RECORDS_AT_ONCE):
                stories = [msgspec.json.decode(unpacked(record)) for (record,) in batch]
                values = [
                    (number := number + 1, story["fetched_at"], story["title"], story["body"]) for story in stories
                ]
                began = time.process_time()
                self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", values)
                self._db.executemany(
                    "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", [(one[0], *one[2:]) for one in values]
                )
                self._db.commit()
                took += time.process_time() - began
        self.size_line = (
            f"The peer was filled at {count / took:,.0f} articles a second of one core and has "
            f"{file.stat().st_size / count:,.0f} bytes an article."
        )

    def search(self, query: str) -> tuple[list[tuple[str, str]], list[tuple[str, int]]]:
        """The newest 50 with their titles, and how many there are by day."""
        newest = self._db.execute(
            "SELECT fetched_at, title FROM articles WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?) "
            "ORDER BY fetched_at DESC LIMIT 50",
            (query,),
        ).fetchall()
        days = self._db.execute(
            "SELECT substr(fetched_at, 1, 10), count(*) FROM articles "
            "WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?) GROUP BY 1",
            (query,),
        ).fetchall()
        return newest, days


if __name__ == "__main__":
    main()
