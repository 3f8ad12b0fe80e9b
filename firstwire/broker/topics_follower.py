"""Follows several topics, every partition of each, from places that the caller keeps. No group, no commits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.reader import Received, received
from firstwire.broker.standalone import standalone_consumer
from firstwire.errors import ConfigError, TransientError

START_LIMIT_SECONDS = 60.0
"""With many partitions on a slow machine; a client whose broker goes away meanwhile would wait forever."""
TOPICS_ANSWER_LIMIT_SECONDS = 10.0
WAIT_MS = 100

Offsets = Mapping[tuple[str, int], int]
"""By topic and partition: the offset of the next record."""


class TopicsFollower:
    """Start it, call `next` repeatedly, start it again after an outage or from other places, stop it.

    Only committed records are returned, those of a partition in order. Every method raises TransientError if no broker
    answers.
    """

    def __init__(self, bootstrap_servers: str, topics: Sequence[str], *, client_id: str) -> None:
        self._bootstrap_servers, self._topics, self._client_id = bootstrap_servers, topics, client_id
        self._consumer: AIOKafkaConsumer | None = None
        self._partitions: list[TopicPartition] = []

    async def start(self, places: Offsets, since_ms: Mapping[str, int]) -> bool:
        """Begin at these places; a partition without one at the first record of its topic's time, else at its first.

        Returns False, and is not started, if the topics are not those of the places: they were made anew, and end
        before. Raises ConfigError if a topic does not exist.
        """
        await self.stop()
        self._consumer = await standalone_consumer(
            self._bootstrap_servers,
            client_id=self._client_id,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            fetch_max_wait_ms=WAIT_MS,
        )
        try:
            is_same = await asyncio.wait_for(self._begin(self._consumer, places, since_ms), START_LIMIT_SECONDS)
        except (KafkaError, TimeoutError) as err:
            raise self._no_answer(err) from err
        if not is_same:
            await self.stop()
        return is_same

    async def stop(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await closed(consumer.stop())

    async def next(self, at_most: int) -> list[Received]:
        """The next records, after a tenth of a second at most."""
        assert self._consumer is not None
        try:
            batches = await asyncio.wait_for(
                self._consumer.getmany(timeout_ms=WAIT_MS, max_records=at_most), TOPICS_ANSWER_LIMIT_SECONDS
            )
        except (KafkaError, TimeoutError) as err:
            raise self._no_answer(err) from err
        return [received(record) for records in batches.values() for record in records]

    async def behind(self) -> int:
        """How many offsets are committed and not returned yet; some may be markers of transactions."""
        assert self._consumer is not None
        consumer = self._consumer

        async def ask() -> int:
            ends = await consumer.end_offsets(self._partitions)
            return sum([max(0, end - await consumer.position(tp)) for tp, end in ends.items()])

        try:
            return await asyncio.wait_for(ask(), TOPICS_ANSWER_LIMIT_SECONDS)
        except (KafkaError, TimeoutError) as err:
            raise self._no_answer(err) from err

    async def _begin(self, consumer: AIOKafkaConsumer, places: Offsets, since_ms: Mapping[str, int]) -> bool:
        await consumer.start()
        self._partitions = await self._known_partitions(consumer)
        starts = await self._starts(consumer, places, since_ms)
        if starts is None:
            return False
        consumer.assign(self._partitions)
        for tp, offset in starts.items():
            await consumer.position(tp)  # its own reset would race with the seek
            consumer.seek(tp, offset)
        return True

    async def _known_partitions(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        existing = await consumer.topics()
        for topic in self._topics:
            if topic not in existing:
                raise ConfigError(f"topic {topic} does not exist; create it with: firstwire topics init")
        first = [TopicPartition(topic, 0) for topic in self._topics]
        consumer.assign(first)
        for tp in first:
            await consumer.position(tp)  # also fetches the topic's metadata
        return [
            TopicPartition(topic, number)
            for topic in self._topics
            for number in sorted(consumer.partitions_for_topic(topic) or ())
        ]

    async def _starts(
        self, consumer: AIOKafkaConsumer, places: Offsets, since_ms: Mapping[str, int]
    ) -> dict[TopicPartition, int] | None:
        begins = await consumer.beginning_offsets(self._partitions)
        ends = await consumer.end_offsets(self._partitions)
        if any(offset > ends.get(TopicPartition(*place), -1) for place, offset in places.items()):
            return None
        timed = {tp: since_ms[tp.topic] for tp in self._partitions if tp.topic in since_ms and tp not in places}
        found = await consumer.offsets_for_times(timed) if timed else {}
        starts = {**begins, **{tp: ends[tp] if at is None else at.offset for tp, at in found.items()}}
        return {tp: max(begin, places.get((tp.topic, tp.partition), begin)) for tp, begin in starts.items()}

    def _no_answer(self, err: Exception) -> TransientError:
        return TransientError(f"cannot read {', '.join(self._topics)}: {err!r}", place=self._bootstrap_servers)
