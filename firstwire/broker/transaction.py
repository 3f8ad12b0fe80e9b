"""One Kafka transaction at a time: sends, offsets, commit; all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import (
    IllegalOperation,
    InvalidProducerEpoch,
    KafkaError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
)
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.closing import closed
from firstwire.broker.limits import TRANSACTION_ANSWER_LIMIT_MS, TRANSACTION_TIMEOUT_MS
from firstwire.broker.producer import TOO_LARGE, Message, queued, queued_batches, started_producer, too_large
from firstwire.errors import FatalError, TransientError

FENCED = (ProducerFenced, InvalidProducerEpoch, OutOfOrderSequenceNumber)


REFUSED_HERE = (IllegalOperation, AssertionError)
"""Raised by aiokafka for a call that its state does not allow: only a new producer can continue."""


class FencedError(FatalError):
    """Another process has taken over this transactional id: this one must exit."""


class UnsettledError(FatalError):
    """This producer cannot tell, or not end, what became of its transaction. A new one of the same id settles it:

    it aborts what was not committed, and the committed offset tells which of the two it was.
    """


def quiet_fencing(loop: asyncio.AbstractEventLoop) -> None:
    """Keep asyncio from reporting aiokafka's internal futures, which cannot be awaited after a producer was fenced."""

    def report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), FENCED):
            loop.default_exception_handler(context)

    loop.set_exception_handler(report)


class TransactionalProducer:
    """A producer with a transactional id. Starting it fences every earlier owner of that id."""

    def __init__(self, bootstrap_servers: str, transactional_id: str, *, client_id: str = "firstwire") -> None:
        self._client_id = client_id
        self.transactional_id = transactional_id
        self._bootstrap_servers = bootstrap_servers
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect, fence earlier owners and abort their transaction. Raises TransientError if no broker answers."""
        self._producer = await started_producer(
            self._bootstrap_servers,
            TRANSACTION_ANSWER_LIMIT_MS,
            client_id=self._client_id,
            transactional_id=self.transactional_id,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
        )

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await closed(producer.stop())

    def transaction(self) -> Transaction:
        """A new transaction; enter it with `async with`."""
        if self._producer is None:
            raise TransientError("not connected", place=self.transactional_id)
        return Transaction(self._producer, self.transactional_id)


class Transaction:
    """`async with producer.transaction() as out:` commits at the end of the body, aborts if it raises.

    Raises TransientError if it may be retried (nothing of it is visible), FencedError if another process owns the id,
    UnsettledError if its outcome is unknown.
    """

    def __init__(self, producer: AIOKafkaProducer, name: str) -> None:
        self._producer = producer
        self._name = name
        self._futures: list[asyncio.Future[object]] = []
        self._offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        self._group: str | None = None
        self._open = False

    async def send(self, message: Message) -> None:
        """Add a record. It is visible to `read_committed` readers when the transaction commits, else never."""
        if not self._open:
            raise FatalError(f"{self._name}: a send outside its transaction")
        self._futures.append(await queued(self._producer, message))

    async def send_all(self, messages: Iterable[Message]) -> None:
        """Add many records, in order: a fraction of the cost of as many calls of `send`."""
        if not self._open:
            raise FatalError(f"{self._name}: a send outside its transaction")
        async for future in queued_batches(self._producer, messages):
            self._futures.append(future)

    async def flush(self) -> None:
        """Wait until the broker has all records sent: from then on readers can see that a transaction is open."""
        await asyncio.gather(*self._futures)

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Commit the group's offsets with the transaction: each is the next offset to read."""
        if not self._open:
            raise FatalError(f"{self._name}: a commit outside its transaction")
        self._group = group
        self._offsets.update(offsets)

    async def __aenter__(self) -> Self:
        try:
            await self._producer.begin_transaction()
        except FENCED as err:
            raise FencedError("another process owns this transactional id", place=self._name) from err
        except (*REFUSED_HERE, KafkaError) as err:
            raise UnsettledError(f"cannot begin: {err!r}", place=self._name) from err
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, FENCED):  # the process that fenced this one has aborted it
            self._open = False
            self._forget_futures()
            raise FencedError("another process owns this transactional id", place=self._name) from error
        if error is not None:
            await self._abort()
            if isinstance(error, KafkaError):
                raise TransientError(f"aborted: {error!r}", place=self._name) from error
            return
        try:
            await asyncio.gather(*self._futures)
            if self._group is not None:
                await self._producer.send_offsets_to_transaction(self._offsets, self._group)
        except FENCED as err:
            self._open = False
            self._forget_futures()
            raise FencedError("another process owns this transactional id", place=self._name) from err
        except KafkaError as err:
            await self._abort()
            if isinstance(err, TOO_LARGE):
                raise too_large(err) from err
            raise TransientError(f"aborted: {err!r}", place=self._name) from err
        except asyncio.CancelledError:
            await self._abort()
            raise
        self._open = False
        try:
            await self._producer.commit_transaction()
        except FENCED as err:
            raise FencedError("another process owns this transactional id", place=self._name) from err
        except (*REFUSED_HERE, KafkaError) as err:
            # The commit may or may not have happened: only a new producer can find out
            raise UnsettledError(f"the outcome of the commit is unknown: {err!r}", place=self._name) from err

    async def _abort(self) -> None:
        self._open = False
        await asyncio.gather(*self._futures, return_exceptions=True)
        try:
            await self._producer.abort_transaction()
        except FENCED as err:
            raise FencedError("another process owns this transactional id", place=self._name) from err
        except (*REFUSED_HERE, KafkaError) as err:
            raise UnsettledError(f"cannot abort: {err!r}", place=self._name) from err

    def _forget_futures(self) -> None:
        for future in self._futures:
            if future.done() and not future.cancelled():
                future.exception()
            else:
                future.add_done_callback(lambda done: done.cancelled() or done.exception())
