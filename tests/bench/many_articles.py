"""The first stage with very many articles remembered: cost per article, memory, and how long a restart takes.

`.venv/bin/python -m tests.bench.many_articles [--articles 1000000] [--inside 300000]`, from the repository root. The
texts are made of real wire stories, phrase after phrase, so that 5-grams are shared as they are in news, and more; no
two of these are near. Among them come copies under other outlets, trimmed and extended ones, later revisions, and
articles seen before.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import chain
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from aiokafka import AIOKafkaConsumer, TopicPartition

from agents.deduplicate import Deduplicate
from agents.opening import Opening
from agents.stage import Writer
from firstwire.broker.producer import open_producer
from firstwire.broker.topics import ARTICLES, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from firstwire.core.state import DEDUPLICATE_STATE, STORY_STATE, Change, apply_all
from firstwire.core.stories.assignment import place
from firstwire.core.stories.news_state import NewsState
from firstwire.core.text.words import words
from firstwire.process import keep_memory_whole
from schemas.article import Article
from schemas.times import from_milliseconds
from tests.support.kafka import embedded_broker
from tests.support.knowledge import story_knowledge
from tests.support.memory import resident_bytes
from tests.support.shared_data import wire_articles

TITLE = "A million articles"
TOLD = """The whole first stage, near-duplicates and stories, 72 h of event time being 300,000 articles of about 215
words, all of one language and on one partition, which is the worst case. CPU time of one core; memory is what the
process grew by."""

WINDOW = timedelta(hours=72)
WORDS_AT_MOST = 300
PHRASE_ENDS = 0.4
"""How often the next word is taken from another place where the last two stand, and …"""
TEXT_BREAKS = 0.15
"""… from anywhere at all."""
TITLE_WORDS = 9
SHARES = {"new": 0.70, "copy": 0.15, "edited": 0.07, "revision": 0.03, "again": 0.05}
"""Of what comes in: told for the first time; a wire copy; one cut or extended; the same article changed; unchanged."""
RECENT = 2_000
"""Copies are of one of so many articles before."""
CONTROL_HELD = 1_000
CONTROL_ASKED = 20
CONTROL_EVERY = 500
REPORT_EVERY = 100_000
LOOK_EVERY = 100
BATCH = 5_000
SUPERSEDED = 0.3
"""Of a compacted topic so much may be dirty: records that a newer one of the same key makes worthless."""


def report(data: Path, errors: bool) -> Iterator[str]:
    """Lines of Markdown: a row for each hundred thousand articles, then the restart."""
    return measured(1_000_000, 300_000)


def measured(seen: int, inside: int) -> Iterator[str]:
    keep_memory_whole()  # as a worker does
    sources = wire_articles()
    if sources is None:
        yield "data missing: ../shared/data/near-duplicates/wire_1987"
        return
    state = NewsState(WINDOW)
    step_ms = WINDOW // timedelta(milliseconds=1) // inside
    news = _news([article.body for article in sources], seen, step_ms)
    first = next(news)  # the material that texts are made of is no cost of ours
    del sources
    base, spent, highest = resident_bytes(), 0.0, 0
    control = Control()
    relations: Counter[str] = Counter()
    yield "| articles seen | remembered | stories | each | control | of the control | memory |"
    yield "|---|---|---|---|---|---|---|"
    for number, article in enumerate(chain([first], news), start=1):
        began = time.process_time()
        placed = place(state, article, story_knowledge())
        apply_all(state, placed.changes)
        spent += time.process_time() - began
        relations[placed.story.relation] += 1
        control.take_in(number, article)
        if number % LOOK_EVERY == 0:
            highest = max(highest, resident_bytes() - base)
        if number % REPORT_EVERY == 0 or number == seen:
            cost_us, grown_mb = spent / ((number - 1) % REPORT_EVERY + 1) * 1e6, (resident_bytes() - base) / 1e6
            held = f"{len(state.articles.articles):,} | {len(state.stories):,}"
            control_us = control.cost_us()
            share = f"{control_us:.0f} µs | {cost_us / control_us:.2f}"
            yield f"| {number:,} | {held} | {cost_us:.0f} µs | {share} | {grown_mb:,.0f} MB |"
            spent = 0.0
    yield ""
    yield "They were " + ", ".join(f"{count:,} {relation}" for relation, count in sorted(relations.items())) + "."
    yield f"Highest use of memory, while postings are merged: {highest / 1e6:,.0f} MB."
    changes = [Change(DEDUPLICATE_STATE, key, memory) for key, memory in state.articles.articles.items()]
    changes += [Change(STORY_STATE, story.story_id, story) for story in state.stories]
    del state
    yield from asyncio.run(_restored(changes))


class Control:
    """The same few judgements over and over with a small state: what makes the machine slower shows there too."""

    def __init__(self) -> None:
        self._state = NewsState(WINDOW)
        self._asked: list[Article] = []
        self._spent, self._count = 0.0, 0

    def take_in(self, number: int, article: Article) -> None:
        """Called with every article: the first are remembered, the next are asked about from then on."""
        if number <= CONTROL_HELD:
            apply_all(self._state, place(self._state, article, story_knowledge()).changes)
        elif len(self._asked) < CONTROL_ASKED:
            self._asked.append(article)
        elif number % CONTROL_EVERY == 0:
            began = time.process_time()
            for one in self._asked:
                place(self._state, one, story_knowledge())
            self._spent += time.process_time() - began
            self._count += len(self._asked)

    def cost_us(self) -> float:
        """Of one judgement since this was asked last."""
        cost = self._spent / max(1, self._count) * 1e6
        self._spent, self._count = 0.0, 0
        return cost


async def _restored(changes: list[Change]) -> list[str]:
    """Put the state on a real Kafka, with the superseded records that compaction may leave, and open the partition."""
    writer = Writer("many")
    stage = Deduplicate(writer, WINDOW, story_knowledge())
    topic, group = topic_name("many", ARTICLES), "many-deduplicate"
    async with embedded_broker() as broker, AsyncExitStack() as stack:
        bootstrap = broker.bootstrap_servers
        await create_missing_topics(bootstrap, KafkaSection(topic_prefix="many", partitions=1))
        flow = [*changes[: int(len(changes) * SUPERSEDED)], *changes]
        size, count = 0, len(changes)
        del changes
        async with open_producer(bootstrap) as producer:
            for start in range(0, len(flow), BATCH):
                messages = [writer.state_message(change, 0) for change in flow[start : start + BATCH]]
                size += sum(len(message.value or b"") for message in messages)
                await producer.send_all(messages)
        member = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group)
        stack.push_async_callback(member.stop)
        await member.start()
        await member.getmany(timeout_ms=1)  # the coordinator of a group that never was is not there at once
        opening = Opening(stage, bootstrap_servers=bootstrap, prefix="many", group=group)
        began, worked = time.monotonic(), time.process_time()
        opened = await opening.open(TopicPartition(topic, 0))
        stack.push_async_callback(opened.producer.stop)
        took, work = time.monotonic() - began, time.process_time() - worked
        assert isinstance(opened.state, NewsState)
        held = len(opened.state.articles.articles) + len(opened.state.stories)
        assert held == count
    return [
        f"Opened again from Kafka, fencing included: {len(flow):,} records of {size / len(flow):,.0f} bytes on "
        f"average, {held:,} of them still good, in {took:.1f} s ({work:.1f} s of one core)."
    ]


def _news(sources: list[str], count: int, step_ms: int) -> Iterator[Article]:
    """Articles in order of time, `step_ms` apart."""
    chance = Random(1)
    texts = bodies(sources, count)
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    recent: list[Article] = []
    for number, kind in enumerate(kinds):
        moment = from_milliseconds(number * step_ms)
        old = chance.choice(recent) if recent and kind != "new" else None
        if old is None:
            body = next(texts)
            article = Article(
                article_id=f"{number:032x}",
                title=" ".join(body.split()[:TITLE_WORDS]).capitalize(),
                body=body,
                language="en",
                source=f"outlet {chance.randrange(500)}",
                published_at=moment,
                fetched_at=moment,
            )
        else:
            article = _retold(old, kind, f"{number:032x}", moment, chance)
        if len(recent) < RECENT:
            recent.append(article)
        else:
            recent[number % RECENT] = article
        yield article


def _retold(old: Article, kind: str, article_id: str, moment: str, chance: Random) -> Article:
    told = msgspec.structs.replace(old, fetched_at=moment)
    if kind == "again":
        return told
    spelled = old.body.split()
    if kind == "revision":
        return msgspec.structs.replace(told, body=" ".join([*spelled, "officials", "added", "at", moment]))
    told = msgspec.structs.replace(told, article_id=article_id, source=f"outlet {chance.randrange(500)}")
    if kind == "copy":
        return told
    kept = spelled[: max(35, int(len(spelled) * chance.uniform(0.5, 0.95)))]
    return msgspec.structs.replace(told, body=" ".join(["Our", "correspondents", "report", "that", *kept]))


def bodies(sources: list[str], count: int) -> Iterator[str]:
    """Texts made of these, phrase after phrase: the same for the same ones."""
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
        for column in range(WORDS_AT_MOST):
            rows[:, column] = ids[at]
            elsewhere = order[first[at] + (chance.random(together) * (last[at] - first[at])).astype(np.int64)]
            at = np.where(chance.random(together) < PHRASE_ENDS, elsewhere, at) + 1
            breaks = (chance.random(together) < TEXT_BREAKS) | (at >= len(pairs))
            at[breaks] = chance.integers(0, len(pairs) - 1, int(breaks.sum()))
        lengths = np.clip(chance.lognormal(5.4, 0.6, together), 35, WORDS_AT_MOST).astype(int)
        yield from (" ".join(names[row[:length]]) for row, length in zip(rows, lengths, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000, help="how many are seen")
    parser.add_argument("--inside", type=int, default=300_000, help="how many of them fall into the window")
    options = parser.parse_args()
    for line in measured(options.articles, options.inside):
        print(line, flush=True)


if __name__ == "__main__":
    main()
