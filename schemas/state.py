"""`deduplicate-state`, `alert-state`: what a stage must remember, as small records on a compacted topic."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from schemas.alert import Alert, Subject
from schemas.event import Context
from schemas.record import Date, Entity, Part, Record, Span, Timestamp


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
    grams: bytes = b""
    """Hashes of the text's word 5-grams in its order, four bytes each, little-endian; none of a short text."""
    thinned: Annotated[int, msgspec.Meta(ge=0, le=32)] = 0
    """Of a very long text only the hashes whose first so many bits are zero are kept."""
    agency: str | None = None
    """The news agency that the text is credited to."""
    first_seen_at: Timestamp
    seen_at: Timestamp
    """Event time (`fetched_at`) of the newest revision; what expiry counts from."""


class Report(Part, frozen=True, kw_only=True):
    """One article's part in an alert: what the newest says of those of its revisions that give the act the same day."""

    article_id: str
    context: Context
    evidence: tuple[Span, ...] = ()
    status: str | None = None
    act_date: Date | None = None
    claims_first: bool = False
    ordinal: int | None = None
    ordinal_scope: str | None = None
    ordinal_since: str | None = None
    strength: int = 0


class SupportingRevision(Part, frozen=True, kw_only=True):
    """One revision of one article that supports an alert, and the day that it gives for the act."""

    article_id: str
    fetched_at: Timestamp
    act_date: Date | None = None


class Episode(Part, frozen=True, kw_only=True):
    """Which doing of an act it is, where the actor has undone it: acts later than `after`, up to `until`."""

    number: Annotated[int, msgspec.Meta(ge=1)] = 1
    after: Date | None = None
    """The day on which the actor had undone it before."""
    until: Date | None = None
    """The day on which the actor undid it."""
    elsewhere: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How much was heard of the other episodes, and of undoing: a revision counts it, so that it never goes back."""


class AlertMemory(Record, frozen=True, kw_only=True, tag="alert-memory"):
    """What alerting remembers of one subject under one rule: the reports on it, and the alert if one was raised."""

    version: Literal[2] = 2

    alert_id: str
    rule_id: str
    actor: Entity | None = None
    target: Entity | None = None
    subject: Subject
    era: str = ""
    """The target's era, as in the subject."""
    episode: Episode = Episode()
    supporting: tuple[SupportingRevision, ...]
    """Every revision of every article that supports it, the earliest first."""
    reports: tuple[Report, ...]
    dissent: tuple[Report, ...] = ()
    """Articles that say that the act did not happen; there may be some before there is a report."""
    alert: Alert | None = None
