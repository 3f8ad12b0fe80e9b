"""Closes a Kafka client without ever blocking the caller for long."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable

CLOSE_LIMIT_SECONDS = 5.0


async def closed(closing: Awaitable[None]) -> None:
    """Wait for a client's `stop()` or `close()`, but not forever.

    It waits for a background task that it cancels, and a task inside asyncio.wait_for may miss its cancellation
    (https://github.com/python/cpython/issues/86296): then the wait would never end. The timeout here ends it.
    """
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(closing, CLOSE_LIMIT_SECONDS)
