"""A transactional source: reads one input topic for one stage and hands out batches.

It is the group member. For every assigned partition it opens the producer that fences earlier owners, restores the
state, seeks to the committed offset, and only then hands out batches. On revocation the batch in progress ends first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from agents.batch import Batch, OpenPartition
from agents.membership import holder_of
from agents.opening import Opening
from agents.stage import Stage, handed_on_ms
from agents.wiring import Wiring
from firstwire.broker.closing import closed, is_asked_to_end
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS, FETCH_LIMIT_BYTES, REBALANCE_LIMIT_MS
from firstwire.broker.patience import patiently
from firstwire.broker.producer import RETRY_BACKOFF_MS
from firstwire.broker.reader import Received, open_reader, received
from firstwire.broker.topics import topic_name
from firstwire.broker.transaction import FencedError
from firstwire.errors import EXIT_FATAL, FatalError, place_of
from firstwire.metrics import StageMetrics
from schemas.times import to_milliseconds

log = structlog.get_logger()

T = TypeVar("T")

BATCH_RECORDS = 500
FETCH_TIMEOUT_MS = 200
SESSION_TIMEOUT_MS = 6_000
"""How long a silent member keeps its partitions; one that restarts with the same id takes them over at once."""
HEARTBEAT_MS = 1_000
STOP_LIMIT_SECONDS = 4.0
ANSWER_LIMIT_SECONDS = 5.0


class Source(Service):
    """Feeds one stage. `put` hands a batch to the agent."""

    def __init__(
        self,
        stage: Stage,
        *,
        bootstrap_servers: str,
        prefix: str,
        member: str,
        put: Callable[[Batch], Awaitable[None]],
        wiring: Wiring,
        metrics: StageMetrics,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.stage = stage
        self.group = f"{prefix}-{stage.name}"
        self.topic = topic_name(prefix, stage.input)
        self.committed_batches = 0
        self.has_joined = asyncio.Event()
        self.progress_at = time.monotonic()
        """When a batch was last committed or nothing was left to do, for the watchdog."""
        self.bootstrap_servers = bootstrap_servers
        self._member = f"{self.group}-{member}"
        self._member_id: str | None = None
        """The member id that Kafka assigned when this process last joined."""
        self._put = put
        self._leave = wiring.leave
        self._clock = wiring.clock
        self._metrics = metrics
        self._opening = Opening(stage, bootstrap_servers=bootstrap_servers, prefix=prefix, group=self.group)
        self._open: dict[TopicPartition, OpenPartition] = {}
        self._parked: dict[TopicPartition, OpenPartition] = {}
        self._generation = 0
        self._turn = asyncio.Lock()
        self._is_moving = False
        self._busy = False
        self._consumer: AIOKafkaConsumer | None = None

    async def on_start(self) -> None:
        await self._patiently(self._join)

    async def _join(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=await living_address(self.bootstrap_servers),
            group_id=self.group,
            group_instance_id=self._member,
            client_id=self._member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            rebalance_timeout_ms=REBALANCE_LIMIT_MS,
            max_poll_interval_ms=300_000,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            fetch_max_bytes=FETCH_LIMIT_BYTES,
            fetch_max_wait_ms=FETCH_TIMEOUT_MS,
            request_timeout_ms=ANSWER_LIMIT_MS,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )
        consumer.subscribe([self.topic], listener=_Listener(self))
        self._consumer = consumer
        try:
            await consumer.start()
        except BaseException:
            await closed(consumer.stop())
            raise

    async def on_stop(self) -> None:
        self._generation += 1  # hands out nothing more
        try:  # the batch in progress ends first; one that does not end is aborted by the next owner's fencing
            await asyncio.wait_for(self._turn.acquire(), STOP_LIMIT_SECONDS)
        except TimeoutError:
            log.warning("stopping_with_open_batch", stage=self.stage.name)
        if self._consumer is not None:
            await closed(self._consumer.stop())
        await self._close([*self._open.values(), *self._parked.values()])
        self._open, self._parked = {}, {}

    @Service.task
    async def _run(self) -> None:
        assert self._consumer is not None
        try:
            while not self.should_stop:
                await self._fetch_once(self._consumer)
        except BaseException as err:
            if isinstance(err, asyncio.CancelledError) and is_asked_to_end():
                raise
            if self.should_stop:
                return
            log.error("process_leaving", stage=self.stage.name, reason=repr(err), exit_code=EXIT_FATAL)
            self._leave(EXIT_FATAL)

    async def lag(self) -> int | None:
        """The number of uncommitted records in this source's partitions; None if Kafka does not answer in time."""
        if self._consumer is None or not self._open:
            return 0
        try:
            return await asyncio.wait_for(self._lag(self._consumer), ANSWER_LIMIT_SECONDS)
        except (KafkaError, KeyError, TimeoutError):
            return None

    async def _lag(self, consumer: AIOKafkaConsumer) -> int:
        behind = 0
        for tp, end in (await consumer.end_offsets(list(self._open))).items():
            at = self._open[tp].next_offset
            if not self._busy:  # the position moves past transaction markers, a committed offset does not
                at = max(at, await consumer.position(tp))
            behind += max(0, end - at)
        return behind

    def open_partitions(self) -> tuple[OpenPartition, ...]:
        """The partitions that this process judges now."""
        return tuple(self._open.values())

    def is_busy(self) -> bool:
        """Whether a batch is not yet committed, or revoked partitions are not yet reassigned."""
        return self._busy or self._is_moving

    async def revoked(self) -> None:
        """Called before a rebalance: the batch in progress ends, then all partitions are parked."""
        self._generation += 1
        self._is_moving = True
        async with self._turn:
            self._parked.update(self._open)
            self._open = {}
        if self._member_id is not None and await self._holder() not in {None, self._member_id}:
            raise FencedError("another process uses this worker id", place=self._member)

    async def assigned(self, tps: list[TopicPartition]) -> None:
        """Called with all partitions assigned now: open new ones, keep parked ones that no other process touched."""
        self._generation += 1
        async with self._turn:
            opened = await asyncio.gather(*(self._patiently(partial(self._open_partition, tp)) for tp in tps))
            self._open = {partition.tp: partition for partition in opened}
            lost, self._parked = list(self._parked.values()), {}
            await self._close(lost)
            self._member_id = await self._holder()
            self.progress_at = time.monotonic()
            self._generation += 1
            self._is_moving = False
        self.has_joined.set()
        log.info("partitions_assigned", stage=self.stage.name, partitions=sorted(tp.partition for tp in tps))

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of work that may meet a broker that is away; not of a batch, which its guard tries again."""
        return await patiently(work, stage=self.stage.name, place=self.bootstrap_servers)

    async def _holder(self) -> str | None:
        return await holder_of(self.bootstrap_servers, self.group, self._member)

    async def _fetch_once(self, consumer: AIOKafkaConsumer) -> None:
        generation = self._generation
        fetched = await consumer.getmany(timeout_ms=FETCH_TIMEOUT_MS, max_records=BATCH_RECORDS)
        for tp, records in fetched.items():
            async with self._turn:
                if generation != self._generation or tp not in self._open:
                    self._rewind()
                    return
                self._busy = True
                try:
                    await self._hand_out(self._open[tp], [received(record) for record in records])
                finally:
                    self._busy = False

    async def _hand_out(self, partition: OpenPartition, records: list[Received]) -> None:
        while records:
            if not await self._patiently(partial(self._in_order, partition, records)):
                self._rewind()
                return
            batch = Batch.of(partition, records, self._committed)
            began_at = time.monotonic()
            await self._put(batch)
            next_offset = await batch.done
            self._metrics.batch.labels(self.stage.name).observe(time.monotonic() - began_at)
            records = [record for record in records if record.offset >= next_offset]

    def _rewind(self) -> None:
        """Seek back to the committed offsets: what was fetched during a rebalance is discarded.

        On a topic with transaction markers nothing else would reveal the skipped records.
        """
        assert self._consumer is not None
        for tp in self._consumer.assignment() & set(self._open):
            self._consumer.seek(tp, self._open[tp].next_offset)

    def _committed(self, records: Sequence[Received]) -> None:
        self.committed_batches += 1
        self.progress_at = time.monotonic()
        now = to_milliseconds(self._clock())
        hop = self._metrics.hop.labels(self.stage.name)
        for record in records:
            hop.observe((now - handed_on_ms(record)) / 1000)

    async def _in_order(self, partition: OpenPartition, records: list[Received]) -> bool:
        """Whether the records follow the committed offset. A step back ends the process; a gap is read again.

        Transactions leave gaps for their markers. A topic written without transactions has none: there a gap means
        that retention removed records or that the client skipped some, so it is read again. On either what retention
        removed is reported.
        """
        first = records[0]
        place = place_of(first.topic, first.partition, first.offset)
        if first.offset < partition.next_offset:
            raise FatalError(f"offsets went backward: expected {partition.next_offset}", place=place)
        marker = 1 if self.stage.is_transactional_input else 0
        if first.offset <= partition.next_offset + marker:
            return True
        assert self._consumer is not None
        begin: int = (await self._consumer.beginning_offsets([partition.tp]))[partition.tp]
        if partition.next_offset + marker < begin:
            log.error("records_lost_to_retention", place=place, expected=partition.next_offset)
            partition.next_offset = begin
            return first.offset == begin
        if self.stage.is_transactional_input:
            return True
        present = await self._count_in_gap(partition, first.offset)
        if present:
            raise FatalError(
                f"the client skipped {present} records from offset {partition.next_offset} on", place=place
            )
        log.info("offset_gap", place=place, expected=partition.next_offset)
        return True

    async def _count_in_gap(self, partition: OpenPartition, until: int) -> int:
        """The number of records that the broker has in the gap."""
        async with open_reader(self.bootstrap_servers, self.topic) as reader:
            bounds = reader.bounds(partition.tp.partition, partition.next_offset, until)
            return len([record async for record in reader.read(bounds)])

    async def _open_partition(self, tp: TopicPartition) -> OpenPartition:
        assert self._consumer is not None
        parked = self._parked.get(tp)
        if parked is not None:
            if await self._opening.is_untouched(parked):
                await self._seek(tp, parked.next_offset)
                del self._parked[tp]
                return parked
            del self._parked[tp]
            await self._close([parked])
        partition = await self._opening.open(tp)
        await self._seek(tp, partition.next_offset)
        return partition

    async def _seek(self, tp: TopicPartition, offset: int) -> None:
        assert self._consumer is not None
        # aiokafka fetches the committed offset by itself too: let it finish, so that it cannot undo this seek
        await self._consumer.position(tp)
        self._consumer.seek(tp, offset)

    async def _close(self, partitions: list[OpenPartition]) -> None:
        await asyncio.gather(*(partition.producer.stop() for partition in partitions), return_exceptions=True)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Forwards aiokafka's calls; an error must end the process, which aiokafka would only log."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        await self._guarded(self._source.revoked())

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        await self._guarded(self._source.assigned(sorted(assigned)))

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException as err:
            log.error("process_leaving", stage=self._source.stage.name, reason=repr(err), exit_code=EXIT_FATAL)
            self._source._leave(EXIT_FATAL)
