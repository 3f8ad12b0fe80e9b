"""How far a replay has come: one changing line on a terminal, a line now and then where there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from firstwire.replay.plan import ReadingPlan
    from firstwire.replay.progress import ReadSoFar

EVERY_SECONDS = 0.5
PLAIN_EVERY_SECONDS = 10.0
"""Where lines stay, as in a log."""
FORESEEN_AT = 0.01
"""Share of the records from which on the time left is told: before it, what is loaded once counts too much."""
MINUTE = 60
HOUR = 3600


@contextmanager
def shown_progress(console: Console, alerts: str) -> Iterator[Callable[[ReadSoFar], None]]:
    """What takes the progress, and shows it. `alerts` says how they are called, with a place for each number."""
    every = EVERY_SECONDS if console.is_terminal else PLAIN_EVERY_SECONDS
    with console.status("reading", refresh_per_second=4) as status:
        began = shown_at = time.monotonic()

        def show(read: ReadSoFar) -> None:
            nonlocal shown_at
            now = time.monotonic()
            if now - shown_at < every:
                return
            shown_at = now
            line = progress_line(read, now - began, alerts)
            if console.is_terminal:
                status.update(line)
            else:
                console.print(line, soft_wrap=True)

        yield show


@contextmanager
def told_to_go_on(plan: ReadingPlan) -> Iterator[None]:
    """Say, after a Ctrl-C, that what was read is kept."""
    from firstwire.replay.journal import begun_before

    try:
        yield
    except KeyboardInterrupt:
        if plan.keeping is not None and begun_before(plan.keeping.folder) is not None:
            click.echo("\ninterrupted; what was read is kept: the same command goes on from there", err=True)
        raise


def progress_line(read: ReadSoFar, seconds: float, alerts: str) -> str:
    """What has been read in so many seconds, the rate, and how long the rest will take at that rate."""
    parts = [
        f"{read.articles:,} articles, {read.articles / max(seconds, EVERY_SECONDS):,.0f}/s, at {read.fetched_at[:10]}"
    ]
    if read.share is not None and read.share >= FORESEEN_AT:
        parts.append(f"{read.share:.0%}, {_duration(seconds / read.share - seconds)} left")
    return " · ".join([*parts, alerts.format(*(f"{count:,}" for count in read.alerts))])


def _duration(seconds: float) -> str:
    if seconds < MINUTE:
        return f"{max(1, round(seconds))} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"
