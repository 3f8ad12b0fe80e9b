"""The system: how much came in and what became of it, how fast, how much room it takes, who changed what."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgspec
import structlog
from aiohttp import web

from firstwire import __version__
from firstwire.broker.progress import CommittedStage, Progress, TopicSize, read_progress
from firstwire.core.routes.receipts import seconds_to_arrival
from firstwire.errors import TransientError
from firstwire.index.results import IndexState
from firstwire.last_verify import LastVerify, last_verify
from firstwire.poller.feed_accounts import shown_health
from firstwire.web.console import PERSON, Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.rendering import page

LATENCIES_AT_MOST = 1_000
"""Of the newest deliveries."""
AUDIT_COLUMNS = ("asked_at", "author", "client", "door", "about", "what")

log = structlog.get_logger("firstwire.web")


@dataclass(frozen=True)
class Latency:
    """From the fetch of the article that a message is about until its receiver had accepted it, in seconds."""

    count: int
    median: float
    p95: float
    worst: float


@dataclass(frozen=True)
class ShownStage:
    """A stage of the worker: what it has read and written, and what waits for it."""

    name: str
    input: str
    read: int
    lag: int
    outcomes: dict[str, int]
    verdicts: dict[str, int]


@dataclass(frozen=True)
class ArticleCounts:
    """What came in and what became of it, exact after any crash: counts are committed with offsets."""

    read: int
    outcomes: dict[str, int]
    under_way: int
    unaccounted: int
    """Read − Σ outcomes − under way: 0, or something is wrong."""
    matches: int
    verdicts_on_matches: dict[str, int]


@dataclass(frozen=True)
class SystemState:
    """What the page shows and `/api/v1/system` tells."""

    version: str
    python: str
    sqlite: str
    kafka: str
    prefix: str
    topics: tuple[TopicSize, ...]
    """None if Kafka does not answer, as are the stages."""
    stages: tuple[ShownStage, ...]
    articles: ArticleCounts | None
    verified: LastVerify | None
    """None if `firstwire verify` never ran with this data folder."""
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
    folder = console.configuration.data_dir
    progress, (data_bytes, free_bytes), index, verified = await asyncio.gather(
        _progress(console),
        asyncio.to_thread(_room, folder),
        _index(console),
        asyncio.to_thread(last_verify, folder),
    )
    board = console.board
    known = board.feed_list(await console.feeds_of_files())
    newest = {version.rule_id: version for version in board.versions()}
    return SystemState(
        version=__version__,
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        kafka=console.bootstrap_servers,
        prefix=console.prefix,
        topics=() if progress is None else progress.topics,
        stages=() if progress is None else tuple(map(_stage, progress.stages)),
        articles=_articles(progress),
        latency=_latency(console),
        deliveries=dict(Counter(entry.delivery.state for entry in board.deliveries())),
        feeds=dict(Counter(shown_health(each, known.state_of(each)) for each in known.subscribed.values())),
        rules=sum(version.definition is not None for version in newest.values()),
        data_bytes=data_bytes,
        free_bytes=free_bytes,
        index=index,
        verified=verified,
        unreadable=board.unreadable,
        streams=console.streams.count,
        refused_connections=console.connections.refused,
    )


def _stage(one: CommittedStage) -> ShownStage:
    return ShownStage(one.name, one.input, one.tally.read, one.lag, dict(one.tally.outcomes), dict(one.tally.verdicts))


async def _index(console: Console) -> IndexState | None:
    try:
        return await asyncio.to_thread(console.index.state)
    except TransientError:
        return None


async def _progress(console: Console) -> Progress | None:
    """None, with a line in the log, if Kafka does not answer."""
    try:
        return await read_progress(console.bootstrap_servers, console.prefix)
    except TransientError as err:
        log.warning("console_without_kafka", reason=str(err))
        return None


def _articles(found: Progress | None) -> ArticleCounts | None:
    if found is None:
        return None
    verdicts = found.verdicts_on_matches
    return ArticleCounts(found.articles_in, found.outcomes, found.under_way, found.unaccounted, found.matches, verdicts)


def _latency(console: Console) -> Latency | None:
    times = sorted(_spans(console))
    if not times:
        return None
    return Latency(len(times), times[len(times) // 2], times[min(len(times) - 1, len(times) * 95 // 100)], times[-1])


def _spans(console: Console) -> Iterator[float]:
    """Of the newest messages, as `firstwire_delivery_seconds` has them."""
    measured = (seconds_to_arrival(entry.delivery) for entry in console.board.deliveries())
    return islice((seconds for seconds in measured if seconds is not None), LATENCIES_AT_MOST)


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
