"""The storm of deliveries: many alerts, receivers that fail in every way, notifiers that are killed or taken over."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import multiprocessing
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from aiohttp import web
from prometheus_client import generate_latest

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import ALERTS, DEAD_LETTERS, create_missing_topics, topic_name
from firstwire.config import KafkaSection, load
from firstwire.errors import TransientError
from firstwire.health import ProcessReporter
from firstwire.logs import configure_logs
from firstwire.notifier.delivery_history import asked_again, read_deliveries, request_redrives
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.service import notify
from firstwire.process import die_with_parent
from schemas import DeadLetter, Receipt
from schemas.codec import decode, encode
from tests.fakes.receivers import Answer, FlakySlack, FlakyWebhook, Seen
from tests.support.kafka import embedded_broker, records
from tests.support.notifying import numbered, written_settings
from tests.support.secret_search import SecretSearch, secrets_of

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["firstwire.notifier.receiver_types", "firstwire.notifier.service"])

WEBHOOKS = 2
FAILING_SHARE = 0.2
TRY_SECONDS = 1.0
"""How often somebody asks whether receivers work."""
LOOK_SECONDS = 15.0
"""How often all deliveries are read, which are hundreds of megabytes."""
RECEIPT = Receipt(published_at=None, fetched_at="2025-07-03T14:02:40.000Z")
PATIENCE_SECONDS = 900.0
FIGURES_SECONDS = 1.0
"""How often a notifier writes its metrics to a file: it is killed, and cannot be asked in the end."""
CYCLE_SECONDS = 20.0
"""After so long a notifier is killed, whatever was accepted by then."""
GONE = Answer(404)
LOG, FIGURES = "log", "figures-"
ENDED = ("delivered", "superseded")
BURST, FLOOD_SECONDS = 1_000, 10.0
"""So many alerts in so many seconds on one route."""


class Sink(FlakyWebhook):
    """A webhook that keeps ids instead of bodies: of 10,000 alerts these are too many for memory."""

    def __init__(self, seed: int, share: float) -> None:
        super().__init__(seed, share)
        self.taken: list[tuple[str, str, bytes]] = []
        """Of each alert that was accepted its `webhook-id`, its own id, and a hash of the body."""

    async def answer(self, request, seen: Seen):  # type: ignore[no-untyped-def]
        self.requests.clear()
        response = await super().answer(request, seen)
        if isinstance(response, web.Response) and response.status >= 400:
            response.text = f"{request.url} {dict(request.headers)}"  # what a server should not repeat
        if self.accepted and self.accepted[-1] is seen:
            self.accepted.clear()
            alert = seen.json["data"].get("alert")
            if alert is not None:
                body = hashlib.sha256(seen.body).digest()
                self.taken.append((seen.headers["webhook-id"], alert["alert_id"], body))
        return response

    @property
    def repeats(self) -> int:
        return len(self.taken) - len({webhook_id for webhook_id, _, _ in self.taken})


@dataclass
class DeliveryReport:
    """What happened; `faults` is empty if nothing was lost and too much was repeated nowhere."""

    seed: int
    alerts: int
    kills: int = 0
    fenced: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def expect(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def lines(self) -> list[str]:
        head = (
            f"deliveries, seed {self.seed}; {self.alerts:,} alerts to {WEBHOOKS} webhooks and a Slack that fail "
            f"{FAILING_SHARE:.0%} of all requests; {self.kills} kills of the notifier, {self.fenced} times "
            f"a second one took over; {self.seconds:.0f} s"
        )
        return [head, *self.said, *(f"FAULT: {fault}" for fault in self.faults)]


class DeliveryStorm:
    """`await DeliveryStorm(folder, seed, kills=50, alerts=10_000).run()`."""

    def __init__(self, folder: Path, seed: int, kills: int, alerts: int) -> None:
        self.folder, self.kills = folder, kills
        self.random = Random(seed)
        self.report = DeliveryReport(seed, alerts)
        self.bootstrap = ""
        self.prefix = "storm"
        self.raised = 0
        self.running: ForkServerProcess | None = None

    def say(self, text: str) -> None:
        print(text, flush=True)

    async def run(self) -> DeliveryReport:
        """The storm, then what was parked, then a flood."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        async with embedded_broker() as broker:
            self.bootstrap = broker.bootstrap_servers
            await create_missing_topics(self.bootstrap, KafkaSection(topic_prefix=self.prefix))
            async with AsyncExitStack() as stack:
                stack.callback(self._end)
                seeds = iter(range(self.report.seed, self.report.seed + 10))
                sinks = {
                    f"sink{number}": await stack.enter_async_context(Sink(next(seeds), FAILING_SHARE))
                    for number in range(WEBHOOKS)
                }
                slack = await stack.enter_async_context(FlakySlack(next(seeds), FAILING_SHARE))
                urls = {
                    name: f"http://127.0.0.1:{one.port}/hooks/{self._secret()}?key={self._secret()}"
                    for name, one in (*sinks.items(), ("slack", slack))
                }
                signing_key = "whsec_" + base64.b64encode(self.random.randbytes(32)).decode()
                self.settings = written_settings(self.folder, self.prefix, urls, timeout="1s", secret=signing_key)
                await self._kill_again_and_again(sinks, slack)
                await self._mend(sinks, slack)
                await self._park(sinks, slack)
                await self._flood(sinks, slack)
                self._end()
                await self._search()
        self.report.seconds = loop.time() - begin
        return self.report

    async def _kill_again_and_again(self, sinks: Mapping[str, Sink], slack: FlakySlack) -> None:
        trying = asyncio.create_task(self._try_for_ever(sinks))
        step = -(-self.report.alerts // self.kills)
        try:
            for number in range(self.kills):
                self.running = self._notifier()
                await self._raise(range(self.raised, min(self.raised + step, self.report.alerts)), 0.0)
                if number % 5 == 4:
                    await self._until_accepted(sinks, self.random.randrange(1, 50))
                    await self._take_over()
                await self._until_accepted(sinks, self.random.randrange(1, 100))
                self._end()
                self.report.kills += 1
                for one in (*sinks.values(), slack):
                    one.forget_pause()  # the reply that asked for it may not be on record
                if number % 10 == 9:
                    taken = {name: len(sink.taken) for name, sink in sinks.items()}
                    self.say(f"{number + 1} kills; accepted {taken}, {len(slack.accepted)} by Slack")
        finally:
            trying.cancel()
            await asyncio.gather(trying, return_exceptions=True)

    async def _take_over(self) -> None:
        """A second notifier starts beside the first, which must leave by itself."""
        first, self.running = self.running, self._notifier()
        assert first is not None, "one is at work"
        await asyncio.to_thread(first.join, 60.0)
        self.report.expect(first.exitcode is not None, "two notifiers ran beside each other")
        self.report.fenced += 1
        _killed(first)

    async def _until_accepted(self, sinks: Mapping[str, Sink], more: int) -> None:
        """Until so many alerts more were accepted by all webhooks together, or it takes too long."""
        loop = asyncio.get_running_loop()
        begin, deadline = _accepted(sinks), loop.time() + CYCLE_SECONDS
        while True:
            if _accepted(sinks) >= begin + more or loop.time() > deadline:
                return
            await asyncio.sleep(0.005)

    async def _mend(self, sinks: Mapping[str, Sink], slack: FlakySlack) -> None:
        """All receivers work from now on: everything arrives, each alert under one id and with one body."""
        failing_taken = {name: len(sink.taken) for name, sink in sinks.items()}
        for one in (*sinks.values(), slack):
            one.mended = True
        self.running = self._notifier()
        await self._until_all_ended(3 * self.report.alerts)
        report, allowed = self.report, self.report.kills + self.report.fenced
        unanswered = await self._unanswered()
        for name, sink in sinks.items():
            counts = Counter(alert_id for _, alert_id, _ in sink.taken)
            bodies = len({(webhook_id, body) for webhook_id, _, body in sink.taken})
            ids = {webhook_id for webhook_id, _, _ in sink.taken}
            report.expect(len(counts) == report.alerts, f"{name} lost {report.alerts - len(counts)}")
            report.expect(len(ids) == len(counts), f"{name} got {len(counts)} alerts under {len(ids)} ids")
            report.expect(bodies == len(ids), f"{name} got {bodies} bodies under {len(ids)} ids")
            repeats = _repeats(counts, unanswered[name])
            report.expect(repeats <= allowed, f"{name} got {repeats} repeats of {allowed} crashes")
            report.expect(not sink.too_early, f"{name} was asked {sink.too_early} times before Retry-After")
            report.said.append(
                f"{name}: {len(counts):,} alerts, {failing_taken[name]:,} of them while it failed; "
                f"{repeats} repeated after a crash, {sink.repeats - repeats} after a reply that came too late, "
                f"{sink.too_early} too early"
            )
        crowded = _crowded(slack.accepted)
        report.expect(not crowded, f"Slack got {crowded} messages too many")
        report.expect(not slack.too_early, f"Slack was asked {slack.too_early} times before Retry-After")
        report.said.append(f"slack: {len(slack.accepted)} messages, never more than one a second and three at once")
        letters = [
            decode(record.value, DeadLetter) for record in await records(self.bootstrap, self.prefix, DEAD_LETTERS)
        ]
        report.expect(all(each.stage == "deliver" and each.error for each in letters), "a dead letter without a reason")
        report.said.append(f"{len(letters)} given up on the way, each a dead letter with its reason, all sent again")

    async def _park(self, sinks: Mapping[str, Sink], slack: FlakySlack) -> None:
        """All receivers are gone while alerts come; mended, they get everything once and in its order."""
        first, count = self.report.alerts, 1_000
        before = {name: len(sink.taken) for name, sink in sinks.items()}
        for one in (*sinks.values(), slack):
            one.fail_always(GONE)
        await self._raise(range(first, first + count), 0.0)
        await self._until(lambda found: len(found) >= 3 * (first + count), "alerts were not taken in")
        for one in (*sinks.values(), slack):
            one.mended = True
        await self._redrive()
        await self._until_all_ended(3 * (first + count))
        wanted = [numbered(number).alert_id for number in range(first, first + count)]
        unanswered = await self._unanswered()
        for name, sink in sinks.items():
            counts = Counter(alert_id for _, alert_id, _ in sink.taken[before[name] :])
            repeats = _repeats(counts, unanswered[name])
            self.report.expect(len(counts) == count, f"{name} got {len(counts)} of {count} parked")
            self.report.expect(not repeats, f"{name} got {repeats} of what was parked again")
            self.report.expect([*counts] == wanted, f"{name} got what was parked in another order")
        self.report.said.append(f"{count:,} alerts while all were gone: after that each arrived once and in its order")

    async def _flood(self, sinks: Mapping[str, Sink], slack: FlakySlack) -> None:
        first = self.report.alerts + 1_000
        await asyncio.sleep(31.0)  # the rest after the last flood
        before = len(slack.accepted)
        await self._raise(range(first, first + BURST), FLOOD_SECONDS)
        await self._until_all_ended(3 * (first + BURST))
        messages = len(slack.accepted) - before
        self.report.expect(messages <= 3, f"{BURST} alerts in {FLOOD_SECONDS:g} s were {messages} messages")
        self.report.said.append(f"{BURST:,} alerts in {FLOOD_SECONDS:g} s: {messages} messages on Slack")

    async def _unanswered(self) -> dict[str, Counter[str]]:
        """By destination and alert how many attempts had no answer in time, as on a busy machine."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for each in await read_deliveries(self.bootstrap, self.prefix):
            found[each.delivery.destination][each.delivery.alert_id] += each.delivery.unanswered
        return found

    async def _search(self) -> None:
        """No record, log or metric of the run holds a secret of its configuration, in any form."""
        search = SecretSearch(secrets_of(load(self.settings, {}).settings))
        await search.look_at_topics(self.bootstrap, self.prefix)
        figures = sorted(self.folder.glob(f"{FIGURES}*"))
        for file in (self.folder / LOG, *figures):
            search.look_at_file(file)
        report = self.report
        report.expect(
            not search.found, f"secrets came out: {search.found[:5]} and {max(0, len(search.found) - 5)} more"
        )
        with (self.folder / LOG).open(encoding="utf-8", errors="replace") as log:
            report.expect(any("level=debug" in line for line in log), "nothing was logged at DEBUG")
        report.expect(bool(figures), "no metrics were written")
        report.said.append(
            f"{len(search.secrets)} secrets of the configuration in {search.form_count} forms, searched in "
            f"{search.records:,} records of all topics, the DEBUG log and {len(figures)} files of metrics, "
            f"{search.searched / 1e6:,.0f} MB: {len(search.found)} found"
        )

    def _secret(self) -> str:
        return base64.urlsafe_b64encode(self.random.randbytes(18)).decode()

    async def _raise(self, numbers: Sequence[int], seconds: float) -> None:
        """Alerts on their topic, evenly over that time, each alerted a millisecond after the one before."""
        loop = asyncio.get_running_loop()
        begin, topic = loop.time(), topic_name(self.prefix, ALERTS)
        async with open_producer(self.bootstrap) as producer:
            for done, together in enumerate(_in_hundreds(numbers)):
                await asyncio.sleep(max(0.0, begin + seconds * done * 100 / len(numbers) - loop.time()))
                messages = []
                for number in together:
                    alert = numbered(number)
                    at = f"2025-07-03T{14 + number // 3_600_000:02}:{number // 60_000 % 60:02}:{number // 1000 % 60:02}"
                    headers = (("alerted_at", f"{at}.{number % 1000:03}Z".encode()),)
                    messages.append(Message(topic, alert.alert_id, encode(alert), headers, partition=0))
                await producer.send_all(messages)
                self.raised += len(messages)

    async def _try_for_ever(self, sinks: Mapping[str, Sink]) -> None:
        """Ask of every receiver for some alert that it has not got, so that none stays parked for long."""
        while True:
            await asyncio.sleep(TRY_SECONDS)
            wanted = []
            for name in (*sinks, "slack"):
                taken = {alert_id for _, alert_id, _ in sinks[name].taken} if name in sinks else set()
                left = [number for number in range(self.raised) if f"{number:018x}" not in taken]
                if left:
                    wanted.append(new_entry(numbered(self.random.choice(left)), name, RECEIPT))
            with suppress(TransientError):
                await request_redrives(self.bootstrap, self.prefix, wanted)

    async def _redrive(self) -> None:
        """Ask for what was given up, and for what is parked: it shows whether the receiver works."""
        again = asked_again(await read_deliveries(self.bootstrap, self.prefix), ())
        wanted = [each for each in again if each.delivery.state in ("failed", "parked")]
        await request_redrives(self.bootstrap, self.prefix, wanted)

    async def _until_all_ended(self, count: int) -> None:
        def ended(found: Sequence[LoggedDelivery]) -> bool:
            alerts = [each for each in found if each.delivery.notice is None and each.delivery.rule_id is not None]
            return len(alerts) >= count and all(each.delivery.state in ENDED for each in alerts)

        await self._until(ended, f"not all of {count} ended")

    async def _until(self, condition, fault: str) -> None:  # type: ignore[no-untyped-def]
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            found = await read_deliveries(self.bootstrap, self.prefix)
            if condition(found):
                return
            if asyncio.get_running_loop().time() > deadline:
                states = Counter((each.delivery.destination, each.delivery.state) for each in found)
                self.report.expect(False, f"{fault}: {dict(states)}")
                return
            again = [each for each in asked_again(found, ()) if each.delivery.state in ("failed", "parked")]
            await request_redrives(self.bootstrap, self.prefix, again)
            await asyncio.sleep(LOOK_SECONDS)

    def _notifier(self) -> ForkServerProcess:
        process = FORKED.Process(target=_notify, args=(str(self.settings), self.bootstrap, str(self.folder)))
        process.start()
        return process

    def _end(self) -> None:
        running, self.running = self.running, None
        if running is not None:
            _killed(running)


def _accepted(sinks: Mapping[str, Sink]) -> int:
    return sum(len(sink.taken) for sink in sinks.values())


def _repeats(counts: Mapping[str, int], unanswered: Mapping[str, int]) -> int:
    """How often alerts came again. A reply after the time limit is no reply: that attempt is made again."""
    return sum(max(0, count - 1 - unanswered.get(alert_id, 0)) for alert_id, count in counts.items())


def _killed(process: ForkServerProcess) -> None:
    """End a process by SIGKILL, and wait until it is gone."""
    process.kill()
    process.join()


def _notify(settings: str, bootstrap: str, folder: str) -> None:
    """A notifier in a process that was forked from one which had imported everything, so that many may start."""
    die_with_parent()
    descriptor = os.open(Path(folder) / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    configure_logs("debug", "notify")
    # At DEBUG aiokafka writes whole records, which are searched where they stand
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    asyncio.run(_notify_and_write_figures(Path(settings), bootstrap, Path(folder) / f"{FIGURES}{os.getpid()}"))


async def _notify_and_write_figures(settings: Path, bootstrap: str, figures: Path) -> None:
    reporter = ProcessReporter()

    async def write() -> None:
        while True:
            await asyncio.sleep(FIGURES_SECONDS)
            await asyncio.to_thread(figures.write_bytes, generate_latest(reporter.registry))

    writing = asyncio.create_task(write())
    try:
        await notify(load(settings, {}), bootstrap, stop=asyncio.Event(), reporter=reporter)
    finally:
        writing.cancel()


def _in_hundreds(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + 100] for start in range(0, len(numbers), 100))


def _crowded(accepted: Sequence[Seen]) -> int:
    """How many messages came within a second of the third before them: more than one a second and three at once."""
    times = [seen.at for seen in accepted]
    return sum(later - earlier < 0.95 for earlier, later in zip(times, times[3:], strict=False)) if times else 0
