"""When a feed is polled next: a pure function of the settings, the publisher's wishes, and failures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

FLOOR_SECONDS = 300.0
"""No public feed is polled more often, whatever the settings."""

CAP_SECONDS = 24 * 3600.0
"""No feed waits longer: Retry-After of 88 hours has been seen in the wild."""

HOURS_OF_A_WEEK = 7 * 24

WITHOUT_VALIDATORS_SECONDS = 3600.0
"""A public feed whose server offers no conditional request is fetched no more often, as small sites ask."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SKIP_LIMIT_CHARACTERS = 2_000

POLL_JITTER = 0.1
"""Up to a tenth, fixed per feed, is added to the wait, so that feeds drift apart; a wait is never shortened."""


@dataclass(frozen=True)
class Wishes:
    """The publisher's wishes: the longer of the feed's `ttl` and `sy:updatePeriod`, freshness and Retry-After, in
    seconds; the hours and days, GMT, without visits.
    """

    wish_seconds: float | None = None
    fresh_seconds: float | None = None
    retry_after_seconds: float | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


def next_poll_at(
    now: datetime,
    url: str,
    *,
    interval_seconds: float,
    wishes: Wishes,
    failures: int = 0,
    floor_seconds: float = FLOOR_SECONDS,
    ceiling_seconds: float = CAP_SECONDS,
) -> datetime:
    """Now plus the longest of the interval (times consecutive failures) and the wishes, between floor and cap.

    `floor_seconds` is 0 for a feed on a private network that the settings allow. How long the feed and its answer may
    be kept counts up to `ceiling_seconds`, Retry-After up to the cap.
    """
    kept_seconds = max(wishes.wish_seconds or 0.0, wishes.fresh_seconds or 0.0)
    wait = max(
        floor_seconds,
        interval_seconds * max(1, failures),
        min(kept_seconds, ceiling_seconds),
        wishes.retry_after_seconds or 0.0,
    )
    moment = now + timedelta(seconds=min(CAP_SECONDS, wait * (1 + POLL_JITTER * share_of(url))))
    return _not_skipped(moment, wishes)


def wait_asked(retry_after_seconds: float | None) -> timedelta | None:
    """How long a server wants to be left alone, at most the cap; None if it does not."""
    return None if retry_after_seconds is None else timedelta(seconds=min(retry_after_seconds, CAP_SECONDS))


def due_at(stored: datetime | None, now: datetime, checked_at: datetime | None = None) -> datetime:
    """When a feed is due: as planned at its last visit, at once if it never was, at most the cap from now.

    If that visit lies in the future the clock was set back since: the whole wait begins now.
    """
    if stored is None:
        return now
    if checked_at is not None and checked_at > now:
        stored = now + (stored - checked_at)
    return min(stored, now + timedelta(seconds=CAP_SECONDS))


def update_period_seconds(period: str | None, frequency: str | None) -> float | None:
    """Seconds of `sy:updatePeriod` divided by `sy:updateFrequency`; None for an unknown period."""
    seconds = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}.get(
        (period or "").strip().lower()
    )
    if seconds is None:
        return None
    times = int(frequency) if frequency and frequency.strip().isdecimal() and len(frequency) < 9 else 1
    return seconds / max(1, times)


def ttl_seconds(text: str | None) -> float | None:
    """Seconds of RSS's `ttl`, which is in minutes; None if it is not a number."""
    stripped = (text or "").strip()
    return float(stripped) * 60 if stripped.isdecimal() and len(stripped) < 9 else None


def skipped_hours(markup: str) -> tuple[int, ...]:
    """The hours, GMT, of RSS's `skipHours`: from 0 to 23, in some feeds 24 for midnight."""
    hours = re.findall(r"<hour>\s*(\d{1,2})\s*</hour>", _list_of("skipHours", markup), re.IGNORECASE)
    return tuple(sorted({int(hour) % 24 for hour in hours if int(hour) <= 24}))


def skipped_days(markup: str) -> tuple[int, ...]:
    """The days of RSS's `skipDays`, Monday being 0."""
    days = re.findall(r"<day>\s*([a-z]+)\s*</day>", _list_of("skipDays", markup), re.IGNORECASE)
    return tuple(sorted({WEEKDAYS.index(day.lower()) for day in days if day.lower() in WEEKDAYS}))


def _list_of(element: str, markup: str) -> str:
    start = markup.find(f"<{element}>")
    return "" if start < 0 else markup[start:].partition(f"</{element}>")[0][:SKIP_LIMIT_CHARACTERS]


def _not_skipped(moment: datetime, wishes: Wishes) -> datetime:
    """The moment, or the beginning of the next hour that the publisher does not ask to skip."""
    later = moment
    for _ in range(HOURS_OF_A_WEEK):
        if later.hour not in wishes.skip_hours and later.weekday() not in wishes.skip_days:
            return later
        later = later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment  # it asks to skip everything


def share_of(url: str) -> float:
    """A number from 0 to 1, fixed per feed."""
    return int.from_bytes(blake2b(url.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") / 2**32
