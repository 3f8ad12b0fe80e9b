"""Shared by the daemon's processes: Kafka's address, logs, signals, the event loop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import click

from firstwire import config
from firstwire.commands.options import configured

T = TypeVar("T")


def process(command: Callable[..., T]) -> Callable[..., T]:
    """A process of the daemon: its configuration, and Kafka's address if the supervisor passes it."""
    return configured(
        click.option("--bootstrap-servers", help="Kafka's address; default: kafka.bootstrap_servers.")(command)
    )


def serve_until_stopped(
    name: str, configuration: config.Configuration, serve: Callable[[asyncio.Event], Awaitable[int]]
) -> int:
    """Run a process of the daemon until SIGTERM or SIGINT, and return its exit code. `name` is used in its logs."""
    from firstwire.broker.transaction import quiet_fencing
    from firstwire.logs import configure_logs

    configure_logs(configuration.settings.log.level, name)

    async def until_stopped() -> int:
        loop = asyncio.get_running_loop()
        quiet_fencing(loop)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        return await serve(stop)

    return _run(until_stopped())


async def kafka_of(configuration: config.Configuration, bootstrap_servers: str | None, stop: asyncio.Event) -> str:
    """Kafka's address for a process of the daemon. Waits for a broker that is still starting."""
    from firstwire.broker.reach import find_kafka, wait_for_kafka

    address = bootstrap_servers or configuration.settings.kafka.bootstrap_servers
    if address == config.EMBEDDED:
        return await find_kafka(configuration)
    await wait_for_kafka(address, stop)
    return address


def _run(main: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop if it is installed: a quarter more records per second."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
