"""Following: alerts are told as soon as they are read, whatever else is asked of Kafka meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pytest

from firstwire.broker.reader import Received
from firstwire.web.board import SeenAlert
from firstwire.web.following import Following
from tests.support.alerts import first_alert
from tests.support.console import received


class SlowFollower:
    """What `TopicsFollower` is to the board: it gives what is put, and answers only once how far behind it is."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[Received] = asyncio.Queue()
        self.is_asked_again = asyncio.Event()
        self.answers = 1

    async def start(self, places: Mapping[tuple[str, int], int], since_ms: Mapping[str, int]) -> bool:
        return True

    async def next(self, at_most: int) -> list[Received]:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                return [await self.coming.get()]
        return []

    async def behind(self) -> int:
        if not self.answers:
            self.is_asked_again.set()
            await asyncio.sleep(3_600)
        self.answers -= 1
        return 0

    async def stop(self) -> None:
        pass


async def test_an_alert_does_not_wait_for_the_answer_how_far_the_topics_are(monkeypatch: pytest.MonkeyPatch) -> None:
    follower = SlowFollower()

    def made(bootstrap_servers: str, topics: Sequence[str], *, client_id: str) -> SlowFollower:
        return follower

    monkeypatch.setattr("firstwire.web.following.TopicsFollower", made)
    monkeypatch.setattr("firstwire.web.following.LOOK_SECONDS", 0.0)
    told: asyncio.Queue[SeenAlert] = asyncio.Queue()
    following = Following("nowhere:9092", "tried", told.put_nowait)
    stop = asyncio.Event()
    task = asyncio.create_task(following.run(stop))
    async with asyncio.timeout(30):
        await following.ready.wait()
        await follower.is_asked_again.wait()
        await follower.coming.put(received("tried-alerts", "a1", first_alert(alert_id="a1")))
        assert (await told.get()).alert.alert_id == "a1"
        stop.set()
        await task
