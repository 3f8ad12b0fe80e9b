"""Which of several brokers a client is to connect to first: one that answers.

A client tries the addresses that it is given in any order, each until its limit, and a broker that hangs is connected
to like any other. Once connected it learns from the cluster which brokers there are; if it is told of none, as by one
that starts without a majority, it never asks again.
"""

from __future__ import annotations

import asyncio

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest

from firstwire.broker.limits import FIRST_ANSWER_SECONDS
from firstwire.errors import TransientError


async def first_to_answer(bootstrap_servers: str, limit_seconds: float = FIRST_ANSWER_SECONDS) -> str | None:
    """The address of the broker that first names a living one; None if none does in time."""
    asking = [asyncio.ensure_future(_answers(address.strip())) for address in bootstrap_servers.split(",")]
    try:
        async with asyncio.timeout(limit_seconds):
            for answered in asyncio.as_completed(asking):
                address = await answered
                if address is not None:
                    return address
    except TimeoutError:
        return None
    finally:
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
    return None


async def living_address(bootstrap_servers: str) -> str:
    """What to give a new client: of several addresses the first that answers. Raises TransientError if none does."""
    if "," not in bootstrap_servers:
        return bootstrap_servers
    address = await first_to_answer(bootstrap_servers)
    if address is None:
        raise TransientError("no broker answers", place=bootstrap_servers)
    return address


async def _answers(address: str) -> str | None:
    try:
        ((host, port, _),) = collect_hosts(address)
        connection = await create_conn(host, port)
        try:
            cluster = await connection.send(MetadataRequest([]))
        finally:
            connection.close()
    except (OSError, ValueError, KafkaError):
        return None
    return address if cluster.brokers else None
