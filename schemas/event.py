"""`events`: actor – action – target, with the words that prove it. `matches`: a watch that fits an article."""

from __future__ import annotations

from typing import Literal

from schemas.alert import Severity
from schemas.record import Date, Entity, EntityKind, Part, Record, Span, Timestamp

Polarity = Literal["affirmed", "negated"]
Status = Literal["asserted", "negated", "planned", "demanded", "conditional", "historical", "unconfirmed"]


class Context(Part, frozen=True, kw_only=True):
    """What an alert needs to know of the article behind an event or match, so that it reads nothing back."""

    title: str
    url: str | None = None
    source: str | None = None
    language: str
    origin_id: str
    relation: str
    tags: tuple[str, ...] = ()
    """Ids of the entities found anywhere in the article, and of publisher's tags that are known entities."""
    published_at: Timestamp
    fetched_at: Timestamp


class Event(Record, frozen=True, kw_only=True, tag="event"):
    """An article's statement that actors did something to targets. On Kafka one record per target."""

    event_id: str
    article_id: str
    story_id: str
    action: str
    actors: tuple[Entity, ...] = ()
    targets: tuple[Entity, ...] = ()
    polarity: Polarity
    status: Status
    ordinal: int | None = None
    ordinal_scope: str | None = None
    ordinal_kind: EntityKind | None = None
    """What is ranked: nations, leaders, …; null where no noun says it."""
    ordinal_since: str | None = None
    """Since when the text counts ("since 1994", "in 20 years"); null: ever. It is in the scope's text too."""
    claims_first: bool = False
    act_date: Date
    """The day the act is said to have happened; the day of publication unless the text says otherwise."""
    place: str | None = None
    """Where it is said to have happened, as the text names it."""
    evidence: tuple[Span, ...] = ()
    strength: int = 0
    """How plainly and how high up the article says it; compared, never added."""
    reason: str = ""
    """Why this status, in words: the cue that decided it."""
    denied_by_actor: bool = False
    """The one who denies the act is its actor."""
    withdrawn: str = ""
    """The words by which the outlet withdraws its article; empty if it does not."""
    context: Context


class Match(Record, frozen=True, kw_only=True, tag="match"):
    """A watch that fits an article, with the words that made it true."""

    article_id: str
    story_id: str
    rule_id: str
    rule_version: int = 1
    severity: Severity = "info"
    shadow: bool = False
    """The watch is in shadow: its alert is recorded, and nobody is told."""
    tags: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    context: Context
