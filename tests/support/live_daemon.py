"""`firstwire run` as a user starts it: on the demonstration's feeds, with two receivers and a console on loopback."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from firstwire.config import Configuration, load
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.demo.sample import read_sample
from tests.support.configuration import SECRET, write_configuration
from tests.support.kafka import embedded_broker
from tests.support.processes import firstwire
from tests.support.waiting import until

PREFIX = "live"
STARTS_WITHIN_SECONDS = 400.0
"""Alone it takes 20; with 30 other processes on two cores more than 180."""


@dataclass(frozen=True)
class LiveDaemon:
    """A running daemon and its console."""

    url: str
    bootstrap: str
    configuration: Configuration
    log: Path
    client: aiohttp.ClientSession

    async def get(self, path: str) -> Any:
        """What the API answers."""
        async with self.client.get(f"{self.url}/api/v1{path}") as found:
            assert found.status == 200, await found.text()
            return await found.json()


@asynccontextmanager
async def live_demo(
    folder: Path, before: Callable[[Configuration], None] = lambda configuration: None
) -> AsyncIterator[LiveDaemon]:
    """A daemon whose feeds are read and judged, and whose index has all of it. `before` is called before it starts."""
    (folder / "broker").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sample = read_sample()
    async with (
        embedded_broker(folder / "broker") as broker,
        DemoOrigin(sample, now=lambda: datetime.now(UTC)) as origin,
        SlackServer() as slack,
        WebhookServer() as webhook,
        aiohttp.ClientSession() as client,
    ):
        file = write_configuration(
            folder,
            bootstrap=broker.bootstrap_servers,
            prefix=PREFIX,
            partitions=2,
            feeds=origin.urls,
            slack=slack.url,
            webhook=webhook.url,
            match={"kind": "first"},
            web=f"127.0.0.1:{port}",
            rules=["seeds/demo/rules.yaml"],
            more='[ledger]\npaths = ["seeds/demo/ledger.yaml"]\n',
        )
        configuration = load(file, {})
        before(configuration)
        log = folder / "run.log"
        with firstwire("run", "--config", str(file), log=log, DESK_SECRET=SECRET) as process:
            daemon = LiveDaemon(f"http://127.0.0.1:{port}", broker.bootstrap_servers, configuration, log, client)

            async def is_settled() -> bool:
                assert process.poll() is None, log.read_text(encoding="utf-8")[-3_000:]
                try:
                    found = await daemon.get("/system")
                except aiohttp.ClientError:
                    return False
                articles, index = found["articles"], found["index"]
                ended = 0 if articles is None else sum(articles["outcomes"].values())
                delivered = found["deliveries"].get("delivered", 0)
                return ended >= len(sample.articles) and delivered >= 2 and index is not None and index["behind"] == 0

            await until(is_settled, "all articles judged, told and indexed", STARTS_WITHIN_SECONDS)
            yield daemon


async def addresses_of(daemon: LiveDaemon) -> list[str]:
    """Every page of the console, with what is there."""
    (alert, *_), (story, *_) = await daemon.get("/alerts?kind=first"), await daemon.get("/stories?span=9999d")
    rules = await daemon.get("/rules")
    article = quote(alert["lead"]["article_id"], safe="")
    return [
        "/",
        "/?kind=first&since=24h&shadow=yes",
        f"/alerts/{alert['alert_id']}",
        "/stories",
        "/stories?span=7d",
        f"/stories/{story['story_id']}",
        "/search",
        "/search?q=taliban",
        "/search?q=recogni*+NEAR/8+(taliban+OR+government)",
        "/search?q=foo:x",
        "/why",
        f"/articles/{article}",
        "/rules",
        f"/rules/{rules[0]['rule_id']}",
        "/rules/new?query=taliban",
        "/ledger",
        "/ledger/recognize/taliban",
        "/feeds",
        "/deliveries",
        "/silences",
        "/system",
        "/login",
        "/nothing",
    ]
