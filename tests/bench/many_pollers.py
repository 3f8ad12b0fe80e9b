"""Two pollers, of which one is killed again and again: `python -m tests.bench.many_pollers [KILLS]`, by default 50.

Eight feeds on eight hosts have news twice a second. What counts is that every entry arrives, how long the feeds of a
killed poller are without one, and that no feed has two. Takes about ten seconds for each kill.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from firstwire.broker.topics import ARTICLES, create_missing_topics
from firstwire.config import KafkaSection
from schemas.article import Article
from schemas.codec import decode
from tests.fakes.origin import Answer, Asked, FakeOrigin, feed, item
from tests.support.configuration import write_configuration
from tests.support.kafka import embedded_broker, records
from tests.support.processes import firstwire, kill
from tests.support.waiting import found_once, until

FEEDS = 8
NEWS_EVERY_SECONDS = 0.5
LISTED = 60
"""Entries in a document: half a minute's, longer than any takeover."""
NAMES = ("one", "two")


@dataclass(frozen=True)
class Outcome:
    """What was measured; times in seconds."""

    entries: int
    lost: int
    repeated: int
    takeovers: Sequence[float]
    """For each kill, the longest that a feed was not asked afterwards."""
    most_pollers_of_a_feed: int
    """Between a rebalance and the next kill."""


@dataclass
class _Newspaper:
    """Feeds with news by the clock, until it is stopped."""

    began_at: float = field(default_factory=time.monotonic)
    ended_at: float | None = None

    @property
    def published(self) -> int:
        return int(((self.ended_at or time.monotonic()) - self.began_at) / NEWS_EVERY_SECONDS) + 1

    def answer(self, asked: Asked) -> Answer:
        newest = self.published
        return feed(*(item(f"News {n}", guid=str(n)) for n in range(newest - 1, max(-1, newest - LISTED - 1), -1)))


async def measured(bootstrap: str, prefix: str, folder: Path, kills: int) -> Outcome:
    """Kill one of two pollers so many times, the other one each time."""
    newspaper = _Newspaper()
    async with AsyncExitStack() as stack:
        origins = [await stack.enter_async_context(FakeOrigin(f"127.0.3.{n + 1}")) for n in range(FEEDS)]
        urls = [origin.behaves("/feed", newspaper.answer) for origin in origins]
        file = write_configuration(folder, bootstrap=bootstrap, prefix=prefix, feeds=urls)
        pollers = stack.enter_context(_Pollers(file, folder).running())
        takeovers, most = [], 0
        for number in range(kills):
            await _both_ask(origins)
            shared_at = time.monotonic()
            await asyncio.sleep(1.0 + random.random() * 2.0)
            most = max(most, *(len(_askers(origin, shared_at)) for origin in origins))
            killed_at = pollers.kill(NAMES[number % 2])
            takeovers.append(max([await _asked_again(origin, killed_at) for origin in origins]))
            pollers.start(NAMES[number % 2])
        newspaper.ended_at = time.monotonic()

        async def arrived() -> Counter[tuple[str | None, str]]:
            found = [decode(each.value, Article) for each in await records(bootstrap, prefix, ARTICLES)]
            return Counter((each.feed, each.title) for each in found)

        whole = newspaper.published * FEEDS
        found = await found_once(arrived, lambda some: sum(title == _last(newspaper) for _, title in some) == FEEDS)
    return Outcome(whole, whole - len(found), found.total() - len(found), takeovers, most)


@dataclass
class _Pollers:
    """Processes by name, each with a user agent of its own."""

    file: Path
    folder: Path
    processes: dict[str, Popen[bytes]] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def running(self) -> Iterator[_Pollers]:
        with self.stack:
            for name in NAMES:
                self.start(name)
            yield self

    def start(self, name: str) -> None:
        command = firstwire(
            "poll", "--config", str(self.file), log=self.folder / f"{name}.log", FIRSTWIRE_POLLER_USER_AGENT=name
        )
        self.processes[name] = self.stack.enter_context(command)

    def kill(self, name: str) -> float:
        kill(self.processes[name])
        return time.monotonic()


async def _both_ask(origins: Sequence[FakeOrigin]) -> None:
    """Until each poller has feeds, and every feed was asked since."""
    began_at = time.monotonic()

    async def is_shared() -> bool:
        askers: defaultdict[str, int] = defaultdict(int)
        for origin in origins:
            last = [asked for asked in origin.requests if asked.at > began_at][-1:]
            for asked in last:
                askers[asked.headers["User-Agent"]] += 1
        return len(askers) == len(NAMES) and sum(askers.values()) == len(origins)

    await until(is_shared, "feeds of both pollers")


def _askers(origin: FakeOrigin, since: float) -> set[str]:
    return {asked.headers["User-Agent"] for asked in origin.requests if asked.at > since}


async def _asked_again(origin: FakeOrigin, killed_at: float) -> float:
    """Seconds from the kill until the feed is asked by a poller that lives."""

    async def first() -> list[float]:
        return [asked.at for asked in origin.requests if asked.at > killed_at]

    return min(await found_once(first, bool, "a request after the kill")) - killed_at


def _last(newspaper: _Newspaper) -> str:
    return f"News {newspaper.published - 1}"


async def _main(kills: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_broker() as broker:
            kafka = KafkaSection(topic_prefix="pollers", partitions=8)
            await create_missing_topics(broker.bootstrap_servers, kafka)
            outcome = await measured(broker.bootstrap_servers, "pollers", Path(folder), kills)
    longest = sorted(outcome.takeovers)
    print(
        f"{kills} kills: {outcome.lost} of {outcome.entries:,} entries lost, {outcome.repeated:,} published again; "
        f"feeds taken over after {longest[len(longest) // 2]:.1f} s, at most {longest[-1]:.1f} s; "
        f"pollers of a feed at a time: {outcome.most_pollers_of_a_feed}"
    )


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
