"""Runs a worker's app inside a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from mode import ServiceT

from agents.app import FirstwireApp, create_app
from agents.stage import Stage
from agents.wiring import Wiring, wall_clock
from firstwire.config import Configuration, KafkaSection, Settings, WorkerSection
from tests.support.exits import Exits
from tests.support.waiting import PATIENCE_SECONDS


def configuration(prefix: str, folder: Path, worker: str = "worker-0", stall_after: str = "60s") -> Configuration:
    settings = Settings(
        kafka=KafkaSection(topic_prefix=prefix, data_dir=str(folder)),
        worker=WorkerSection(id=worker, stall_after=stall_after),
    )
    return Configuration(settings=settings, file=None, origins={})


@asynccontextmanager
async def running(
    bootstrap: str,
    settings: Configuration,
    stages: Sequence[Stage],
    exits: Exits | None = None,
    before: Sequence[ServiceT] = (),
) -> AsyncIterator[FirstwireApp]:
    """A worker with these stages, stopped at the end whatever happened."""
    exits = exits or Exits()
    app = create_app(settings, bootstrap, stages, Wiring(clock=wall_clock, leave=exits.leave), before)
    await app.start()
    try:
        yield app
    finally:
        await asyncio.wait_for(app.stop(), PATIENCE_SECONDS)
        # Faust makes a consumer that is never started, with a loop that nobody closes
        app.consumer._thread.thread_loop.close()  # type: ignore[attr-defined]
