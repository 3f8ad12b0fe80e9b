"""The notifier's only writer: everything waiting to be written goes into one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.structs import OffsetAndMetadata

from firstwire.broker.producer import Message
from firstwire.broker.transaction import TransactionalProducer
from firstwire.errors import TransientError
from firstwire.notifier.outages import rest

Offsets = Mapping[TopicPartition, OffsetAndMetadata]

PATIENCE_SECONDS = 0.1
"""How long a patient write waits for a transaction to join. A commit takes 10 ms; one that meets another's end is
held off for 20 ms more, which alerts would feel."""


@dataclass(frozen=True)
class _Waiting:
    messages: Sequence[Message]
    offsets: Offsets
    done: asyncio.Future[None]


class TransactionWriter:
    """Writes for many tasks, one transaction at a time: what arrives during one is batched into the next."""

    def __init__(self, producer: TransactionalProducer, group: str) -> None:
        self._producer = producer
        self._group = group
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._never_stops = asyncio.Event()

    async def write(
        self, messages: Sequence[Message], offsets: Offsets | None = None, *, is_patient: bool = False
    ) -> None:
        """Return when the records, and the offsets of the group, are committed.

        What is patient begins no transaction for 0.1 s, and goes with any that begins sooner. Waits out outages of
        Kafka. Canceled if `run` ends first.
        """
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._waiting.append(_Waiting(messages, offsets or {}, done))
        if is_patient:
            loop.call_later(PATIENCE_SECONDS, self._begin)
        else:
            self._begin()
        await done

    def _begin(self) -> None:
        if self._waiting:
            self._wake.set()

    async def run(self) -> None:
        """Write until canceled. Raises FencedError or FatalError when continuing would be unsafe."""
        batch: list[_Waiting] = []
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_result(None)
        finally:
            for waiting in (*batch, *self._waiting):
                waiting.done.cancel()

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        failures = 0
        while True:
            try:
                async with self._producer.transaction() as out:
                    for waiting in batch:
                        for message in waiting.messages:
                            await out.send(message)
                    offsets = {tp: offset for waiting in batch for tp, offset in waiting.offsets.items()}
                    if offsets:
                        out.commit_offsets(self._group, offsets)
                return
            except TransientError as err:
                failures += 1
                # Not cut short by a stop: what was sent must still be recorded
                await rest(err, failures, self._never_stops)
