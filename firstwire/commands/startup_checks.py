"""Checks before a start: is the configuration valid, does it notify anybody, and can what it names be reached?"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from firstwire.broker.jars import find_java, jars_dir
from firstwire.broker.reach import find_kafka
from firstwire.commands.feed_check import forbidden_feeds, visited_feeds
from firstwire.config import EMBEDDED, Configuration
from firstwire.core.pipeline import Knowledge
from firstwire.core.text.wording import counted
from firstwire.core.watches.unknown_operators import unknown_operator_of
from firstwire.errors import EXIT_CONFIG, EXIT_OK, EXIT_UNAVAILABLE, FirstwireError
from firstwire.files.knowledge import load_knowledge
from firstwire.notifier.reach import reached
from firstwire.notifier.receiver_types import receivers_from, unread_keys
from firstwire.notifier.routing_check import routing_faults
from firstwire.notifier.template_book import template_book
from firstwire.notifier.transport import open_transport
from firstwire.poller.links import redacted
from firstwire.poller.subscriptions import Subscription, read_subscriptions
from firstwire.web.guards import SERVER
from firstwire.web.service import REMEDY
from schemas.times import EPOCH

CONSOLE_ANSWERS_SECONDS = 2.0


@dataclass(frozen=True)
class StartupCheck:
    """The result of one check. `exit_code` is that of the error, 0 if there is none; a warning has none."""

    subject: str
    message: str
    exit_code: int = EXIT_OK
    is_warning: bool = False


async def startup_checks(configuration: Configuration, *, visits_feeds: bool = False) -> AsyncIterator[StartupCheck]:
    """Check everything, also after a failure, so that the user can fix everything at once."""
    try:
        knowledge, seeds = load_knowledge(**configuration.knowledge_settings())
        rulebook = knowledge.rules.at(EPOCH)
        yield StartupCheck(
            "rules", f"{counted(len(rulebook.events), 'event rule')}, {counted(len(rulebook.watches), 'watch')}"
        )
        for watch in rulebook.watches:
            if (wrong := unknown_operator_of(watch.text)) is not None:
                yield StartupCheck("rules", f"watch {watch.id!r}: {wrong}; until then it is words", is_warning=True)
        yield StartupCheck("entities", f"{len(knowledge.gazetteer)} entities")
        yield StartupCheck("ledger", f"{sum(len(page.actors) for page in seeds.pages.values())} known acts")
        yield StartupCheck("groups", f"{len(seeds.groups.by_id)} groups")
        for check in _routes(configuration, knowledge):
            yield check
    except FirstwireError as err:
        yield StartupCheck("rules, entities, ledger", str(err), err.exit_code)
    subscriptions: tuple[Subscription, ...] = ()
    try:
        subscriptions, refused = read_subscriptions(configuration)
        visited = "" if visits_feeds or not subscriptions else ", not visited: `firstwire check --feeds` visits them"
        yield StartupCheck("subscriptions", f"{counted(len(subscriptions), 'feed')}{visited}")
        for entry in refused:
            yield StartupCheck("subscriptions", f"{entry.place}: skipped {entry.url}: {entry.reason}", is_warning=True)
    except FirstwireError as err:
        yield StartupCheck("subscriptions", str(err), err.exit_code)
    async for check in _feeds(configuration, subscriptions, visits=visits_feeds):
        yield check
    for check in await _receivers(configuration):
        yield check
    if configuration.settings.web.listen:
        yield await _console(configuration.settings.web.listen)
    yield await _kafka(configuration)


def _routes(configuration: Configuration, knowledge: Knowledge) -> list[StartupCheck]:
    entities = [entity.id for entity in knowledge.gazetteer]
    settings = configuration.settings
    faults = routing_faults(settings, knowledge.rules.at(EPOCH), entities)
    checks = [
        StartupCheck("routes", fault.message, is_warning=True)
        if fault.level == "warning"
        else StartupCheck("routes", fault.message, EXIT_CONFIG)
        for fault in faults
    ]
    return checks or [
        StartupCheck("routes", f"{len(settings.routes)} to {counted(len(settings.receivers), 'receiver')}")
    ]


async def _feeds(
    configuration: Configuration, subscriptions: Sequence[Subscription], *, visits: bool
) -> AsyncIterator[StartupCheck]:
    if not visits:
        for one, reason in forbidden_feeds(configuration, subscriptions):
            setting = "poller.allow_private_addresses does not allow it"
            yield StartupCheck("feeds", f"{redacted(one.url)}: {reason}; {setting}", EXIT_CONFIG)
        return
    good = 0
    async for one, found in visited_feeds(configuration, subscriptions):
        if isinstance(found, str):
            yield StartupCheck("feeds", f"{redacted(one.url)}: {found}", EXIT_UNAVAILABLE)
        else:
            good += 1
    yield StartupCheck("feeds", f"{good} of {len(subscriptions)} visited have a feed")


async def _receivers(configuration: Configuration) -> list[StartupCheck]:
    try:
        receivers = receivers_from(configuration.settings.receivers)
        template_book(configuration.settings)
    except FirstwireError as err:
        return [StartupCheck("receivers", str(err), err.exit_code)]
    if not receivers:
        return [StartupCheck("receivers", "none: alerts stay in Kafka")]
    async with open_transport(configuration.settings.notifier, lambda: datetime.now(UTC)) as transport:
        found = await asyncio.gather(*(reached(transport, receiver) for receiver in receivers.values()))
    checks = [
        StartupCheck("receivers", f"{name}: {reach.message}", reach.exit_code)
        for name, reach in zip(receivers, found, strict=True)
    ]
    for section in configuration.settings.receivers:
        for key in unread_keys(section):
            said = f"{section.name}: the type {section.type} does not read {key!r}: take it out, or name another type"
            checks.append(StartupCheck("receivers", said, is_warning=True))
    return checks


async def _console(listen: str) -> StartupCheck:
    """Whether the console can listen: a free address, or one where a console of Firstwire answers already."""
    host, _, port = listen.rpartition(":")
    address = (host.strip("[]"), int(port))
    try:
        (family, kind, protocol, _, where), *_ = await asyncio.get_running_loop().getaddrinfo(
            *address, type=socket.SOCK_STREAM
        )
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(where)
            tried.listen()
        return StartupCheck("console", f"{listen} is free")
    except OSError as err:
        if err.errno == errno.EADDRINUSE and await _is_a_console(listen):
            said = f"a Firstwire listens on {listen} already; if it is another one, set web.listen to another port"
            return StartupCheck("console", said, is_warning=True)
        said = f"cannot listen on {listen}: {err.strerror or err}"
        if err.errno == errno.EADDRINUSE:
            return StartupCheck("console", f"{said}; {REMEDY}", EXIT_CONFIG)
        # An address of another host, or a port for the service's user alone: everything else works
        return StartupCheck("console", f"{said}; without it there is no console", is_warning=True)


async def _is_a_console(listen: str) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CONSOLE_ANSWERS_SECONDS)) as client,
            client.get(f"http://{listen}/healthz", allow_redirects=False) as answer,
        ):
            return answer.headers.get("Server") == SERVER
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False


async def _kafka(configuration: Configuration) -> StartupCheck:
    try:
        if configuration.settings.kafka.bootstrap_servers == EMBEDDED:
            java = find_java()
            jars = "jars present" if jars_dir().is_dir() else "jars are fetched at the first start"
            return StartupCheck("kafka", f"embedded, {java}, {jars}")
        return StartupCheck("kafka", f"reachable at {await find_kafka(configuration)}")
    except FirstwireError as err:
        return StartupCheck("kafka", str(err), err.exit_code)
