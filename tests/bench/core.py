"""The pure core alone, on one core: articles a second through deduplication and through the whole pipeline."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from firstwire.core.pipeline import deduplicate
from firstwire.core.state import apply_all
from firstwire.core.stories.news_state import NewsState
from firstwire.replay.run import replay
from schemas.article import Article
from schemas.times import EPOCH, format_timestamp
from tests.support.knowledge import rarities_of, shipped_knowledge

WIRE = Path(__file__).parents[3] / "shared" / "data" / "near-duplicates" / "wire_1987"
_DATE = re.compile(r"\d{1,2}-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d\.\d+")

WINDOW = timedelta(hours=72)


def wire_articles() -> list[Article] | None:
    """Real wire stories, if the data folder is there."""
    if not WIRE.is_dir():
        return None
    found: list[Article] = []
    time_of_it = EPOCH
    for file in sorted(WIRE.glob("*.json")):
        for story in json.loads(file.read_text(encoding="utf-8")):
            title, body = story.get("title") or "", story.get("body") or ""
            if title or body:
                stamp = _DATE.search(story["date"])
                if stamp is not None:  # a few have none: they keep the time of the one before
                    moment = datetime.strptime(stamp[0], "%d-%b-%Y %H:%M:%S.%f").replace(tzinfo=UTC)
                    time_of_it = format_timestamp(moment)
                found.append(
                    Article(
                        article_id=f"w{len(found)}",
                        title=title or body[:80],
                        body=body,
                        language="en",
                        source="wire",
                        published_at=time_of_it,
                        fetched_at=time_of_it,
                    )
                )
    return found


def core_lines() -> list[str]:
    articles = wire_articles()
    if articles is None:
        return [f"data missing: {WIRE}"]
    state = NewsState(WINDOW)
    began = time.perf_counter()
    for article in articles:
        apply_all(state, deduplicate(state, article, rarities_of()).changes)
    first = len(articles) / (time.perf_counter() - began)
    knowledge, seeds = shipped_knowledge()
    replay(articles[:200], knowledge, seeds, WINDOW)
    began = time.perf_counter()
    found = replay(articles, knowledge, seeds, WINDOW)
    whole = len(articles) / (time.perf_counter() - began)
    return [
        f"pure core, {len(articles):,} real wire stories, one core: "
        f"first stage {first:,.0f} articles/s; "
        f"all stages {whole:,.0f} articles/s ({len(found.events)} events, {len(found.alerts)} alerts)"
    ]
