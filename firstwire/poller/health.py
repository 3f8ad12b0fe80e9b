"""The health of a feed: what its visits found, in one word, and what that means for a person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from firstwire.core.text.durations import rounded_duration
from firstwire.core.text.wording import counted
from firstwire.poller.answers import Failed
from firstwire.poller.hub_subscriptions import is_unpushed
from firstwire.poller.links import host_of
from firstwire.poller.rhythm import GAP_SHOWN_FOR
from schemas.article import Article
from schemas.feed import FeedState, Health
from schemas.times import parse_timestamp

DEAD_AFTER = timedelta(days=14)
"""A feed whose visits have all failed for so long will hardly come back by itself."""

SILENT_WAITS = 3
LEAST_SILENCE = timedelta(days=1)
"""A feed is silent after so many times its longest wait of late, and at least a day: weekends are quiet."""

STALE_AFTER = timedelta(days=30)
FADES_BY_HALF = timedelta(days=28)
"""The longest wait fades, so that a holiday does not count for ever, but a weekend does until the next one."""

DATES_NEEDED = 5
"""Entries with dates that tell the rhythm of a feed at its first visit."""

UNDATED_NEEDED = 3
"""Entries of a document that says anything about dates."""

FINE: frozenset[Health] = frozenset({"new", "ok"})

WORST_FIRST: tuple[Health, ...] = (
    "dead",
    "gone",
    "refused",
    "blocked",
    "failing",
    "gapped",
    "mojibake",
    "silent",
    "stale",
    "undated",
    "unpushed",
    "new",
    "ok",
)
"""What costs all articles of a feed, then what costs some, then what only deserves a look."""


def health_of_failure(state: FeedState, failure: Failed, now: datetime) -> Health:
    """The health of a feed whose visit failed. `state` is that of after the visit."""
    if failure.gone:
        return "failing" if state.address is not None else "gone"
    if failure.kind == "refused" or failure.kind == "blocked":
        return failure.kind
    return "dead" if _since(state.failing_since, now) >= DEAD_AFTER else "failing"


def health_of_success(state: FeedState, now: datetime) -> Health:
    """The health of a feed whose visit succeeded. What costs articles comes first."""
    if state.gapped_at is not None and _since(state.gapped_at, now) < GAP_SHOWN_FOR:
        return "gapped"
    if state.garbled is not None:
        return "mojibake"
    waits = timedelta(seconds=SILENT_WAITS * (state.quiet_seconds or 0.0))
    if state.newest_at is not None and _since(state.newest_at, now) >= max(STALE_AFTER, waits):
        return "stale"
    last = max(filter(None, (state.newest_at, state.changed_at)), default=None)
    if state.quiet_seconds is not None and _since(last, now) >= max(LEAST_SILENCE, waits):
        return "silent"
    if state.is_undated:
        return "undated"
    return "unpushed" if is_unpushed(state.push) else "ok"


def quiet_seconds(state: FeedState, articles: Sequence[Article], now: datetime, *, has_news: bool) -> float | None:
    """The longest wait between news of late, in seconds: of what visits found, at first of the entries' dates."""
    if state.quiet_seconds is None:
        dates = sorted(parse_timestamp(each.published_at) for each in articles if each.published_at is not None)
        if len(dates) < DATES_NEEDED:
            return None
        # Entries of one date say nothing
        return max((later - earlier).total_seconds() for earlier, later in pairwise(dates)) or None
    if not has_news or state.changed_at is None:
        return state.quiet_seconds
    waited = _since(state.changed_at, now)
    faded_seconds: float = state.quiet_seconds * 0.5 ** (waited / FADES_BY_HALF)
    return round(max(waited.total_seconds(), faded_seconds), 3)


def newest_at(articles: Sequence[Article]) -> str | None:
    """The newest date of a document's entries."""
    return max((each.published_at for each in articles if each.published_at is not None), default=None)


def is_undated(articles: Sequence[Article]) -> bool:
    """Whether most entries of a document have no date that can be read."""
    return len(articles) >= UNDATED_NEEDED and sum(each.published_at is None for each in articles) * 2 > len(articles)


def explained(state: FeedState, reason: str, now: datetime) -> str:
    """What a feed's health means, for people. `reason` is why its last visit failed."""
    failing = f"{reason}; {counted(state.failures, 'failure')}, none good for {_span(state.failing_since, now)}"
    return {
        "new": "not visited yet",
        "ok": "",
        "failing": failing,
        "dead": failing,
        "gone": f"{reason}: its publisher has given it up",
        "refused": reason,
        "blocked": f"{reason}{_until(state.next_poll_at, now)}",
        "gapped": f"entries came and went between two visits, {counted(state.gaps, 'time')} so far",
        "mojibake": f"its text is garbled: {state.garbled}",
        "stale": f"its newest entry is {_span(state.newest_at, now)} old",
        "silent": f"no news for {_span(state.changed_at or state.newest_at, now)}, usually within "
        f"{rounded_duration(state.quiet_seconds or 0.0)}",
        "undated": "most of its entries have no date that can be read",
        "unpushed": "" if state.push is None else f"{host_of(state.push.hub)} does not push it: {state.push.fault}",
    }[state.health]


def _since(timestamp: str | None, now: datetime) -> timedelta:
    return timedelta(0) if timestamp is None else now - parse_timestamp(timestamp)


def _until(timestamp: str | None, now: datetime) -> str:
    """`; it is asked again in 4h`."""
    wait_seconds = 0.0 if timestamp is None else (parse_timestamp(timestamp) - now).total_seconds()
    return f"; it is asked again in {rounded_duration(wait_seconds)}" if wait_seconds > 0 else ""


def _span(timestamp: str | None, now: datetime) -> str:
    return rounded_duration(_since(timestamp, now).total_seconds())
