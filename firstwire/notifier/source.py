"""Alerts, and requests to deliver again, from Kafka in batches; the consumer of a batch commits its offsets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS, FETCH_LIMIT_BYTES, REBALANCE_LIMIT_MS
from firstwire.broker.producer import RETRY_BACKOFF_MS
from firstwire.broker.reader import Received, received
from firstwire.notifier.outages import persist, rest
from firstwire.notifier.transaction_writer import Offsets

ALERTS_AT_ONCE = 500
NOTIFIER_SESSION_TIMEOUT_MS = 10_000
POLL_MS = 200
"""How soon a stop is noticed."""


class NotifierSource:
    """The group's only member. `start()`, iterate `batches()`, `stop()`."""

    def __init__(self, bootstrap_servers: str, topics: Sequence[str], group: str, member_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._topics = topics
        self._group = group
        self._member_id = member_id
        self._consumer: AIOKafkaConsumer | None = None

    async def start(self) -> None:
        """Join the group. Raises KafkaError if no broker answers."""
        consumer = AIOKafkaConsumer(
            *self._topics,
            bootstrap_servers=await living_address(self._bootstrap_servers),
            group_id=self._group,
            group_instance_id=self._member_id,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=NOTIFIER_SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=NOTIFIER_SESSION_TIMEOUT_MS // 4,
            rebalance_timeout_ms=REBALANCE_LIMIT_MS,
            max_poll_records=ALERTS_AT_ONCE,
            fetch_max_bytes=FETCH_LIMIT_BYTES,
            fetch_max_wait_ms=100,
            request_timeout_ms=ANSWER_LIMIT_MS,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )
        try:
            await consumer.start()
        except BaseException:
            await closed(consumer.stop())
            raise
        self._consumer = consumer

    async def stop(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await closed(consumer.stop())

    async def batches(self, stopping: asyncio.Event) -> AsyncIterator[list[Received]]:
        """Batches of 1 to 500 records, each partition in order, until stopped. Waits out outages.

        After a rebalance records may come again: decisions are by alert and revision, so repeats change nothing.
        """
        failures = 0
        while not stopping.is_set() and self._consumer is not None:
            try:
                batches = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=ALERTS_AT_ONCE)
            except KafkaError as err:
                failures += 1
                await rest(err, failures, stopping)
                # A consumer that has left its group raises this on every call: replace it
                await self.stop()
                await persist(self.start, stopping)
                continue
            failures = 0
            if batches:
                yield [received(record) for records in batches.values() for record in records]


def offsets_after(batch: Sequence[Received]) -> Offsets:
    """The next offset to read, for each partition of a batch."""
    return {
        TopicPartition(record.topic, record.partition): OffsetAndMetadata(record.offset + 1, "") for record in batch
    }
