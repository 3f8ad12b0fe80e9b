"""Fetched → accepted: the whole daemon at a steady pace, every article an alert, as the receipts tell it."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from random import Random

from firstwire import config
from firstwire.broker.reader import read_all
from firstwire.broker.topics import DELIVERIES, topic_name
from firstwire.daemon import Supervisor
from firstwire.demo.receivers import WebhookServer
from schemas.codec import decode
from schemas.delivery import Delivery
from schemas.times import to_milliseconds
from tests.fakes.news import ACTORS, TARGETS, Feed, Item, NewsOrigin
from tests.support.configuration import write_configuration

PATIENCE_SECONDS = 120.0
FEEDS = 20


def _feeds(count: int) -> list[Feed]:
    """Each of the acts once, in turn over the feeds, between articles that come under no rule."""
    random = Random(1)
    acts = [f"{actor} formally recognizes {target}" for actor in ACTORS for target in TARGETS]
    random.shuffle(acts)
    feeds = [Feed(f"feed{number}", "en", []) for number in range(FEEDS)]
    for number in range(count):
        title = acts.pop() if number % 10 == 0 and acts else f"Council hears report {number} on harbor bridge"
        feeds[number % FEEDS].items.append(Item(f"a{number}", title, f"Report {number} of the harbor council."))
    return feeds


async def latency_lines(per_second: int = 20, seconds: int = 40) -> list[str]:
    feeds = _feeds(per_second * seconds)
    with tempfile.TemporaryDirectory() as folder:
        async with NewsOrigin(feeds) as origin, WebhookServer() as webhook:
            (Path(folder) / "rules.yaml").write_text(
                "events: [{id: recognitions, action: recognize, max_age: 'off'}]\n", encoding="utf-8"
            )
            file = write_configuration(
                Path(folder),
                prefix="latency",
                feeds=origin.urls,
                rules=["rules.yaml"],
                webhook=webhook.url,
                more="[ledger]\npaths = []\n",  # acts on record would be no news
            )
            stop = asyncio.Event()
            with (Path(folder) / "daemon.log").open("wb") as output:
                supervisor = Supervisor(config.load(file, os.environ), stop, output=output)
                daemon = asyncio.create_task(supervisor.run())
                try:
                    return await _measure(supervisor, daemon, feeds, per_second, seconds)
                finally:
                    stop.set()
                    await asyncio.gather(daemon, return_exceptions=True)


async def _measure(
    supervisor: Supervisor, daemon: asyncio.Task[int], feeds: list[Feed], per_second: int, seconds: int
) -> list[str]:
    while not (supervisor.parts and all(part.starts for part in supervisor.parts)):
        if daemon.done():
            daemon.result()
        await asyncio.sleep(0.1)
    wanted = sum("recognizes" in item.title for feed in feeds for item in feed.items)
    for second in range(seconds):
        for number, feed in enumerate(feeds):
            feed.released = min(len(feed.items), (second + 1) * per_second // FEEDS)
            await asyncio.sleep(1 / len(feeds) if number else 0)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        took = []
        async for record in read_all(supervisor.bootstrap_servers, topic_name("latency", DELIVERIES)):
            delivery = decode(record.value, Delivery)
            if delivery.receipt.delivered_at is not None:
                receipt = delivery.receipt
                took.append(to_milliseconds(delivery.receipt.delivered_at) - to_milliseconds(receipt.fetched_at))
        if len(took) >= wanted:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(took)} of {wanted} delivered")
        await asyncio.sleep(0.5)
    took.sort()
    return [
        f"fetched → accepted at {per_second} articles/s for {seconds} s, {len(took)} alerts: "
        f"p50 {took[len(took) // 2]} ms, p99 {took[int(len(took) * 0.99)]} ms, worst {took[-1]} ms"
    ]
