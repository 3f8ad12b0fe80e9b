"""Stories by the time of their last article, in one list per hour, so that no list grows long."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

HOUR = len("2026-01-01T00")

Silence = tuple[str, str]
"""The time of a story's last article, and its id."""


class StoryAges:
    def __init__(self) -> None:
        self._hours: list[str] = []
        self._by_hour: dict[str, list[Silence]] = {}

    def add(self, silence: Silence) -> None:
        hour = silence[0][:HOUR]
        if hour not in self._by_hour:
            self._by_hour[hour] = []
            insort(self._hours, hour)
        insort(self._by_hour[hour], silence)

    def remove(self, silence: Silence) -> None:
        hour = silence[0][:HOUR]
        held = self._by_hour[hour]
        at = bisect_left(held, silence)
        assert held[at] == silence
        del held[at]
        if not held:
            del self._by_hour[hour]
            del self._hours[bisect_left(self._hours, hour)]

    def oldest(self) -> Iterator[Silence]:
        """All entries, the longest silent first."""
        for hour in self._hours:
            yield from self._by_hour[hour]
