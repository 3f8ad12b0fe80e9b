"""Keeps the index in step with the topics, whatever happens to the file, the disk or Kafka."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import structlog

from firstwire.broker.topics import EVENTS, OUTCOMES, STORIES, VERDICTS, topic_name
from firstwire.broker.topics_follower import TopicsFollower
from firstwire.config import Configuration
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.errors import FirstwireError, TransientError, place_of
from firstwire.files.entities import entity_digest
from firstwire.index.database import alone, contents_of, is_full, unreadable
from firstwire.index.place import DamagedContentError, IndexPlace, file_id, is_damaged, put_aside, remove
from firstwire.index.writing import DAY_MS, Applied, IndexWriter, Limits
from schemas.codec import DecodeError
from schemas.times import from_milliseconds

log = structlog.get_logger()

FOLDER = "index"
RECORDS_AT_ONCE = 2_000
"""Of one transaction: half a second's work."""
NOTE_SECONDS = 1.0
"""How often it is looked up how far behind the index is."""
WAIT_SECONDS = 1.0
"""Before another try where another process fills the index, or Kafka does not answer."""
FULL_WAIT_SECONDS = 15.0
"""The same where the disk is full."""

TIMED = (STORIES, OUTCOMES, VERDICTS, EVENTS)
"""Topics of which only the days that are kept are read; of the others everything."""


class IndexRemovedError(Exception):
    """Somebody deleted the file."""


def index_place(configuration: Configuration) -> IndexPlace:
    """Where the index of a configuration is, and of what. Raises ConfigError if a list of entities cannot be read."""
    settings = configuration.settings
    names = entity_digest([configuration.path(path) for path in settings.entities.paths])
    return IndexPlace(configuration.data_dir / FOLDER, contents_of(settings.kafka.topic_prefix, names))


def index_limits(configuration: Configuration) -> Limits:
    settings = configuration.settings.index
    return Limits(days=settings.days, size_bytes=settings.size_limit_mb * 1_000_000)


@dataclass
class IndexFiller:
    """Fills one index from the topics. Only one process fills it; a second one waits until the first has ended."""

    configuration: Configuration
    bootstrap_servers: str
    gazetteer: Callable[[], Gazetteer]
    """Asked for by the process that fills the index: others need not load it."""
    on_applied: Callable[[Applied], None] = lambda applied: None
    """Called in the event loop after each batch, when readers see it."""
    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    place: IndexPlace = field(init=False)

    def __post_init__(self) -> None:
        self.place = index_place(self.configuration)
        self._prefix = self.configuration.settings.kafka.topic_prefix

    async def run(self, stop: asyncio.Event) -> None:
        """Fill the index until `stop` is set, through every outage."""
        said = ""
        while not stop.is_set():
            reason = f"another process fills {self.place.folder}"
            try:
                with alone(self.place.folder) as is_mine:
                    if is_mine:
                        await self._fill(stop, only_once=False)
                        continue
            except FirstwireError as err:
                reason = str(err)
            if reason != said:
                log.warning("index_waits", reason=reason)
                said = reason
            await _rest(WAIT_SECONDS, stop)

    async def catch_up(self) -> bool:
        """Bring the index up to the present end of the topics; False if another process fills it already.

        Raises TransientError if Kafka does not answer or the disk is full.
        """
        with alone(self.place.folder) as is_mine:
            if is_mine:
                await self._fill(asyncio.Event(), only_once=True)
            return is_mine

    async def _fill(self, stop: asyncio.Event, *, only_once: bool) -> None:
        with ExitStack() as stack:
            writer = await asyncio.to_thread(self._writer)
            stack.callback(writer.close)
            follower = TopicsFollower(
                self.bootstrap_servers,
                [topic_name(self._prefix, topic) for topic in writer.topics],
                client_id="firstwire-index",
            )
            try:
                while not stop.is_set():
                    try:
                        if await self._follow(writer, follower, stop, only_once=only_once):
                            return
                    except (TransientError, sqlite3.Error, DamagedContentError, DecodeError, IndexRemovedError) as err:
                        if only_once and not isinstance(err, IndexRemovedError):
                            raise _told(err, self.place) from err
                        await self._recover(writer, err, stop)
            finally:
                await follower.stop()

    async def _follow(
        self, writer: IndexWriter, follower: TopicsFollower, stop: asyncio.Event, *, only_once: bool
    ) -> bool:
        """Write what comes, until stopped or, if `only_once`, until nothing is left. False: begin again, anew."""
        named = {(topic_name(self._prefix, topic), number): at for (topic, number), at in writer.positions().items()}
        since_ms = {topic_name(self._prefix, topic): writer.first_day * DAY_MS for topic in TIMED}
        if not await follower.start(named, since_ms):
            log.warning("index_of_other_topics", file=str(self.place.file))
            await asyncio.to_thread(self._begin_anew, writer)
            return False
        identity = file_id(self.place)
        noted_at, behind = 0.0, -1
        while not stop.is_set():
            records = await follower.next(RECORDS_AT_ONCE)
            if file_id(self.place) != identity:
                raise IndexRemovedError
            if records:
                self._tell(await asyncio.to_thread(writer.apply, records))
            if time.monotonic() - noted_at >= NOTE_SECONDS or (behind != 0 and not records):
                behind = await follower.behind()
                await asyncio.to_thread(writer.note, behind, from_milliseconds(self.now_ms()))
                noted_at = time.monotonic()
                if only_once and behind == 0:
                    return True
        return True

    def _tell(self, applied: Applied) -> None:
        for record, reason in applied.unreadable:
            place = place_of(record.topic, record.partition, record.offset)
            log.warning("index_record_unreadable", place=place, reason=reason)
        for day in applied.dropped_days:
            log.warning("index_over_size", dropped_day=from_milliseconds(day * DAY_MS)[:10])
        self.on_applied(applied)

    async def _recover(self, writer: IndexWriter, err: Exception, stop: asyncio.Event) -> None:
        """After an error: wait, or make the index anew if waiting would not help."""
        if isinstance(err, IndexRemovedError):
            log.info("index_removed", file=str(self.place.file))
            await asyncio.to_thread(self._begin_anew, writer)
        elif is_damaged(err):
            await asyncio.to_thread(self._begin_anew, writer, err)
        elif isinstance(err, sqlite3.Error):
            wait = FULL_WAIT_SECONDS if is_full(err) else WAIT_SECONDS
            log.error("index_not_written", file=str(self.place.file), reason=str(err), again_in_seconds=wait)
            await _rest(wait, stop)
        else:
            log.warning("index_waits_for_kafka", reason=str(err), again_in_seconds=WAIT_SECONDS)
            await _rest(WAIT_SECONDS, stop)

    def _begin_anew(self, writer: IndexWriter, damage: Exception | None = None) -> None:
        """Raises TransientError if no new file can be made."""
        identity = file_id(self.place)
        writer.close()
        try:
            if damage is not None:
                put_aside(self.place, damage, identity)
            remove(self.place)
        except OSError as err:
            raise TransientError(f"the index cannot be written: {err}", place=str(self.place.folder)) from err
        writer.open()

    def _writer(self) -> IndexWriter:
        return IndexWriter(self.place, self._prefix, self.gazetteer(), index_limits(self.configuration), self.now_ms)


def _told(err: Exception, place: IndexPlace) -> Exception:
    if is_damaged(err):
        return unreadable(place, err, file_id(place))
    if not isinstance(err, sqlite3.Error):
        return err
    return TransientError(f"the index cannot be written: {err}", place=str(place.file))


async def _rest(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
