"""Feeds as tables. What a publisher wrote is one line, without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.text.durations import rounded_duration
from firstwire.core.text.wording import one_line
from firstwire.poller.feed_accounts import meaning, pushed_by
from firstwire.poller.links import redacted
from firstwire.poller.reports import reason_of
from firstwire.poller.subscriptions import Subscription
from schemas.feed import FeedState
from schemas.times import parse_timestamp

FROM_WIDTH = len("poller.subscriptions")


def table(feeds: Sequence[tuple[Subscription, FeedState]], now: str) -> RenderableType:
    """A row for each feed: its health, name and address, when it was visited and will be, and who lists it."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Health", no_wrap=True, width=8)
    shown.add_column("Feed", overflow="fold", ratio=1)
    shown.add_column("Visited", no_wrap=True, width=8)
    shown.add_column("Next", no_wrap=True, width=8)
    shown.add_column("From", overflow="ellipsis", no_wrap=True, max_width=FROM_WIDTH)
    for subscription, state in feeds:
        lines = [one_line(subscription.title or state.title or ""), one_line(redacted(subscription.url))]
        if state.last_error is not None:
            lines.append(one_line(reason_of(state)))
        if subscription.options.full_text and state.full_text_fault is not None:
            lines.append(one_line(f"no full text: {state.full_text_fault}"))
        pushed = pushed_by(state, now)
        if pushed is not None:
            lines.append(one_line(pushed))
        shown.add_row(
            state.health,
            Text("\n".join(filter(None, lines))),
            _relative(state.checked_at, now),
            "never" if state.health == "gone" else _relative(state.next_poll_at, now),
            Path(subscription.place).name,
        )
    return shown


def status_table(feeds: Sequence[tuple[Subscription, FeedState]], now: str) -> RenderableType:
    """A row for each feed that is not as it should be: its health, its address, and what that means."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Health", no_wrap=True, width=8)
    shown.add_column("Feed", overflow="fold", ratio=1)
    for subscription, state in feeds:
        lines = (subscription.title or state.title or "", redacted(subscription.url), meaning(state, now))
        shown.add_row(state.health, Text("\n".join(one_line(line) for line in lines if line)))
    return shown


def _relative(timestamp: str | None, now: str) -> str:
    """`5m ago`, `in 2h`: in the largest unit."""
    if timestamp is None:
        return ""
    span = (parse_timestamp(timestamp) - parse_timestamp(now)).total_seconds()
    size = rounded_duration(abs(span))
    return f"in {size}" if span > 0 else f"{size} ago"
