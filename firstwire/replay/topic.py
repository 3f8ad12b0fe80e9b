"""Articles from the `articles` topic: no group, no commits, the end fixed at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from firstwire.broker.reader import Received, open_reader
from firstwire.broker.topics import ARTICLES, topic_name
from firstwire.errors import place_of
from firstwire.files.articles import UnreadableLine
from schemas.article import Article
from schemas.codec import DecodeError, decode


async def read_topic(
    bootstrap_servers: str, prefix: str, from_ms: int | None, to_ms: int | None
) -> list[Article | UnreadableLine]:
    """What stands in the topic, partitions merged by fetch time, then partition and offset: the same order every time.

    `from_ms`, `to_ms`: Kafka timestamps, which are fetch times; None means from the beginning, to the end as of now.
    """
    topic = topic_name(prefix, ARTICLES)
    async with open_reader(bootstrap_servers, topic) as reader:
        bounds = await reader.range_of(from_ms=from_ms, to_ms=to_ms)
        records = [record async for record in reader.read(bounds)]
    return [_article(record, number) for number, record in enumerate(live_order(records), start=1)]


def live_order(records: Iterable[Received]) -> list[Received]:
    """The records as they may have been judged live: by time where partitions allow it, each in its own order."""
    ordered = sorted(records, key=lambda record: (record.timestamp_ms, record.partition, record.offset))
    _keep_partition_order(ordered)
    return ordered


async def stream_topic(
    bootstrap_servers: str, prefix: str, from_ms: int | None, to_ms: int | None
) -> AsyncIterator[Article | UnreadableLine]:
    """The same as they come, partitions in no order: for what does not ask for one, however large the archive is."""
    number = 0
    async with open_reader(bootstrap_servers, topic_name(prefix, ARTICLES)) as reader:
        async for record in reader.read(await reader.range_of(from_ms=from_ms, to_ms=to_ms)):
            number += 1
            yield _article(record, number)


def _keep_partition_order(records: list[Received]) -> None:
    """Within a partition offsets rule, whatever its timestamps say: that is the order in which it ran live."""
    slots: dict[int, list[int]] = {}
    for at, record in enumerate(records):
        slots.setdefault(record.partition, []).append(at)
    for places in slots.values():
        ordered = sorted((records[at] for at in places), key=lambda record: record.offset)
        for at, record in zip(places, ordered, strict=True):
            records[at] = record


def _article(record: Received, number: int) -> Article | UnreadableLine:
    try:
        return decode(record.value, Article)
    except DecodeError as err:
        return UnreadableLine(number, "unreadable", f"{place_of(record.topic, record.partition, record.offset)}: {err}")
