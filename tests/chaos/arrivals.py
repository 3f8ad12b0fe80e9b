"""Sees which articles have come to their end, while brokers come and go."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection

from firstwire.broker.topics import ARTICLES, OUTCOMES, topic_name
from firstwire.broker.topics_follower import TopicsFollower
from firstwire.errors import TransientError
from schemas import Article, Outcome
from schemas.codec import decode

READ_TOGETHER = 1_000
AGAIN_SECONDS = 0.2
START_LIMIT_SECONDS = 5.0
"""Of two topics: what is measured is not to wait for this client."""


class Arrivals:
    """Follows `articles` and `outcomes` as `run` runs; `ended` holds the links of articles that have an outcome."""

    def __init__(self, bootstrap_servers: str, prefix: str) -> None:
        self._topics = {topic_name(prefix, topic): topic for topic in (ARTICLES, OUTCOMES)}
        self._follower = TopicsFollower(bootstrap_servers, tuple(self._topics), client_id="arrivals")
        self._places: dict[tuple[str, int], int] = {}
        self._urls: dict[tuple[int, int], str | None] = {}
        """By partition and offset, of articles without an outcome yet."""
        self._early: set[tuple[int, int]] = set()
        """Of outcomes whose article has not been read yet."""
        self.ended: set[str | None] = set()

    async def run(self) -> None:
        """Follow until it is canceled, through every outage."""
        try:
            while True:
                try:
                    async with asyncio.timeout(START_LIMIT_SECONDS):
                        await self._follower.start(self._places, {})
                    while True:
                        await self._read()
                except (TransientError, TimeoutError):
                    await asyncio.sleep(AGAIN_SECONDS)
        finally:
            await self._follower.stop()

    async def until_ended(self, groups: Collection[Collection[str]], deadline: float) -> bool:
        """Wait until of every group of links one at least has ended, or until that monotonic time."""
        while any(self.ended.isdisjoint(group) for group in groups):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    async def _read(self) -> None:
        for record in await self._follower.next(READ_TOGETHER):
            self._places[record.topic, record.partition] = record.offset + 1
            if record.value is None:
                continue
            if self._topics[record.topic] == ARTICLES:
                place = (record.partition, record.offset)
                self._urls[place] = decode(record.value, Article).url
            else:
                written = decode(record.value, Outcome).place
                assert written is not None, "agents name the place"
                place = (written.partition, written.offset)
                self._early.add(place)
            if place in self._early and place in self._urls:
                self._early.remove(place)
                self.ended.add(self._urls.pop(place))
