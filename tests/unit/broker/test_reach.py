"""Waiting for a Kafka that does not answer: ever more rarely, and stopped at once."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from firstwire.broker.reach import wait_for_kafka
from firstwire.errors import TransientError

NOBODY = "127.0.0.1:1"


async def test_a_wrong_address_is_logged_ever_more_rarely_until_the_stop() -> None:
    stop = asyncio.Event()
    with structlog.testing.capture_logs() as logs:
        waiting = asyncio.create_task(wait_for_kafka(NOBODY, stop))
        while len(logs) < 3:  # noqa: ASYNC110 - nothing but the log tells of a try
            await asyncio.sleep(0.01)
        stop.set()
        with pytest.raises(TransientError, match=f"{NOBODY}: stopped before Kafka answered"):
            await waiting
    assert [each["event"] for each in logs] == ["waiting_for_kafka"] * 3
    assert [each["again_in_seconds"] for each in logs] == [0.25, 0.5, 1.0]
