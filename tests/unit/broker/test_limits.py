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

from firstwire.broker import limits
from firstwire.broker.admin import open_admin
from firstwire.broker.first_answer import first_to_answer, living_address
from firstwire.errors import TransientError
from tests.support.shared_data import ROOT

NOBODY = "127.0.0.1:1"
CLIENTS = {"AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient"}


@asynccontextmanager
async def listening(answers: bool) -> AsyncIterator[str]:
    """The address of what takes connections and answers, or not, which versions it speaks."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (size,) = struct.unpack(">i", await reader.readexactly(4))
            _, _, correlation_id = struct.unpack_from(">hhi", await reader.readexactly(size))
            if answers:
                answer = struct.pack(">ihi", correlation_id, 0, 0)
                writer.write(struct.pack(">i", len(answer)) + answer)
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


async def test_a_new_client_begins_with_a_broker_that_answers_not_with_one_that_hangs_or_is_down() -> None:
    async with listening(answers=False) as hanging, listening(answers=True) as living:
        began = time.monotonic()
        assert await living_address(f"{hanging}, {NOBODY}, {living}") == living
        assert time.monotonic() - began < limits.FIRST_ANSWER_SECONDS / 2


async def test_where_none_answers_the_client_may_try_all_and_one_address_is_not_asked() -> None:
    async with listening(answers=False) as hanging:
        both = f"{hanging},{NOBODY}"
        assert await first_to_answer(both, 0.05) is None
        assert await first_to_answer(NOBODY) is None
        assert await living_address(f"{NOBODY},127.0.0.1:2") == f"{NOBODY},127.0.0.1:2"
        assert await living_address(hanging) == hanging


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
