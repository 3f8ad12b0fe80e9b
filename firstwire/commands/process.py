"""Shared by the daemon's processes: Kafka's address, logs, signals, the event loop."""

from __future__ import annotations

import asyncio
import functools
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from firstwire import __version__, config
from firstwire.commands.options import configured, require_configuration

if TYPE_CHECKING:  # what these import takes longer than a command that only reads
    from firstwire.health import ProcessReporter

T = TypeVar("T")


def process(command: Callable[..., T]) -> Callable[..., T]:
    """A process of the daemon: its configuration, and Kafka's address if the supervisor passes it."""

    @click.option("--bootstrap-servers", help="Kafka's address; default: kafka.bootstrap_servers.")
    @functools.wraps(command)
    def of_an_installation(configuration: config.Configuration, bootstrap_servers: str | None, **options: Any) -> T:
        if bootstrap_servers is None:
            require_configuration(configuration)
        return command(configuration, bootstrap_servers=bootstrap_servers, **options)

    return configured(of_an_installation)


def serve_until_stopped(
    name: str,
    configuration: config.Configuration,
    serve: Callable[[asyncio.Event, ProcessReporter], Awaitable[int]],
    *,
    supervises: bool = False,
) -> int:
    """Run a process of the daemon until SIGTERM or SIGINT, and return its exit code. `name` is used in its logs.

    `serve` puts its metrics and its readiness into the reporter, which is asked by `/metrics` and `/readyz` at
    `metrics.listen`; there a process that supervises others answers for all of them.
    """
    import structlog

    from firstwire.broker.transaction import quiet_fencing
    from firstwire.logs import configure_logs

    configure_logs(configuration.settings.log.level, name)

    async def until_stopped() -> int:
        loop = asyncio.get_running_loop()
        quiet_fencing(loop)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        # Without a handler it would end the process; those that have something to reload set their own
        loop.add_signal_handler(signal.SIGHUP, lambda: structlog.get_logger().info("nothing_to_reload"))
        async with _reported(configuration, supervises) as reporter:
            return await serve(stop, reporter)

    return _run(until_stopped())


@asynccontextmanager
async def _reported(configuration: config.Configuration, supervises: bool) -> AsyncIterator[ProcessReporter]:
    """A reporter on this process, asked at `metrics.listen`; if it is a part of `firstwire run`, by that."""
    from firstwire.health import ProcessReporter, reporting
    from firstwire.metrics import new_registry
    from firstwire.supervised import AllParts, part_of_environment, reporting_as

    part = part_of_environment()
    reporter = ProcessReporter(new_registry(__version__, None if part else configuration.data_dir))
    if part is not None:
        async with reporting_as(part, configuration.data_dir, reporter):
            yield reporter
    else:
        asked = AllParts(configuration.data_dir) if supervises else reporter
        async with reporting(asked, configuration.settings.metrics.listen):
            yield reporter


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
