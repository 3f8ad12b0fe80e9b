"""A console on a real socket, with a board and an index that are filled with records; without Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from aiohttp import web

from firstwire.broker.reader import Received
from firstwire.config import Configuration, Settings, WebSection, WebToken
from firstwire.demo.sample import read_sample
from firstwire.demo.sample_lines import sample_lines
from firstwire.files.articles import article_from
from firstwire.replay.run import Replayed, replay
from firstwire.web.application import create_application
from firstwire.web.connections import ConnectionLimits
from firstwire.web.console import Console
from firstwire.web.service import listening, make_console
from schemas import Record, RuleVersion
from schemas.codec import encode
from tests.support.indexing import filled
from tests.support.knowledge import shipped_knowledge
from tests.support.records import WINDOW

NO_KAFKA = "127.0.0.1:1"
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
    import orjson

    knowledge, seeds = shipped_knowledge()
    articles = [article_from(orjson.loads(line)) for line in sample_lines(read_sample())]
    return replay(articles, knowledge, seeds, WINDOW)


def demo_records() -> list[Record]:
    """All of it, as records of the topics."""
    found = demo_replay()
    return [*found.stories, *found.outcomes, *found.events, *found.verdicts, *found.alerts.values()]


def received(topic: str, key: str, record: Record, headers: Sequence[tuple[str, bytes]] = ()) -> Received:
    return Received(topic, 0, 0, key, encode(record), tuple(headers), 0)


def settings_with_tokens(folder: Path, listen: str = "127.0.0.1:0") -> WebSection:
    """Two tokens, one that may write and one that may look."""
    tokens = []
    for name, role, text in (("desk", "write", WRITER), ("guest", "read", READER)):
        file = folder / f"{name}.token"
        file.write_text(text, encoding="utf-8")
        secret = {"file": str(file)}
        import msgspec

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
    server = await listening(runner, console, section.listen, asyncio.Event())
    assert server is not None
    port = server.sockets[0].getsockname()[1]
    try:
        yield ServedConsole(console, f"http://127.0.0.1:{port}", port)
    finally:
        console.streams.closing.set()
        server.close()
        await runner.cleanup()
