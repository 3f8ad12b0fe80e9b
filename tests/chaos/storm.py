"""The storm: the whole daemon under load, and a random process killed again and again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from agents.matches import matches_in
from firstwire import config
from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, ARTICLES, DELIVERIES, EVENTS, MATCHES, OUTCOMES, VERDICTS, topic_name
from firstwire.daemon import WORKERS, Supervisor
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.errors import TransientError
from firstwire.files.knowledge import load_knowledge
from firstwire.process import start_child
from schemas.alert import Alert
from schemas.codec import decode
from schemas.delivery import Delivery
from tests.chaos.accounting import Account, account, told_at_least_once
from tests.fakes.news import NewsOrigin, write_feeds
from tests.support.configuration import write_configuration
from tests.support.processes import FIRSTWIRE, kill
from tests.support.waiting import found_once

PATIENCE_SECONDS = 240.0
WORKER_ALONE = "a kill of the worker alone (static member id)"
SETTLE_SECONDS = 1.5
"""Shortest time between two kills: long enough that a killed part has begun to work again now and then, not always."""

RULES = """\
watches:
  - id: three-words
    query: '"harbor winter bridge"'
    max_age: "off"
events:
  - id: recognitions
    action: [recognize]
    novelty: any
    max_age: "off"
"""


@dataclass
class Report:
    """What the storm did and what was found after it."""

    seed: int
    articles: int
    kills: Counter[str] = field(default_factory=Counter)
    back: dict[str, list[float]] = field(default_factory=dict)
    """After a kill of what, how many seconds it took until work was done again."""
    seconds: float = 0.0
    account: Account | None = None

    def lines(self) -> list[str]:
        found = self.account
        assert found is not None
        said = [
            f"seed {self.seed}; {self.articles} articles; {sum(self.kills.values())} kills: "
            + ", ".join(f"{part} {count}" for part, count in sorted(self.kills.items()))
            + f"; {self.seconds:.0f} s",
            "records: " + ", ".join(f"{name} {count}" for name, count in found.counts.items()),
            f"alerts: {len(found.alerts)}",
        ]
        for killed, seconds in self.back.items():
            said.append(
                f"back at work after {killed}: median {statistics.median(seconds):.2f} s, "
                f"worst {max(seconds):.2f} s, of {len(seconds)}"
            )
        return [*said, *(f"FAULT {fault}" for fault in found.faults)]


@dataclass
class Storm:
    """`await Storm(folder, seed, kills, articles).run()`; everything it started has ended afterwards."""

    folder: Path
    seed: int
    kills: int
    articles: int
    worker_kills: int = 0
    """Kills of the worker alone, before the storm, to time how soon it is back."""
    say: Callable[[str], None] = print

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.report = Report(self.seed, self.articles)
        self.second_worker: subprocess.Popen[bytes] | None = None

    async def run(self) -> Report:
        self.say(f"storm seed {self.seed}: {self.kills} kills over {self.articles} articles")
        feeds = write_feeds(self.random, 24, max(1, self.articles // 24 + 1))
        async with AsyncExitStack() as stack:
            origin = await stack.enter_async_context(NewsOrigin(feeds))
            slack = await stack.enter_async_context(SlackServer())
            webhook = await stack.enter_async_context(WebhookServer())
            configuration = self._configuration(origin, slack, webhook)
            output = stack.enter_context((self.folder / "daemon.log").open("wb"))
            stop = asyncio.Event()
            supervisor = Supervisor(configuration, stop, output=output)
            daemon = asyncio.create_task(supervisor.run())
            try:
                await self._storm(supervisor, daemon, origin, configuration, slack, webhook, output)
            finally:
                self._end_second_worker()
                stop.set()
                await asyncio.gather(daemon, return_exceptions=True)
        return self.report

    async def _storm(self, supervisor, daemon, origin, configuration, slack, webhook, output) -> None:  # type: ignore[no-untyped-def]
        began = time.monotonic()
        while not supervisor.parts:
            if daemon.done():
                daemon.result()
            await asyncio.sleep(0.05)
        for number in range(self.worker_kills):
            await self._kill_worker_alone(supervisor, origin, 0.3 * (number + 1) / self.worker_kills)
        for number in range(self.kills):
            origin.release(0.3 * bool(self.worker_kills) + (number + 1) / self.kills)
            if number % 6 == 2:
                self._start_second_worker(supervisor, configuration, output)
            if number % 6 == 5:
                self._end_second_worker()
            await asyncio.sleep(SETTLE_SECONDS + self.random.random() * 1.5)
            await self._kill_one(supervisor)
        origin.release(1.0)
        self._end_second_worker()
        final = {
            (item.title, item.text)
            for feed in origin.feeds.values()
            for item in {item.guid: item for item in feed.items}.values()
        }
        await self._until_all_ended(supervisor, daemon, len(final))
        knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
        window = config.story_window(configuration.settings)
        self.report.seconds = time.monotonic() - began
        found = await account(supervisor.bootstrap_servers, "chaos", knowledge, seeds, window, final)
        told_at_least_once(found, told_by(slack, webhook), allowed_extra=sum(self.report.kills.values()))
        self.report.account = found

    async def _kill_worker_alone(self, supervisor: Supervisor, origin: NewsOrigin, share: float) -> None:
        """Kill the worker, all its processes, while it has nothing to do, give it work, and time its first commit."""
        before = None
        while before is None or before != await _end_of_outcomes(supervisor.bootstrap_servers):
            before = await _end_of_outcomes(supervisor.bootstrap_servers)
            await asyncio.sleep(1.5)
        for part in supervisor.parts:
            if part.name in WORKERS:
                assert part.process is not None
                os.kill(part.process.pid, signal.SIGKILL)
        self.report.kills["worker"] += 1
        killed_at = time.monotonic()
        origin.release(share)
        await self._time_back_at_work(supervisor, killed_at)

    async def _kill_one(self, supervisor: Supervisor) -> None:
        """Kill one process; one that is down just now is killed as soon as it is back."""
        parts = {part.name: part for part in supervisor.parts}
        second = self.second_worker
        names = [*parts, "broker", *(["second worker"] if second is not None and second.poll() is None else [])]
        name = self.random.choice(sorted(names))

        async def running() -> int | None:
            if name == "broker":
                assert supervisor.broker is not None
                return supervisor.broker.pid if supervisor.broker.exit_code() is None else None
            process = second if name == "second worker" else parts[name].process
            return process.pid if process is not None and process.poll() is None else None

        pid = await found_once(running, bool, f"{name} runs again")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.report.kills[name] += 1

    async def _time_back_at_work(self, supervisor: Supervisor, killed_at: float) -> None:
        """From the kill to the next outcome that is committed; articles keep coming all the time."""
        before = await _end_of_outcomes(supervisor.bootstrap_servers)
        while time.monotonic() - killed_at < 30:
            now = await _end_of_outcomes(supervisor.bootstrap_servers)
            if now is not None and before is not None and now > before:
                self.report.back.setdefault(WORKER_ALONE, []).append(time.monotonic() - killed_at)
                return
            await asyncio.sleep(0.05)

    def _start_second_worker(self, supervisor: Supervisor, configuration, output) -> None:  # type: ignore[no-untyped-def]
        self._end_second_worker()
        command = [
            *(*FIRSTWIRE, "work", "--config", str(configuration.file)),
            *("--bootstrap-servers", supervisor.bootstrap_servers),
        ]
        environment = {**os.environ, "FIRSTWIRE_WORKER_ID": "worker-1"}
        self.second_worker = start_child(command, environment=environment, output=output)

    def _end_second_worker(self) -> None:
        second, self.second_worker = self.second_worker, None
        if second is not None:
            kill(second)

    async def _until_all_ended(self, supervisor: Supervisor, daemon: asyncio.Task[int], served: int) -> None:
        """Until every article has its outcome, every event and match its verdict, and every delivery its end."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            if daemon.done():
                daemon.result()
                raise AssertionError("the daemon left")
            waiting = await still_waiting(supervisor.bootstrap_servers, served)
            if not waiting:
                return
            if time.monotonic() > deadline:
                self.say(f"not all ended in {PATIENCE_SECONDS:.0f} s: {waiting}")
                return
            await asyncio.sleep(1.0)

    def _configuration(self, origin: NewsOrigin, slack: SlackServer, webhook: WebhookServer) -> config.Configuration:
        (self.folder / "rules.yaml").write_text(RULES, encoding="utf-8")
        file = write_configuration(
            self.folder,
            prefix="chaos",
            partitions=4,
            feeds=origin.urls,
            rules=["rules.yaml"],
            slack=slack.url,
            webhook=webhook.url,
            match={"kind": "event"},
            web="",
        )
        return config.load(file, os.environ)


def told_by(slack: SlackServer, webhook: WebhookServer) -> dict[str, Counter[str]]:
    """How often each receiver was told of each alert."""
    desk = Counter(seen.json["data"]["alert"]["alert_id"] for seen in webhook.requests)
    by_start = {alert_id[:12]: alert_id for alert_id in desk}
    headlines: dict[str, set[str]] = {}
    for seen in webhook.requests:
        alert = seen.json["data"]["alert"]
        headlines.setdefault(alert["alert_id"], set()).add(alert["headline"])
    newsroom: Counter[str] = Counter()
    unlisted = 0
    for seen in slack.requests:
        text = str(seen.json)
        if " · alert " not in text:  # a message about several lists their headlines
            newsroom.update(alert_id for alert_id, said in headlines.items() if any(each in text for each in said))
            more = re.search(r"and ([\d,]+) more", text)
            unlisted += int(more[1].replace(",", "")) if more is not None else 0
            continue
        start = text.split(" · alert ", 1)[1][:12]
        newsroom[by_start.get(start, start)] += 1
    newsroom.update([each for each in desk if not newsroom[each]][:unlisted])  # of these the number alone is told
    return {"desk": desk, "newsroom": newsroom}


async def still_waiting(bootstrap: str, served: int) -> str:
    """What has not come to its end yet; empty if everything has."""
    try:
        counts = {
            topic: len([None async for _ in read_all(bootstrap, topic_name("chaos", topic))])
            for topic in (ARTICLES, OUTCOMES, EVENTS, VERDICTS)
        }
        counts[MATCHES] = 0
        async for record in read_all(bootstrap, topic_name("chaos", MATCHES)):
            counts[MATCHES] += len(matches_in(record.value).watches)
        deliveries: dict[str, Delivery] = {}
        async for record in read_all(bootstrap, topic_name("chaos", DELIVERIES)):
            deliveries[record.key] = decode(record.value, Delivery)
        told = {(one.alert_id, one.destination) for one in deliveries.values() if one.state == "delivered"}
        alerts = set()
        async for record in read_all(bootstrap, topic_name("chaos", ALERTS)):
            alert = decode(record.value, Alert)
            if alert.kind == "event":
                alerts.add(alert.alert_id)
    except (TransientError, KafkaError) as err:
        return f"Kafka: {err}"
    untold = len(alerts) * 2 - len(told)
    pending = sum(1 for one in deliveries.values() if one.state == "pending")
    done = (
        counts[ARTICLES] >= served
        and counts[OUTCOMES] == counts[ARTICLES]
        and counts[VERDICTS] >= counts[EVENTS] + counts[MATCHES]
        and not untold
        and not pending
    )
    return "" if done else f"{counts}, {served} served, {untold} untold, {pending} deliveries pending"


async def _end_of_outcomes(bootstrap: str) -> int | None:
    """The sum of the committed end offsets of `outcomes`; None while the broker cannot be asked."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", request_timeout_ms=3_000, retry_backoff_ms=50
    )
    try:
        await asyncio.wait_for(consumer.start(), 4)
        partitions = [TopicPartition(topic_name("chaos", OUTCOMES), number) for number in range(4)]
        ends: dict[TopicPartition, int] = await asyncio.wait_for(consumer.end_offsets(partitions), 4)
    except (KafkaError, TimeoutError, OSError):
        return None
    else:
        return sum(ends.values())
    finally:
        await consumer.stop()
