"""A line on a terminal that tells how far a backtest has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from firstwire.replay.backtest import ReadSoFar

EVERY_SECONDS = 0.5


@contextmanager
def shown_progress(console: Console) -> Iterator[Callable[[ReadSoFar], None]]:
    """What takes the progress, and shows it twice a second; nothing where there is no terminal."""
    began = time.monotonic()
    with console.status("reading") as status:
        shown_at = began

        def show(read: ReadSoFar) -> None:
            nonlocal shown_at
            now = time.monotonic()
            if now - shown_at < EVERY_SECONDS:
                return
            shown_at = now
            rate = read.articles / max(now - began, EVERY_SECONDS)
            status.update(
                f"{read.articles:,} articles, {rate:,.0f}/s, at {read.fetched_at[:10]} · "
                f"alerts: old {read.old_alerts:,}, new {read.new_alerts:,}"
            )

        yield show if console.is_terminal else lambda read: None
