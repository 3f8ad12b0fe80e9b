"""The whole live chain but the poller: real articles on Kafka → alerts, in the processes of `firstwire run`.

`python -m tests.bench.chain [--rounds 3]`, from the repository root, prints the lines that `make bench` writes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

import seeds
from agents.matches import matches_in
from firstwire import config
from firstwire.broker.producer import Message
from firstwire.broker.topics import ALERTS, ARTICLES, MATCHES, OUTCOMES, STORIES, VERDICTS, topic_name
from firstwire.config import KafkaSection
from firstwire.core.stories.identity import language_key
from firstwire.daemon import WORKERS, Supervisor
from schemas.alert import Verdict
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.times import format_timestamp, parse_timestamp
from tests.bench.race import WARM_UP, race
from tests.support.configuration import write_configuration
from tests.support.drawn_queries import random_queries
from tests.support.kafka import records, send_all
from tests.support.shared_data import WIRE, wire_articles

PREFIX = "chain"
BARE_RECORDS = 2_000
LOADS = ((0, 1_500), (10_000, 150))
"""Watches beside the shipped rules, and articles a round."""
FIRST_ARTICLES = 100
"""Through the chain before the clock starts: joining groups and loading word lists is not what is measured."""

WRITTEN = [
    TopicPartition(topic_name(PREFIX, name), number)
    for name in (STORIES, OUTCOMES, MATCHES, ALERTS, VERDICTS)
    for number in range(KafkaSection().partitions)
]
LOOK_SECONDS = 0.1
QUIET_SECONDS = 3.0
"""Without a commit for so long, all is done: a transaction takes a tenth of it."""
PATIENCE_SECONDS = 600.0


async def chain_lines(rounds: int = 3) -> list[str]:
    """Both contestants in turn, round by round, each round with articles that the chain has not seen."""
    found = wire_articles()
    if found is None:
        return [f"data missing: {WIRE}"]
    articles = _fetched_from(datetime.now(UTC) + timedelta(hours=1), found)
    return [line for watches, count in LOADS for line in await _lines(articles, watches, count, rounds)]


async def _lines(articles: list[Article], watches: int, count: int, rounds: int) -> list[str]:
    bare_values = [encode(article) for article in articles[: WARM_UP + BARE_RECORDS]]
    ours: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        configuration = _configuration(Path(folder), articles, watches)
        with (Path(folder) / "daemon.log").open("wb") as output:
            supervisor = Supervisor(configuration, asyncio.Event(), output=output, commands=WORKERS)
            daemon = asyncio.create_task(supervisor.run())
            try:
                await _until_ready(supervisor, daemon)
                bootstrap = supervisor.bootstrap_servers
                left = iter(articles)
                await _through(bootstrap, [next(left) for _ in range(FIRST_ARTICLES)])
                for number in range(rounds):
                    bare.append(await race(bootstrap, "bare", number, bare_values))
                    seconds = await _through(bootstrap, [next(left) for _ in range(count)])
                    ours.append(count / seconds)
                    print(f"chain, {watches:,} watches: {ours[-1]:,.0f} of {bare[-1]:,.0f} articles/s", flush=True)
                matches = await _judged_matches(bootstrap, FIRST_ARTICLES + rounds * count)
            finally:
                supervisor.stop.set()
                await asyncio.gather(daemon, return_exceptions=True)
    ratios = [mine / peer for mine, peer in zip(ours, bare, strict=True)]
    beside = f"{watches:,} watches, {matches:.0f} matches an article" if watches else "the shipped rules"
    return [
        f"the whole live chain, articles on Kafka to alerts, real wire stories, {beside}: "
        f"median {statistics.median(ours):,.0f} articles/s, {statistics.median(ratios):.2f}× the bare Faust agent on "
        f"the same articles (each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)})"
    ]


def _fetched_from(first: datetime, articles: list[Article]) -> list[Article]:
    """The articles as far apart as they were, but later than the release of the rules that are to judge them."""
    later = first - parse_timestamp(articles[0].fetched_at)

    def moved(article: Article) -> Article:
        at = format_timestamp(parse_timestamp(article.fetched_at) + later)
        return msgspec.structs.replace(article, published_at=at, fetched_at=at)

    return [moved(article) for article in articles]


def _configuration(folder: Path, articles: list[Article], watches: int) -> config.Configuration:
    written = [
        {"id": f"w{number}", "query": query}
        for number, query in enumerate(random_queries(articles, watches) if watches else ())
    ]
    (folder / "watches.json").write_bytes(orjson.dumps({"watches": written}))
    rules = [str(Path(seeds.__path__[0]).resolve() / "rules"), *(["watches.json"] if watches else [])]
    return config.load(write_configuration(folder, prefix=PREFIX, rules=rules), os.environ)


async def _until_ready(supervisor: Supervisor, daemon: asyncio.Task[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (supervisor.parts and all(part.is_ready() for part in supervisor.parts)):
        if daemon.done():
            daemon.result()
        if time.monotonic() > deadline:
            raise TimeoutError(f"the workers are not ready in {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)


async def _through(bootstrap: str, articles: list[Article]) -> float:
    """Seconds from the first article published to the last commit on any topic that the chain writes."""
    looking = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    try:
        await looking.start()
        before = await looking.end_offsets(WRITTEN)
        topic = topic_name(PREFIX, ARTICLES)
        began = changed_at = time.monotonic()
        await send_all(bootstrap, (Message(topic, language_key(one.language), encode(one)) for one in articles))
        last = before
        while time.monotonic() - changed_at < QUIET_SECONDS or last == before:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"the chain still commits after {PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(LOOK_SECONDS)
            ends = await looking.end_offsets(WRITTEN)
            if ends != last:
                changed_at, last = time.monotonic(), ends
        return changed_at - began
    finally:
        await looking.stop()


async def _judged_matches(bootstrap: str, articles: int) -> float:
    """Matches an article, after counting that every article has its outcome and every match its verdict."""
    outcomes = len(await records(bootstrap, PREFIX, OUTCOMES))
    matches = sum(len(matches_in(record.value).watches) for record in await records(bootstrap, PREFIX, MATCHES))
    verdicts = [decode(record.value, Verdict) for record in await records(bootstrap, PREFIX, VERDICTS)]
    judged = sum(verdict.event_id is None for verdict in verdicts)
    if (outcomes, judged) != (articles, matches):
        raise RuntimeError(f"{outcomes} outcomes of {articles} articles, {judged} verdicts on {matches} matches")
    return matches / articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print("\n".join(asyncio.run(chain_lines(options.rounds))))


if __name__ == "__main__":
    main()
