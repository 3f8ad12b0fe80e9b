"""The poller through its door, as a task of the test, with a real Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from firstwire.config import Configuration
from firstwire.poller.service import poll


@asynccontextmanager
async def poller_service(settings: Configuration, bootstrap: str) -> AsyncIterator[asyncio.Task[None]]:
    """A poller that runs for the body and must end within 5 s of it."""
    stop = asyncio.Event()
    task = asyncio.create_task(poll(settings, bootstrap, stop=stop))
    try:
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await task
