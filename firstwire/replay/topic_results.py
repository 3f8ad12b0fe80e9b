"""Writes the results of a replay to topics of their own, in the order and with the times of the articles, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from firstwire.broker.producer import Message
from firstwire.broker.reader import open_reader
from firstwire.broker.transaction import TransactionalProducer
from firstwire.errors import ConfigError
from firstwire.replay.files import NAMES, line_of, records_of
from firstwire.replay.run import Replayed
from firstwire.replay.run_topics import RunTopics, message_of, run_topic, taken
from firstwire.replay.topic import CLIENT_ID
from schemas.alert import Alert
from schemas.record import Record
from schemas.replay_run import ReplayRun
from schemas.times import to_milliseconds

SENT_TOGETHER = 1_000
"""Records of one transaction: so many are sent, or sent again, at once."""
DIGEST_BYTES = 8


class TopicResults:
    """The topics of one run, one partition each. A run that was interrupted goes on behind what is there. Enter it.

    They are made with the first result: by then nobody else has what this run keeps.
    """

    def __init__(self, topics: RunTopics, begun: ReplayRun, *, restart: bool = False) -> None:
        """`restart`: what an interrupted run of the same token has written is removed first."""
        self.counts: Counter[str] = Counter()
        self._topics = topics
        self._begun = begun
        self._restart = restart
        self._producer = TransactionalProducer(
            topics.bootstrap_servers, f"{CLIENT_ID}-{begun.run}-{begun.token}", client_id=CLIENT_ID
        )
        self._there: dict[str, bytes] = {}
        """By kind: the digests of the records that an interrupted run has written, one after another."""
        self._waiting: list[Message] = []
        self._has_begun = False

    async def __aenter__(self) -> Self:
        """Raises ConfigError if the name is taken by another run."""
        await self._is_this_run()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._producer.stop()

    async def take(self, found: Replayed, at: str) -> None:
        """Write what was found, and forget it, with the time of its article. Raises ConfigError if the name is taken by
        another run, or the topics hold other results.
        """
        if not self._has_begun:
            await self._begin()
        for name, records in records_of(found).items():
            self._add(name, records, at)
        found.forget_articles()
        if len(self._waiting) >= SENT_TOGETHER:
            await self._flush()

    async def finish(self, found: Replayed, at: str) -> None:
        """Write the rest and the alerts, and that the run is done."""
        await self.take(found, at)
        for alert in found.alerts.values():
            self._add("alerts", [alert], alert.times.fetched_at)
        done = replace(self._begun, is_done=True, articles=self.counts["outcomes"], alerts=self.counts["alerts"])
        if done != self._begun:  # else it was interrupted after it had said so
            self._waiting.append(message_of(done))
        await self._flush()

    async def _begin(self) -> None:
        if self._restart and await self._is_this_run():
            await self._topics.remove([self._begun.run])
        self._begun = await self._topics.claim(self._begun)
        await self._producer.start()  # aborts what an interrupted run had not committed
        self._there = {kind: await self._digests(kind) for kind in NAMES}
        self._has_begun = True

    async def _is_this_run(self) -> bool:
        """Whether the name is this run's already. Raises ConfigError if it is another one's."""
        there = await self._topics.run(self._begun.run)
        if there is not None and there.token != self._begun.token:
            raise taken(self._begun.run)
        return there is not None

    def _add(self, name: str, records: Iterable[Record], at: str) -> None:
        topic, at_ms = run_topic(self._begun.run, name), to_milliseconds(at)
        for record in records:
            value = line_of(record)
            number = self.counts[name]
            self.counts[name] += 1
            before = self._there.get(name, b"")[number * DIGEST_BYTES : (number + 1) * DIGEST_BYTES]
            if not before:
                self._waiting.append(Message(topic, _key(record), value, timestamp_ms=at_ms, partition=0))
            elif before != _digest(value):
                raise ConfigError(
                    f"record {number:,} is another one than this run makes: the ledger, or corrections, have changed "
                    f"since it was interrupted. Remove it with: firstwire replays remove {self._begun.run}",
                    place=topic,
                )

    async def _flush(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:SENT_TOGETHER], self._waiting[SENT_TOGETHER:]
            await self._send(together)

    async def _send(self, messages: list[Message]) -> None:
        async with self._producer.transaction() as out:
            await out.send_all(messages)

    async def _digests(self, kind: str) -> bytes:
        topic = run_topic(self._begun.run, kind)
        found = bytearray()
        async with open_reader(self._topics.bootstrap_servers, topic, client_id=CLIENT_ID) as reader:
            async for record in reader.read(await reader.range_of()):
                found += _digest(record.value or b"")
        return bytes(found)


def _key(record: Record) -> str:
    """What it is about: the alert, or the article."""
    return record.alert_id if isinstance(record, Alert) else str(getattr(record, "article_id", ""))


def _digest(value: bytes) -> bytes:
    return blake2b(value, digest_size=DIGEST_BYTES).digest()
