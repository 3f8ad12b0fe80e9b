"""The demonstration: sample feeds, the whole daemon, two receivers; it ends by itself and checks its own claims."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import aiohttp
from rich.console import Console
from rich.markup import escape

from firstwire import config
from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, ARTICLES, DELIVERIES, OUTCOMES, topic_name
from firstwire.daemon import Supervisor
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.receivers import SlackServer, WebhookServer
from firstwire.demo.report import Shown, show
from firstwire.demo.sample import Sample, read_sample
from firstwire.errors import EXIT_FAILED, EXIT_OK, FirstwireError
from firstwire.files.knowledge import load_knowledge
from firstwire.logs import configure_logs
from firstwire.replay.run import replay
from firstwire.replay.topic import read_topic
from schemas.alert import Alert
from schemas.codec import decode
from schemas.delivery import Delivery
from schemas.outcome import Outcome
from schemas.record import Record

R = TypeVar("R", bound=Record)

GIVEN_KAFKA = "FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"
LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 120.0
SECRET_VARIABLE = "FIRSTWIRE_DEMO_SECRET"  # noqa: S105 - a name
SLACK_VARIABLE = "FIRSTWIRE_DEMO_SLACK"

TOML = """\
[kafka]
topic_prefix = "{prefix}"
data_dir = "var"
partitions = 2

[poller]
subscriptions = [{subscriptions}]
interval = "1s"
first_poll = "all"
allow_private_addresses = ["127.0.0.0/8"]

[web]
listen = "127.0.0.1:0"

[verify]
at = ""

[rules]
paths = ["seeds/demo/rules.yaml"]

[ledger]
paths = ["seeds/demo/ledger.yaml"]

[notifier]
allow_private_addresses = ["127.0.0.0/8"]

[[receivers]]
name = "newsroom"
type = "slack"
url = {{ env = "{slack}" }}

[[receivers]]
name = "desk"
type = "webhook"
url = "{webhook}"
secret = {{ env = "{secret}" }}

[[routes]]
match = {{ kind = "first" }}
receivers = ["newsroom", "desk"]
"""


class DemonstrationError(FirstwireError):
    """The demonstration did not end in time."""


@dataclass
class DemoEnvironment:
    """The environment of the demonstration."""

    console: Console
    folder: Path
    origin: DemoOrigin
    slack: SlackServer
    webhook: WebhookServer
    secret: str
    prefix: str
    """Prefix of the topics; a given Kafka may contain those of earlier demonstrations."""
    began_at: float = field(default_factory=time.monotonic)

    def log(self, text: str) -> None:
        self.console.print(f"[dim]{time.monotonic() - self.began_at:5.1f} s[/dim]  {text}")


def demonstrate(*, keep: bool, stay: bool = False) -> int:
    """Run the demonstration; the exit code is 0 only if all its claims hold.

    `stay`: go on after the report until SIGTERM or SIGINT, for whoever wants to look around in the console.
    """
    console = Console(highlight=False)
    folder = Path(tempfile.mkdtemp(prefix="firstwire-demo-"))
    try:
        return asyncio.run(_demonstrate(console, folder, stay=stay))
    except FirstwireError as err:
        console.print(f"[red]The demonstration failed:[/red] {escape(str(err))}")
        logs = folder / "daemon.log"
        if logs.exists():
            console.print(
                "\n".join(logs.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]), markup=False
            )
        return err.exit_code or EXIT_FAILED
    finally:
        if keep:
            console.print(f"kept: {folder}", markup=False)
        else:
            shutil.rmtree(folder, ignore_errors=True)


async def _demonstrate(console: Console, folder: Path, *, stay: bool) -> int:
    sample = read_sample()
    async with _stage(console, folder, sample) as stage:
        configuration = _configuration(stage)
        stage.log(
            f"{len(sample.articles)} articles in {len(sample.feeds)} feeds (RSS, Atom, RDF) are ready on loopback"
        )
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        with (
            (folder / "daemon.log").open("wb") as output,
            (folder / "supervisor.log").open("w", encoding="utf-8") as supervisor_log,
        ):
            configure_logs("info", "run", supervisor_log)
            supervisor = Supervisor(configuration, stop, output=output)
            kafka_is_up = "Kafka is running; starting poller, worker, notifier and console"
            daemon = asyncio.create_task(supervisor.run(lambda: stage.log(kafka_is_up)))
            try:
                shown = await _watch(stage, supervisor, daemon, sample, configuration)
                holds = show(console, shown)
                if stay:
                    stage.log(f"the console stays at {shown.console_url} until Ctrl-C")
                    stopping = asyncio.create_task(stop.wait())
                    await asyncio.wait({stopping, daemon}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stop.set()
                await asyncio.gather(daemon, return_exceptions=True)
        stage.log("the daemon has stopped")
        console.print(f"next: {_program()} init, in a folder of your own: asks what to watch and whom to tell")
        return EXIT_OK if holds else EXIT_FAILED


def _program() -> str:
    """How this program was called, so that it can be called from another folder."""
    called = Path(sys.argv[0])
    return str(called.absolute()) if called.name == "firstwire" else "firstwire"


async def _watch(
    stage: DemoEnvironment,
    supervisor: Supervisor,
    daemon: asyncio.Task[int],
    sample: Sample,
    configuration: config.Configuration,
) -> Shown:
    """Wait for each step by what is in Kafka and at the receivers, never by time."""

    async def until(what: str, holds: Callable[[], Awaitable[bool]]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (supervisor.bootstrap_servers and supervisor.parts and await holds()):
            if daemon.done():
                daemon.result()
                raise DemonstrationError("the daemon ended too early")
            if time.monotonic() > deadline:
                raise DemonstrationError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")
            await asyncio.sleep(LOOK_SECONDS)
        stage.log(what)

    async def count_is(topic: str, number: int) -> bool:
        return await _count(stage, supervisor, topic) >= number

    first = len(sample.articles)
    updates = [article.guid for article in sample.articles if article.update is not None]
    total = first + len(updates)

    async def both_notified() -> bool:
        return bool(stage.slack.requests and stage.webhook.requests)

    async def all_ended() -> bool:
        return await count_is(OUTCOMES, first)

    async def updates_ended() -> bool:
        return await count_is(ARTICLES, total) and await count_is(OUTCOMES, total)

    async def all_delivered() -> bool:
        deliveries = await _values(stage, supervisor, DELIVERIES, Delivery)
        return {one.destination for one in deliveries if one.state == "delivered"} == {"newsroom", "desk"}

    async def console_listens() -> bool:
        return _console_url(stage) is not None

    await until("the alert reached Slack and the webhook", both_notified)
    await until("the console listens", console_listens)
    console_url = str(_console_url(stage))
    stage.log(f"the console: {console_url} · --stay keeps it running")
    await until(f"all {first} articles are judged", all_ended)
    for guid in updates:
        await stage.origin.publish_update(guid)
    await until(f"{len(updates)} updated version polled and judged too", updates_ended)
    await until("every delivery is on record", all_delivered)

    async def alert_is_shown() -> bool:
        return bool(await _shown_alerts(console_url))

    await until("the console lists the alert", alert_is_shown)
    outcomes = await _values(stage, supervisor, OUTCOMES, Outcome)
    alerts = {alert.alert_id: alert for alert in await _values(stage, supervisor, ALERTS, Alert)}
    deliveries = {
        (one.alert_id, one.revision, one.destination): one
        for one in await _values(stage, supervisor, DELIVERIES, Delivery)
    }
    articles = await read_topic(supervisor.bootstrap_servers, stage.prefix, None, None)
    knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
    window = config.story_window(configuration.settings)
    replayed = replay(articles, knowledge, seeds, window)
    stage.log("the articles topic was replayed through the same core")
    return Shown(
        articles=len(articles),
        outcomes=outcomes,
        alerts=list(alerts.values()),
        deliveries=list(deliveries.values()),
        slack=[seen.json for seen in stage.slack.requests],
        webhooks=list(stage.webhook.requests),
        secret=stage.secret,
        verdicts=replayed.verdicts,
        replayed=list(replayed.alerts.values()),
        console_url=console_url,
        listed=await _shown_alerts(console_url),
    )


def _console_url(stage: DemoEnvironment) -> str | None:
    """Where the console listens, as it says in its log; None until it does."""
    found = re.search(r"event=console_listens url=(\S+)", (stage.folder / "daemon.log").read_text(errors="replace"))
    return None if found is None else found[1]


async def _shown_alerts(console_url: str) -> list[str]:
    """The ids of the alerts that the console lists."""
    async with aiohttp.ClientSession() as session, session.get(f"{console_url}api/v1/alerts") as answer:
        return [each["alert_id"] for each in await answer.json()] if answer.ok else []


async def _count(stage: DemoEnvironment, supervisor: Supervisor, topic: str) -> int:
    return len([None async for _ in read_all(supervisor.bootstrap_servers, topic_name(stage.prefix, topic))])


async def _values(stage: DemoEnvironment, supervisor: Supervisor, topic: str, kind: type[R]) -> list[R]:
    return [
        decode(record.value, kind)
        async for record in read_all(supervisor.bootstrap_servers, topic_name(stage.prefix, topic))
    ]


@asynccontextmanager
async def _stage(console: Console, folder: Path, sample: Sample) -> AsyncIterator[DemoEnvironment]:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    async with (
        DemoOrigin(sample, now=lambda: datetime.now(UTC)) as origin,
        SlackServer() as slack,
        WebhookServer() as webhook,
    ):
        yield DemoEnvironment(console, folder, origin, slack, webhook, secret, f"demo-{secrets.token_hex(4)}")


def _configuration(stage: DemoEnvironment) -> config.Configuration:
    """The demonstration's own settings: of the environment only a given Kafka is used."""
    for name in [name for name in os.environ if name.startswith(config.ENVIRONMENT_PREFIX) and name != GIVEN_KAFKA]:
        del os.environ[name]
    os.environ[SLACK_VARIABLE] = stage.slack.url
    os.environ[SECRET_VARIABLE] = stage.secret
    file = stage.folder / "firstwire.toml"
    file.write_text(
        TOML.format(
            prefix=stage.prefix,
            subscriptions=", ".join(f'"{url}"' for url in stage.origin.urls),
            slack=SLACK_VARIABLE,
            webhook=stage.webhook.url,
            secret=SECRET_VARIABLE,
        ),
        encoding="utf-8",
    )
    return config.load(file, os.environ)
