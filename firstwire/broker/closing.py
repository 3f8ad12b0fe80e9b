"""Closes a Kafka client without ever blocking the caller for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

CLOSE_LIMIT_SECONDS = 5.0


async def closed(closing: Awaitable[None]) -> None:
    """Wait for a client's `stop()` or `close()`, but not forever.

    It waits for a background task that it cancels, and a task inside asyncio.wait_for may miss its cancellation
    (https://github.com/python/cpython/issues/86296): then the wait would never end. The timeout here ends it.
    """
    try:
        await asyncio.wait_for(closing, CLOSE_LIMIT_SECONDS)
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        if is_asked_to_end():
            raise


def is_asked_to_end() -> bool:
    """Whether somebody cancels this task. If not, a CancelledError is of a future that the client canceled: after an
    outage it lets through those of its broken connections, and a task that took one for its own would end unnoticed.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
