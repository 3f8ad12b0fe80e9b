"""What part of a source is replayed: its bounds, and what before them only warms up the state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from firstwire.errors import ConfigError
from schemas.times import from_milliseconds, shifted

T = TypeVar("T")

Offsets = Mapping[int, int]
"""By partition; one that is not named is not cut."""
Ends = Mapping[str, Offsets]
"""By topic: the offsets before which reading ends."""
Bound = int | Offsets | None
"""A time of fetching in milliseconds, or offsets of `articles`; None: no bound."""

_OFFSETS = re.compile(r"\d+:\d+(?:,\d+:\d+)*")


@dataclass(frozen=True)
class Sourced(Generic[T]):
    """A record of the range, or one before it that only warms up the state: its results are not shown."""

    record: T
    is_warm_up: bool


@dataclass(frozen=True)
class ReplaySpan:
    """From a bound on, and before another one. `warm_up`: how long before it reading begins."""

    since: Bound = None
    until: Bound = None
    warm_up: timedelta = timedelta(0)

    @property
    def has_offsets(self) -> bool:
        return isinstance(self.since, Mapping) or isinstance(self.until, Mapping)

    @property
    def is_whole(self) -> bool:
        return self.since is None and self.until is None

    @property
    def since_time(self) -> str | None:
        return from_milliseconds(self.since) if isinstance(self.since, int) else None

    @property
    def until_time(self) -> str | None:
        return from_milliseconds(self.until) if isinstance(self.until, int) else None

    @property
    def warm_since(self) -> str | None:
        """When reading begins; None: at the beginning of the source."""
        return None if self.since_time is None else shifted(self.since_time, -self.warm_up)

    def cut(self, records: Iterable[T], fetched_at: Callable[[T], str | None], place: str) -> Iterator[Sourced[T]]:
        """The records of the span in their order; what has no time is always part of it.

        Raises ConfigError for offsets, and if bounds are given and nothing is between them.
        """
        if self.has_offsets:
            raise ConfigError("offsets are places in a topic; give times as --from and --to", place=place)
        since, until, warm_since = self.since_time, self.until_time, self.warm_since
        first = last = ""
        any_in_range = False
        for record in records:
            at = fetched_at(record)
            if at is not None:
                first, last = min(first or at, at), max(last, at)
                if not (warm_since or at) <= at < (until or at + "~"):
                    continue
            is_warm_up = at is not None and since is not None and at < since
            any_in_range = any_in_range or not is_warm_up
            yield Sourced(record, is_warm_up)
        if not self.is_whole and not any_in_range:
            if not first:
                raise ConfigError("nothing was fetched between --from and --to; there are none at all", place=place)
            raise nothing_between(place, first, last)


def nothing_between(place: str, first: str, last: str, what: str = "records") -> ConfigError:
    """That a range is empty, and what there is instead."""
    there = f"there are {what} fetched from {first} to {last}"
    return ConfigError(f"nothing was fetched between --from and --to; {there}", place=place)


def offsets_in(text: str) -> Offsets | None:
    """`0:1200,1:900`: partition 0 from offset 1200 on, partition 1 from 900 on. None if it is not written so."""
    if not _OFFSETS.fullmatch(text):
        return None
    pairs = [part.split(":") for part in text.split(",")]
    return {int(partition): int(offset) for partition, offset in pairs}
