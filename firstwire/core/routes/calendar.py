"""Quiet hours and the times of digests, by the clock on the wall of a time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from firstwire.core.routes.settings import QuietHours
from firstwire.core.text.nearest import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class QuietTime:
    """Quiet from one time of the day to another, of the next day if that is not later; on days 0 (Monday) to 6."""

    begin: time
    end: time
    days: frozenset[int]


@dataclass(frozen=True)
class DigestTimes:
    """Each full hour, or each day at a time."""

    daily_at: time | None
    zone: tzinfo

    def next_at(self, after: datetime) -> datetime:
        """The first time of a digest later than `after`."""
        if self.daily_at is None:
            local = after.astimezone(self.zone)
            # Full hours on the wall: some zones are half an hour off
            past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            return after.astimezone(UTC) - past + timedelta(hours=1)
        day = after.astimezone(self.zone).date()
        for number in range(3):
            at = instant(day + timedelta(days=number), self.daily_at, self.zone)
            if at > after:
                return at
        raise AssertionError("a day has each time, or one shortly after it")


def quiet_until(quiet: Sequence[QuietTime], at: datetime, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours in which a moment lies, those that follow at once included; None if it is not quiet.

    In the night in which a clock is set back, an hour that comes twice is quiet both times.
    """
    until: datetime | None = None
    for _ in range(2 * len(DAYS) * max(len(quiet), 1)):
        end = max((end for each in quiet if (end := _end_of(each, until or at, zone)) is not None), default=None)
        if end is None:
            return until
        until = end
    return until


def quiet_times(written: Sequence[QuietHours]) -> tuple[QuietTime, ...]:
    """Raises ValueError for what is no time or day, and for hours that never end."""
    return tuple(_quiet_time(each) for each in written)


def digest_times(text: str, zone: tzinfo) -> DigestTimes:
    """Of `hourly` or `daily 08:00`. Raises ValueError for anything else."""
    every, _, at = text.strip().partition(" ")
    if every == "hourly" and not at:
        return DigestTimes(None, zone)
    if every == "daily" and at:
        return DigestTimes(clock(at.strip()), zone)
    raise ValueError(f'digest: {text!r} is neither "hourly" nor like "daily 08:00"')


def clock(text: str) -> time:
    """The time of `08:00`. Raises ValueError for anything else."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no time of the day; write it like 08:00")
    return time(int(found[1]), int(found[2]))


def instant(day: date, at: time, zone: tzinfo, *, last: bool = False) -> datetime:
    """A time on the wall in UTC: the first moment that shows it, or the last; one that is skipped, as much later."""
    return datetime.combine(day, at.replace(fold=int(last and _is_repeated(day, at, zone))), zone).astimezone(UTC)


def _is_repeated(day: date, at: time, zone: tzinfo) -> bool:
    first, second = (datetime.combine(day, at.replace(fold=fold), zone).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _end_of(quiet: QuietTime, at: datetime, zone: tzinfo) -> datetime | None:
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        if day.weekday() in quiet.days:
            ends_on = day if quiet.end > quiet.begin else day + timedelta(days=1)
            end = instant(ends_on, quiet.end, zone, last=True)
            if instant(day, quiet.begin, zone) <= at < end:
                return end
    return None


def _quiet_time(written: QuietHours) -> QuietTime:
    begin, end = clock(written.begin), clock(written.end)
    if begin == end:
        raise ValueError(f"quiet_hours from {written.begin} to {written.end} would never end")
    for name in written.days:
        if name not in DAYS:
            raise ValueError(f"quiet_hours: no day {name!r}{nearest(name, DAYS)}")
    return QuietTime(begin, end, frozenset(DAYS.index(name) for name in written.days or DAYS))
