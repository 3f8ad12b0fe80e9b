"""Runs a worker's app inside a test, and reads what it wrote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

from mode import ServiceT

from agents.app import FirstwireApp, create_app
from agents.stage import Stage
from agents.wiring import Wiring, wall_clock
from firstwire.broker.producer import ConfirmedProducer, Message
from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import topic_name
from firstwire.config import Configuration, KafkaSection, Settings, WorkerSection

PATIENCE_SECONDS = 60.0


class Exits:
    """Takes the place of ending the process: remembers the codes and cancels the task that asked for it."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.happened = asyncio.Event()

    def leave(self, code: int) -> NoReturn:
        self.codes.append(code)
        self.happened.set()
        raise asyncio.CancelledError


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


async def publish(bootstrap: str, topic: str, values: Iterable[bytes], keys: int = 4) -> None:
    producer = ConfirmedProducer(bootstrap)
    await producer.start()
    try:
        await producer.send_all(Message(topic, f"k{index % keys}", value) for index, value in enumerate(values))
    finally:
        await producer.stop()


async def records(bootstrap: str, prefix: str, topic: str) -> list[Received]:
    return [record async for record in read_all(bootstrap, topic_name(prefix, topic))]


async def until(condition: Callable[[], Awaitable[bool]], what: str, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds; fail by name if it never does."""
    deadline = asyncio.get_running_loop().time() + patience
    while not await condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not in {patience:.0f} s: {what}")
        await asyncio.sleep(0.05)
