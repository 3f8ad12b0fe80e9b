"""An index of many articles and alerts, written by the index's own writer before a daemon starts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

import msgspec

from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, OUTCOMES, STORIES, topic_name
from firstwire.config import Configuration
from firstwire.files.entities import load_entities
from firstwire.index.service import RECORDS_AT_ONCE, index_limits, index_place
from firstwire.index.writing import IndexWriter
from schemas.alert import Lead, Times
from schemas.codec import encode
from schemas.outcome import Outcome
from schemas.record import Record
from schemas.times import from_milliseconds
from tests.support.alerts import covering_article, first_alert, span
from tests.support.indexing import story

DAYS = 10
WORDS = re.findall(
    r"\w+",
    "minister talks border port trade court bank harvest storm strike budget school bridge election treaty army oil "
    "prices police fire hospital museum team record coast island capital village parliament committee witness report "
    "agreement visit envoy summit crisis recovery factory railway airport weather drought flood vaccine research",
)
NAMES = ("Ghana", "Moldova", "Peru", "Japan", "Norway", "Taliban", "Russia", "Kenya")
PARAGRAPH_WORDS = 60


def fill_large(configuration: Configuration, articles: int, alerts: int) -> None:
    """Write this many of the last ten days into the index of a configuration, as if their topics began after them."""
    gazetteer = load_entities([configuration.path(path) for path in configuration.settings.entities.paths])
    writer = IndexWriter(
        index_place(configuration),
        configuration.settings.kafka.topic_prefix,
        gazetteer,
        index_limits(configuration),
        _now_ms,
    )
    records = _records(configuration.settings.kafka.topic_prefix, articles, alerts)
    while batch := list(islice(records, RECORDS_AT_ONCE)):
        writer.apply(batch)
    writer.close()


def _records(prefix: str, articles: int, alerts: int) -> Iterator[Received]:
    chance, end_ms = Random(1), _now_ms()
    span_ms = DAYS * 86_400_000

    def received(topic: str, key: str, record: Record, at_ms: int) -> Received:
        # What is before the first offset: the daemon then reads its topics from their beginning
        return Received(topic_name(prefix, topic), 0, -1, key, encode(record), (), at_ms)

    for number in range(articles):
        at_ms = end_ms - span_ms + number * span_ms // articles
        moment, article_id = from_milliseconds(at_ms), f"{chance.getrandbits(128):032x}"
        text = " ".join(_words(chance, PARAGRAPH_WORDS))
        made = story(
            article_id,
            f"{chance.choice(NAMES)} {' '.join(_words(chance, 5))} {number}",
            body=text,
            story_id=f"{number // 4:032x}",
            source=f"Outlet {number % 300}",
            url=f"https://outlet{number % 300}.example/{number}",
        )
        made = msgspec.structs.replace(made, published_at=moment, fetched_at=moment)
        yield received(STORIES, made.story_id, made, at_ms)
        outcome = Outcome(article_id=article_id, outcome="no_match", reason="no verb of an act between entities")
        yield received(OUTCOMES, article_id, outcome, at_ms)
    for number in range(alerts):
        at_ms = end_ms - span_ms + number * span_ms // alerts
        moment, name = from_milliseconds(at_ms), chance.choice(NAMES)
        title = f"{name} recognizes island {number}"
        alert = first_alert(
            alert_id=f"{chance.getrandbits(128):032x}",
            rule_id=f"rule-{number % 12}",
            headline=title,
            severity=("info", "warning", "critical")[number % 3],
            tags=(name.casefold(), "trade"),
            outlets=(f"Outlet {number % 300}",),
            coverage=(covering_article(number % 50),),
            evidence=(span(name, text=title),),
            lead=Lead(article_id=f"a{number}", title=title, url=f"https://outlet.example/{number}", source="Outlet"),
            times=Times(published_at=moment, fetched_at=moment),
        )
        yield received(ALERTS, alert.alert_id, alert, at_ms)


def _words(chance: Random, count: int) -> Iterable[str]:
    return (chance.choice(NAMES) if chance.random() < 0.05 else chance.choice(WORDS) for _ in range(count))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
