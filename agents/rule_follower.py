"""Follows the rules in force on the topic `rules`: a new release takes effect at its time, without a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from mode import Service

from agents.wiring import Wiring
from firstwire.broker.closing import is_asked_to_end
from firstwire.broker.follower import Follower
from firstwire.broker.reader import Received
from firstwire.broker.topics import RULES, topic_name
from firstwire.core.rules.history import RuleChange, RuleHistory
from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.garbage import collector_paused
from firstwire.errors import EXIT_FATAL, FatalError, FirstwireError, TransientError, place_of
from firstwire.files.rules import WrittenRule
from firstwire.rules.releases import KNOWN_BEHIND, Compiler, Published, publish, version_of
from schemas.times import EPOCH, shifted

log = structlog.get_logger()

FIRST_LOOK_SECONDS = 60.0
AGAIN_SECONDS = 0.5
PUBLISH_TRIES = 60


class LiveRules(Service):
    """The history of the rules, and until when it is known.

    An article is only judged once the topic was read at most `KNOWN_BEHIND` before its fetch, with no release in
    progress there. So no release that is effective for it can be missing, and replay gives the same result.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        prefix: str,
        compiler: Compiler,
        written: Sequence[WrittenRule],
        wiring: Wiring,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._bootstrap_servers = bootstrap_servers
        self._prefix = prefix
        self._written = written
        self._compiler = compiler
        self._wiring = wiring
        self._unread: list[Received] = []
        """Records that came before the end of the topic was known: of 100,000 rules only the last history is made."""
        self._changes: list[RuleChange] = []
        self._history = RuleHistory(())
        self._known_until = EPOCH
        self._is_following = False
        self._follower = Follower(bootstrap_servers, topic_name(prefix, RULES))

    async def publish_files(self) -> None:
        """Publish the rules of the files as the newest release, unless they equal it."""
        found = await self._published()
        if not found.is_empty:
            counts = {"added": len(found.added), "changed": len(found.changed), "removed": len(found.removed)}
            log.info("rules_published", release=found.release, effective_at=found.effective_at, **counts)

    async def _published(self) -> Published:
        """Publish, with retries: if an outage interrupts it, publishing again changes nothing that is complete."""
        for _ in range(PUBLISH_TRIES):
            try:
                return await publish(self._bootstrap_servers, self._prefix, self._written, self._wiring.clock)
            except (TransientError, FatalError) as err:
                log.warning("retrying", stage="rules", reason=str(err), in_seconds=AGAIN_SECONDS)
                await asyncio.sleep(AGAIN_SECONDS)
        return await publish(self._bootstrap_servers, self._prefix, self._written, self._wiring.clock)

    def at(self, moment: str) -> Rulebook:
        """The rules for an article fetched at a time. Raises TransientError while they may be incomplete.

        A future time counts as now, since later releases cannot be known.
        """
        needed = shifted(min(moment, self._wiring.clock()), -KNOWN_BEHIND)
        if needed > self._known_until:
            raise TransientError(f"the rules are known until {self._known_until}", place=self._follower.topic)
        return self._history.at(moment)

    async def on_start(self) -> None:
        deadline = time.monotonic() + FIRST_LOOK_SECONDS
        while self._known_until == EPOCH:
            await self._look()
            if self._known_until == EPOCH and time.monotonic() > deadline:
                raise FatalError("cannot read the rules to their end", place=self._follower.topic)

    async def on_stop(self) -> None:
        await self._follower.stop()

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
            log.error("process_leaving", stage="rules", reason=repr(err), exit_code=EXIT_FATAL)
            self._wiring.leave(err.exit_code if isinstance(err, FirstwireError) else EXIT_FATAL)

    async def _look(self) -> None:
        """Read new releases, then note until when the history is complete. Waits out an outage."""
        try:
            if not self._is_following:
                await self._follower.start()
                self._is_following = True
            look = await self._follower.look(self._wiring.clock)
        except (TransientError, asyncio.CancelledError) as err:
            if isinstance(err, asyncio.CancelledError) and is_asked_to_end():
                raise
            log.warning("retrying", stage="rules", reason=str(err) or repr(err), in_seconds=AGAIN_SECONDS)
            await asyncio.sleep(AGAIN_SECONDS)
            self._is_following = False
            return
        self._unread += look.records
        if look.known_until is None:
            return
        if self._unread:
            records, self._unread = self._unread, []
            # Parsing and indexing thousands of queries must not block the loop, which sends the group's heartbeats
            self._history = await asyncio.to_thread(self._prepared, records)
            newest = self._history.releases[-1]
            log.info("rules_read", release=newest.number, effective_at=newest.effective_at)
        self._known_until = max(self._known_until, look.known_until)

    @collector_paused()
    def _prepared(self, records: list[Received]) -> RuleHistory:
        for record in records:
            place = place_of(record.topic, record.partition, record.offset)
            self._changes.append(self._compiler.change(version_of(record.value, place)))
        history = RuleHistory(self._changes, self._history)
        _ = history.newest.matcher
        return history
