"""Opens the client that manages topics, and closes it whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.errors import TransientError


@asynccontextmanager
async def open_admin(bootstrap_servers: str, failure: str, **settings: Any) -> AsyncIterator[AIOKafkaAdminClient]:
    """A connected client. Raises TransientError for what Kafka refuses: `failure` says what cannot be done then."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, **settings)
    try:
        await admin.start()
        yield admin
    except KafkaError as err:
        raise TransientError(f"{failure}: {err!r}", place=bootstrap_servers) from err
    finally:
        await closed(admin.close())
