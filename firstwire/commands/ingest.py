"""`firstwire ingest`."""

from __future__ import annotations

import asyncio
import io
import sys
from datetime import UTC, datetime
from typing import cast

import click

from firstwire import config
from firstwire.commands.options import configured, on_kafka
from firstwire.errors import EXIT_FAILED, EXIT_OK


@click.command()
@configured
def ingest(configuration: config.Configuration) -> int:
    """Publish the articles on standard input, one as JSON on each line, for what has no feed.

    Fields as in the files of `firstwire replay`; without `fetched_at` an article is of now. Lines that cannot be read
    are named and left out; then the exit code is 1.
    """
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
    lines = lines_at_hand(cast(io.BufferedReader, sys.stdin.buffer).read1)
    taken = refused = 0
    try:
        while (together := await asyncio.to_thread(next, lines, None)) is not None:
            pushed = await push(together, outbox, _now())
            taken += pushed.taken
            refused += len(pushed.refused)
            for each in pushed.refused:
                click.echo(f"line {each.line}: {one_line(each.reason)} ({one_line(each.article_id)})", err=True)
    finally:
        await outbox.close()
    return taken, refused


def _now() -> datetime:
    return datetime.now(UTC)
