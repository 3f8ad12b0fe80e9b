"""Consumers in no group, which are told what to read: of committed records by default, and they commit nothing."""

from __future__ import annotations

from typing import Any

from aiokafka import AIOKafkaConsumer

from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import ANSWER_LIMIT_MS, FETCH_LIMIT_BYTES
from firstwire.broker.producer import RETRY_BACKOFF_MS


async def standalone_consumer(
    bootstrap_servers: str, isolation_level: str = "read_committed", **settings: Any
) -> AIOKafkaConsumer:
    """A consumer that is not started. Raises TransientError if there are several brokers and none answers."""
    return AIOKafkaConsumer(
        bootstrap_servers=await living_address(bootstrap_servers),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation_level,
        fetch_max_bytes=FETCH_LIMIT_BYTES,
        request_timeout_ms=ANSWER_LIMIT_MS,
        retry_backoff_ms=RETRY_BACKOFF_MS,
        **settings,
    )
