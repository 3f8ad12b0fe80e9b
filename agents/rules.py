"""The rules in force, followed on the topic `rules`: a new release judges from its time on, without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from agents.wiring import Wiring
from firstwire.broker.closing import closed
from firstwire.broker.producer import RETRY_BACKOFF_MS
from firstwire.broker.topics import RULES, topic_name
from firstwire.core.events.entities import Gazetteer
from firstwire.core.rule_history import RuleHistory
from firstwire.core.rules import Rulebook
from firstwire.errors import EXIT_FATAL, FatalError, FirstwireError, TransientError, place_of
from firstwire.rule_files import WrittenRule
from firstwire.rules.releases import KNOWN_BEHIND, Compiler, history_of, publish, version_of
from schemas.rules import RuleVersion
from schemas.times import EPOCH, shifted

log = structlog.get_logger()

LOOK_MS = 100
FIRST_LOOK_SECONDS = 60.0


class LiveRules(Service):
    """The history of the rules, and how far it is known.

    An article is only judged when the topic was read at most `KNOWN_BEHIND` before the article was fetched and no
    release was under way there then: so nothing that is effective for it can be missing, and replay finds the same.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        prefix: str,
        gazetteer: Gazetteer,
        written: Sequence[WrittenRule],
        wiring: Wiring,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._written = written
        self._compiler = Compiler(gazetteer, written)
        self._wiring = wiring
        self._versions: list[RuleVersion] = []
        self._history = RuleHistory(())
        self._known_until = EPOCH
        self._reader = self._consumer("read_committed")
        self._ends = self._consumer("read_uncommitted")
        self._tp = TopicPartition(topic_name(prefix, RULES), 0)

    def _consumer(self, isolation_level: str) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level=isolation_level,
            fetch_max_wait_ms=LOOK_MS,
            retry_backoff_ms=RETRY_BACKOFF_MS,
        )

    async def publish_files(self) -> None:
        """Make what the files say the newest release, unless it is already."""
        found = await publish(self._bootstrap_servers, self._prefix, self._written, self._wiring.clock)
        if not found.is_empty:
            counts = {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}
            log.info("rules published", release=found.release, effective_at=found.effective_at, **counts)

    def at(self, moment: str) -> Rulebook:
        """The rules that judge an article fetched then. TransientError while it is not known that these are all.

        A time that is still to come counts as now: nobody can know what will be published.
        """
        needed = shifted(min(moment, self._wiring.clock()), -KNOWN_BEHIND)
        if needed > self._known_until:
            raise TransientError(f"the rules are known until {self._known_until}", place=self._tp.topic)
        return self._history.at(moment)

    async def on_start(self) -> None:
        try:
            for consumer in (self._reader, self._ends):
                await consumer.start()
        except KafkaError as err:
            raise FatalError(f"cannot read the rules: {err!r}", place=self._bootstrap_servers) from err
        self._reader.assign([self._tp])
        deadline = time.monotonic() + FIRST_LOOK_SECONDS
        while self._known_until == EPOCH:
            await self._look()
            if time.monotonic() > deadline:
                raise FatalError("cannot read the rules to their end", place=self._tp.topic)

    async def on_stop(self) -> None:
        for consumer in (self._reader, self._ends):
            await closed(consumer.stop())

    @Service.task
    async def _follow(self) -> None:
        try:
            while not self.should_stop:
                await self._look()
        except asyncio.CancelledError:
            raise
        except BaseException as err:
            if self.should_stop:
                return
            log.error("leaving", stage="rules", reason=repr(err), exit_code=EXIT_FATAL)
            self._wiring.leave(err.exit_code if isinstance(err, FirstwireError) else EXIT_FATAL)

    async def _look(self) -> None:
        """Take in what is new, then note until when everything is known."""
        asked_at = self._wiring.clock()
        end = (await self._ends.end_offsets([self._tp]))[self._tp]
        fetched = (await self._reader.getmany(self._tp, timeout_ms=LOOK_MS)).get(self._tp, [])
        if fetched:
            self._versions += [
                version_of(record.value, place_of(record.topic, record.partition, record.offset)) for record in fetched
            ]
            # Thousands of queries are parsed and indexed: not on the loop that keeps the group's heartbeats
            self._history = await asyncio.to_thread(self._prepared, list(self._versions))
            newest = self._history.releases[-1]
            log.info("rules read", release=newest.number, effective_at=newest.effective_at)
        # The end counts records of a transaction that is still open, and the reader stands before them
        if await self._reader.position(self._tp) >= end:
            self._known_until = max(self._known_until, asked_at)

    def _prepared(self, versions: list[RuleVersion]) -> RuleHistory:
        history = history_of(versions, self._compiler)
        _ = history.newest.matcher
        return history
