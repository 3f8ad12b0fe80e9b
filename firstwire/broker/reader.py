"""Reads a range of a topic without a group and without commits, only committed transactions."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from firstwire.broker.closing import closed
from firstwire.broker.standalone import standalone_consumer
from firstwire.errors import ConfigError, TransientError

FETCH_RECORDS = 5_000
FETCH_WAIT_MS = 100
"""How long a broker keeps a fetch for which there is nothing yet. What is asked next waits behind it, which gives a
transaction that was just committed the time to become visible: its markers are written after the commit is answered."""
LOOK_MS = 20
"""Between two looks whether a position has passed the marker of a transaction, which brings no record."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """One record as it is in Kafka."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int


def received(record: ConsumerRecord) -> Received:
    """The `Received` of an aiokafka record; a key that is not UTF-8 gets replacement characters."""
    key = record.key if isinstance(record.key, bytes) else b""
    return Received(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=key.decode("utf-8", "replace"),
        value=record.value,
        headers=tuple(record.headers),
        timestamp_ms=record.timestamp,
    )


@dataclass(frozen=True)
class Range:
    """The first offset and the one after the last, per partition, fixed when reading begins."""

    starts: Mapping[int, int]
    ends: Mapping[int, int]

    def ended(self, ends: Mapping[int, int]) -> Range:
        """The range, no further than these ends."""
        return Range(self.starts, {number: min(end, ends.get(number, end)) for number, end in self.ends.items()})


class RangeReader:
    """One topic's records between offsets fixed at the start. Use `open_reader`."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str) -> None:
        self._consumer = consumer
        self.topic = topic

    async def range_of(
        self,
        partitions: Sequence[int] | None = None,
        *,
        from_ms: int | None = None,
        to_ms: int | None = None,
    ) -> Range:
        """The current content of the topic, limited to records whose Kafka timestamp is in [from_ms, to_ms)."""
        tps = [TopicPartition(self.topic, number) for number in partitions or await self.partitions()]
        begins = await self._consumer.beginning_offsets(tps)
        ends = await self._consumer.end_offsets(tps)
        return Range(
            starts={tp.partition: offset for tp, offset in (await self._cut(tps, from_ms, begins, ends)).items()},
            ends={tp.partition: offset for tp, offset in (await self._cut(tps, to_ms, ends, ends)).items()},
        )

    def bounds(self, partition: int, start: int, end: int) -> Range:
        """A range of one partition by offsets."""
        return Range(starts={partition: start}, ends={partition: end})

    async def partitions(self) -> list[int]:
        """The topic's partition numbers. Raises ConfigError if the topic does not exist."""
        if self.topic not in await self._consumer.topics():
            raise ConfigError(f"topic {self.topic} does not exist; create it with: firstwire topics init")
        first = TopicPartition(self.topic, 0)
        self._consumer.assign([first])
        await self._consumer.position(first)  # also fetches the topic's metadata
        return sorted(self._consumer.partitions_for_topic(self.topic) or ())

    async def read(self, bounds: Range) -> AsyncIterator[Received]:
        """The records of the range: each partition in order, partitions interleaved."""
        left = await self._assigned(bounds)
        while left:
            for _, records in await self._next(left, list(left)):
                for record in records:
                    yield record

    async def read_in_order(self, bounds: Range) -> AsyncIterator[Received]:
        """The same in the order of time: next is always the partition whose next record is the earliest.

        A record counts as no earlier than those before it in its partition; of equally early ones, the partition with
        the lower number comes first. So the order depends on nothing but the records.
        """
        left = await self._assigned(bounds)
        queues: dict[int, deque[Received]] = {tp.partition: deque() for tp in left}
        reached = dict.fromkeys(queues, -1)
        while left or any(queues.values()):
            if empty := [tp for tp in left if not queues[tp.partition]]:
                for partition, records in await self._next(left, empty):
                    queues[partition].extend(records)
                continue
            partition = min(
                (number for number, queue in queues.items() if queue),
                key=lambda number: (max(reached[number], queues[number][0].timestamp_ms), number),
            )
            record = queues[partition].popleft()
            reached[partition] = max(reached[partition], record.timestamp_ms)
            yield record

    async def extent(self) -> tuple[int, int] | None:
        """The Kafka timestamps of the earliest record and the latest at the ends of the partitions; None if empty."""
        bounds = await self.range_of()
        times: list[int] = []
        for partition, end in bounds.ends.items():
            start = bounds.starts[partition]
            if start < end:  # the last records of a transaction's topic may be markers, so that some more are read
                for first, last in ((start, min(start + 10, end)), (max(start, end - 10), end)):
                    ends = [one.timestamp_ms async for one in self.read(self.bounds(partition, first, last))]
                    times += ends
        return (min(times), max(times)) if times else None

    async def _assigned(self, bounds: Range) -> dict[TopicPartition, int]:
        """The partitions that hold anything of the range, with their ends; the consumer stands at their starts."""
        left = {
            TopicPartition(self.topic, number): end
            for number, end in bounds.ends.items()
            if bounds.starts[number] < end
        }
        if left:
            self._consumer.assign(list(left))
        for tp in left:
            # aiokafka also resets the position by itself; wait for that first, so that it cannot undo this seek
            await self._consumer.position(tp)
            self._consumer.seek(tp, bounds.starts[tp.partition])
        return left

    async def _next(
        self, left: dict[TopicPartition, int], wanted: list[TopicPartition]
    ) -> list[tuple[int, list[Received]]]:
        """The next records of some partitions; those that have reached their end are removed from `left`."""
        batches = await self._consumer.getmany(*wanted, timeout_ms=LOOK_MS, max_records=FETCH_RECORDS)
        found = [
            (tp.partition, [received(record) for record in records if record.offset < left[tp]])
            for tp, records in batches.items()
            if tp in left
        ]
        # Positions, not counts: compaction and transaction markers leave gaps
        for tp in wanted:
            if await self._consumer.position(tp) >= left[tp]:
                del left[tp]
                self._consumer.pause(tp)
        return found

    async def _cut(
        self,
        tps: list[TopicPartition],
        at_ms: int | None,
        otherwise: Mapping[TopicPartition, int],
        ends: Mapping[TopicPartition, int],
    ) -> dict[TopicPartition, int]:
        if at_ms is None:
            return dict(otherwise)
        found = await self._consumer.offsets_for_times(dict.fromkeys(tps, at_ms))
        return {tp: found[tp].offset if found[tp] is not None else ends[tp] for tp in tps}


@asynccontextmanager
async def open_reader(
    bootstrap_servers: str, topic: str, *, client_id: str = "firstwire"
) -> AsyncIterator[RangeReader]:
    """A reader of one topic. Raises TransientError if no broker answers."""
    consumer = await standalone_consumer(
        bootstrap_servers,
        client_id=client_id,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        fetch_max_wait_ms=FETCH_WAIT_MS,
    )
    try:
        await consumer.start()
        yield RangeReader(consumer, topic)
    except KafkaError as err:
        raise TransientError(f"cannot read {topic}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(consumer.stop())


async def read_all(
    bootstrap_servers: str, topic: str, ends: Mapping[int, int] = MappingProxyType({})
) -> AsyncIterator[Received]:
    """All committed records that are in a topic now, or were when its partitions had these ends."""
    async with open_reader(bootstrap_servers, topic) as reader:
        async for record in reader.read((await reader.range_of()).ended(ends)):
            yield record
