"""The console on a real Kafka: alerts arrive on streams, changes are records with their author."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import orjson
import pytest

from firstwire.broker.producer import Message
from firstwire.broker.topics import ALERTS, AUDIT, FEEDBACK, RULES, SILENCES, SUBSCRIPTIONS, topic_name
from firstwire.config import Configuration, KafkaSection, PollerSection, Settings, WebSection
from firstwire.web.service import serve_console
from schemas import Alert, AuditEntry, Feedback, Silence, SubscriptionChange
from schemas.codec import decode, encode
from schemas.rules import RuleVersion
from tests.support.alerts import first_alert
from tests.support.kafka import records, transactional_producer

FEED = "http://127.0.0.1:9/rss"


class Desk:
    """A console, and somebody who uses its API."""

    def __init__(self, url: str, client: aiohttp.ClientSession) -> None:
        self.url, self._client = url, client

    async def get(self, path: str) -> object:
        async with self._client.get(self.url + path) as found:
            assert found.status == 200, await found.text()
            return orjson.loads(await found.read())

    async def post(self, path: str, **fields: str) -> str:
        session = await self.get("/api/v1/session")
        assert isinstance(session, dict)
        headers = {"X-CSRF-Token": session["csrf"]}
        async with self._client.post(f"{self.url}/api/v1{path}", json=fields, headers=headers) as found:
            said = orjson.loads(await found.read())
            assert found.status == 200, said
            return str(said["done"])

    async def until(self, path: str, holds: object) -> object:
        """What is there once it is as wanted."""
        async with asyncio.timeout(120):
            while not holds(found := await self.get(path)):  # type: ignore[operator]  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            return found


@pytest.fixture
async def desk(kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path) -> AsyncIterator[Desk]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(
        kafka=KafkaSection(topic_prefix=kafka_prefix, data_dir=str(tmp_path / "var"), partitions=2),
        poller=PollerSection(subscriptions=(FEED,)),
        web=WebSection(listen=f"127.0.0.1:{port}"),
    )
    configuration = Configuration(settings=settings, file=tmp_path / "firstwire.toml", origins={})
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.ensure_future(serve_console(configuration, kafka_bootstrap, stop=stop, on_ready=ready.set))
    await asyncio.wait({serving, asyncio.ensure_future(ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    async with aiohttp.ClientSession() as client:
        yield Desk(f"http://127.0.0.1:{port}", client)
    stop.set()
    await asyncio.wait_for(serving, 30)


async def put(bootstrap: str, prefix: str, alert: Alert) -> None:
    """Write an alert as a stage does: in a transaction."""
    async with transactional_producer(bootstrap, f"{prefix}-tried") as producer, producer.transaction() as out:
        await out.send(Message(topic_name(prefix, ALERTS), alert.alert_id, encode(alert)))


async def test_an_alert_is_on_an_open_stream_and_in_the_list(
    desk: Desk, kafka_bootstrap: str, kafka_prefix: str
) -> None:
    before = first_alert(alert_id="before0001")
    await put(kafka_bootstrap, kafka_prefix, before)
    await desk.until("/api/v1/alerts", lambda found: [one["alert_id"] for one in found] == ["before0001"])
    async with aiohttp.ClientSession() as client, client.get(f"{desk.url}/api/v1/alerts/events") as stream:
        assert (await stream.content.readline()).startswith(b"retry:")
        await put(kafka_bootstrap, kafka_prefix, first_alert(alert_id="live000001"))
        async with asyncio.timeout(60):
            while await stream.content.readline() != b"event: alert\n":
                pass
            while not (line := await stream.content.readline()).startswith(b"data:"):
                pass
    assert orjson.loads(line.removeprefix(b"data:"))["alert_id"] == "live000001"
    await desk.until("/api/v1/alerts", lambda found: {one["alert_id"] for one in found} == {"before0001", "live000001"})
    shown = await desk.get("/api/v1/alerts/live000001")
    assert isinstance(shown, dict) and shown["headline"] == before.headline


async def test_changes_are_records_and_so_is_who_asked_for_them(
    desk: Desk, kafka_bootstrap: str, kafka_prefix: str
) -> None:
    await put(kafka_bootstrap, kafka_prefix, first_alert(alert_id="alert00001"))
    await desk.until("/api/v1/alerts", bool)
    said = [
        await desk.post("/silences", matchers="tag=cricket\nseverity=info", comment="season", **{"for": "2h"}),
        await desk.post("/alerts/alert00001/snooze", **{"for": "4h"}),
        await desk.post("/alerts/alert00001/feedback", verdict="false_alarm", comment="a sketch"),
        await desk.post("/feeds/pause", url=FEED),
        await desk.post("/feeds/resume", url=FEED),
    ]
    silences = [decode(one.value, Silence) for one in await records(kafka_bootstrap, kafka_prefix, SILENCES)]
    assert [(one.kind, one.author) for one in silences] == [("silence", "local"), ("snooze", "local")]
    assert silences[0].matchers == ('tag="cricket"', 'severity="info"') and silences[0].comment == "season"
    assert silences[1].matchers == ('alert="alert00001"',)
    (feedback,) = [decode(one.value, Feedback) for one in await records(kafka_bootstrap, kafka_prefix, FEEDBACK)]
    assert (feedback.verdict, feedback.author, feedback.comment) == ("false_alarm", "local", "a sketch")
    found = await records(kafka_bootstrap, kafka_prefix, SUBSCRIPTIONS)
    assert [decode(one.value, SubscriptionChange).decision for one in found] == ["remove", "add"]
    audit = [decode(one.value, AuditEntry) for one in await records(kafka_bootstrap, kafka_prefix, AUDIT)]
    assert [entry.what for entry in audit] == said
    assert {(entry.author, entry.client, entry.door) for entry in audit} == {("local", "127.0.0.1", "api")}
    listed = await desk.until("/api/v1/audit", lambda rows: len(rows) == len(said))
    assert isinstance(listed, list) and listed[-1]["what"] == said[0]


async def test_a_watch_that_is_made_here_is_in_force_and_can_be_taken_out(
    desk: Desk, kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    await desk.post("/rules", id="desk-kabul", query="@taliban AND recogni*", match="Moscow recognised the Taliban")
    written = (tmp_path / "var" / "console-rules.yaml").read_text(encoding="utf-8")
    assert "id: desk-kabul" in written
    found = [decode(one.value, RuleVersion) for one in await records(kafka_bootstrap, kafka_prefix, RULES)]
    assert [one.definition["query"] for one in found if one.rule_id == "desk-kabul" and one.definition] == [
        "@taliban AND recogni*"
    ]
    await desk.until("/api/v1/rules", lambda rows: "desk-kabul" in [row["rule_id"] for row in rows])
    await desk.post("/rules/desk-kabul/remove")
    found = [decode(one.value, RuleVersion) for one in await records(kafka_bootstrap, kafka_prefix, RULES)]
    assert found[-1].rule_id == "desk-kabul" and found[-1].definition is None
