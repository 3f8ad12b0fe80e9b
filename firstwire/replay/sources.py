"""Where old records come from: a file of articles, an archive, or the topics. Each gives them as they were judged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self, TypeVar

from firstwire.errors import ConfigError
from firstwire.files.articles import UnreadableLine, read_articles
from firstwire.replay.archive import Archive, ArchivedKind
from firstwire.replay.progress import Meter
from firstwire.replay.span import Ends, ReplaySpan, Sourced, nothing_between
from schemas.article import Article, Story
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.rules import RuleVersion

R = TypeVar("R", Article, Story)

ByHand = LedgerCorrection | LedgerVouching

ONLY_ARTICLES = "a file of articles holds no stories; firstwire archive export makes an archive that does"


class ReplaySource(Protocol):
    """Old records, and the rules and corrections by hand of their time."""

    @property
    def name(self) -> str:
        """Its file, folder or topic, for messages."""

    @property
    def meter(self) -> Meter:
        """How many of its articles, or stories, have been read."""

    @property
    def ends(self) -> Ends:
        """Where reading ends, of what grows."""

    async def ended(self, before: Ends | None) -> Self:
        """The same, which ends as another run did before, or where it ends now if that was not fixed already."""

    def articles(self, span: ReplaySpan) -> AsyncIterator[Sourced[Article | UnreadableLine]]:
        """The articles of the span. Raises ConfigError if there is nothing in it."""

    def stories(self, span: ReplaySpan) -> AsyncIterator[Sourced[Story | UnreadableLine]]:
        """The same of stories. Raises ConfigError if none were recorded."""

    def events(self, span: ReplaySpan) -> AsyncIterator[Event | UnreadableLine]:
        """Every event on record before the end of the span: an alert stays open however long ago its act was."""

    async def why_not_recorded(self, span: ReplaySpan) -> str:
        """Why stories and events of the span are not on record; empty if they are."""

    async def versions(self) -> list[RuleVersion]:
        """The releases of rules on record, the oldest first."""

    async def corrections(self, span: ReplaySpan) -> list[ByHand]:
        """The corrections and vouchings by hand before the end of the span, the oldest first."""


@dataclass(frozen=True)
class FileSource:
    """A file of articles, JSON Lines, plain or compressed. It holds nothing else."""

    file: Path
    meter: Meter = field(default_factory=Meter)
    """In bytes of the file as it is."""
    ends: Ends = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.file)

    async def ended(self, before: Ends | None) -> Self:
        return self

    async def articles(self, span: ReplaySpan) -> AsyncIterator[Sourced[Article | UnreadableLine]]:
        for each in span.cut(read_articles(self.file, self._measure), fetched_at_of, self.name):
            yield each

    def _measure(self, read_bytes: int, size_bytes: int) -> None:
        self.meter.read, self.meter.total = read_bytes, size_bytes

    def stories(self, span: ReplaySpan) -> AsyncIterator[Sourced[Story | UnreadableLine]]:
        raise ConfigError(ONLY_ARTICLES, place=self.name)

    def events(self, span: ReplaySpan) -> AsyncIterator[Event | UnreadableLine]:
        raise ConfigError(ONLY_ARTICLES, place=self.name)

    async def why_not_recorded(self, span: ReplaySpan) -> str:
        return ONLY_ARTICLES

    async def versions(self) -> list[RuleVersion]:
        return []

    async def corrections(self, span: ReplaySpan) -> list[ByHand]:
        return []


@dataclass(frozen=True)
class ArchiveSource:
    """An archive of `firstwire archive export`."""

    archive: Archive
    meter: Meter = field(default_factory=Meter)
    ends: Ends = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.archive.folder)

    async def ended(self, before: Ends | None) -> Self:
        return self

    async def articles(self, span: ReplaySpan) -> AsyncIterator[Sourced[Article | UnreadableLine]]:
        for each in self._records("articles", Article, span):
            yield each

    async def stories(self, span: ReplaySpan) -> AsyncIterator[Sourced[Story | UnreadableLine]]:
        for each in self._records("stories", Story, span):
            yield each

    async def events(self, span: ReplaySpan) -> AsyncIterator[Event | UnreadableLine]:
        for event in self.archive.read("events", Event, None, span.until_time):
            if span.until_time is None or event.context.fetched_at < span.until_time:
                yield event

    async def why_not_recorded(self, span: ReplaySpan) -> str:
        return "" if self.archive.files("stories") else "the archive holds no stories"

    async def versions(self) -> list[RuleVersion]:
        return list(self.archive.read("rules", RuleVersion))

    async def corrections(self, span: ReplaySpan) -> list[ByHand]:
        found: list[ByHand] = [
            *self.archive.read("corrections", LedgerCorrection),
            *self.archive.read("vouchings", LedgerVouching),
        ]
        found.sort(key=lambda sent: sent.made_at)
        return [sent for sent in found if span.until_time is None or sent.made_at < span.until_time]

    def _records(self, kind: ArchivedKind, wanted: type[R], span: ReplaySpan) -> Iterator[Sourced[R | UnreadableLine]]:
        self._refuse_empty(kind, span)
        bounds = span.warm_since, span.until_time
        self.meter.total, self.meter.read = sum(file.records for file in self.archive.files(kind, *bounds)), 0
        found: Iterator[R | UnreadableLine] = self._metered(self.archive.read(kind, wanted, *bounds))
        return span.cut(found, fetched_at_of, self.name)

    def _metered(self, records: Iterable[R]) -> Iterator[R]:
        for record in records:
            self.meter.read += 1
            yield record

    def _refuse_empty(self, kind: ArchivedKind, span: ReplaySpan) -> None:
        """Raise ConfigError if no file of the archive may hold anything of the span, and say what there is."""
        extent = self.archive.extent(kind)
        if extent is None:
            raise ConfigError(f"the archive holds no {kind}", place=self.name)
        first, last = extent
        if not (first < (span.until_time or first + "~") and (span.since_time or last) <= last):
            raise nothing_between(self.name, first, last, kind)


def fetched_at_of(record: Article | Story | UnreadableLine) -> str | None:
    """When an article was fetched; None for a line that is none."""
    return None if isinstance(record, UnreadableLine) else record.fetched_at
