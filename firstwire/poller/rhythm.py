"""How often a feed is visited, by what its visits found; and whether entries were missed between two of them. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from firstwire.poller.pace import VisitInterval

FASTEST, SLOWEST = 1 / 8, 4.0
"""The interval is between an eighth and four times the configured one."""

MOSTLY_NEW = 1 / 3
"""Share of known entries below which the interval is halved, as rss-fetcher does."""

QUIET_FOR = timedelta(days=1)
"""A feed without news for so long is visited a little less often each time."""

LONGER = 1.1

FEWEST_ENTRIES = 2
"""A document of one entry shows no overlap whenever it changes."""

GAP_SHOWN_FOR = timedelta(days=1)


def is_gap(known: int, total: int, before: int) -> bool:
    """Whether none of a document's entries was in the one before: others may have come and gone unseen."""
    return before > 0 and total >= FEWEST_ENTRIES and known == 0


def pace_after_news(pace: float, interval: VisitInterval, known: int, total: int) -> float:
    """The pace after a document with new entries, `known` of its `total` having been in the one before."""
    if known == 0:
        return _within(FASTEST, interval)
    if known < MOSTLY_NEW * total:
        return _within(pace / 2, interval)
    # What was slowed down is back at once, what was sped up slows down step by step
    return _within(min(pace * LONGER, 1.0), interval)


def pace_without_news(pace: float, interval: VisitInterval, changed_at: datetime | None, now: datetime) -> float:
    """The pace after a visit that found nothing new."""
    is_quiet = changed_at is not None and now - changed_at >= QUIET_FOR and not interval.is_private
    return _within(min(pace * LONGER, SLOWEST if is_quiet else max(pace, 1.0)), interval)


def _within(pace: float, interval: VisitInterval) -> float:
    """Not below the feed's floor, which would be no interval anyway."""
    least = min(1.0, max(FASTEST, interval.floor_seconds / interval.interval_seconds))
    return round(min(SLOWEST, max(least, pace)), 3)
