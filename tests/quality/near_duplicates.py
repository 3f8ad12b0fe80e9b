"""Near-duplicates against the exact all-pairs oracle, and beside datasketch's MinHash LSH on the same texts."""

from __future__ import annotations

import csv
import gc
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped,unused-ignore]

from firstwire.core.state import apply_all
from firstwire.core.stories.deduplication import deduplicate
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.text_identity import read
from schemas.article import Article, Story
from schemas.times import EPOCH, format_timestamp, to_milliseconds

TITLE = "Near-duplicates"
TOLD = """Every pair inside 72 h that the definition in [stories](stories.md) calls near, counted on whole sets of
5-grams without hash, sample or index, beside what is found. The rate is CPU time of one core; of datasketch the
sketch and its search alone."""

HOURS = 72
WINDOW = timedelta(hours=HOURS)
PERMUTATIONS = 128
Pair = tuple[int, int]
"""Numbers of two articles in order of arrival, the later one first."""


def report(data: Path, errors: bool) -> Iterator[str]:
    """A row for each method on each set; with `errors` what was missed or found falsely."""
    folder = data / "near-duplicates"
    yield "| articles | pairs by the oracle | method | pairs: precision | recall | articles/s |"
    yield "|---|---|---|---|---|---|"
    for name, articles in (("web_articles", _web(folder)), ("wire_1987", _wire(folder)), ("planted", _planted(folder))):
        if articles is None:
            yield f"| {name}: data missing: {folder} |"
            continue
        yield from measure(name, articles, errors)


def measure(name: str, articles: list[Article], errors: bool) -> Iterator[str]:
    stories, seconds = deduplicated(articles)
    truth = oracle(articles)
    gc.collect()
    gc.freeze()  # the oracle's millions of tuples are nobody else's cost
    near = {pair for pair, shared in truth.shared.items() if truth.is_near(pair, shared)}
    found = found_pairs(articles)
    head = f"| {name}, {len(articles):,} | {len(near):,} among {len(truth.grams):,} texts |"
    yield f"{head} Firstwire, whole step | {_judged(found, near)} | {len(articles) / seconds:,.0f} |"
    yield f"{head} Firstwire, partner named (of articles) | {_named(stories, near, truth)} | |"
    if errors:
        yield from (f"MISSED {pair} {truth.told(pair)}" for pair in sorted(near - found)[:20])
        yield from (f"FALSE {pair} {truth.told(pair)}" for pair in sorted(found - near)[:20])
    sketched, seconds = found_by_minhash(truth)
    yield (
        f"{head} datasketch MinHash LSH, {PERMUTATIONS} permutations, 5-grams given | {_judged(sketched, near)} | "
        f"{len(truth.grams) / seconds:,.0f} |"
    )
    gc.unfreeze()


@dataclass
class Oracle:
    """What the definition says of every pair, from the sets of 5-grams themselves: no hash, no sample, no index cut."""

    grams: dict[int, frozenset[tuple[str, ...]]] = field(default_factory=dict)
    shared: dict[Pair, int] = field(default_factory=dict)
    """The pairs inside the window that share at least one 5-gram, and how many."""
    times: dict[int, int] = field(default_factory=dict)

    def is_near(self, pair: Pair, shared: int) -> bool:
        sizes = [len(self.grams[number]) for number in pair]
        return shared >= 0.5 * (sum(sizes) - shared) or shared >= 0.8 * min(sizes)

    def told(self, pair: Pair) -> str:
        sizes = [len(self.grams.get(number, ())) for number in pair]
        return f"sizes {sizes[0]} and {sizes[1]}, shared {self.shared.get(pair, 0)}"


def oracle(articles: list[Article]) -> Oracle:
    known = Oracle()
    holders: dict[tuple[str, ...], list[int]] = {}
    reach = WINDOW // timedelta(milliseconds=1)
    for number, article in enumerate(articles):
        words = re.findall(r"\w+", (article.body or article.summary).casefold())
        if len(words) < 30:
            continue
        grams = frozenset(zip(*(words[place:] for place in range(5)), strict=False))
        counted: Counter[int] = Counter()
        for gram in grams:
            before = holders.setdefault(gram, [])
            counted.update(before)
            before.append(number)
        known.grams[number] = grams
        known.times[number] = to_milliseconds(article.fetched_at)
        for other, shared in counted.items():
            if known.times[number] - known.times[other] <= reach:
                known.shared[number, other] = shared
    return known


def deduplicated(articles: list[Article]) -> tuple[list[Story], float]:
    """Every article through the whole step, state changes included, and how long it took."""
    state = DeduplicationState(WINDOW)
    stories = []
    began = time.process_time()  # of this one thread: what else the machine does is no cost of ours
    for article in articles:
        judged = deduplicate(state, article)
        apply_all(state, judged.changes)
        stories.append(judged.story)
    return stories, time.process_time() - began


def found_pairs(articles: list[Article]) -> set[Pair]:
    """Every partner that is found and verified, not only the one that is named."""
    state = DeduplicationState(WINDOW)
    found: set[Pair] = set()
    for number, article in enumerate(articles):
        text = read(article).text
        if text is not None:
            partners = state.find_near(text, article.fetched_at)
            found.update((number, int(partner.memory.article_id)) for partner in partners)
        apply_all(state, deduplicate(state, article).changes)
    return found


def found_by_minhash(truth: Oracle) -> tuple[set[Pair], float]:
    """The pairs inside the window that a sketch finds, and how long it took."""
    lsh = MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
    texts = {number: [" ".join(gram).encode() for gram in grams] for number, grams in truth.grams.items()}
    found: set[Pair] = set()
    began = time.process_time()
    for number, grams in texts.items():
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(grams)
        found.update((number, other) for other in lsh.query(sketch))
        lsh.insert(number, sketch)
    seconds = time.process_time() - began
    reach = WINDOW // timedelta(milliseconds=1)
    return {pair for pair in found if truth.times[pair[0]] - truth.times[pair[1]] <= reach}, seconds


def _named(stories: list[Story], near: set[Pair], truth: Oracle) -> str:
    has_partner = {later for later, _ in near}
    named = {
        number: int(story.copy_of) for number, story in enumerate(stories) if story.copy_of and number in truth.grams
    }
    right = sum((number, partner) in near for number, partner in named.items())
    return f"{_share(right, len(named))} | {_share(len(has_partner & named.keys()), len(has_partner))}"


def _judged(found: set[Pair], near: set[Pair]) -> str:
    right = len(found & near)
    return f"{_share(right, len(found))} | {_share(right, len(near))}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.4f} ({part:,}/{whole:,})" if whole else "none"


def _web(folder: Path) -> list[Article] | None:
    path = folder / "web_articles.csv"
    if not path.exists():
        return None
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as rows:
        return [_article(number, body=row["articleBody"]) for number, row in enumerate(csv.DictReader(rows))]


def _wire(folder: Path) -> list[Article] | None:
    files = sorted((folder / "wire_1987").glob("*.json"))
    stories: list[dict[str, Any]] = [story for file in files for story in json.loads(file.read_text(encoding="utf-8"))]
    times = list(_times(story["date"] for story in stories))
    return [
        _article(number, title=story.get("title") or "", body=story.get("body") or "", fetched_at=moment)
        for number, (moment, story) in enumerate(sorted(zip(times, stories, strict=True), key=lambda pair: pair[0]))
    ] or None


def _times(dates: Iterator[str]) -> Iterator[str]:
    """The time stamps; a few have none and keep the time of the one before."""
    moment = EPOCH
    for date in dates:
        stamp = re.search(r"\d{1,2}-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d\.\d+", date)
        if stamp is not None:
            moment = format_timestamp(datetime.strptime(stamp[0], "%d-%b-%Y %H:%M:%S.%f").replace(tzinfo=UTC))
        yield moment


def _planted(folder: Path) -> list[Article] | None:
    path = folder / "planted_1000.txt"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_article(number, body=line.partition(" ")[2]) for number, line in enumerate(lines)]


def _article(number: int, *, body: str, title: str = "", fetched_at: str = EPOCH) -> Article:
    return Article(
        article_id=str(number), title=title, body=body, language="en", published_at=fetched_at, fetched_at=fetched_at
    )
