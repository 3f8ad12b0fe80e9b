"""A producer that confirms every send: when `send` returns, all replicas have the record."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTimestampError, KafkaError, MessageSizeTooLargeError, RecordTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS, PATIENT_LIMIT_MS
from firstwire.broker.partitions import partitions_of
from firstwire.errors import PoisonError, TransientError

Headers = Sequence[tuple[str, bytes]]

TOO_LARGE = (MessageSizeTooLargeError, RecordTooLargeError)

FUTURE = "not confirmed: the time of a record is further in Kafka's future than it permits; are all clocks right?"

MAX_REQUEST_BYTES = 1_048_576
RETRY_BACKOFF_MS = 10
"""aiokafka's 100 ms would dominate tail latency: a healthy broker answers NotEnoughReplicas between transactions."""


class Message(msgspec.Struct, frozen=True, gc=False):
    """One record to send, already encoded; `value` None is a tombstone."""

    topic: str
    key: str
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None
    partition: int | None = None


async def queued(producer: AIOKafkaProducer, message: Message) -> asyncio.Future[Any]:
    """Pass a record to the client, which sends it in the background; the future is done when it is confirmed.

    Raises PoisonError for a record that the broker will never accept, and aiokafka's other errors unchanged.
    """
    try:
        future: asyncio.Future[Any] = await producer.send(
            message.topic,
            key=message.key.encode(),
            value=message.value,
            headers=list(message.headers),
            timestamp_ms=message.timestamp_ms,
            partition=message.partition,
        )
    except TOO_LARGE as err:
        raise too_large(err) from err
    return future


async def queued_batches(producer: AIOKafkaProducer, messages: Iterable[Message]) -> AsyncIterator[asyncio.Future[Any]]:
    """Pass many records to the client, batch by batch; the futures are done when they are confirmed.

    Raises PoisonError for a record that the broker will never accept, before anything is passed on.

    The records of a partition keep their order. aiokafka's `send` makes a future and looks up topic and partition for
    every record; here that is done once for each batch.
    """
    filling: dict[tuple[str, int], BatchBuilder] = {}
    for topic, (sent, partitions) in (await _by_topic(producer, messages)).items():
        for message, key in sent:
            partition = partitions[key] if message.partition is None else message.partition
            place = (topic, partition)
            builder = filling.get(place)
            if builder is None or not _is_added(builder, message, key):
                if builder is not None:  # full
                    yield await producer.send_batch(builder, topic, partition=partition)
                builder = filling[place] = producer.create_batch()
                _is_added(builder, message, key)  # an empty batch takes any record
    for (topic, partition), builder in filling.items():
        yield await producer.send_batch(builder, topic, partition=partition)


async def _by_topic(
    producer: AIOKafkaProducer, messages: Iterable[Message]
) -> dict[str, tuple[list[tuple[Message, bytes]], dict[bytes, int]]]:
    """The records of each topic with their keys, in order, and the partitions of the keys."""
    by_topic: dict[str, list[tuple[Message, bytes]]] = {}
    for message in messages:
        key = message.key.encode()
        if message.value is not None and len(message.value) > MAX_REQUEST_BYTES:
            raise PoisonError(f"the broker takes no record this large: {len(message.value):,} bytes")
        by_topic.setdefault(message.topic, []).append((message, key))
    found = {}
    for topic, sent in by_topic.items():
        count = len(await producer.partitions_for(topic))
        keys = [key for message, key in sent if message.partition is None]
        found[topic] = (sent, partitions_of(keys, count))
    return found


def _is_added(builder: BatchBuilder, message: Message, key: bytes) -> bool:
    """Whether the batch had room for the record."""
    metadata = builder.append(
        timestamp=message.timestamp_ms, key=key, value=message.value, headers=list(message.headers)
    )
    return metadata is not None


def too_large(err: BaseException) -> PoisonError:
    """The error for a record that is larger than the broker accepts."""
    return PoisonError(f"the broker takes no record this large: {err}")


async def started_producer(bootstrap_servers: str, answer_limit_ms: int, **settings: Any) -> AIOKafkaProducer:
    """A connected aiokafka producer with the common settings. Raises TransientError if no broker answers."""
    producer = AIOKafkaProducer(
        bootstrap_servers=await living_address(bootstrap_servers),
        acks="all",
        max_request_size=MAX_REQUEST_BYTES,
        max_batch_size=256 * 1024,
        retry_backoff_ms=RETRY_BACKOFF_MS,
        request_timeout_ms=answer_limit_ms,
        **settings,
    )
    try:
        await producer.start()
    except KafkaError as err:
        await closed(producer.stop())
        raise TransientError(f"cannot reach Kafka: {err!r}", place=bootstrap_servers) from err
    except BaseException:
        await closed(producer.stop())
        raise
    return producer


class ConfirmedProducer:
    """An idempotent producer (acks=all). Start it, send, stop it."""

    def __init__(
        self, bootstrap_servers: str, *, client_id: str = "firstwire", answer_limit_ms: int = ANSWER_LIMIT_MS
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._answer_limit_ms = answer_limit_ms
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises TransientError if no broker answers."""
        self._producer = await started_producer(
            self._bootstrap_servers, self._answer_limit_ms, client_id=self._client_id, enable_idempotence=True
        )

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await closed(producer.stop())

    async def send(self, message: Message) -> None:
        """Send one record and wait until it is safe."""
        await self.send_all([message])

    async def send_all(self, messages: Iterable[Message]) -> None:
        """Send records in order and wait until all are safe.

        Raises PoisonError for a record that the broker will never accept, TransientError for anything temporary.
        After an error some of the records may have been written.
        """
        producer = self._producer
        if producer is None:
            raise RuntimeError("the producer is not started")
        futures = []
        try:
            for message in messages:
                futures.append(await queued(producer, message))  # noqa: PERF401 - sent before an error: to be awaited
        except KafkaError as err:
            raise TransientError(f"cannot send: {err!r}", place=self._bootstrap_servers) from err
        finally:
            results = await asyncio.gather(*futures, return_exceptions=True)
        for result in results:
            if isinstance(result, TOO_LARGE):
                raise too_large(result) from result
            if isinstance(result, InvalidTimestampError):
                raise TransientError(FUTURE, place=self._bootstrap_servers) from result
            if isinstance(result, BaseException):
                raise TransientError(f"not confirmed: {result!r}", place=self._bootstrap_servers) from result


@asynccontextmanager
async def open_producer(bootstrap_servers: str) -> AsyncIterator[ConfirmedProducer]:
    """A started producer for a command, stopped at the end. Raises TransientError if no broker answers."""
    producer = ConfirmedProducer(bootstrap_servers, answer_limit_ms=PATIENT_LIMIT_MS)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()
