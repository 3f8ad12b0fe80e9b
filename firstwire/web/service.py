"""The console's entry point: secrets, sockets and clock are made here and passed on."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from firstwire.config import Configuration, WebSection, is_loopback, networks
from firstwire.errors import ConfigError
from firstwire.health import Readiness
from firstwire.index.reading import IndexReader
from firstwire.index.service import IndexFiller
from firstwire.web.access import SHORTEST_TOKEN, Access, AccessToken
from firstwire.web.application import create_application
from firstwire.web.console import Console, LoadedKnowledge
from firstwire.web.following import Following
from firstwire.web.live import LiveStreams
from firstwire.web.same_site import OwnNames

KEEP_ALIVE_SECONDS = 75.0
STOP_SECONDS = 3.0
AGAIN_SECONDS = 2.0

log = structlog.get_logger("firstwire.web")


async def serve_console(
    configuration: Configuration,
    bootstrap_servers: str,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
    readiness: Readiness | None = None,
    add_routes: Callable[[web.Application], None] = lambda app: None,
) -> None:
    """Serve the console of topics that exist until `stop` is set. `add_routes` adds what others offer at its address.

    A taken port is logged, and tried again until it is free; until then `readiness` lacks it. Raises ConfigError for a
    token that is missing or short.
    """
    readiness = readiness or Readiness()
    console = make_console(configuration, bootstrap_servers)
    app = create_application(console)
    add_routes(app)
    working = [asyncio.ensure_future(console.following.run(stop)), asyncio.ensure_future(fill_index(console, stop))]
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        shutdown_timeout=STOP_SECONDS,
        handler_cancellation=True,
    )
    try:
        await runner.setup()
        server = await listening(runner, console, configuration.settings.web.listen, stop, readiness)
        if server is not None:
            on_ready()
        stopping = asyncio.ensure_future(stop.wait())
        ended, _ = await asyncio.wait({*working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        console.streams.closing.set()
        if server is not None:
            server.close()
        for task in ended:
            task.result()  # what ended by an error ends the process with it
    finally:
        stop.set()
        await asyncio.wait(working, timeout=STOP_SECONDS)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await runner.cleanup()


async def fill_index(console: Console, stop: asyncio.Event) -> None:
    """Open the index for the pages, and keep it in step with the topics. Raises ConfigError for wrong entity files."""
    gazetteer = await console.knowledge.gazetteer()
    filler = IndexFiller(console.configuration, console.bootstrap_servers, lambda: gazetteer)
    console.reader = IndexReader(filler.place)
    await filler.run(stop)


def make_console(configuration: Configuration, bootstrap_servers: str) -> Console:
    """The parts of a console, of the settings. Raises ConfigError for a token that is missing or short."""
    section = configuration.settings.web
    streams = LiveStreams()
    return Console(
        configuration=configuration,
        bootstrap_servers=bootstrap_servers,
        access=Access(tokens_of(section), secrets.token_bytes(32)),
        own_names=OwnNames(is_loopback(section.listen), urlsplit(section.public_url).hostname),
        trusted_proxies=networks(section.trusted_proxies),
        following=Following(bootstrap_servers, configuration.settings.kafka.topic_prefix, streams.tell),
        streams=streams,
        knowledge=LoadedKnowledge(configuration),
        clock=lambda: datetime.now(UTC),
    )


def tokens_of(section: WebSection) -> list[AccessToken]:
    """The tokens with their secrets. Raises ConfigError, which never shows one."""
    found: dict[str, AccessToken] = {}
    for token in section.tokens:
        place = f"web.tokens {token.name!r}"
        secret = token.token.read(place)
        if len(secret) < SHORTEST_TOKEN:
            raise ConfigError(f"is shorter than {SHORTEST_TOKEN} characters: openssl rand -hex 24", place=place)
        if secret in found:
            raise ConfigError(f"is the same as that of {found[secret].name!r}", place=place)
        found[secret] = AccessToken(token.name, token.role, secret)
    return list(found.values())


REMEDY = "set web.listen to another port, or stop what listens there"
"""Of an address that is taken."""


async def listening(
    runner: web.AppRunner, console: Console, listen: str, stop: asyncio.Event, readiness: Readiness
) -> asyncio.Server | None:
    """A server on the address, as soon as it is free; None if stopped first."""
    host, _, port = listen.rpartition(":")
    assert runner.server is not None
    protocol = console.connections.limited(runner.server)
    was_taken = False
    while not stop.is_set():
        try:
            server = await asyncio.get_running_loop().create_server(
                protocol, host.strip("[]"), int(port), backlog=256, reuse_address=True
            )
        except OSError as err:
            if not was_taken:
                was_taken = True
                reason = err.strerror or str(err)
                readiness.lacks("web.listen", f"cannot listen on {listen}: {reason}")
                log.error("console_cannot_listen", listen=listen, reason=reason, remedy=REMEDY)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
            continue
        readiness.has("web.listen")
        address = server.sockets[0].getsockname()
        log.info("console_listens", url=f"http://{host}:{address[1]}/")
        return server
    return None
