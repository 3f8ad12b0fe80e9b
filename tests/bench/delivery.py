"""`python -m tests.bench.delivery`: from the topic of alerts to 2xx, alone and while five other destinations time out.

A notifier of its own process on a broker of its own; receivers are real servers of this process. The time runs from
before an alert is put on its topic until a receiver has read the whole request. Rounds of both kinds take turns, so
that a machine that drifts drifts for both.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
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
"""Alerts of each round that are not counted."""


async def measured_round(
    bootstrap: str, folder: Path, number: int, hanging: int, alerts: int, rate: float
) -> list[float]:
    """Seconds from the topic to each healthy receiver."""
    prefix = f"round{number}"
    await create_missing_topics(bootstrap, KafkaSection(topic_prefix=prefix))
    async with AsyncExitStack() as stack:
        healthy = [await stack.enter_async_context(WebhookServer()) for _ in range(HEALTHY)]
        never = Answer(delay_seconds=NEVER_SECONDS)
        others = [await stack.enter_async_context(ScriptedWebhook(forever=never)) for _ in range(hanging)]
        urls = {f"desk{n}": server.url for n, server in enumerate((*healthy, *others))}
        file = written_settings(folder, prefix, urls, timeout="1s")
        with started([sys.executable, "-c", NOTIFIER_PROCESS, str(file), bootstrap], log=folder / "log"):
            await _put(bootstrap, prefix, 0, WARM_UP, rate)
            for server in healthy:
                await server.wait_for(WARM_UP, 60.0)
            put = await _put(bootstrap, prefix, WARM_UP, alerts, rate)
            arrived = [await server.wait_for(alerts + WARM_UP, 120.0) for server in healthy]
            for server in others:
                assert server.requests, "a hanging destination was not even tried"
    return [
        seen.at - put[alert_id]
        for requests in arrived
        for seen in requests
        if (alert_id := seen.json["data"]["alert"]["alert_id"]) in put
    ]


async def _put(bootstrap: str, prefix: str, first: int, count: int, rate: float) -> dict[str, float]:
    """Alerts at a steady pace; the loop's time just before each was sent, by alert."""
    loop = asyncio.get_running_loop()
    put: dict[str, float] = {}
    async with open_producer(bootstrap) as producer:
        begin = loop.time()
        for number in range(count):
            await asyncio.sleep(max(0.0, begin + number / rate - loop.time()))
            alert = numbered(first + number)
            message = Message(topic_name(prefix, ALERTS), alert.alert_id, encode(alert))
            put[alert.alert_id] = loop.time()
            await producer.send(message)
    return put


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def delivery_lines(rounds: int = 3, alerts: int = 400, rate: float = 20.0) -> list[str]:
    """The figures of both kinds of rounds."""
    kinds: dict[int, list[list[float]]] = {0: [], HANGING: []}
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_broker() as broker:
            for number in range(2 * rounds):
                hanging = (0, HANGING)[number % 2]
                taken = await measured_round(broker.bootstrap_servers, Path(folder), number, hanging, alerts, rate)
                kinds[hanging].append(taken)
                print(f"round {number}, {hanging} hang: {_figures(taken)}", flush=True)
    pooled = {
        hanging: [each for taken in taken_by_round for each in taken] for hanging, taken_by_round in kinds.items()
    }
    ratios = [percentile(b, 0.99) / percentile(a, 0.99) for a, b in zip(kinds[0], kinds[HANGING], strict=True)]
    return [
        f"alert on its topic → 2xx, {HEALTHY} webhooks, {rate:g} alerts/s: {_figures(pooled[0])}",
        f"the same while {HANGING} other destinations time out: {_figures(pooled[HANGING])}; p99 "
        f"{percentile(pooled[HANGING], 0.99) / percentile(pooled[0], 0.99):.2f} times that without (each round: "
        + ", ".join(f"{ratio:.2f}" for ratio in ratios)
        + ")",
    ]


def _figures(taken: list[float]) -> str:
    return (
        f"p50 {statistics.median(taken) * 1000:.0f} ms, p99 {percentile(taken, 0.99) * 1000:.0f} ms "
        f"of {len(taken):,} messages"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alerts", type=int, default=400)
    parser.add_argument("--rate", type=float, default=20.0, help="alerts a second")
    arguments = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # new topics have no leader for a moment
    print("\n".join(asyncio.run(delivery_lines(arguments.rounds, arguments.alerts, arguments.rate))))


if __name__ == "__main__":
    main()
