"""Reads articles from the `articles` topic: no group, no commits, the end fixed at the start."""

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
    """The topic's articles by fetch time, then partition and offset: a deterministic order.

    `from_ms`, `to_ms`: Kafka timestamps, which are fetch times; None means from the beginning, to the current end.
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
    """The same as a stream, partitions interleaved in any order, for archives of any size."""
    number = 0
    async with open_reader(bootstrap_servers, topic_name(prefix, ARTICLES)) as reader:
        async for record in reader.read(await reader.range_of(from_ms=from_ms, to_ms=to_ms)):
            number += 1
            yield _article(record, number)


def _keep_partition_order(records: list[Received]) -> None:
    """Sort each partition's records by offset, whatever their timestamps: the order in which they were judged live."""
    slots: dict[int, list[int]] = {}
    for at, record in enumerate(records):
        slots.setdefault(record.partition, []).append(at)
    for positions in slots.values():
        ordered = sorted((records[at] for at in positions), key=lambda record: record.offset)
        for at, record in zip(positions, ordered, strict=True):
            records[at] = record


def _article(record: Received, number: int) -> Article | UnreadableLine:
    try:
        return decode(record.value, Article)
    except DecodeError as err:
        return UnreadableLine(number, "unreadable", f"{place_of(record.topic, record.partition, record.offset)}: {err}")
