"""Opens the client that manages topics, and closes it whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import living_address
from firstwire.broker.limits import PATIENT_LIMIT_MS
from firstwire.errors import TransientError


@asynccontextmanager
async def open_admin(
    bootstrap_servers: str, failure: str, *, answer_limit_ms: int = PATIENT_LIMIT_MS, **settings: Any
) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected client. Raises TransientError for what Kafka refuses: `failure` says what cannot be done then."""
    address = await living_address(bootstrap_servers)
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=answer_limit_ms, **settings)
    try:
        await admin.start()
        yield admin
    except (KafkaError, TimeoutError) as err:  # aiokafka passes on that it could not connect in time
        raise TransientError(f"{failure}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(admin.close())
