"""Ends the process when input waits without a commit, or when the event loop has stalled."""

from __future__ import annotations

import asyncio
import faulthandler
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from mode import Service

from agents.source import Source
from firstwire.broker.embedded import answers
from firstwire.errors import EXIT_FATAL

log = structlog.get_logger()

LOOKS_PER_LIMIT = 10


class Watchdog(Service):
    """Checks sources and the loop. `stall_seconds`: how long input may wait without a commit, or the loop may block."""

    def __init__(
        self, sources: Sequence[Source], stall_seconds: float, leave: Callable[[int], Any], **options: Any
    ) -> None:
        super().__init__(**options)
        self._sources = sources
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
            for source in self._sources:
                await self._look_at(source)
            await asyncio.sleep(self._stall_seconds / LOOKS_PER_LIMIT)

    async def _look_at(self, source: Source) -> None:
        asked_at = time.monotonic()
        lag = await source.lag()
        is_idle = lag == 0 and not source.is_busy()
        # An unreachable broker is no stall: clients wait for it. One that only answers other clients is
        if is_idle or (lag is None and not await answers(source.bootstrap_servers)):
            source.progress_at = max(source.progress_at, asked_at)
            return
        stalled = time.monotonic() - source.progress_at
        if stalled > self._stall_seconds:
            log.error(
                "stage_stalled", stage=source.stage.name, waiting=lag, seconds=round(stalled, 1), exit_code=EXIT_FATAL
            )
            self._leave(EXIT_FATAL)

    def _watch_loop(self) -> None:
        """Runs in its own thread: a stalled loop cannot watch itself."""
        while not self._over.wait(self._stall_seconds / LOOKS_PER_LIMIT):
            if time.monotonic() - self._loop_seen_at > self._stall_seconds:
                sys.stderr.write(f"level=error event=event_loop_stalled exit_code={EXIT_FATAL}\n")
                faulthandler.dump_traceback(all_threads=True)
                self._leave(EXIT_FATAL)
                return
