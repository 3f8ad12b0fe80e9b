"""`reloads`: that somebody asks the notifier to read its configuration again."""

from __future__ import annotations

from schemas.record import Record, Timestamp


class ReloadRequest(Record, frozen=True, kw_only=True, tag="reload-request"):
    """Who asks, and when. The configuration itself stays in its file."""

    author: str
    asked_at: Timestamp
