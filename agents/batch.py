"""A batch of records: judged, then written in one Kafka transaction with the state it changed and its input offset.

The only place where an agent's outputs are sent and its offsets committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import msgspec
import orjson
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.transaction import TransactionalProducer
from firstwire.core.state import Change, State, apply_all
from firstwire.errors import FatalError


class Suspect(msgspec.Struct, frozen=True):
    """A record that made an agent raise: kept in the commit metadata of the offset that did not move."""

    offset: int
    attempts: int

    def to_metadata(self) -> str:
        return orjson.dumps({"suspect": self.offset, "attempts": self.attempts}).decode()

    @classmethod
    def from_metadata(cls, metadata: str) -> Suspect | None:
        """The suspect that a commit's metadata names; None for anything else that may stand there."""
        try:
            found = orjson.loads(metadata)
            return cls(int(found["suspect"]), int(found["attempts"]))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return None


async def _cannot_renew() -> None:
    raise FatalError("the producer cannot be renewed")


@dataclass
class OpenPartition:
    """A partition of the input that is ours: its fencing producer, its state, and how far it is committed."""

    tp: TopicPartition
    group: str
    producer: TransactionalProducer
    state: State
    next_offset: int
    suspect: Suspect | None = None
    renew: Callable[[], Awaitable[None]] = _cannot_renew
    """Take a fresh producer under the same id, and make sure that nobody else has written meanwhile."""

    def metadata(self, next_offset: int) -> str:
        """What to commit beside an offset: the suspect, for as long as it is still ahead."""
        ahead = self.suspect is not None and next_offset <= self.suspect.offset
        return self.suspect.to_metadata() if ahead and self.suspect is not None else ""


@dataclass
class Out:
    """What a batch is about to write. Nothing is sent before the batch ends, nothing may be added after."""

    partition: OpenPartition
    messages: list[Message] = field(default_factory=list)
    undo: list[Change] = field(default_factory=list)
    next_offset: int | None = None
    is_open: bool = True

    def add(self, record: Received, messages: Iterable[Message], changes: Iterable[Change]) -> None:
        """Take in all that one record caused, changes of state as messages too; then it counts as read."""
        if not self.is_open:
            raise FatalError("an agent wrote outside its batch")
        self.messages += messages
        self.undo = apply_all(self.partition.state, changes) + self.undo
        self.next_offset = record.offset + 1


class Batch:
    """`async with batch as out:` — the body judges, the end writes all of it or nothing.

    May be entered again after a TransientError. `done` is resolved when it was committed.
    """

    def __init__(self, partition: OpenPartition, records: list[Received], on_commit: Callable[[], None]) -> None:
        self.partition = partition
        self.records = records
        self.done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._on_commit = on_commit
        self._out: Out | None = None

    async def __aenter__(self) -> Out:
        if self._out is not None and self._out.is_open:
            raise FatalError("a batch was entered twice")
        self._out = Out(self.partition)
        return self._out

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        out = self._out
        assert out is not None
        out.is_open = False
        try:
            if error is None and out.next_offset is not None:
                await self._write(out, out.next_offset)
                return
        except BaseException:
            self._roll_back(out)
            raise
        self._roll_back(out)

    async def renew(self) -> None:
        """After an aborted write: the old producer's sequence numbers no longer fit what the broker expects."""
        await self.partition.renew()

    async def blame(self, suspect: Suspect) -> None:
        """Commit the unmoved offset with a note on the record that made the agent raise."""
        self.partition.suspect = suspect
        await self._commit_offset(self.partition.next_offset)

    async def _write(self, out: Out, next_offset: int) -> None:
        partition = self.partition
        async with partition.producer.transaction() as transaction:
            for message in out.messages:
                await transaction.send(message)
            transaction.commit_offsets(
                partition.group, {partition.tp: OffsetAndMetadata(next_offset, partition.metadata(next_offset))}
            )
        partition.next_offset = next_offset
        self._on_commit()
        if not self.done.done():
            self.done.set_result(next_offset)

    async def _commit_offset(self, offset: int) -> None:
        partition = self.partition
        async with partition.producer.transaction() as transaction:
            transaction.commit_offsets(
                partition.group, {partition.tp: OffsetAndMetadata(offset, partition.metadata(offset))}
            )

    def _roll_back(self, out: Out) -> None:
        for change in out.undo:
            self.partition.state.apply(change)
        out.undo = []

    @classmethod
    def of(cls, partition: OpenPartition, records: list[Received], on_commit: Callable[[], None]) -> Self:
        """The batch to hand out now: a suspect record always stands alone."""
        suspect = partition.suspect
        if suspect is not None:
            before = [record for record in records if record.offset < suspect.offset]
            records = before or records[:1] if records[0].offset <= suspect.offset else records
        return cls(partition, records, on_commit)
