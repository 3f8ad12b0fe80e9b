"""Feeds as tables. What a publisher wrote is one line, without secrets."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.text.durations import rounded_duration
from firstwire.core.text.wording import one_line
from firstwire.poller.feed_accounts import (
    has_no_entries,
    next_visit_at,
    paused_since,
    pushed_by,
    settings_of,
    shown_health,
    told_of,
)
from firstwire.poller.links import redacted
from firstwire.poller.reports import reason_of
from firstwire.poller.subscriptions import Subscription
from schemas.feed import FeedState
from schemas.times import parse_timestamp


def table(feeds: Sequence[tuple[Subscription, FeedState]], now: str) -> RenderableType:
    """A row for each feed: its health, name, address and settings, and when it was visited and will be."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Health", no_wrap=True, width=8)
    shown.add_column("Feed", overflow="fold", ratio=1)
    shown.add_column("Visited", no_wrap=True, width=8)
    shown.add_column("Next", no_wrap=True, width=8)
    for subscription, state in feeds:
        lines = _names(subscription, state)
        if subscription.is_paused:
            lines.append(paused_since(subscription))
        elif state.last_error is not None:
            lines.append(reason_of(state))
        elif has_no_entries(state):
            lines.append("no entries so far")
        if subscription.options.full_text and state.full_text_fault is not None:
            lines.append(f"no full text: {state.full_text_fault}")
        pushed = pushed_by(state, now)
        if pushed is not None:
            lines.append(pushed)
        lines.append(" · ".join(settings_of(subscription)))
        shown.add_row(
            shown_health(subscription, state),
            Text("\n".join(one_line(line) for line in lines if line)),
            _relative(state.checked_at, now),
            "never" if state.health == "gone" else _relative(next_visit_at(subscription, state), now),
        )
    return shown


def status_table(feeds: Sequence[tuple[Subscription, FeedState]], now: str) -> RenderableType:
    """A row for each feed that is not as it should be: its health, its address, and what that means."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Health", no_wrap=True, width=8)
    shown.add_column("Feed", overflow="fold", ratio=1)
    for subscription, state in feeds:
        lines = (*_names(subscription, state), told_of(subscription, state, now))
        shown.add_row(shown_health(subscription, state), Text("\n".join(one_line(line) for line in lines if line)))
    return shown


def _names(subscription: Subscription, state: FeedState) -> list[str]:
    """Its name, its address, and where it has moved."""
    moved = "" if state.address is None else f"moved to {redacted(state.address)}"
    return [subscription.title or state.title or "", redacted(subscription.url), moved]


def _relative(timestamp: str | None, now: str) -> str:
    """`5m ago`, `in 2h`: in the largest unit."""
    if timestamp is None:
        return ""
    span = (parse_timestamp(timestamp) - parse_timestamp(now)).total_seconds()
    size = rounded_duration(abs(span))
    return f"in {size}" if span > 0 else f"{size} ago"
