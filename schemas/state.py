"""`deduplicate-state`, `alert-state`: what a stage must remember, as small records on a compacted topic."""

from __future__ import annotations

from schemas.alert import Alert
from schemas.event import Context
from schemas.record import Part, Record, Span, Timestamp


class ArticleMemory(Record, frozen=True, kw_only=True, tag="article-memory"):
    """What deduplication remembers of one article: never its text."""

    article_id: str
    contents: tuple[str, ...]
    """Content hashes of the revisions seen, newest last."""
    text_hash: str
    """Hash of the folded text, the same for exact copies under other ids."""
    story_id: str
    origin_id: str
    source: str | None = None
    seen_at: Timestamp
    """Event time (`fetched_at`) of the newest revision; what expiry counts from."""


class Report(Part, frozen=True, kw_only=True):
    """One article's part in an alert."""

    article_id: str
    context: Context
    evidence: tuple[Span, ...]
    claims_first: bool = False
    strength: int = 0


class AlertMemory(Record, frozen=True, kw_only=True, tag="alert-memory"):
    """What alerting remembers of one alert: its state as published and the reports it was folded from."""

    alert: Alert
    reports: tuple[Report, ...]
