"""`python -m tests.bench.delivery`: from the topic of alerts to 2xx, alone and while five other destinations time out.

Two notifiers, each in a process of its own on one broker, get the same alerts at the same pace, one after the other in
changing order: what the machine does to one it does to the other. One has three receivers, the other also five that
take a request and never answer. Receivers are real servers of this process. The time runs from before an alert is put
on its topic until a receiver has read the whole request.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import ALERTS, create_missing_topics, topic_name
from firstwire.config import KafkaSection
from firstwire.demo.receivers import WebhookServer
from schemas.codec import encode
from tests.fakes.receivers import Answer, ScriptedWebhook
from tests.support.kafka import embedded_broker
from tests.support.notifying import NOTIFIER_PROCESS, numbered, written_settings
from tests.support.processes import started

HEALTHY, HANGING = 3, 5
NEVER_SECONDS = 3_600.0
WARM_UP = 20
"""Alerts that are not counted."""


@dataclass
class Contestant:
    """A notifier with its receivers, and when each alert was put on its topic, by the loop's clock."""

    prefix: str
    healthy: list[WebhookServer]
    hanging: list[ScriptedWebhook]
    put: dict[str, float] = field(default_factory=dict)

    def taken(self) -> list[float]:
        """Seconds from the topic to each healthy receiver, of the alerts that count."""
        counted = {numbered(number).alert_id for number in range(WARM_UP, len(self.put))}
        ids = ((seen.at, seen.json["data"]["alert"]["alert_id"]) for one in self.healthy for seen in one.requests)
        return [at - self.put[alert_id] for at, alert_id in ids if alert_id in counted]


@asynccontextmanager
async def contestant(bootstrap: str, folder: Path, name: str, hanging: int) -> AsyncIterator[Contestant]:
    """A notifier at work."""
    folder = folder / name
    folder.mkdir()
    await create_missing_topics(bootstrap, KafkaSection(topic_prefix=name))
    async with AsyncExitStack() as stack:
        healthy = [await stack.enter_async_context(WebhookServer()) for _ in range(HEALTHY)]
        never = Answer(delay_seconds=NEVER_SECONDS)
        others = [await stack.enter_async_context(ScriptedWebhook(forever=never)) for _ in range(hanging)]
        urls = {f"desk{number}": server.url for number, server in enumerate((*healthy, *others))}
        file = written_settings(folder, name, urls, timeout="1s")
        command = [sys.executable, "-c", NOTIFIER_PROCESS, str(file), bootstrap]
        stack.enter_context(started(command, log=folder / "log"))
        yield Contestant(name, healthy, others)


async def _put(bootstrap: str, contestants: Sequence[Contestant], first: int, count: int, rate: float) -> None:
    """Alerts at a steady pace to each contestant, in changing order."""
    loop = asyncio.get_running_loop()
    async with open_producer(bootstrap) as producer:
        begin = loop.time()
        for number in range(first, first + count):
            for turn in range(len(contestants)):
                step = (number - first) * len(contestants) + turn
                await asyncio.sleep(max(0.0, begin + step / rate / len(contestants) - loop.time()))
                one = contestants[(number + turn) % len(contestants)]
                alert = numbered(number)
                message = Message(topic_name(one.prefix, ALERTS), alert.alert_id, encode(alert))
                one.put[alert.alert_id] = loop.time()
                await producer.send(message)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def delivery_lines(alerts: int = 1_500, rate: float = 10.0) -> list[str]:
    """The figures of both notifiers."""
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_broker() as broker, AsyncExitStack() as stack:
            bootstrap = broker.bootstrap_servers
            both = [
                await stack.enter_async_context(contestant(bootstrap, Path(folder), name, hanging))
                for name, hanging in (("alone", 0), ("beside", HANGING))
            ]
            for first, count in ((0, WARM_UP), (WARM_UP, alerts)):
                await _put(bootstrap, both, first, count, rate)
                for one in both:
                    for server in one.healthy:
                        await server.wait_for(first + count, 120.0)
            assert all(server.requests for server in both[1].hanging), "a hanging destination was not even tried"
            alone, beside = (one.taken() for one in both)
    ratio = percentile(beside, 0.99) / percentile(alone, 0.99)
    return [
        f"alert on its topic → 2xx, {HEALTHY} webhooks, {rate:g} alerts/s: {_figures(alone)}",
        f"the same while {HANGING} other destinations time out: {_figures(beside)}; p99 {ratio:.2f} times that without",
    ]


def _figures(taken: list[float]) -> str:
    return (
        f"p50 {statistics.median(taken) * 1000:.0f} ms, p99 {percentile(taken, 0.99) * 1000:.0f} ms "
        f"of {len(taken):,} messages"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--alerts", type=int, default=1_500)
    parser.add_argument("--rate", type=float, default=10.0, help="alerts a second to each notifier")
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics have no leader for a moment
    print("\n".join(asyncio.run(delivery_lines(arguments.alerts, arguments.rate))))


if __name__ == "__main__":
    main()
