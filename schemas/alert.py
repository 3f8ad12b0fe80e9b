"""`alerts`: the current state of each alert. `verdicts`: alerting's one verdict per rule and event or match."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from schemas.ledger import By
from schemas.record import Certainty, Date, Entity, Part, Record, Span, Timestamp

AlertKind = Literal["watch", "event", "first", "system"]
"""`system`: about the program itself, as the health of feeds; of no rule of a file, and with no verdict."""
FEED_HEALTH_RULE = "feed-health"
"""The rule of alerts on the health of feeds, which the poller raises."""

AlertLife = Literal["raised", "updated", "corrected", "retracted"]
Severity = Literal["info", "warning", "critical"]


class Subject(Part, frozen=True, kw_only=True, omit_defaults=True):
    """The subject of an alert: `{story}` for a watch, `{action, actor, target, era}` for an event.

    `episode` counts the actor's repetitions of the act in that era after an undoing; omitted for the first.
    """

    story: str | None = None
    action: str | None = None
    actor: str | None = None
    target: str | None = None
    era: str | None = None
    episode: Annotated[int, msgspec.Meta(ge=1)] = 1


class Act(Part, frozen=True, kw_only=True):
    """One actor's act in the ledger."""

    actor: str
    name: str
    date: Date
    era: str


class LedgerAnswer(StrEnum):
    """The ledger's answer on acts before an alert's own."""

    NO_EARLIER = "no_earlier"
    """No earlier actor in this era of the target, on a list that is vouched to be whole."""
    EARLIER = "earlier"
    """Others did it earlier, and the text does not claim a first."""
    CONTRADICTED = "contradicted"
    """Others did it earlier, but the text claims a first."""
    NOT_ENOUGH_KNOWN = "not_enough_known"
    """Nobody vouches that the list of actors is whole, so the absence of an earlier act means nothing."""
    REMOVED = "removed"
    """The act itself did not happen: see `removal`."""
    NOTHING_NEW = "nothing_new"
    """The undoing before it did not happen, so the act was not a new one: see `removal`."""


class Unknown(StrEnum):
    """Why the ledger does not know enough about a scope."""

    GROUP = "group"
    """No group of states has that name."""
    MEMBERSHIP = "membership"
    """The actor is not on record as a member on the day of the act."""
    SINCE = "since"
    """The day from which the text counts is unknown."""
    TARGET = "target"
    """Nobody vouches that the list of actors on the target is whole."""


class Removal(Part, frozen=True, kw_only=True):
    """Who removed an act: a person by hand, the actor by a denial, or the outlet that had reported it."""

    by: By
    name: str
    """The actor's name."""
    source: str


class ScopedNovelty(Part, frozen=True, kw_only=True):
    """The ledger's answer within a scope that a text names: "first Arab country"."""

    scope: str
    """As in the text."""
    group: str | None = None
    """Id of the group of states that it names; null if unknown."""
    claimed: int | None = None
    """The rank that the text claims within it."""
    answer: LedgerAnswer = LedgerAnswer.NOT_ENOUGH_KNOWN
    unknown: Unknown | None = None
    """Why not enough is known, if that is the answer."""
    member: str | None = None
    """The name for a member of the group: `Arab country`."""
    since: str | None = None
    """The time from which the text counts: `since 1994`."""
    ledger: str = ""
    """The answer in words."""
    vouched: bool = False
    """Whether the list of actors is vouched to be whole, so that the rank says something."""
    position: int | None = None
    """The rank by date of the act among the group's known actors, including this one; null if not a known member."""
    earlier: tuple[Act, ...] = ()


class Novelty(Part, frozen=True, kw_only=True):
    """Three separate things: what the text claims, what the ledger knows, and the rank by date of the act."""

    claimed: bool
    answer: LedgerAnswer = LedgerAnswer.NOT_ENOUGH_KNOWN
    removal: Removal | None = None
    """Who removed the act, or the undoing before it."""
    redone_after: Date | None = None
    """The day on which the actor had undone the act before it was done again."""
    done_on: Date | None = None
    """The day of the act in the ledger."""
    ledger: str = ""
    """The answer in words, with ISO 8601 days and a few of the earlier actors by name."""
    vouched_until: Date | None = None
    """The day up to which the list of actors is vouched to be whole; null if nobody vouches, or did too long ago."""
    known_since: Date | None = None
    """The day of the act that was on record long before these reports, if it makes them no news."""
    position: int
    earlier: tuple[Act, ...] = ()
    other_eras: tuple[Act, ...] = ()
    """Acts on the same target in another of its eras: named, never counted."""
    scopes: tuple[ScopedNovelty, ...] = ()
    """The same within scopes that the texts name; `position` and `earlier` above are always among all actors."""


class Times(Part, frozen=True, kw_only=True):
    """The first two times of the receipt: those of the article fetched first."""

    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp


class Lead(Part, frozen=True, kw_only=True):
    """The article an alert quotes: the best evidence, else the earliest fetched."""

    article_id: str
    title: str
    url: str | None = None
    source: str | None = None


class CoveringArticle(Part, frozen=True, kw_only=True):
    """An article of an alert, in its newest revision that counts there."""

    article_id: str
    title: str
    url: str | None = None
    source: str | None = None
    """The outlet."""
    language: str = ""
    origin_id: str = ""
    """The article that it was written as first: itself, or the one that it copies."""
    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp


class Side(Part, frozen=True, kw_only=True):
    """One version of a disagreement among sources, and its outlets."""

    says: str
    """A status or a day."""
    outlets: tuple[str, ...] = ()
    origins: int = 0


class Conflict(Part, frozen=True, kw_only=True):
    """A disagreement among the sources of an alert. The best supported side comes first."""

    about: Literal["status", "date"]
    sides: tuple[Side, ...]


class Development(Part, frozen=True, kw_only=True):
    """An article that adds something to a watch's alert. One revision of one article is one development."""

    article_id: str
    published_at: Timestamp | None
    """Null: the date is unknown."""
    fetched_at: Timestamp
    """Of the revision that added it."""
    what: str
    """What it adds, in a few words: `31 dead, 12 before`."""
    title: str
    url: str | None = None
    source: str | None = None


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
    certainty: Certainty | None = None
    """The best of its standing reports; null for a watch, and for an alert of before this field."""
    actor: Entity | None = None
    target: Entity | None = None
    articles: tuple[str, ...]
    coverage: tuple[CoveringArticle, ...] = ()
    """The articles by title: up to 100, the earliest; of a watch the first and the newest. Empty in older records."""
    outlets: tuple[str, ...] = ()
    """Of a watch's alert, like `origins`: those of articles on the happening itself, not of ones that carry it on."""
    origins: tuple[str, ...] = ()
    developments: tuple[Development, ...] = ()
    """What articles added after the first, in the order of arrival; always empty unless `kind` is `watch`."""
    developments_dropped: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How many earlier developments are no longer listed."""
    tags: tuple[str, ...] = ()
    novelty: Novelty | None = None
    times: Times
    evidence: tuple[Span, ...] = ()
    """Spans of the lead article's fields."""
    lead: Lead
    conflicts: tuple[Conflict, ...] = ()
    undone_on: Date | None = None
    """The day on which the actor undid the act, if known. The act still happened."""
    shadow: bool = False
    """Raised by a shadow rule: recorded, but nobody is notified."""

    @property
    def developments_so_far(self) -> int:
        """How many developments there ever were."""
        return self.developments_dropped + len(self.developments)


class VerdictKind(StrEnum):
    """The result of an event or match under a rule."""

    RAISED = "raised"
    DEVELOPMENT = "development"
    """Told as an update of its alert."""
    JOINED = "joined"
    """Silent: it adds nothing to its alert that is to be told."""
    HELD_BACK = "held_back"


class Verdict(Record, frozen=True, kw_only=True, tag="verdict"):
    """Alerting's one verdict on an event or match under one rule.

    An event has one for each target and actor that the rule covers; a match has one for its rule and article.
    """

    version: Literal[2] = 2
    rule_id: str
    rule_version: int
    event_id: str | None = None
    """Null for a match."""
    target: str | None = None
    """Entity id; null if the event has no target."""
    actor: str | None = None
    """Entity id of the judged actor; null if the event is held back for all actors."""
    article_id: str
    verdict: VerdictKind
    alert_id: str | None = None
    partner: str | None = None
    """Article id of the report that a joined match copies or retells, the first if it retells several."""
    reason: str
    certainty: Certainty | None = None
    """How sure the reading of the event is; null for a match."""

    @property
    def key(self) -> str:
        """The rule with the event, its target and the actor, or with the article that a watch matched."""
        parts = (self.rule_id, self.event_id or self.article_id, self.target, self.actor)
        return ":".join(part for part in parts if part is not None)
