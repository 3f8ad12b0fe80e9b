"""Where Kafka is for a command: the configured address, the broker of a running daemon, or one for the command's time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from firstwire.broker.embedded import EmbeddedBroker, answers, broker_folder, running_broker
from firstwire.config import EMBEDDED, Configuration
from firstwire.errors import ConfigError, TransientError


async def find_kafka(configuration: Configuration) -> str:
    """The address of a Kafka that answers. TransientError or ConfigError says what to do if there is none."""
    address = configuration.settings.kafka.bootstrap_servers
    if address != EMBEDDED:
        if not await answers(address):
            raise TransientError(
                "no Kafka answers there; is it up, and is kafka.bootstrap_servers right?", place=address
            )
        return address
    running = running_broker(broker_folder(configuration.data_dir))
    if running is None or not await answers(running):
        raise ConfigError(
            "the embedded broker belongs to `firstwire run`, which does not run here; start it, or set "
            "kafka.bootstrap_servers",
            place=str(configuration.data_dir),
        )
    return running


@asynccontextmanager
async def kafka_for_a_command(configuration: Configuration, progress: Callable[[str], None]) -> AsyncIterator[str]:
    """As `find_kafka`, but an embedded broker that does not run is started for as long as the command takes."""
    try:
        found = await find_kafka(configuration)
    except ConfigError:
        broker = EmbeddedBroker(broker_folder(configuration.data_dir), progress)
        try:
            await broker.start()
            yield broker.bootstrap_servers
        finally:
            await broker.stop()
    else:
        yield found
