"""`firstwire ingest`."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import click

from firstwire import config
from firstwire.commands.options import configured, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK

T = TypeVar("T")


@click.command()
@configured
def ingest(configuration: config.Configuration) -> int:
    """Publish the articles on standard input, one as JSON on each line, for what has no feed.

    Fields as in the files of `firstwire replay`; without `fetched_at` an article is of now. Lines that cannot be read
    are named and left out; then the exit code is 1.
    """
    if sys.stdin is None:
        raise click.UsageError("standard input is closed")
    taken, refused = on_kafka(configuration, lambda address: _ingest(configuration, address))
    click.echo(f"articles taken: {taken:,}, lines refused: {refused:,}")
    return EXIT_FAILED if refused else EXIT_OK


async def _ingest(configuration: config.Configuration, bootstrap_servers: str) -> tuple[int, int]:
    from firstwire.broker.topics import create_missing_topics, partition_count
    from firstwire.core.text.wording import one_line
    from firstwire.poller.outbox import Outbox
    from firstwire.poller.pushed import lines_at_hand, push

    kafka = configuration.settings.kafka
    await create_missing_topics(bootstrap_servers, kafka)
    partitions = await partition_count(bootstrap_servers, kafka.topic_prefix)
    never = asyncio.Event()
    outbox = Outbox(bootstrap_servers, kafka.topic_prefix, partitions=partitions, stop=never, now=_now)
    lines = lines_at_hand(partial(os.read, sys.stdin.fileno()))
    taken = refused = 0
    try:
        async for together in _as_they_come(lines):
            pushed = await push(together, outbox, _now())
            taken += pushed.taken
            refused += len(pushed.refused)
            for each in pushed.refused:
                click.echo(f"line {each.line}: {one_line(each.reason)} ({one_line(each.article_id)})", err=True)
    finally:
        await outbox.close()
    return taken, refused


async def _as_they_come(values: Iterator[T]) -> AsyncIterator[T]:
    """Values that are waited for in a thread, which ends with the process: no Ctrl-C waits for the next line."""
    loop = asyncio.get_running_loop()
    at_hand: asyncio.Queue[T | OSError | None] = asyncio.Queue(maxsize=1)

    def hand_over(value: T | OSError | None) -> None:
        asyncio.run_coroutine_threadsafe(at_hand.put(value), loop).result()

    def read() -> None:
        with suppress(CancelledError, RuntimeError):  # the command has ended
            try:
                for value in values:
                    hand_over(value)
                hand_over(None)
            except OSError as err:
                hand_over(err)

    threading.Thread(target=read, name="lines", daemon=True).start()
    while (value := await at_hand.get()) is not None:
        if isinstance(value, OSError):
            raise value
        yield value


def _now() -> datetime:
    return datetime.now(UTC)
