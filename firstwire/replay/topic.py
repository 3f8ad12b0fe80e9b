"""The topics as a source of old records: no group, no commits, the end fixed at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import merge
from typing import Self, TypeVar

from firstwire.broker.reader import Range, RangeReader, Received, open_reader
from firstwire.broker.takedowns import article_of, read_takedowns
from firstwire.broker.topics import ARTICLES, EVENTS, RULES, STORIES, topic_name
from firstwire.core.text.lemmas import Lemmas
from firstwire.errors import ConfigError, place_of
from firstwire.files.articles import UnreadableLine
from firstwire.ledger.pages import corrections_of, read_pages
from firstwire.replay.progress import Meter
from firstwire.replay.span import Bound, Ends, Offsets, ReplaySpan, Sourced, nothing_between
from firstwire.rules.releases import read_versions
from schemas.article import Article, Story
from schemas.codec import DecodeError, decode, decode_one_of
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.rules import RuleVersion
from schemas.times import from_milliseconds, to_milliseconds

R = TypeVar("R", Article, Story)

CLIENT_ID = "firstwire-replay"
"""Its own, so that a broker's quotas can hold back replays and never the workers."""
_SETTLING = timedelta(minutes=5)
"""Stories whose first record is this much younger than the first article's were judged from the beginning."""


@dataclass(frozen=True)
class TopicSource:
    """The topics of one prefix."""

    bootstrap_servers: str
    prefix: str
    lemmas: Lemmas
    """For the ids of actions in old pages of the ledger."""
    with_taken_down: bool = False
    """Whether articles that were taken down are read too: by who judges again and shows no text."""
    ends: Ends = field(default_factory=dict)
    """Where reading ends; of a topic that is not named, where it ends when that begins."""
    meter: Meter = field(default_factory=Meter)

    @property
    def name(self) -> str:
        return topic_name(self.prefix, ARTICLES)

    async def ended(self, before: Ends | None) -> Self:
        if before is not None:
            return replace(self, ends=before)
        if self.ends:
            return self
        ends: dict[str, Offsets] = {}
        for topic in (ARTICLES, STORIES, EVENTS, RULES):
            async with self._reader(topic) as reader:
                ends[topic] = (await reader.range_of()).ends
        return replace(self, ends=ends)

    async def articles(self, span: ReplaySpan) -> AsyncIterator[Sourced[Article | UnreadableLine]]:
        number = 0
        async for each in self._records(ARTICLES, span):
            number += 1
            yield Sourced(_decoded(each.record, Article, number), each.is_warm_up)

    async def stories(self, span: ReplaySpan) -> AsyncIterator[Sourced[Story | UnreadableLine]]:
        async for each in self._records(STORIES, span):
            yield Sourced(_decoded(each.record, Story), each.is_warm_up)

    async def events(self, span: ReplaySpan) -> AsyncIterator[Event | UnreadableLine]:
        before = None if span.until_time is None else to_milliseconds(span.until_time)
        hidden = await self._hidden()
        async with self._reader(EVENTS) as reader:
            bounds = (await reader.range_of(to_ms=before)).ended(self.ends.get(EVENTS, {}))
            async for record in reader.read_in_order(bounds):
                if hidden and article_of(record.value) in hidden:
                    continue
                try:
                    found = decode_one_of(record.value, Event, LedgerCorrection, LedgerVouching)
                except DecodeError as err:
                    yield _unreadable(record, err)
                    continue
                if isinstance(found, Event):  # corrections are read from the ledger, which keeps them
                    yield found

    async def why_not_recorded(self, span: ReplaySpan) -> str:
        if span.has_offsets:
            return "offsets are places in the topic of articles"
        articles, stories = await self._first_ms(ARTICLES), await self._first_ms(STORIES)
        if stories is None:
            return "no story is on record yet"
        wanted = span.warm_since
        since = max(articles or 0, 0 if wanted is None else to_milliseconds(wanted))
        if stories > since + _SETTLING // timedelta(milliseconds=1):
            return f"stories are on record from {from_milliseconds(stories)} on, older ones have expired"
        return ""

    async def versions(self) -> list[RuleVersion]:
        return await read_versions(self.bootstrap_servers, self.prefix, self.ends.get(RULES, {}))

    async def corrections(self, span: ReplaySpan) -> list[LedgerCorrection | LedgerVouching]:
        pages = await read_pages(self.bootstrap_servers, self.prefix, self.lemmas)
        return corrections_of(pages.values(), span.until_time)

    async def _records(self, topic: str, span: ReplaySpan) -> AsyncIterator[Sourced[Received]]:
        warm_up_ms = span.warm_up // timedelta(milliseconds=1)
        hidden = await self._hidden()
        async for each in replayable(
            self.bootstrap_servers,
            topic_name(self.prefix, topic),
            span.since,
            span.until,
            warm_up_ms=warm_up_ms,
            ends=self.ends.get(topic, {}),
            meter=self.meter,
        ):
            if not (hidden and article_of(each.record.value) in hidden):
                yield each

    async def _hidden(self) -> Collection[str]:
        return () if self.with_taken_down else await read_takedowns(self.bootstrap_servers, self.prefix)

    async def _first_ms(self, topic: str) -> int | None:
        async with self._reader(topic) as reader:
            extent = await reader.extent()
        return None if extent is None else extent[0]

    def _reader(self, topic: str) -> AbstractAsyncContextManager[RangeReader]:
        return open_reader(self.bootstrap_servers, topic_name(self.prefix, topic), client_id=CLIENT_ID)


async def read_topic(
    bootstrap_servers: str, prefix: str, from_bound: Bound, to_bound: Bound
) -> list[Article | UnreadableLine]:
    """The topic's articles in `live_order`. Raises ConfigError if bounds are given and nothing is between them."""
    found: list[Article | UnreadableLine] = []
    async for each in replayable(bootstrap_servers, topic_name(prefix, ARTICLES), from_bound, to_bound):
        found.append(_decoded(each.record, Article, len(found) + 1))
    return found


async def replayable(
    bootstrap_servers: str,
    topic: str,
    from_bound: Bound,
    to_bound: Bound,
    warm_up_ms: int = 0,
    ends: Offsets | None = None,
    meter: Meter | None = None,
) -> AsyncIterator[Sourced[Received]]:
    """The records of a topic between two bounds in `live_order`, after those of the `warm_up_ms` before them.

    The end is fixed when reading begins, or earlier, by `ends`. Raises ConfigError for bounds between which there
    is nothing, and says what there is instead.
    """
    async with open_reader(bootstrap_servers, topic, client_id=CLIENT_ID) as reader:
        bounds = await _range(reader, from_bound, to_bound)
        if not (from_bound is None and to_bound is None):
            await _refuse_empty(reader, bounds)
        starts = bounds.starts
        if warm_up_ms and from_bound is not None:
            bounds = Range(await _earlier_starts(reader, from_bound, bounds, warm_up_ms), bounds.ends)
        bounds, meter = bounds.ended(ends or {}), meter or Meter()
        meter.total = sum(max(0, end - bounds.starts[partition]) for partition, end in bounds.ends.items())
        async for record in reader.read_in_order(bounds):
            meter.read += 1
            yield Sourced(record, record.offset < starts[record.partition])


def live_order(records: Iterable[Received]) -> list[Received]:
    """The records as they may have been judged live: each partition in its own order, partitions by time.

    A record counts as no earlier than those before it in its partition. Of equally early ones the lower partition
    comes first. `RangeReader.read_in_order` gives the same order without holding all of them.
    """
    partitions: dict[int, list[Received]] = {}
    for record in records:
        partitions.setdefault(record.partition, []).append(record)
    queues = [_reached(sorted(queue, key=lambda one: one.offset)) for queue in partitions.values()]
    return [record for _, _, record in merge(*queues, key=lambda one: one[:2])]


async def stream_topic(
    bootstrap_servers: str, prefix: str, from_ms: int | None, to_ms: int | None
) -> AsyncIterator[Article | UnreadableLine]:
    """The same as a stream, partitions interleaved in any order, for archives of any size."""
    number = 0
    hidden = await read_takedowns(bootstrap_servers, prefix)
    async with open_reader(bootstrap_servers, topic_name(prefix, ARTICLES), client_id=CLIENT_ID) as reader:
        async for record in reader.read(await reader.range_of(from_ms=from_ms, to_ms=to_ms)):
            if hidden and article_of(record.value) in hidden:
                continue
            number += 1
            yield _decoded(record, Article, number)


def _decoded(record: Received, wanted: type[R], number: int = 0) -> R | UnreadableLine:
    """The value of a record; what cannot be read is said with its place."""
    try:
        return decode(record.value, wanted)
    except DecodeError as err:
        return _unreadable(record, err, number)


def _unreadable(record: Received, err: DecodeError, number: int = 0) -> UnreadableLine:
    return UnreadableLine(number, "unreadable", f"{place_of(record.topic, record.partition, record.offset)}: {err}")


def _reached(records: list[Received]) -> Iterator[tuple[int, int, Received]]:
    reached = -1
    for record in records:
        reached = max(reached, record.timestamp_ms)
        yield reached, record.partition, record


async def _range(reader: RangeReader, from_bound: Bound, to_bound: Bound) -> Range:
    found = await reader.range_of(
        from_ms=from_bound if isinstance(from_bound, int) else None,
        to_ms=to_bound if isinstance(to_bound, int) else None,
    )
    starts, ends = dict(found.starts), dict(found.ends)
    for given, cut in ((from_bound, starts), (to_bound, ends)):
        if isinstance(given, Mapping):
            _refuse_unknown_offsets(reader.topic, given, found)
            cut.update(given)
    return Range(starts, ends)


def _refuse_unknown_offsets(topic: str, given: Offsets, found: Range) -> None:
    for partition, offset in given.items():
        if partition not in found.ends:
            known = f"0 to {max(found.ends)}"
            raise ConfigError(f"{topic} has no partition {partition}; it has {known}")
        start, end = found.starts[partition], found.ends[partition]
        if not start <= offset <= end:
            raise ConfigError(f"not on record any more, or not yet: there are offsets {start} to {end} between the "
                              "bounds", place=place_of(topic, partition, offset))  # fmt: skip


async def _refuse_empty(reader: RangeReader, bounds: Range) -> None:
    if any(bounds.starts[partition] < end for partition, end in bounds.ends.items()):
        return
    extent = await reader.extent()
    if extent is None:
        raise ConfigError("there is nothing yet", place=reader.topic)
    raise nothing_between(reader.topic, *map(from_milliseconds, extent))


async def _earlier_starts(reader: RangeReader, from_bound: int | Offsets, bounds: Range, warm_up_ms: int) -> Offsets:
    """The offsets at which to begin so that the state is warm at the range's start; never after that start."""
    if isinstance(from_bound, int):
        first_ms = from_bound
    else:
        heads = [
            [record.timestamp_ms async for record in reader.read(reader.bounds(number, start, start + 1))]
            for number, start in bounds.starts.items()
            if start < bounds.ends[number]
        ]
        first_ms = min((times[0] for times in heads if times), default=0)
    earlier = await reader.range_of(from_ms=max(0, first_ms - warm_up_ms))
    return {number: min(start, earlier.starts[number]) for number, start in bounds.starts.items()}
