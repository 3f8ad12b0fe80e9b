"""Finds Kafka for a command: the configured address, a running daemon's broker, or one started for the command."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from firstwire.broker.embedded import EmbeddedBroker, answers, broker_folder, running_broker
from firstwire.config import EMBEDDED, Configuration
from firstwire.errors import ConfigError, TransientError

log = structlog.get_logger()

KAFKA_LIMIT_SECONDS = 60.0
FIRST_WAIT_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 8.0
"""Between two tries to reach Kafka: a broker that is starting is found soon, a wrong address fills no log."""


async def find_kafka(configuration: Configuration) -> str:
    """The address of a Kafka that answers. Raises TransientError or ConfigError, with what to do, if there is none."""
    address = configuration.settings.kafka.bootstrap_servers
    if address != EMBEDDED:
        if not await answers(address):
            raise TransientError(
                "no Kafka answers there; is it running, and is kafka.bootstrap_servers correct?", place=address
            )
        return address
    running = running_broker(broker_folder(configuration.data_dir))
    if running is None or not await answers(running):
        raise ConfigError(
            "the embedded broker belongs to `firstwire run`, which is not running here; start it, or set "
            "kafka.bootstrap_servers",
            place=str(configuration.data_dir),
        )
    return running


async def wait_for_kafka(bootstrap_servers: str, stop: asyncio.Event) -> None:
    """Wait until a broker answers. Raises TransientError after a minute, or if stopped first."""
    deadline = time.monotonic() + KAFKA_LIMIT_SECONDS
    wait = FIRST_WAIT_SECONDS
    while not stop.is_set():
        if await answers(bootstrap_servers):
            return
        if time.monotonic() > deadline:
            raise TransientError(
                f"no Kafka answered there for {KAFKA_LIMIT_SECONDS:.0f} s; is it running, and is "
                "kafka.bootstrap_servers correct?",
                place=bootstrap_servers,
            )
        log.warning("waiting_for_kafka", bootstrap_servers=bootstrap_servers, again_in_seconds=wait)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
        wait = min(2 * wait, LONGEST_WAIT_SECONDS)
    raise TransientError("stopped before Kafka answered", place=bootstrap_servers)


@asynccontextmanager
async def kafka_for_a_command(configuration: Configuration, progress: Callable[[str], None]) -> AsyncIterator[str]:
    """Like `find_kafka`, but an embedded broker that is not running is started for the duration of the command."""
    try:
        found = await find_kafka(configuration)
    except ConfigError:
        progress("no broker runs here: one is started for this command")
        broker = EmbeddedBroker(broker_folder(configuration.data_dir), progress)
        try:
            await broker.start()
            yield broker.bootstrap_servers
        finally:
            await broker.stop()
    else:
        yield found
