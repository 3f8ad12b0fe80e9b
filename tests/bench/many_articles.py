"""Deduplication with very many articles remembered: cost per article, memory, and how long a restart takes.

`.venv/bin/python -m tests.bench.many_articles [--articles 1000000] [--inside 300000]`, from the repository root. The
texts are made of real wire stories, phrase after phrase, so that 5-grams are shared as they are in news, and more; no
two are near.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path

import numpy as np

from firstwire.core.state import Change, apply_all
from firstwire.core.stories.deduplication import deduplicate
from firstwire.core.stories.memories import BOOK, DeduplicationState
from firstwire.core.text.words import words
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.state import ArticleMemory
from schemas.times import from_milliseconds
from tests.bench.core import wire_articles

WINDOW = timedelta(hours=72)
WORDS_AT_MOST = 300
PHRASE_ENDS = 0.4
"""How often the next word is taken from another place where the last two stand, and …"""
TEXT_BREAKS = 0.15
"""… from anywhere at all."""
REPORT_EVERY = 50_000


def main() -> None:
    options = _options()
    sources = wire_articles()
    if sources is None:
        print("data missing: ../shared/data/near-duplicates/wire_1987")
        return
    state = DeduplicationState(WINDOW)
    step_ms = WINDOW // timedelta(milliseconds=1) // options.inside
    bodies = _bodies([article.body for article in sources], options.articles)
    first = next(bodies)  # the material that texts are made of is no cost of ours
    del sources
    base, spent, counted = _resident_bytes(), 0.0, 0
    for number, body in enumerate(chain([first], bodies)):
        moment = from_milliseconds(number * step_ms)
        article = Article(
            article_id=f"{number:032x}",
            title=f"Number {number} of very many",
            body=body,
            language="en",
            source=f"outlet {number % 500}",
            published_at=moment,
            fetched_at=moment,
        )
        began = time.process_time()
        apply_all(state, deduplicate(state, article).changes)
        spent += time.process_time() - began
        counted += 1
        if (number + 1) % REPORT_EVERY == 0:
            cost_us, grown_mb = spent / counted * 1e6, (_resident_bytes() - base) / 1e6
            remembered = len(state.articles)
            print(
                f"{number + 1:,} seen, {remembered:,} remembered: {cost_us:.0f} µs each, {grown_mb:,.0f} MB", flush=True
            )
            spent, counted = 0.0, 0
    print(f"highest use of memory in all: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")
    records = [encode(memory) for memory in state.articles.values()]
    del state
    _restore(records)


def _restore(records: list[bytes]) -> None:
    size = sum(map(len, records)) / len(records)
    restored = DeduplicationState(WINDOW)
    began = time.process_time()
    for record in records:
        memory = decode(record, ArticleMemory)
        restored.apply(Change(BOOK, memory.article_id, memory))
    spent = time.process_time() - began
    print(f"restored {len(records):,} records of {size:,.0f} bytes in {spent:.1f} s, reading from Kafka not counted")


def _bodies(sources: list[str], count: int) -> Iterator[str]:
    spelled = [word for body in sources for word in words(body)]
    names, ids = np.unique(np.array(spelled), return_inverse=True)
    del spelled, sources
    pairs = ids[:-1].astype(np.int64) * len(names) + ids[1:]
    order = np.argsort(pairs, kind="stable")
    ascending = pairs[order]
    first, last = ascending.searchsorted(pairs, "left"), ascending.searchsorted(pairs, "right")
    chance = np.random.default_rng(1)
    together = 2_000
    for _ in range(0, count, together):
        at = chance.integers(0, len(pairs) - 1, together)
        rows = np.empty((together, WORDS_AT_MOST), np.int64)
        for place in range(WORDS_AT_MOST):
            rows[:, place] = ids[at]
            elsewhere = order[first[at] + (chance.random(together) * (last[at] - first[at])).astype(np.int64)]
            at = np.where(chance.random(together) < PHRASE_ENDS, elsewhere, at) + 1
            breaks = (chance.random(together) < TEXT_BREAKS) | (at >= len(pairs))
            at[breaks] = chance.integers(0, len(pairs) - 1, int(breaks.sum()))
        lengths = np.clip(chance.lognormal(5.4, 0.6, together), 35, WORDS_AT_MOST).astype(int)
        yield from (" ".join(names[row[:length]]) for row, length in zip(rows, lengths, strict=True))


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000, help="how many are seen")
    parser.add_argument("--inside", type=int, default=300_000, help="how many of them fall into the window")
    return parser.parse_args()


if __name__ == "__main__":
    main()
