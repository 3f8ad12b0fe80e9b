"""Ends the process when input waits without a commit, or when the event loop has stalled."""

from __future__ import annotations

import asyncio
import faulthandler
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from mode import Service

from agents.source import Source
from firstwire.broker.embedded import answers
from firstwire.errors import EXIT_FATAL
from firstwire.health import Readiness

log = structlog.get_logger()

LOOKS_PER_LIMIT = 10
NO_PARTITIONS = "has no partitions yet"
LONGEST_SECONDS = 2.0
"""Between two looks: lag and readiness are reported as of the last one."""


@dataclass(frozen=True)
class StageProgress:
    """What a look at a stage has shown. `lag`: records not judged yet."""

    lag: int
    stalled_seconds: float


class Watchdog(Service):
    """Checks sources and the loop. `stall_seconds`: how long input may wait without a commit, or the loop may block."""

    def __init__(
        self,
        sources: Sequence[Source],
        stall_seconds: float,
        leave: Callable[[int], Any],
        readiness: Readiness,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.sources = sources
        self.seen: dict[str, StageProgress] = {}
        """What the last look at each stage has shown."""
        self._readiness = readiness
        for source in sources:
            readiness.lacks(source.stage.name, NO_PARTITIONS)
        self._stall_seconds = stall_seconds
        self._leave = leave
        self._loop_seen_at = time.monotonic()
        self._over = threading.Event()

    async def on_start(self) -> None:
        self._loop_seen_at = time.monotonic()
        threading.Thread(target=self._watch_loop, name="watchdog", daemon=True).start()

    async def on_stop(self) -> None:
        self._over.set()

    @Service.task
    async def _watch_sources(self) -> None:
        while not self.should_stop:
            self._loop_seen_at = time.monotonic()
            for source in self.sources:
                await self._look_at(source)
            await asyncio.sleep(min(self._stall_seconds / LOOKS_PER_LIMIT, LONGEST_SECONDS))

    async def _look_at(self, source: Source) -> None:
        asked_at = time.monotonic()
        lag = await source.lag()
        stage = source.stage.name
        if not source.has_joined.is_set():
            self._readiness.lacks(stage, NO_PARTITIONS)
        elif lag is None:
            self._readiness.lacks(stage, "Kafka does not answer")
        else:
            self._readiness.has(stage)
        is_idle = lag == 0 and not source.is_busy()
        # An unreachable broker is no stall: clients wait for it. One that only answers other clients is
        if is_idle or (lag is None and not await answers(source.bootstrap_servers)):
            source.progress_at = max(source.progress_at, asked_at)
            self.seen[stage] = StageProgress(lag or 0, 0.0)
            return
        stalled = time.monotonic() - source.progress_at
        self.seen[stage] = StageProgress(lag or 0, stalled)
        if stalled > self._stall_seconds:
            log.error("stage_stalled", stage=stage, waiting=lag, seconds=round(stalled, 1), exit_code=EXIT_FATAL)
            self._leave(EXIT_FATAL)

    def _watch_loop(self) -> None:
        """Runs in its own thread: a stalled loop cannot watch itself."""
        while not self._over.wait(self._stall_seconds / LOOKS_PER_LIMIT):
            if time.monotonic() - self._loop_seen_at > self._stall_seconds:
                sys.stderr.write(f"level=error event=event_loop_stalled exit_code={EXIT_FATAL}\n")
                faulthandler.dump_traceback(all_threads=True)
                self._leave(EXIT_FATAL)
                return
