"""`deduplicate-state`, `alert-state`: the state of stages, as small records on compacted topics."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from schemas.alert import Alert, Severity, Subject, VerdictKind
from schemas.event import Context
from schemas.record import Certainty, Date, Entity, Part, Record, Span, Timestamp


class ArticleMemory(Record, frozen=True, kw_only=True, tag="article-memory"):
    """Deduplication's memory of one article, without its text."""

    article_id: str
    contents: tuple[str, ...]
    """Content hashes of the revisions seen, newest last."""
    text_hash: str
    """Hash of the folded text, the same for exact copies under other ids."""
    story_id: str
    origin_id: str
    source: str | None = None
    grams: bytes = b""
    """Hashes of the text's word 5-grams in its order, four bytes each, little-endian; empty for a short text."""
    thinned: Annotated[int, msgspec.Meta(ge=0, le=32)] = 0
    """For a very long text only hashes whose first this many bits are zero are kept."""
    agency: str | None = None
    """The news agency credited with the text."""
    is_on_title: bool = False
    """Whether the text begins with words of the title, as a report does and a notice in its place does not."""
    first_seen_at: Timestamp
    seen_at: Timestamp
    """Event time (`fetched_at`) of the newest revision; expiry counts from it."""


class Report(Part, frozen=True, kw_only=True):
    """One article's report in an alert: the newest of its revisions that state the same day for the act."""

    article_id: str
    context: Context
    evidence: tuple[Span, ...] = ()
    status: str | None = None
    certainty: Certainty = "sure"
    """Sure if any of the article's revisions was."""
    act_date: Date | None = None
    claims_first: bool = False
    ordinal: int | None = None
    ordinal_scope: str | None = None
    ordinal_since: str | None = None
    strength: int = 0


class SupportingRevision(Part, frozen=True, kw_only=True):
    """One article revision that supports an alert, and the day that it states for the act."""

    article_id: str
    fetched_at: Timestamp
    act_date: Date | None = None
    published_at: Timestamp | None = None
    origin_id: str = ""
    """Empty in records of before this field: the article counts as its own origin."""
    source: str | None = None
    certainty: Certainty = "sure"


class Episode(Part, frozen=True, kw_only=True):
    """One of several episodes of an act that was undone in between: acts later than `after`, up to `until`."""

    number: Annotated[int, msgspec.Meta(ge=1)] = 1
    after: Date | None = None
    """The day on which the actor undid the previous episode."""
    until: Date | None = None
    """The day on which the actor undid this one."""
    elsewhere: Annotated[int, msgspec.Meta(ge=0)] = 0
    """The number of reports of other episodes and of undoings, included in revisions so that these never decrease."""


class WatchedArticle(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An article of a watch's alert: what must be known of it so that nothing is told twice, or never."""

    article_id: str
    fetched_at: Timestamp
    """Of its newest revision."""
    verdict: VerdictKind = VerdictKind.JOINED
    """The most that was made of any of its revisions."""
    news: str = ""
    """Hash of what it added to the story, to recognize the same news in a later revision; empty if it named nothing."""
    untold: bool = False
    """Whether it said something that the watch did not ask for, so that nobody was told."""


class AlertMemory(Record, frozen=True, kw_only=True, tag="alert-memory"):
    """Alerting's memory of one subject under one rule: the reports on it, and the alert if one was raised.

    Of a watch it is written no more, but folded from `watched-revision`; `watch-state` may hold some of before.
    """

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
    """All supporting article revisions, the earliest first; under a watch only the first."""
    reports: tuple[Report, ...]
    """Under a watch only the newest of its first article."""
    articles: tuple[WatchedArticle, ...] = ()
    """Under a watch its articles in the order of arrival. Empty in records of before this field: `reports` has them."""
    tags: tuple[str, ...] = ()
    """Under a watch the tags of its articles, without the watch's own."""
    dissent: tuple[Report, ...] = ()
    """Articles that deny the act; there may be some before any report."""
    alert: Alert | None = None


class WatchTelling(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one revision of an article under one watch, and what its alert needs to know of the watch."""

    rule_id: str
    rule_version: int = 1
    severity: Severity = "info"
    shadow: bool = False
    tags: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    verdict: VerdictKind = VerdictKind.JOINED
    what: str = ""
    """What it adds as a development, in a few words."""
    untold: bool = False
    """Whether it said something that the watch did not ask for, so that nobody was told."""


class WatchedRevision(Record, frozen=True, kw_only=True, tag="watched-revision"):
    """Alerting's memory of one revision of an article under watches. Their alerts are the fold of these, in order."""

    article_id: str
    story_id: str
    news: str = ""
    """Hash of what it added to the story; empty if it named nothing."""
    is_development: bool = False
    """Whether it carries on the happening of another article."""
    context: Context
    tellings: tuple[WatchTelling, ...]
