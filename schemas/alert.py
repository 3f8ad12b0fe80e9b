"""`alerts`: what people are told, as it stands now. `verdicts`: alerting's one answer per rule and event or match."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from schemas.ledger import By
from schemas.record import Date, Entity, Part, Record, Span, Timestamp

AlertKind = Literal["watch", "event", "first"]
AlertLife = Literal["raised", "updated", "corrected", "retracted"]
Severity = Literal["info", "warning", "critical"]


class Subject(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What an alert is about: `{story}` for a watch, `{action, actor, target, era}` for an event.

    `episode` counts how often the actor has done it in that era, with an undoing between; left out of the first.
    """

    story: str | None = None
    action: str | None = None
    actor: str | None = None
    target: str | None = None
    era: str | None = None
    episode: Annotated[int, msgspec.Meta(ge=1)] = 1


class Act(Part, frozen=True, kw_only=True):
    """One actor's act as the ledger knows it."""

    actor: str
    name: str
    date: Date
    era: str


class LedgerAnswer(StrEnum):
    """What the ledger knows of acts before an alert's own."""

    NO_EARLIER = "no_earlier"
    """Nobody did it earlier in this era of the target."""
    EARLIER = "earlier"
    """Others did it earlier, and nobody claims otherwise."""
    CONTRADICTED = "contradicted"
    """Others did it earlier, and the text claims to tell of the first."""
    NOT_ENOUGH_KNOWN = "not_enough_known"
    """Nothing is on record that would make the ledger's silence mean something."""
    REMOVED = "removed"
    """The act itself did not happen: see `removal`."""
    NOTHING_NEW = "nothing_new"
    """The undoing before it did not happen, so that it was never done anew: see `removal`."""


class Unknown(StrEnum):
    """Why the ledger does not know enough of a scope."""

    GROUP = "group"
    """No group of states has that name."""
    MEMBERSHIP = "membership"
    """The actor is not on record as a member on the day of the act."""
    SINCE = "since"
    """The time from which the text counts is no day that is known."""
    TARGET = "target"
    """Nothing is on record about the target."""


class Removal(Part, frozen=True, kw_only=True):
    """Who says that an act did not happen: a person by hand, the actor itself, or the outlet that had reported it."""

    by: By
    name: str
    """The actor's name."""
    source: str


class ScopedNovelty(Part, frozen=True, kw_only=True):
    """What the ledger knows within a scope that a text names: "first Arab country"."""

    scope: str
    """As the text has it."""
    group: str | None = None
    """Id of the group of states that it names; null if it names none that is known."""
    claimed: int | None = None
    """The rank that the text claims within it."""
    answer: LedgerAnswer = LedgerAnswer.NOT_ENOUGH_KNOWN
    unknown: Unknown | None = None
    """Why not enough is known, where that is the answer."""
    member: str | None = None
    """What a member of the group is called: `Arab country`."""
    since: str | None = None
    """From when the text counts: `since 1994`."""
    ledger: str = ""
    """The answer in words."""
    position: int | None = None
    """The rank by date of the act among the group's actors known, counting this one; null if it is not known as one."""
    earlier: tuple[Act, ...] = ()


class Novelty(Part, frozen=True, kw_only=True):
    """Three things apart: what the text claims, what the ledger knows, and the rank by date of the act."""

    claimed: bool
    answer: LedgerAnswer = LedgerAnswer.NOT_ENOUGH_KNOWN
    removal: Removal | None = None
    """Who says that the act, or the undoing before it, did not happen."""
    redone_after: Date | None = None
    """The day on which the actor had undone the act before it was done again."""
    done_on: Date | None = None
    """The day of the act, as the ledger has it."""
    ledger: str = ""
    """The answer in words, days as ISO 8601 has them and a few of the earlier actors by name."""
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

    version: Literal[2] = 2

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


class VerdictKind(StrEnum):
    """What became of an event or match under a rule."""

    RAISED = "raised"
    JOINED = "joined"
    HELD_BACK = "held_back"


class Verdict(Record, frozen=True, kw_only=True, tag="verdict"):
    """Alerting's one answer to an event or match under one rule.

    Of an event there is one for each target and actor that the rule covers; of a match the rule and the article say it
    all.
    """

    version: Literal[2] = 2
    rule_id: str
    rule_version: int
    event_id: str | None = None
    """Null for a match."""
    target: str | None = None
    """Entity id; null where the event has no target."""
    actor: str | None = None
    """Entity id of the actor that is judged; null where the event is held back whoever acts."""
    article_id: str
    verdict: VerdictKind
    alert_id: str | None = None
    reason: str

    @property
    def key(self) -> str:
        """The rule with the event, its target and the actor, or with the article that a watch matched."""
        parts = (self.rule_id, self.event_id or self.article_id, self.target, self.actor)
        return ":".join(part for part in parts if part is not None)
