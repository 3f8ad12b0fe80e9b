"""What a hanging broker holds up is bounded: every client has a limit, and begins with a broker that answers."""

from __future__ import annotations

import ast
import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import RequestTimedOutError

from firstwire.broker import follower, limits
from firstwire.broker.admin import open_admin
from firstwire.broker.first_answer import first_to_answer, living_address
from firstwire.broker.follower import Follower
from firstwire.errors import TransientError
from tests.support.shared_data import ROOT

NOBODY = "127.0.0.1:1"
CLIENTS = {"AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient"}


HANGING = -1
"""Instead of a number of living brokers: connections stay open, and nothing answers."""
VERSIONS = struct.pack(">hihhh", 0, 1, 3, 1, 1)
"""Of the protocol: of metadata the first version alone."""


@asynccontextmanager
async def listening(living: int) -> AsyncIterator[str]:
    """The address of what speaks Kafka's protocol enough to tell how many brokers live."""
    broker = struct.pack(">ih1sih", 1, 1, b"h", 9092, -1)
    cluster = struct.pack(">i", living) + broker * living + struct.pack(">ii", 1, 0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for answer in (VERSIONS, cluster):
                (size,) = struct.unpack(">i", await reader.readexactly(4))
                asked = await reader.readexactly(size)
                if living != HANGING:
                    writer.write(struct.pack(">i", 4 + len(answer)) + asked[4:8] + answer)
            await reader.read()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_a_new_client_begins_with_a_broker_that_answers_not_with_one_that_hangs_or_is_down_or_alone() -> None:
    async with listening(HANGING) as hanging, listening(0) as alone, listening(2) as living:
        began = time.monotonic()
        assert await living_address(f"{hanging}, {NOBODY}, {alone}, {living}") == living
        assert time.monotonic() - began < limits.FIRST_ANSWER_SECONDS / 2


async def test_where_none_answers_no_client_begins_and_one_address_is_not_asked() -> None:
    async with listening(HANGING) as hanging, listening(0) as alone:
        assert await first_to_answer(f"{hanging},{NOBODY},{alone}", 0.5) is None
        with pytest.raises(TransientError, match="no broker answers"):
            await living_address(f"{NOBODY},{alone}")
        assert await living_address(hanging) == hanging


async def test_a_follower_that_cannot_begin_in_time_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "FOLLOWER_START_LIMIT_SECONDS", 0.05)
    async with listening(HANGING) as hanging:
        rules = Follower(hanging, "rules")
        began = time.monotonic()
        with pytest.raises(TransientError, match="cannot read rules"):
            await rules.start()
        assert time.monotonic() - began < limits.ANSWER_LIMIT_MS / 2000
        await rules.stop()


@pytest.mark.parametrize("error", [RequestTimedOutError(), TimeoutError()])
async def test_an_answer_that_does_not_come_in_time_is_an_outage(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(self: AIOKafkaAdminClient) -> None:
        raise error

    monkeypatch.setattr(AIOKafkaAdminClient, "start", hang)
    with pytest.raises(TransientError, match="cannot look"):
        async with open_admin(NOBODY, "cannot look"):
            pass


def test_every_client_says_how_long_it_waits_and_consumers_how_much_they_fetch_in_that_time() -> None:
    found = 0
    for package in ("agents", "firstwire"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLIENTS:
                    found += 1
                    options = {option.arg for option in node.keywords}
                    assert "request_timeout_ms" in options, f"{file}:{node.lineno}"
                    if {"max_partition_fetch_bytes", "group_id"} <= options and "fetch_max_wait_ms" in options:
                        assert "fetch_max_bytes" in options, f"{file}:{node.lineno}"
                    assert ("rebalance_timeout_ms" in options) == ("session_timeout_ms" in options)
    assert found >= 10


def test_limits_leave_room_for_what_is_slow_by_design() -> None:
    assert limits.REBALANCE_LIMIT_MS < limits.ANSWER_LIMIT_MS
    assert 2 * limits.TRANSACTION_ANSWER_LIMIT_MS < limits.TRANSACTION_TIMEOUT_MS
    assert limits.ANSWER_LIMIT_MS < limits.PATIENT_LIMIT_MS
