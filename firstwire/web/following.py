"""Follows the topics of the board for good: reads them from the beginning, then as they grow; outlives outages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.producer import RETRY_BACKOFF_MS
from firstwire.broker.reader import received
from firstwire.broker.topics import topic_name
from firstwire.errors import TransientError
from firstwire.web.board import FOLLOWED, Board, SeenAlert

LOOK_MS = 100
SILENT_SECONDS = 5.0
AGAIN_SECONDS = 1.0
RECORDS_AT_ONCE = 500
"""Between two of them pages are answered: a record takes a twentieth of a millisecond."""

log = structlog.get_logger("firstwire.web")


@dataclass
class Following:
    """Keeps a board. `on_alert` is called with every alert that came after all that was there at the start."""

    bootstrap_servers: str
    prefix: str
    on_alert: Callable[[SeenAlert], None]
    board: Board = field(default_factory=Board)
    lost_since: float | None = None
    """When Kafka stopped answering, by the clock `time.time`; None while it answers."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once everything that was there at the start is on the board."""
    _next: dict[TopicPartition, int] = field(default_factory=dict)
    _left: dict[TopicPartition, int] | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set."""
        while not stop.is_set():
            try:
                await self._follow(stop)
            except (KafkaError, TransientError, TimeoutError) as err:
                if self.lost_since is None:
                    self.lost_since = time.time()
                    log.warning("console_without_kafka", reason=repr(err))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)

    async def _follow(self, stop: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap_servers,
            client_id="firstwire-web",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=LOOK_MS,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )
        try:
            async with asyncio.timeout(2 * SILENT_SECONDS):
                await consumer.start()
                names = await self._assign(consumer)
            while not stop.is_set():
                async with asyncio.timeout(SILENT_SECONDS):
                    batches = await consumer.getmany(timeout_ms=LOOK_MS, max_records=RECORDS_AT_ONCE)
                    if not batches:  # an idle consumer does not say that the broker is gone
                        await consumer.end_offsets([next(iter(self._next))])
                self.lost_since = None
                for tp, records in batches.items():
                    for record in records:
                        seen = self.board.apply(names[tp.topic], received(record))
                        if seen is not None and self.ready.is_set():
                            self.on_alert(seen)
                    self._next[tp] = records[-1].offset + 1
                if not self.ready.is_set():
                    await self._look_whether_all_is_read(consumer)
                await asyncio.sleep(0)
        finally:
            await closed(consumer.stop())

    async def _assign(self, consumer: AIOKafkaConsumer) -> dict[str, str]:
        """Assign every partition, where reading goes on; the topics' names without the prefix."""
        names = {topic_name(self.prefix, name): name for name in FOLLOWED}
        known = await consumer.topics()
        if missing := sorted(names.keys() - known):
            raise TransientError(f"there is no topic {missing[0]} yet")
        tps = [TopicPartition(name, number) for name in names for number in await _partitions(consumer, name)]
        consumer.assign(tps)
        for tp in tps:
            await consumer.position(tp)  # its own reset would race with the seek
            if tp in self._next:
                consumer.seek(tp, self._next[tp])
            else:
                self._next[tp] = 0
        if self._left is None:
            self._left = await consumer.end_offsets(tps)
        return names

    async def _look_whether_all_is_read(self, consumer: AIOKafkaConsumer) -> None:
        assert self._left is not None
        for tp, end in list(self._left.items()):
            if await consumer.position(tp) >= end:
                del self._left[tp]
        if not self._left:
            self.ready.set()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    first = TopicPartition(topic, 0)
    consumer.assign([first])
    await consumer.position(first)  # also fetches the topic's metadata
    return sorted(consumer.partitions_for_topic(topic) or ())
