"""`alerts`: what people are told, as it stands now. `verdicts`: alerting's one answer per rule and event or match."""

from __future__ import annotations

from typing import Literal

from schemas.record import Date, Entity, Part, Record, Span, Timestamp

AlertKind = Literal["watch", "event", "first"]
AlertLife = Literal["raised", "updated", "corrected", "retracted"]
Severity = Literal["info", "warning", "critical"]


class Subject(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What an alert is about: `{story}` for a watch, `{action, actor, target, era}` for an event."""

    story: str | None = None
    action: str | None = None
    actor: str | None = None
    target: str | None = None
    era: str | None = None


class Act(Part, frozen=True, kw_only=True):
    """One actor's act as the ledger knows it."""

    actor: str
    name: str
    date: Date
    era: str


class ScopedNovelty(Part, frozen=True, kw_only=True):
    """What the ledger knows within a scope that a text names: "first Arab country"."""

    scope: str
    """As the text has it."""
    group: str | None = None
    """Id of the group of states that it names; null if it names none that is known."""
    claimed: int | None = None
    """The rank that the text claims within it."""
    ledger: str
    position: int | None = None
    """The rank by date of the act among the group's actors known, counting this one; null if it is not known as one."""
    earlier: tuple[Act, ...] = ()


class Novelty(Part, frozen=True, kw_only=True):
    """Three things apart: what the text claims, what the ledger knows, and the rank by date of the act."""

    claimed: bool
    ledger: str
    position: int
    earlier: tuple[Act, ...] = ()
    other_eras: tuple[Act, ...] = ()
    """Acts on the same target in another era of it: named, never counted."""
    scopes: tuple[ScopedNovelty, ...] = ()
    """The same within the scopes that the texts name; `position` and `earlier` are always among all."""


class Times(Part, frozen=True, kw_only=True):
    """The first two stations of the receipt: of the article that was fetched first."""

    published_at: Timestamp
    fetched_at: Timestamp


class Lead(Part, frozen=True, kw_only=True):
    """The article an alert quotes: the best evidence, else the earliest fetched."""

    article_id: str
    title: str
    url: str | None = None
    source: str | None = None


class Side(Part, frozen=True, kw_only=True):
    """One of the things that are said where sources disagree, and who says it."""

    says: str
    """A status or a day."""
    outlets: tuple[str, ...] = ()
    origins: int = 0


class Conflict(Part, frozen=True, kw_only=True):
    """Something on which the sources of an alert disagree. The best supported side comes first."""

    about: Literal["status", "date"]
    sides: tuple[Side, ...]


class Alert(Record, frozen=True, kw_only=True, tag="alert"):
    """The current state of one alert. The same input raises the same `alert_id`, however often it is delivered."""

    alert_id: str
    revision: int
    rule_id: str
    rule_version: int
    kind: AlertKind
    subject: Subject
    state: AlertLife
    severity: Severity
    headline: str
    status: str | None = None
    actor: Entity | None = None
    target: Entity | None = None
    articles: tuple[str, ...]
    outlets: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    novelty: Novelty | None = None
    times: Times
    evidence: tuple[Span, ...] = ()
    """Spans of the lead article's fields."""
    lead: Lead
    conflicts: tuple[Conflict, ...] = ()
    undone_on: Date | None = None
    """The day on which the actor undid the act, where that is known. It was done all the same."""
    shadow: bool = False
    """Raised under a rule in shadow: on record, but nobody is told."""


class Verdict(Record, frozen=True, kw_only=True, tag="verdict"):
    """Alerting's one answer to an event or match under one rule."""

    rule_id: str
    rule_version: int
    cause: str
    """Event id, with the target, or match id."""
    article_id: str
    verdict: Literal["raised", "joined", "held_back"]
    alert_id: str | None = None
    reason: str
