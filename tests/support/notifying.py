"""A notifier at work on a real broker: alerts go in, deliveries are read back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, DELIVERIES, topic_name
from firstwire.config import Configuration, KafkaSection, NotifierSection, ReceiverSettings, Secret, Settings
from firstwire.core.routes.settings import Route
from firstwire.notifier.service import notify
from schemas import Alert, Delivery
from schemas.codec import decode, encode
from schemas.times import shifted, to_milliseconds
from tests.fakes.receivers import ScriptedSlackApi, Seen
from tests.support.alerts import first_alert
from tests.support.configuration import SECRET
from tests.support.waiting import found_once

STAMPS = tuple(
    (name, time.encode())
    for name, time in (
        ("deduplicated_at", "2025-07-03T14:02:40.050Z"),
        ("analyzed_at", "2025-07-03T14:02:40.120Z"),
    )
)


FETCHED_MS = to_milliseconds("2025-07-03T14:02:40.000Z")


class Notifying:
    """One prefix on the broker with its configuration: alerts go in, deliveries are read back."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        self.bootstrap, self.prefix, self.folder = bootstrap, prefix, folder
        self._raised = 0
        self.route: Route | None = None
        """The only route; by default one to all receivers."""
        self.section = NotifierSection(allow_private_addresses=("127.0.0.0/8",), timeout="5s")

    @property
    def place(self) -> tuple[str, str]:
        """Kafka's address and the prefix of the topics."""
        return self.bootstrap, self.prefix

    def configuration(self, **urls: str) -> Configuration:
        (self.folder / "secret").write_text(SECRET)
        (self.folder / "token").write_text(ScriptedSlackApi.TOKEN)
        receivers = tuple(_receiver(self.folder, name, url) for name, url in urls.items())
        settings = Settings(
            kafka=KafkaSection(topic_prefix=self.prefix),
            notifier=self.section,
            receivers=receivers,
            routes=(self.route or Route(receivers=tuple(urls)),) if urls else (),
        )
        return Configuration(settings=settings, file=None, origins={})

    @asynccontextmanager
    async def notifying(self, **urls: str) -> AsyncIterator[asyncio.Task[None]]:
        """A notifier at work; at the end it is stopped and must leave in time."""
        stop = asyncio.Event()
        task = asyncio.create_task(notify(self.configuration(**urls), self.bootstrap, stop=stop))
        try:
            yield task
            stop.set()
            await asyncio.wait_for(task, 5.0)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def raise_alerts(self, alerts: Sequence[Alert | bytes]) -> None:
        """Put alerts on their topic, each alerted a millisecond after the one before."""
        topic = topic_name(self.prefix, ALERTS)
        async with open_producer(self.bootstrap) as producer:
            for alert in alerts:
                key, value = ("broken", alert) if isinstance(alert, bytes) else (alert.alert_id, encode(alert))
                alerted_at = shifted("2025-07-03T14:02:40.180Z", timedelta(milliseconds=self._raised))
                self._raised += 1
                headers = (*STAMPS, ("alerted_at", alerted_at.encode()))
                await producer.send(Message(topic, key, value, headers, timestamp_ms=FETCHED_MS))

    async def deliveries(self) -> dict[tuple[str, int, str], Delivery]:
        """The newest record of every delivery."""
        newest: dict[tuple[str, int, str], Delivery] = {}
        async for record in read_all(self.bootstrap, topic_name(self.prefix, DELIVERIES)):
            delivery = decode(record.value, Delivery)
            newest[delivery.alert_id, delivery.revision, delivery.destination] = delivery
        return newest

    async def settled(self, condition: Callable[[dict[tuple[str, int, str], Delivery]], bool]) -> dict[Any, Delivery]:
        """The deliveries once they fulfil a condition."""
        return await found_once(self.deliveries, condition, patience=30)


def _receiver(folder: Path, name: str, url: str) -> ReceiverSettings:
    """Of the type that the name begins with, else a webhook."""
    if name.startswith("bot"):
        token = Secret(file=str(folder / "token"))
        return ReceiverSettings(name=name, type="slack_bot", url=url, token=token, channel="C1")
    if name.startswith("slack"):
        return ReceiverSettings(name=name, type="slack", url=url)
    return ReceiverSettings(name=name, type="webhook", url=url, secret=Secret(file=str(folder / "secret")))


def numbered(number: int, **changes: Any) -> Alert:
    return first_alert(alert_id=f"{number:018x}", **changes)


def all_delivered(count: int) -> Callable[[dict[Any, Delivery]], bool]:
    return lambda deliveries: sum(each.state == "delivered" for each in deliveries.values()) == count


def alert_ids(requests: Sequence[Seen]) -> list[str]:
    return [seen.json["data"]["alert"]["alert_id"] for seen in requests]


def written_settings(
    folder: Path,
    prefix: str,
    urls: Mapping[str, str],
    *,
    timeout: str = "5s",
    give_up_after: str = "24h",
    secret: str = SECRET,
) -> Path:
    """Settings of a notifier in a process of its own: webhooks, and Slacks by their name, all told of all."""
    (folder / "secret").write_text(secret)
    tables = [
        f'[kafka]\ntopic_prefix = "{prefix}"\n[notifier]\nallow_private_addresses = ["127.0.0.0/8"]\n'
        f'timeout = "{timeout}"\ngive_up_after = "{give_up_after}"\n'
    ]
    for name, url in urls.items():
        kind = "slack" if name.startswith("slack") else "webhook"
        key = f'secret = {{ file = "{folder / "secret"}" }}\n' if kind == "webhook" else ""
        tables.append(f'[[receivers]]\nname = "{name}"\ntype = "{kind}"\nurl = "{url}"\n{key}')
    tables.append(f"[[routes]]\nreceivers = {list(urls)}\n")
    file = folder / "firstwire.toml"
    file.write_text("".join(tables))
    return file


NOTIFIER_PROCESS = """
import asyncio, sys
from pathlib import Path
from firstwire.config import load
from firstwire.notifier.service import notify
asyncio.run(notify(load(Path(sys.argv[1]), {}), sys.argv[2], stop=asyncio.Event()))
"""
