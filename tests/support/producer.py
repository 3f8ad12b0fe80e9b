"""The producer's port without a broker: every call is remembered in order, failures are scripted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any

import structlog
from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from agents.batch import Batch, OpenPartition
from agents.guard import Guard
from agents.stage import Stage, Writer
from firstwire.broker.commit_notes import Suspect
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, topic_name
from firstwire.core.state import State
from firstwire.errors import FatalError, PoisonError
from tests.support.exits import Exits

PREFIX = "t"
GROUP = "t-group"
NOW = "2025-07-03T12:00:00.000Z"
TP = TopicPartition(topic_name(PREFIX, ARTICLES), 0)


class FakeProducer:
    """Takes the place of TransactionalProducer. `failures` are raised by the commits to come, None lets one pass.

    A transaction with a value that begins with one of `refuses` is never taken.
    """

    def __init__(self, failures: Iterable[BaseException | None] = (), refuses: tuple[bytes, ...] = ()) -> None:
        self.calls: list[str] = []
        self.refuses = refuses
        self.committed: list[list[Message]] = []
        self.offsets: list[OffsetAndMetadata] = []
        self._failures = list(failures)

    def transaction(self) -> FakeTransaction:
        return FakeTransaction(self)

    async def start(self) -> None:
        self.calls.append("start")

    async def stop(self) -> None:
        self.calls.append("stop")

    @property
    def sent(self) -> list[Message]:
        return [message for messages in self.committed for message in messages]

    def sent_to(self, topic: str) -> list[Message]:
        return [message for message in self.sent if message.topic == topic_name(PREFIX, topic)]

    def next_failure(self) -> BaseException | None:
        return self._failures.pop(0) if self._failures else None


class FakeTransaction:
    def __init__(self, producer: FakeProducer) -> None:
        self._producer = producer
        self._messages: list[Message] = []
        self._offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        self._open = False

    async def send(self, message: Message) -> None:
        if not self._open:
            raise FatalError("a send outside its transaction")
        self._producer.calls.append("send")
        self._messages.append(message)

    async def send_all(self, messages: Iterable[Message]) -> None:
        for message in messages:
            await self.send(message)

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        if not self._open or group != GROUP:
            raise FatalError("a commit outside its transaction")
        self._producer.calls.append("offsets")
        self._offsets.update(offsets)

    async def __aenter__(self) -> FakeTransaction:
        self._producer.calls.append("begin")
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open = False
        failure = None if error is not None else self._producer.next_failure()
        if error is None and any(
            (message.value or b"").startswith(self._producer.refuses) for message in self._messages
        ):
            failure = PoisonError("the broker takes no record this large")
        if error is not None or failure is not None:
            self._producer.calls.append("abort")
            if failure is not None:
                raise failure
            return
        self._producer.calls.append("commit")
        self._producer.committed.append(self._messages)
        self._producer.offsets += self._offsets.values()


def partition(
    state: State, producer: FakeProducer, *, next_offset: int = 0, suspect: Suspect | None = None
) -> OpenPartition:
    async def renew() -> None:
        producer.calls.append("renew")

    return OpenPartition(
        tp=TP,
        group=GROUP,
        producer=producer,  # type: ignore[arg-type]
        state=state,
        next_offset=next_offset,
        renew=renew,
        suspect=suspect,
    )


def record(offset: int, value: bytes | None, headers: tuple[tuple[str, bytes], ...] = ()) -> Received:
    return Received(
        topic=TP.topic,
        partition=0,
        offset=offset,
        key="en",
        value=value,
        headers=headers,
        timestamp_ms=1_751_500_000_000,
    )


def batch(part: OpenPartition, records: list[Received]) -> Batch:
    return Batch.of(part, records, lambda committed: None)


async def guarded(stage: Stage, *batches: Batch) -> tuple[Guard, Exits]:
    """Run a guard over batches until they are used up or the process would have ended."""
    exits = Exits(SystemExit)
    guard = Guard(clock=lambda: NOW, leave=exits.leave)

    async def coming() -> AsyncIterator[Batch]:
        for one in batches:
            yield one

    flow = coming()
    try:
        with structlog.testing.capture_logs():
            await guard.run(stage, Writer(PREFIX), flow)
    except SystemExit:
        pass
    finally:
        await flow.aclose()  # type: ignore[attr-defined]
    return guard, exits


def values(messages: Iterable[Message]) -> list[Any]:
    return [message.value for message in messages]
