"""Articles wait for Kafka together, and go out soon after it is back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from firstwire.broker.producer import ConfirmedProducer, Message
from firstwire.errors import TransientError
from firstwire.poller import outbox as module
from firstwire.poller.outbox import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, Outbox
from schemas.feed import FeedState

NEWS_WITHIN_SECONDS = 10.0
"""After Kafka is back."""


def a_state(name: str) -> FeedState:
    return FeedState(url=f"https://example.com/{name}")


async def test_visits_that_wait_for_kafka_try_it_once_for_all_with_pauses_that_stay_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starts, pauses, sent = 0, [], []

    async def start(self: ConfirmedProducer) -> None:
        nonlocal starts
        starts += 1
        if starts <= 8:
            raise TransientError("away")

    async def send_all(self: ConfirmedProducer, messages: list[Message]) -> None:
        sent.extend(messages)

    async def pause(stop: asyncio.Event, seconds: float) -> bool:
        pauses.append(seconds)
        await asyncio.sleep(0)
        return False

    monkeypatch.setattr(ConfirmedProducer, "start", start)
    monkeypatch.setattr(ConfirmedProducer, "send_all", send_all)
    monkeypatch.setattr(module, "stopped_within", pause)
    outbox = Outbox("127.0.0.1:1", "test", partitions=1, stop=asyncio.Event(), now=lambda: datetime.now(UTC))
    with capture_logs() as logs:
        assert all(await asyncio.gather(*(outbox.save(a_state(str(number)), None) for number in range(20))))
    assert starts == 9
    assert len({message.key for message in sent}) == 20
    assert [each["wait_seconds"] for each in logs] == pauses
    assert pauses[0] == FIRST_WAIT_SECONDS and max(pauses) == LONGEST_WAIT_SECONDS < NEWS_WITHIN_SECONDS / 2


async def test_a_stop_ends_the_wait_of_all() -> None:
    stop = asyncio.Event()
    outbox = Outbox("127.0.0.1:1", "test", partitions=1, stop=stop, now=lambda: datetime.now(UTC))
    waiting = [asyncio.create_task(outbox.save(a_state(str(number)), None)) for number in range(3)]
    await asyncio.sleep(0.05)
    stop.set()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [False] * 3
