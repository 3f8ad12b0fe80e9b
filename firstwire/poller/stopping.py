"""Waits that a stop ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until `stop` is set. Whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()
