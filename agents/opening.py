"""Opens a partition: fences its earlier owners, restores its state, and finds the offset to continue from."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from aiokafka import TopicPartition

from agents.batch import OpenPartition
from agents.restoring import Restoring
from agents.stage import Stage
from firstwire.broker.admin import open_admin
from firstwire.broker.commit_notes import Noted
from firstwire.broker.limits import ANSWER_LIMIT_MS
from firstwire.broker.reader import open_reader
from firstwire.broker.topics import topic_name
from firstwire.broker.transaction import TransactionalProducer
from firstwire.core.state import Change, State
from firstwire.errors import FatalError, TransientError, place_of
from schemas.codec import DecodeError, decode_any

log = structlog.get_logger()

ANSWER_TRIES = 100
ANSWER_PAUSE_SECONDS = 0.1
"""Just after its start a broker may not know a group yet: retry for ten seconds."""


class Opening:
    """Opens the partitions of one stage's input."""

    def __init__(self, stage: Stage, *, bootstrap_servers: str, prefix: str, group: str) -> None:
        self._stage = stage
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._group = group

    async def open(self, tp: TopicPartition) -> OpenPartition:
        """Fence, restore and read the committed offset; without one, start at 0, so that what was removed is missed.

        Raises TransientError if the broker does not answer all the time: then nothing is left open.
        """
        producer = TransactionalProducer(self._bootstrap_servers, f"{self._group}-{tp.partition}")
        await producer.start()  # fences: from here on only this process can move the partition's offset
        state = self._stage.new_state()
        try:
            restored = await self._restore(state, tp.partition)
            offset, noted = await self._committed(tp)
        except BaseException:
            await producer.stop()
            raise
        opened = OpenPartition(
            tp=tp,
            group=self._group,
            producer=producer,
            state=state,
            next_offset=offset or 0,
            suspect=noted.named(),
            tally=noted.tally,
        )
        opened.renew = partial(self._renew, opened)
        log.debug(  # a worker has sixteen of them
            "partition_opened",
            stage=self._stage.name,
            partition=tp.partition,
            offset=opened.next_offset,
            restored=restored,
        )
        return opened

    async def is_untouched(self, partition: OpenPartition) -> bool:
        """Whether no other process has committed since: it could not have written without fencing this one."""
        offset, _ = await self._committed(partition.tp)
        return offset == partition.next_offset

    async def _renew(self, partition: OpenPartition) -> None:
        """Restart the producer, which fences all others. Raises FatalError if another process has committed since."""
        await partition.producer.stop()
        await partition.producer.start()
        try:
            offset, _ = await self._committed(partition.tp)
        except BaseException:
            await partition.producer.stop()  # so that nothing is written before the offset was seen
            raise
        if offset is not None and offset != partition.next_offset:
            raise FatalError(
                f"another process has committed {offset}, this one {partition.next_offset}", place=str(partition.tp)
            )

    async def _restore(self, state: State, partition: int) -> int:
        """Fold the state topics' partition of the same number; returns the number of records read."""
        count = 0
        old_ids = self._stage.old_ids
        for topic, kinds in state.topics.items():
            async with open_reader(self._bootstrap_servers, topic_name(self._prefix, topic)) as reader:
                partitions = [partition] if old_ids is None else await reader.partitions()
                restoring = None if old_ids is None else Restoring(state, partition, partitions, old_ids)
                async for record in reader.read(await reader.range_of(partitions)):
                    try:
                        value = None if record.value is None else decode_any(record.value, kinds)
                    except DecodeError as err:
                        place = place_of(record.topic, record.partition, record.offset)
                        raise FatalError(f"state cannot be read: {err}", place=place) from err
                    change = Change(topic, record.key, value)
                    if restoring is None:
                        state.apply(change)
                    else:
                        restoring.take(record.partition, change)
                    count += 1
                if restoring is not None:
                    restoring.end()
        return count

    async def _committed(self, tp: TopicPartition) -> tuple[int | None, Noted]:
        """The group's committed offset and what is noted with it; None if nothing was ever committed.

        Raises TransientError if the broker does not answer.
        """
        failure = "cannot read the offset"
        async with open_admin(self._bootstrap_servers, failure, answer_limit_ms=ANSWER_LIMIT_MS) as admin:
            for _ in range(ANSWER_TRIES):
                found = (await admin.list_consumer_group_offsets(self._group, partitions=[tp])).get(tp)
                if found is not None:
                    if found.offset < 0:
                        return None, Noted()
                    return found.offset, Noted.read(found.metadata or "")
                await asyncio.sleep(ANSWER_PAUSE_SECONDS)
        raise TransientError("Kafka does not return the committed offset", place=f"group {self._group}, {tp}")
