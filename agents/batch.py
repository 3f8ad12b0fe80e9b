"""A batch of records: its outputs, changes of state and input offset are written in one Kafka transaction.

The only place where an agent's outputs are sent and its offsets committed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.commit_notes import Noted, Suspect, Tally
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.transaction import TransactionalProducer
from firstwire.core.state import Change, State, apply_all
from firstwire.errors import FatalError

OnCommit = Callable[[Sequence[Received]], None]
"""Called with the records that were committed."""


async def _cannot_renew() -> None:
    raise FatalError("the producer cannot be renewed")


@dataclass
class OpenPartition:
    """A partition of the input that this process owns: its fencing producer, its state and its committed offset."""

    tp: TopicPartition
    group: str
    producer: TransactionalProducer
    state: State
    next_offset: int
    suspect: Suspect | None = None
    tally: Tally = field(default_factory=Tally)
    """What was counted up to `next_offset`."""
    renew: Callable[[], Awaitable[None]] = _cannot_renew
    """Restart the producer under the same id, and ensure that no other process has written in between."""

    def metadata(self, next_offset: int, tally: Tally) -> str:
        """The metadata to commit with an offset: what was counted up to it; the suspect, while it is still ahead."""
        ahead = self.suspect is not None and next_offset <= self.suspect.offset
        return Noted.of(self.suspect if ahead else None, tally).written()


@dataclass
class Out:
    """The pending writes of a batch. Nothing is sent before the batch ends; nothing can be added after."""

    partition: OpenPartition
    messages: list[Message] = field(default_factory=list)
    undo: list[Change] = field(default_factory=list)
    read: int = 0
    tallies: list[Tally] = field(default_factory=list)
    next_offset: int | None = None
    is_open: bool = True

    def add(
        self,
        record: Received,
        messages: Iterable[Message],
        changes: Iterable[Change],
        tally: Tally | None = None,
    ) -> None:
        """Add everything that one record caused (`messages` include its changes of state), and mark it as read."""
        if not self.is_open:
            raise FatalError("an agent wrote outside its batch")
        self.messages += messages
        self.undo = apply_all(self.partition.state, changes) + self.undo
        if tally is not None:
            self.tallies.append(tally)
        self.read += 1
        self.next_offset = record.offset + 1

    def counted(self) -> Tally:
        """What these writes add to the partition's tally."""
        written = Counter(message.topic for message in self.messages)
        return Tally.sum([*self.tallies, Tally(read=self.read, written=written)])


class Batch:
    """`async with batch as out:` — the body judges, the exit writes everything or nothing.

    May be entered again after a TransientError. `done` resolves when the batch is committed.
    """

    def __init__(self, partition: OpenPartition, records: list[Received], on_commit: OnCommit) -> None:
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
        """Restart the producer after an aborted write: its sequence numbers no longer match the broker's."""
        await self.partition.renew()

    async def blame(self, suspect: Suspect) -> None:
        """Commit the unchanged offset with a note on the record that made the agent raise."""
        self.partition.suspect = suspect
        await self._commit_offset(self.partition.next_offset)

    async def _write(self, out: Out, next_offset: int) -> None:
        partition = self.partition
        tally = Tally.sum([partition.tally, out.counted()])
        async with partition.producer.transaction() as transaction:
            await transaction.send_all(out.messages)
            transaction.commit_offsets(
                partition.group, {partition.tp: OffsetAndMetadata(next_offset, partition.metadata(next_offset, tally))}
            )
        partition.next_offset, partition.tally = next_offset, tally
        self._on_commit(self.records[: out.read])
        if not self.done.done():
            self.done.set_result(next_offset)

    async def _commit_offset(self, offset: int) -> None:
        partition = self.partition
        async with partition.producer.transaction() as transaction:
            transaction.commit_offsets(
                partition.group, {partition.tp: OffsetAndMetadata(offset, partition.metadata(offset, partition.tally))}
            )

    def _roll_back(self, out: Out) -> None:
        for change in out.undo:
            self.partition.state.apply(change)
        out.undo = []

    @classmethod
    def of(cls, partition: OpenPartition, records: list[Received], on_commit: OnCommit) -> Self:
        """The batch to hand out now: a suspect record is always alone in its batch."""
        suspect = partition.suspect
        if suspect is not None:
            before = [record for record in records if record.offset < suspect.offset]
            records = before or records[:1] if records[0].offset <= suspect.offset else records
        return cls(partition, records, on_commit)
