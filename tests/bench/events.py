"""Reading events: articles a second on one core, over mixed news and over news of which all wakes the reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from firstwire.core.events.detection import Detection, detect_events
from firstwire.core.events.triggers import may_tell
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer
from tests.support.memory import resident_bytes
from tests.support.shared_data import DATA, WIRE, wire_articles

LABELED = DATA / "recognition"
ROUNDS = 3
_WORDS = re.compile(r"\w+")


def event_lines() -> list[str]:
    """The figures, measured in a process of its own: memory that another bench has freed would hide what is taken."""
    told = subprocess.run([sys.executable, "-m", "tests.bench.events"], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def _measured() -> list[str]:
    """Rates of processor time, the best of three rounds, beside a yardstick: the words of the same texts alone."""
    mixed = wire_articles()
    if mixed is None or not LABELED.is_dir():
        return [f"data missing: {WIRE} or {LABELED}"]
    before = resident_bytes()
    gazetteer = shipped_gazetteer()
    told = [article for article in _labeled() if may_tell(article.title)]

    def detect(article: ArticleText) -> Detection:
        return detect_events(article, gazetteer, load_reading())

    detect(told[0])
    loaded = resident_bytes() - before
    lines = []
    for name, articles in (("mixed wire stories", mixed), ("news items that all wake the reader", told)):
        reading = _rate(articles, detect)
        words = _rate(articles, lambda article: _WORDS.findall(f"{article.title} {article.summary} {article.body}"))
        found = sum(len(detect(article).events) for article in articles)
        lines.append(
            f"events, {len(articles):,} {name}: {reading:,.0f} articles/s, {found:,} events; "
            f"{reading / words:.3f}× finding the words of the texts"
        )
    grown = resident_bytes() - before
    return [*lines, f"events: entities and lists {loaded / 1e6:.0f} MB, {grown / 1e6:.0f} MB after reading all of it"]


def _rate(articles: Sequence[ArticleText], read: Callable[[ArticleText], object]) -> float:
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for article in articles:
            read(article)
        rates.append(len(articles) / (time.process_time() - began))
    return max(rates)


def _labeled() -> list[ArticleText]:
    items = [
        json.loads(line)
        for name in ("wce_2002_2019.jsonl", "wce_first_2002_2019.jsonl")
        for line in (LABELED / name).read_text(encoding="utf-8").splitlines()
    ]
    return [
        ArticleText(
            article_id=item["id"],
            title=item["text"],
            language="en",
            published_at=f"{item['date']}T12:00:00.000Z",
            fetched_at=f"{item['date']}T12:00:00.000Z",
        )
        for item in items
    ]


if __name__ == "__main__":
    print("\n".join(_measured()))
