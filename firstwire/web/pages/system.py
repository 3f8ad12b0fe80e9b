"""The system: how much came in and what became of it, how fast, how much room it takes, who changed what."""

from __future__ import annotations

import asyncio
import platform
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import structlog
from aiohttp import web
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from firstwire import __version__
from firstwire.broker.closing import closed
from firstwire.broker.topics import TOPICS, topic_name
from firstwire.core.text.wording import seconds_between
from firstwire.errors import TransientError
from firstwire.index.results import IndexState
from firstwire.web.console import PERSON, Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.rendering import page

ANSWER_SECONDS = 5.0
LATENCIES_AT_MOST = 1_000
"""Of the newest deliveries."""
AUDIT_COLUMNS = ("asked_at", "author", "client", "door", "about", "what")

log = structlog.get_logger("firstwire.web")


@dataclass(frozen=True)
class TopicSize:
    """How many records a topic holds: of a topic with transactions their ends count as well."""

    name: str
    partitions: int
    records: int


@dataclass(frozen=True)
class Latency:
    """From the fetch of an alert's article until its receiver had accepted it, in seconds."""

    count: int
    median: float
    p95: float
    worst: float


@dataclass(frozen=True)
class SystemState:
    """What the page shows and `/api/v1/system` tells."""

    version: str
    python: str
    kafka: str
    prefix: str
    topics: tuple[TopicSize, ...]
    latency: Latency | None
    deliveries: dict[str, int]
    feeds: dict[str, int]
    rules: int
    data_bytes: int
    free_bytes: int
    index: IndexState | None
    """None while it is being opened or made anew."""
    unreadable: int
    """Records that the console could not read."""
    streams: int
    refused_connections: int


def add_routes(app: web.Application) -> None:
    app.router.add_get("/system", show)
    app.router.add_get("/api/v1/system", as_json)
    app.router.add_get("/api/v1/session", session)
    add_list(app, "/audit", audit_listing)


async def show(request: web.Request) -> web.Response:
    console = console_of(request)
    return page(request, "system.html.jinja", state=await _state(console), audit=list(console.board.audit)[::-1][:100])


async def as_json(request: web.Request) -> web.Response:
    return answer_json(msgspec.to_builtins(await _state(console_of(request))))


async def session(request: web.Request) -> web.Response:
    """Who asks, and what a program without a token sends with every change."""
    person = request[PERSON]
    token = console_of(request).access.form_token(person)
    return answer_json({"name": person.name, "role": person.role, "csrf": token})


async def audit_listing(request: web.Request) -> Listing:
    rows = tuple(
        ExportedRow(
            {name: getattr(entry, name) for name in AUDIT_COLUMNS},
            f"{entry.author}: {entry.what}",
            "/system#audit",
            entry.asked_at,
        )
        for entry in reversed(console_of(request).board.audit)
    )
    return Listing("who changed what", AUDIT_COLUMNS, rows, total=len(rows))


async def _state(console: Console) -> SystemState:
    topics, (data_bytes, free_bytes), index = await asyncio.gather(
        _topics(console), asyncio.to_thread(_room, console.configuration.data_dir), _index(console)
    )
    board = console.board
    known = board.feed_list(await console.feeds_of_files())
    newest = {version.rule_id: version for version in board.versions()}
    return SystemState(
        version=__version__,
        python=platform.python_version(),
        kafka=console.bootstrap_servers,
        prefix=console.prefix,
        topics=topics,
        latency=_latency(console),
        deliveries=dict(Counter(entry.delivery.state for entry in board.deliveries())),
        feeds=dict(Counter(known.state_of(each).health for each in known.subscribed.values())),
        rules=sum(version.definition is not None for version in newest.values()),
        data_bytes=data_bytes,
        free_bytes=free_bytes,
        index=index,
        unreadable=board.unreadable,
        streams=console.streams.count,
        refused_connections=console.connections.refused,
    )


async def _index(console: Console) -> IndexState | None:
    try:
        return await asyncio.to_thread(console.index.state)
    except TransientError:
        return None


async def _topics(console: Console) -> tuple[TopicSize, ...]:
    """None, with a line in the log, if Kafka does not answer."""
    admin = AIOKafkaAdminClient(bootstrap_servers=console.bootstrap_servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=console.bootstrap_servers, group_id=None)
    names = {topic_name(console.prefix, topic.name): topic.name for topic in TOPICS}
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asyncio.gather(admin.start(), consumer.start())
            described = await admin.describe_topics(list(names))
            tps = [
                TopicPartition(topic["topic"], partition["partition"])
                for topic in described
                for partition in topic["partitions"]
            ]
            begins, ends = await consumer.beginning_offsets(tps), await consumer.end_offsets(tps)
    except (KafkaError, TimeoutError) as err:
        log.warning("console_without_kafka", reason=repr(err))
        return ()
    finally:
        await asyncio.gather(closed(admin.close()), closed(consumer.stop()))
    sizes: dict[str, list[int]] = {}
    for tp in tps:
        sizes.setdefault(names[tp.topic], []).append(ends[tp] - begins[tp])
    return tuple(TopicSize(name, len(sizes[name]), sum(sizes[name])) for name in names.values() if name in sizes)


def _latency(console: Console) -> Latency | None:
    times = sorted(_spans(console))
    if not times:
        return None
    return Latency(len(times), times[len(times) // 2], times[min(len(times) - 1, len(times) * 95 // 100)], times[-1])


def _spans(console: Console) -> Iterator[float]:
    """Of first messages: a later one tells of articles that came later."""
    count = 0
    for entry in console.board.deliveries():
        receipt: Any = entry.delivery.receipt
        if entry.delivery.revision == 1 and receipt.delivered_at is not None and entry.delivery.notice is None:
            count += 1
            yield max(0.0, seconds_between(receipt.fetched_at, receipt.delivered_at))
            if count == LATENCIES_AT_MOST:
                return


def _room(folder: Path) -> tuple[int, int]:
    """Bytes used in a folder, and free on its disk."""
    used = 0
    for path in folder.rglob("*") if folder.exists() else ():
        try:
            used += path.stat().st_blocks * 512 if path.is_file() else 0
        except OSError:
            continue  # Kafka removes segments while we look
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return used, shutil.disk_usage(existing).free
