"""What a person may set for one feed."""

from __future__ import annotations

import msgspec

from firstwire.config import FeedSettings
from firstwire.core.text.durations import seconds


class FeedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one feed; None where the poller's hold."""

    interval_seconds: float | None = None
    longest_interval_seconds: float | None = None
    ignore_http_cache: bool = False
    """Ask for the whole document each time: its server says "not modified" falsely."""


def options_of(settings: FeedSettings) -> FeedOptions:
    """The options of a table `[[feeds]]`, whose durations have been checked."""
    return FeedOptions(
        interval_seconds=None if settings.interval is None else seconds(settings.interval),
        longest_interval_seconds=None if settings.longest_interval is None else seconds(settings.longest_interval),
        ignore_http_cache=settings.ignore_http_cache,
    )
