"""The notifier's writer: one transaction at a time, and what may wait for one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

from firstwire.broker.producer import Message
from firstwire.broker.transaction import TransactionalProducer
from firstwire.notifier.transaction_writer import PATIENCE_SECONDS, TransactionWriter


class RecordingProducer:
    """Keeps the keys of each transaction."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[RecordingProducer]:
        self.transactions.append([])
        yield self
        await asyncio.sleep(0)

    async def send(self, message: Message) -> None:
        self.transactions[-1].append(message.key)


def messages(*keys: str) -> Sequence[Message]:
    return [Message("deliveries", key, b"{}") for key in keys]


async def test_what_is_patient_goes_with_a_write_that_is_not() -> None:
    producer = RecordingProducer()
    writer = TransactionWriter(cast("TransactionalProducer", producer), "group")
    running = asyncio.ensure_future(writer.run())
    patient = asyncio.ensure_future(writer.write(messages("in-vain"), is_patient=True))
    await asyncio.sleep(0)
    await writer.write(messages("alert"))
    await patient
    running.cancel()
    assert producer.transactions == [["in-vain", "alert"]]


async def test_what_is_patient_is_written_in_the_end_and_alone() -> None:
    producer = RecordingProducer()
    writer = TransactionWriter(cast("TransactionalProducer", producer), "group")
    running = asyncio.ensure_future(writer.run())
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(writer.write(messages(key), is_patient=True) for key in ("one", "another")))
    assert loop.time() - begun >= PATIENCE_SECONDS * 0.9
    assert producer.transactions == [["one", "another"]]
    await asyncio.sleep(PATIENCE_SECONDS * 1.5)  # the second's own time is up: nothing is left to be written
    assert producer.transactions == [["one", "another"]]
    running.cancel()
