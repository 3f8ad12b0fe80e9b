"""The pure core alone, on one core: articles a second through deduplication and through the whole pipeline."""

from __future__ import annotations

import time
from datetime import timedelta

from firstwire.core.pipeline import deduplicate
from firstwire.core.state import apply_all
from firstwire.core.stories.news_state import NewsState
from firstwire.replay.run import replay
from tests.support.knowledge import shipped_knowledge, story_knowledge
from tests.support.shared_data import WIRE, wire_articles

WINDOW = timedelta(hours=72)


def core_lines() -> list[str]:
    articles = wire_articles()
    if articles is None:
        return [f"data missing: {WIRE}"]
    state = NewsState(WINDOW)
    began = time.perf_counter()
    for article in articles:
        apply_all(state, deduplicate(state, article, story_knowledge()).changes)
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
