"""`python -m tests.chaos.cluster`: three real brokers on this machine, two pollers, three workers, two notifiers.

Brokers and processes are killed with SIGKILL and come back, under load. Between the kills a broker is cut off for half
a minute, clocks of processes are set back an hour, and the brokers' disk is full: that takes root, for a file system of
its own, and a C compiler, for the clock. `--only cut-off` and `--only full-disk` try one outage alone. Every record is
counted afterwards, as after the storm on one broker; leaves with 1 if anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from aiokafka.admin import AIOKafkaAdminClient

from firstwire import config
from firstwire.broker.embedded import EmbeddedBroker, Quorum
from firstwire.broker.topics import TOPICS, create_missing_topics, topic_name
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.errors import FirstwireError
from firstwire.files.knowledge import load_knowledge
from firstwire.process import start_child
from tests.chaos.accounting import account, told_at_least_once
from tests.chaos.arrivals import Arrivals
from tests.chaos.outages import MovableClocks, SmallDisk, small_disk
from tests.chaos.storm import RULES, Report, still_waiting, told_by
from tests.fakes.news import NewsOrigin, write_feeds
from tests.support.configuration import write_configuration
from tests.support.processes import FIRSTWIRE, kill
from tests.support.waiting import until

NODES = 3
PREFIX = "chaos"
RESTART_SECONDS = 0.5
AWAY_SECONDS = (2.0, 8.0)
"""How long a killed broker stays away."""
ALL_ENDED_SECONDS = 300.0
CUT_OFF_SECONDS = 30.0
FULL_SECONDS = 40.0
HOUR_SECONDS = 3600
KILLS_WITH_OTHER_TIME = 10
"""So many kills a clock stays an hour behind."""
BACK_LIMIT_SECONDS = 120.0
OTHER_RELEASES = 4
"""Beside two for a kill: of what else befalls."""
OUTAGES = ("cut-off", "full-disk")
RELEASES_OF_OUTAGES = 2 * NODES + 2
"""Of one before any, and at most two for each broker."""

PROCESSES: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    **{f"poll-{number}": (("poll",), {}) for number in (1, 2)},
    **{f"work-{number}": (("work",), {"FIRSTWIRE_WORKER_ID": f"worker-{number}"}) for number in (1, 2, 3)},
    **{f"notify-{number}": (("notify",), {"FIRSTWIRE_NOTIFIER_ID": f"notifier-{number}"}) for number in (1, 2)},
}
"""Commands and their environment, by name. Of the notifiers one works: the other takes over when it is killed."""


@dataclass
class Cluster:
    """Brokers of one quorum; a killed one keeps its folder and its ports."""

    nodes: list[EmbeddedBroker]
    quorum: Quorum
    away: set[int] = field(default_factory=set)
    """The pids of those that are kept down."""

    async def keep(self) -> None:
        """Start whoever has ended by itself, as soon as it can be started."""
        await asyncio.gather(*(self._keep(each) for each in self.nodes))

    async def _keep(self, node: EmbeddedBroker) -> None:
        """None waits for another: one that has started may wait for a majority, which another must make."""
        while True:
            if node.exit_code() is not None and node.pid not in self.away:
                with suppress(FirstwireError, OSError):  # such as a full disk
                    await node.start()
            await asyncio.sleep(RESTART_SECONDS)

    @property
    def bootstrap_servers(self) -> str:
        return ",".join(f"127.0.0.1:{client}" for client, _ in self.quorum.ports)

    async def in_sync(self) -> bool:
        """Whether every node has every record of our topics, and of Kafka's own."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap_servers)
        try:
            await admin.start()
            names = [topic_name(PREFIX, topic.name) for topic in TOPICS]
            described = await admin.describe_topics(names)
            return all(len(each["isr"]) == len(self.nodes) for topic in described for each in topic["partitions"])
        except Exception:
            return False
        finally:
            await admin.close()


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    """Three brokers that answer; gone at the end."""
    quorum = Quorum.of(NODES)
    nodes = [EmbeddedBroker(folder / f"broker-{node}", quorum=quorum, node=node) for node in range(1, NODES + 1)]
    try:
        await asyncio.gather(*(node.start() for node in nodes))
        yield Cluster(nodes, quorum)
    finally:
        await asyncio.gather(*(node.stop() for node in nodes))


@dataclass
class ClusterStorm:
    """`await ClusterStorm(folder, seed, kills, articles).run()`; everything it started has ended afterwards."""

    folder: Path
    seed: int
    kills: int
    articles: int
    only: str = ""
    """An outage that alone befalls, one of OUTAGES, instead of kills."""
    say: Callable[[str], None] = print
    report: Report = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.report = Report(self.seed, self.articles)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._notifier = "notify-1"
        self._releases = 0
        self._comings: set[asyncio.Task[None]] = set()

    async def run(self) -> Report:
        self.say(f"storm seed {self.seed}: {self.kills} kills over {self.articles} articles, {NODES} brokers")
        feeds = write_feeds(self.random, 24, max(1, self.articles // 24 + 1))
        async with AsyncExitStack() as stack:
            self.origin = await stack.enter_async_context(NewsOrigin(feeds))
            slack = await stack.enter_async_context(SlackServer())
            webhook = await stack.enter_async_context(WebhookServer())
            self._clocks = MovableClocks(self.folder)
            self._disk: SmallDisk = stack.enter_context(small_disk(self.folder / "disk"))
            brokers = await stack.enter_async_context(cluster(self._disk.folder))
            output = stack.enter_context((self.folder / "processes.log").open("ab"))
            os.environ["FIRSTWIRE_KAFKA_REPLICATION_FACTOR"] = str(NODES)
            stack.callback(os.environ.pop, "FIRSTWIRE_KAFKA_REPLICATION_FACTOR", None)
            (self.folder / "rules.yaml").write_text(RULES, encoding="utf-8")
            file = write_configuration(
                self.folder,
                bootstrap=brokers.bootstrap_servers,
                prefix=PREFIX,
                partitions=4,
                feeds=self.origin.urls,
                rules=["rules.yaml"],
                slack=slack.url,
                webhook=webhook.url,
                match={"kind": "event"},
                web="",
            )
            configuration = config.load(file, os.environ)
            await create_missing_topics(brokers.bootstrap_servers, configuration.settings.kafka)
            self.arrivals = Arrivals(brokers.bootstrap_servers, PREFIX)
            working = (self._keep(file, output), brokers.keep(), self.arrivals.run())
            keeping = [asyncio.create_task(each) for each in working]
            try:
                await self._storm(brokers, configuration, slack, webhook)
            finally:
                for task in (*keeping, *self._comings):
                    task.cancel()
                await asyncio.gather(*keeping, *self._comings, return_exceptions=True)
                for process in self._running.values():
                    kill(process)
        return self.report

    async def _storm(
        self,
        brokers: Cluster,
        configuration: config.Configuration,
        slack: SlackServer,
        webhook: WebhookServer,
    ) -> None:
        began = time.monotonic()
        if self.only:
            await self._befall_alone(brokers)
        befalls = {} if self.only else self._what_befalls(brokers)
        for number in range(self.kills):
            if number in befalls:
                await befalls[number]()
            self._release()
            await asyncio.sleep(1.5 + self.random.random() * 1.5)
            killed = await (self._kill_broker(brokers) if number % 3 == 0 else self._kill_process())
            if number % 2:
                await self._until_back(f"a kill of {killed}")
            if number % 10 == 9:
                self.say(f"{number + 1} kills in {time.monotonic() - began:.0f} s")
        self.origin.release(1.0)
        final = {
            (item.title, item.text)
            for feed in self.origin.feeds.values()
            for item in {item.guid: item for item in feed.items}.values()
        }
        deadline = time.monotonic() + ALL_ENDED_SECONDS
        while waiting := await still_waiting(brokers.bootstrap_servers, len(final)):
            if time.monotonic() > deadline:
                self.say(f"not all ended in {ALL_ENDED_SECONDS:.0f} s: {waiting}")
                break
            await asyncio.sleep(1.0)
        self.report.seconds = time.monotonic() - began
        knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
        window = config.story_window(configuration.settings)
        found = await account(brokers.bootstrap_servers, PREFIX, knowledge, seeds, window, final)
        told_at_least_once(found, told_by(slack, webhook), allowed_extra=sum(self.report.kills.values()))
        self.report.account = found

    def _what_befalls(self, brokers: Cluster) -> dict[int, Callable[[], Awaitable[None]]]:
        """Before which kill what else happens."""
        tenth = max(1, self.kills // 10)
        found: dict[int, Callable[[], Awaitable[None]]] = {
            2 * tenth: partial(self._cut_off, brokers),
            9 * tenth: partial(self._fill_disk, brokers),
        }
        for number, name in enumerate(("work-2", "poll-1", "notify-1", "notify-2")):
            begin = (3 + number) * tenth
            found[begin] = partial(self._move_clock, name, -HOUR_SECONDS)
            found[begin + min(KILLS_WITH_OTHER_TIME, tenth - 1)] = partial(self._move_clock, name, 0)
        return found

    async def _befall_alone(self, brokers: Cluster) -> None:
        """Every broker is cut off in turn, whatever it leads; or the disk is full, once."""
        await self._until_back("the start")
        if self.only == "full-disk":
            await self._fill_disk(brokers)
            return
        for node in brokers.nodes:
            await self._cut_off(brokers, node)

    async def _cut_off(self, brokers: Cluster, node: EmbeddedBroker | None = None) -> None:
        """Stop one of three as if its network were gone: connections stay open, and nothing answers."""
        await until(brokers.in_sync, "all brokers have all records", ALL_ENDED_SECONDS)
        node = node or self.random.choice(brokers.nodes)
        assert node.pid is not None
        os.kill(node.pid, signal.SIGSTOP)
        cut_at = time.monotonic()
        try:
            await self._until_back("a broker was cut off")
            await asyncio.sleep(cut_at + CUT_OFF_SECONDS - time.monotonic())
        finally:
            os.kill(node.pid, signal.SIGCONT)
        self.say(f"a broker was cut off for {time.monotonic() - cut_at:.0f} s")
        await self._until_back("it was no more")

    async def _fill_disk(self, brokers: Cluster) -> None:
        self._disk.fill()
        await asyncio.sleep(FULL_SECONDS)
        living = sum(each.exit_code() is None for each in brokers.nodes)
        self.say(f"the disk was full for {FULL_SECONDS:.0f} s; {living} of {NODES} brokers live")
        self._disk.make_room()
        await self._until_back("the disk had room again")

    async def _move_clock(self, name: str, seconds: int) -> None:
        self._clocks.move(name, seconds)
        self.say(f"the clock of {name} is {seconds} s off")

    def _release(self) -> list[set[str]]:
        """Let every feed show some more; the links of what is new, by feed."""
        self._releases += 1
        before = {name: feed.released for name, feed in self.origin.feeds.items()}
        releases = RELEASES_OF_OUTAGES if self.only else 2 * self.kills + OTHER_RELEASES
        self.origin.release(self._releases / releases)
        new = [
            {feed.link(item) for item in feed.items[before[name] : feed.released]}
            for name, feed in self.origin.feeds.items()
        ]
        return [links for links in new if links]

    async def _until_back(self, after: str) -> None:
        """Give every feed something new, and see how soon something of each has come to its end."""
        since = time.monotonic()
        if not await self.arrivals.until_ended(self._release(), since + BACK_LIMIT_SECONDS):
            self.say(f"not back {BACK_LIMIT_SECONDS:.0f} s after {after}")
        self.report.back.setdefault(after, []).append(time.monotonic() - since)

    async def _kill_broker(self, brokers: Cluster) -> str:
        """Kill one of three that are in step, with what it leads; start it again after a while."""
        await until(brokers.in_sync, "all brokers have all records", ALL_ENDED_SECONDS)
        node = self.random.choice(brokers.nodes)
        pid = node.pid
        assert pid is not None
        brokers.away.add(pid)
        os.kill(pid, signal.SIGKILL)
        self.report.kills["broker"] += 1
        self._comings.add(asyncio.create_task(self._come_back(brokers, pid)))
        return "a broker"

    async def _come_back(self, brokers: Cluster, pid: int) -> None:
        await asyncio.sleep(self.random.uniform(*AWAY_SECONDS))
        brokers.away.discard(pid)

    async def _kill_process(self) -> str:
        name = self.random.choice(sorted(self._running))

        async def runs() -> bool:
            return name in self._running and self._running[name].poll() is None

        if name.startswith("notify") and name != self._notifier:
            name = self._notifier
        await until(runs, f"{name} runs again")
        self._running[name].kill()
        kind = name.partition("-")[0]
        self.report.kills[kind] += 1
        if name == self._notifier:
            self._notifier = "notify-2" if name == "notify-1" else "notify-1"
        return kind

    async def _keep(self, file: Path, output: IO[bytes]) -> None:
        """Start every process, and again whenever it has ended, but for the notifier that was taken over from."""
        while True:
            for name, (command, environment) in PROCESSES.items():
                if name.startswith("notify") and name != self._notifier:
                    continue
                process = self._running.get(name)
                if process is None or process.poll() is not None:
                    self._running[name] = start_child(
                        [*FIRSTWIRE, *command, "--config", str(file)],
                        environment={**os.environ, **environment, **self._clocks.environment(name)},
                        output=output,
                    )
            await asyncio.sleep(RESTART_SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument(
        "--only", choices=OUTAGES, default="", help="no kills, but this outage: cut-off befalls each broker in turn"
    )
    parser.add_argument("--articles", type=int, default=9600)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    kills = 0 if arguments.only else arguments.kills
    with tempfile.TemporaryDirectory() as folder:
        where = arguments.folder or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        storm = ClusterStorm(where, arguments.seed, kills, arguments.articles, arguments.only)
        report = asyncio.run(storm.run())
    print("\n".join(report.lines()))
    assert report.account is not None
    sys.exit(1 if report.account.faults else 0)


if __name__ == "__main__":
    main()
