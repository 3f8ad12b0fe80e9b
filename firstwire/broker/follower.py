"""Follows a topic of one partition from its beginning, and knows until which time it has read everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.reader import Received, received
from firstwire.broker.standalone import standalone_consumer
from firstwire.errors import TransientError

LOOK_MS = 100
FOLLOWER_ANSWER_LIMIT_SECONDS = 5.0
FOLLOWER_START_LIMIT_SECONDS = 8.0
"""A client whose broker goes away meanwhile would wait forever, and all articles for the rules."""


@dataclass(frozen=True)
class Look:
    """New committed records, and the time until which everything is now known; None if it cannot be determined."""

    records: list[Received]
    known_until: str | None


class Follower:
    """Start it, call `look` repeatedly, start it again after an outage, stop it. No group, no commits."""

    def __init__(self, bootstrap_servers: str, topic: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self.topic = topic
        self._tp = TopicPartition(topic, 0)
        self._next_offset = 0
        self._reader: AIOKafkaConsumer | None = None
        self._ends: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Connect with new clients, which continue where the last ones were: after an outage a client may wait forever.

        Raises TransientError if no broker answers.
        """
        await self.stop()
        address = await living_address(self._bootstrap_servers)
        self._reader = await standalone_consumer(address, fetch_max_wait_ms=LOOK_MS)
        self._ends = await standalone_consumer(address, isolation_level="read_uncommitted", fetch_max_wait_ms=LOOK_MS)
        try:
            await asyncio.wait_for(self._begin(self._reader, self._ends), FOLLOWER_START_LIMIT_SECONDS)
        except (KafkaError, TimeoutError) as err:
            raise TransientError(f"cannot read {self.topic}: {err!r}", place=self._bootstrap_servers) from err

    async def stop(self) -> None:
        for consumer in (self._reader, self._ends):
            if consumer is not None:
                await closed(consumer.stop())

    async def look(self, clock: Callable[[], str]) -> Look:
        """New records, after a tenth of a second at most. Raises TransientError if the broker does not answer.

        The end of the topic is read after `clock` and includes records of open transactions, before which the reader
        stops. So nothing that began before `known_until` can be missing.
        """
        asked_at = clock()
        try:
            return await asyncio.wait_for(self._look(asked_at), FOLLOWER_ANSWER_LIMIT_SECONDS)
        except (KafkaError, TimeoutError) as err:
            raise TransientError(f"cannot read {self.topic}: {err!r}", place=self._bootstrap_servers) from err

    async def _begin(self, reader: AIOKafkaConsumer, ends: AIOKafkaConsumer) -> None:
        await reader.start()
        await ends.start()
        reader.assign([self._tp])
        if self._next_offset:
            await reader.position(self._tp)  # its own reset would race with the seek
            reader.seek(self._tp, self._next_offset)

    async def _look(self, asked_at: str) -> Look:
        assert self._reader is not None and self._ends is not None
        end = (await self._ends.end_offsets([self._tp]))[self._tp]
        await self._reader.position(self._tp)
        fetched = (await self._reader.getmany(self._tp, timeout_ms=LOOK_MS)).get(self._tp, [])
        is_at_end = await self._reader.position(self._tp) >= end
        if fetched:  # only now, so that records that were fetched but not returned are read again
            self._next_offset = fetched[-1].offset + 1
        return Look([received(record) for record in fetched], asked_at if is_at_end else None)
