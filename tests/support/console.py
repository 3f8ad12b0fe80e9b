"""A console on a real socket, with a board and an index that are filled with records; without Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import orjson
from aiohttp import web

from firstwire.broker.reader import Received
from firstwire.config import Configuration, Settings, WebSection, WebToken, load
from firstwire.demo.sample import read_sample
from firstwire.demo.sample_lines import sample_lines
from firstwire.files.articles import article_from
from firstwire.files.knowledge import load_written
from firstwire.health import Readiness
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.replay.run import Replayed, replay
from firstwire.rules.releases import planned_release
from firstwire.web.application import create_application
from firstwire.web.connections import ConnectionLimits
from firstwire.web.console import Console
from firstwire.web.service import listening, make_console
from schemas import Alert, Record, RuleVersion
from schemas.codec import encode
from schemas.times import parse_timestamp, shifted, to_milliseconds
from tests.support.indexing import filled
from tests.support.knowledge import shipped_knowledge
from tests.support.records import WINDOW

NO_KAFKA = "127.0.0.1:1"
RULES_SINCE = "2025-07-01T00:00:00.000Z"
WRITER, READER = "a-token-of-the-desk-that-writes", "a-token-of-the-desk-that-reads"


@dataclass(frozen=True)
class ServedConsole:
    """A console and where it listens."""

    console: Console
    url: str
    port: int


@cache
def demo_replay() -> Replayed:
    """What the core makes of the demonstration's articles."""
    knowledge, seeds = shipped_knowledge()
    articles = [article_from(orjson.loads(line)) for line in sample_lines(read_sample())]
    return replay(articles, knowledge, seeds, WINDOW)


def demo_records() -> list[Record]:
    """All of it, as records of the topics."""
    found = demo_replay()
    return [*found.stories, *found.outcomes, *found.events, *found.verdicts, *found.alerts.values()]


def received(topic: str, key: str, record: Record, headers: Sequence[tuple[str, bytes]] = ()) -> Received:
    fetched_ms = to_milliseconds(record.times.fetched_at) if isinstance(record, Alert) else 0
    return Received(topic, 0, 0, key, encode(record), tuple(headers), fetched_ms)


def settings_with_tokens(folder: Path, listen: str = "127.0.0.1:0") -> WebSection:
    """Two tokens, one that may write and one that may look."""
    tokens = []
    for name, role, text in (("desk", "write", WRITER), ("guest", "read", READER)):
        file = folder / f"{name}.token"
        file.write_text(text, encoding="utf-8")
        secret = {"file": str(file)}
        tokens.append(msgspec.convert({"name": name, "role": role, "token": secret}, WebToken))
    return WebSection(listen=listen, tokens=tuple(tokens))


@asynccontextmanager
async def serving_console(
    folder: Path,
    *,
    section: WebSection = WebSection(listen="127.0.0.1:0"),  # noqa: B008 - frozen
    records: Sequence[Record] = (),
    rules: Sequence[RuleVersion] = (),
    kafka: str = NO_KAFKA,
    limits: ConnectionLimits = ConnectionLimits(),  # noqa: B008 - frozen
) -> AsyncIterator[ServedConsole]:
    """A console that answers; changes fail, as there is no Kafka, unless one is given."""
    settings = Settings(web=section)
    file = folder / "firstwire.toml"
    file.touch()
    console = make_console(Configuration(settings=settings, file=file, origins={}), kafka)
    console.connections.limits = limits
    console.clock = lambda: datetime.now(UTC)
    console.reader = filled(folder, records)
    for version in rules:
        console.board.apply("rules", received("rules", f"{version.rule_id}:{version.rule_version}", version))
    console.following.ready.set()
    runner = web.AppRunner(
        create_application(console), access_log=None, shutdown_timeout=0.5, handler_cancellation=True
    )
    await runner.setup()
    server = await listening(runner, console, section.listen, asyncio.Event(), Readiness())
    assert server is not None
    port = server.sockets[0].getsockname()[1]
    try:
        yield ServedConsole(console, f"http://127.0.0.1:{port}", port)
    finally:
        console.streams.closing.set()
        server.close()
        await runner.cleanup()


@cache
def shipped_rules() -> list[RuleVersion]:
    """The shipped rules as their first release."""
    _, written, _ = load_written(**load(None, {}).knowledge_settings())
    return planned_release([], written, RULES_SINCE)


@asynccontextmanager
async def serving_demo(folder: Path) -> AsyncIterator[ServedConsole]:
    """A console that shows the demonstration's articles and alerts, three minutes after the last article."""
    async with serving_console(folder, records=demo_records(), rules=shipped_rules()) as served:
        last = max(story.fetched_at for story in demo_replay().stories)
        now = parse_timestamp(last) + timedelta(minutes=3)
        served.console.clock = lambda: now
        show_deliveries(served.console)
        yield served


def show_deliveries(console: Console) -> None:
    """The demonstration's alerts with their receipts on the board, delivered to one receiver, parked at another."""
    for alert in demo_replay().alerts.values():
        fetched_at = alert.times.fetched_at
        stamps = {"deduplicated_at": 0.1, "analyzed_at": 0.2, "alerted_at": 0.25}
        headers = [(name, shifted(fetched_at, timedelta(seconds=span)).encode()) for name, span in stamps.items()]
        seen = console.board.apply("alerts", received("alerts", alert.alert_id, alert, headers))
        assert seen is not None
        if alert.shadow:
            continue
        delivered = msgspec.structs.replace(seen.receipt, delivered_at=shifted(fetched_at, timedelta(seconds=0.4)))
        fresh = new_entry(alert, "newsroom", seen.receipt, queued_at=fetched_at).delivery
        for changes in (
            {"state": "delivered", "result": "200 ok", "receipt": delivered, "alert": None},
            {"destination": "desk", "state": "parked", "result": "410 gone: the channel was archived"},
        ):
            one = msgspec.structs.replace(fresh, attempt=1, attempted_at=fetched_at, **changes)
            console.board.apply("deliveries", received("deliveries", LoggedDelivery(one).key, one))


def page_addresses() -> list[str]:
    """Every page, with something on it."""
    found = demo_replay()
    alert = next(one for one in found.alerts.values() if one.kind == "first")
    story = max(found.stories, key=lambda one: sum(other.story_id == one.story_id for other in found.stories))
    return [
        "/",
        "/?kind=watch&shadow=yes",
        f"/alerts/{alert.alert_id}",
        "/stories?span=7d",
        f"/stories/{story.story_id}",
        "/search",
        "/search?q=taliban",
        "/search?q=foo:x",
        "/why",
        "/why?article=https://nowhere.example/x",
        f"/articles/{alert.lead.article_id.replace('/', '%2F').replace(':', '%3A')}",
        "/rules",
        "/rules/first-to-recognize",
        "/rules/first-to-recognize/draft",
        "/rules/new?query=taliban",
        "/ledger",
        "/ledger/recognize/taliban",
        "/feeds",
        "/deliveries",
        "/silences",
        "/system",
        "/nothing",
    ]
