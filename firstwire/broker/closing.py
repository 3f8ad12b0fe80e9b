"""Closing a Kafka client, which must never hold up who closes it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable

CLOSE_LIMIT_SECONDS = 5.0


async def closed(closing: Awaitable[None]) -> None:
    """Wait for a client's `stop()` or `close()`, but not for ever.

    It waits for a background task that it cancels, and a task that sits in asyncio.wait_for may miss its cancellation
    (https://github.com/python/cpython/issues/86296): then nothing would end it. What is left behind is ended here.
    """
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(closing, CLOSE_LIMIT_SECONDS)
