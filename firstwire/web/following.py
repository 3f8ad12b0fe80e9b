"""Follows the topics of the board for good: reads them from the beginning, then as they grow; outlives outages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from firstwire.broker.topics import topic_name
from firstwire.broker.topics_follower import TopicsFollower
from firstwire.errors import TransientError
from firstwire.web.board import FOLLOWED, Board, SeenAlert

AGAIN_SECONDS = 1.0
LOOK_SECONDS = 1.0
"""How often it is looked whether Kafka still answers: an idle reader does not notice."""
FIRST_LOOKS_SECONDS = 0.1
"""The same until all that was there at the start is read."""
RECORDS_AT_ONCE = 500
"""Between two batches pages are answered: a record takes a twentieth of a millisecond."""

log = structlog.get_logger("firstwire.web")


@dataclass
class Following:
    """Keeps a board. `on_alert` is called with every alert that came after all that was there at the start."""

    bootstrap_servers: str
    prefix: str
    on_alert: Callable[[SeenAlert], None]
    board: Board = field(default_factory=Board)
    lost_since: float | None = None
    """When Kafka stopped answering, by the clock `time.time`; None while it answers."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once everything that was there at the start is on the board."""
    _places: dict[tuple[str, int], int] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set."""
        names = {topic_name(self.prefix, name): name for name in FOLLOWED}
        follower = TopicsFollower(self.bootstrap_servers, list(names), client_id="firstwire-web")
        try:
            while not stop.is_set():
                try:
                    await self._follow(follower, names, stop)
                except TransientError as err:
                    if self.lost_since is None:
                        self.lost_since = time.time()
                        log.warning("console_without_kafka", reason=str(err))
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        finally:
            await follower.stop()

    async def _follow(self, follower: TopicsFollower, names: dict[str, str], stop: asyncio.Event) -> None:
        """Go on where reading ended; from the beginning, with an empty board, if the topics were made anew."""
        if not await follower.start(self._places, {}):
            self._places.clear()
            self.board.clear()
            return
        at_end = asyncio.Event()
        looking = asyncio.ensure_future(_look(follower, at_end))
        try:
            while not stop.is_set():
                for record in await follower.next(RECORDS_AT_ONCE):
                    seen = self.board.apply(names[record.topic], record)
                    if seen is not None and self.ready.is_set():
                        self.on_alert(seen)
                    self._places[record.topic, record.partition] = record.offset + 1
                if looking.done():
                    await looking
                if at_end.is_set():
                    self.ready.set()
                self.lost_since = None
                await asyncio.sleep(0)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


async def _look(follower: TopicsFollower, at_end: asyncio.Event) -> None:
    """Look for good whether Kafka answers, and note when the end is reached. Raises TransientError if it does not.

    Beside the reading, not between two reads: on a busy machine alerts waited for the answer up to 300 ms.
    """
    while True:
        if await follower.behind() == 0:
            at_end.set()
        await asyncio.sleep(LOOK_SECONDS if at_end.is_set() else FIRST_LOOKS_SECONDS)
