"""A client that is closed ends nobody but itself."""

from __future__ import annotations

import asyncio

import pytest

from firstwire.broker import closing
from firstwire.broker.closing import closed


async def test_what_a_client_cancels_within_itself_does_not_end_who_closes_it() -> None:
    async def close() -> None:
        connection: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection.cancel()
        await asyncio.gather(connection)

    await closed(close())


async def test_who_is_asked_to_end_while_closing_ends() -> None:
    closing_task = asyncio.create_task(closed(asyncio.sleep(60)))
    await asyncio.sleep(0)
    closing_task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing_task


async def test_a_client_that_does_not_close_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "CLOSE_LIMIT_SECONDS", 0.01)
    await closed(asyncio.sleep(60))
