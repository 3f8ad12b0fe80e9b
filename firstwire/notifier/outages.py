"""Waits out outages of Kafka: retries in place, with backoff and a log line, until it works or the notifier stops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from firstwire.errors import TransientError

FIRST_REST_SECONDS = 0.1
LONGEST_REST_SECONDS = 5.0

OUTAGE = (TransientError, KafkaError, OSError)


def backoff_seconds(failures: int) -> float:
    """Seconds to wait after this many failures in a row (from 1)."""
    return float(min(FIRST_REST_SECONDS * 2 ** min(failures - 1, 10), LONGEST_REST_SECONDS))


async def persist(step: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> None:
    """Repeat a step until it works or `stopping` is set. Raises errors other than those of an outage."""
    failures = 0
    while not stopping.is_set():
        attempt = asyncio.ensure_future(step())
        stopped = asyncio.ensure_future(stopping.wait())
        try:
            await asyncio.wait({attempt, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if attempt.done():
                await attempt
            return
        except OUTAGE as err:
            failures += 1
            await rest(err, failures, stopping)
        finally:
            await end_tasks(attempt, stopped)


async def rest(error: Exception, failures: int, stopping: asyncio.Event) -> None:
    """Log that Kafka is unreachable, and wait for the backoff or the stop."""
    wait = backoff_seconds(failures)
    log = structlog.get_logger("firstwire.notifier")
    log.warning("kafka_unreachable", error=str(error) or repr(error), failures=failures, again_in_seconds=wait)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), wait)


async def end_tasks(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until they have ended; their errors are handled elsewhere."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
