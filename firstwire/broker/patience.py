"""Tries again what needs a broker, while the broker is away or still starting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiokafka.errors import KafkaError

from firstwire.errors import FatalError, TransientError

log = structlog.get_logger()

T = TypeVar("T")

PATIENCE_SECONDS = 120.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 4.0


async def patiently(
    work: Callable[[], Awaitable[T]], *, stage: str, place: str, limit_seconds: float = PATIENCE_SECONDS
) -> T:
    """The result of `work`, called anew after a TransientError or an error of the Kafka client, with growing pauses.

    Each failure is logged. Raises FatalError with the last one's reason after `limit_seconds`; other errors unchanged.
    """
    deadline = time.monotonic() + limit_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await work()
        except (TransientError, KafkaError) as err:
            if time.monotonic() + pause > deadline:
                raise FatalError(f"no answer from Kafka in {limit_seconds:.0f} s: {err!r}", place=place) from err
            log.warning("waiting_for_kafka", stage=stage, reason=str(err) or repr(err), again_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
