"""`ledger`: who did what first. One record per action and target, a fold of every report and every correction by hand.

A correction travels on `events`, as a record of its own, to the partition that keeps its page.
"""

from __future__ import annotations

from typing import Literal

from schemas.record import Date, EntityKind, Part, Record, Timestamp

Says = Literal["did", "did_not"]
By = Literal["hand", "actor", "outlet"]


class ReportedDay(Part, frozen=True, kw_only=True):
    """One of the days that reports give for an act."""

    date: Date
    known_at: Timestamp
    sources: tuple[str, ...] = ()


class LedgerActor(Part, frozen=True, kw_only=True):
    """One actor's act in one era, as far as reports tell. All fields fold without regard to order."""

    actor: str
    name: str
    kind: EntityKind
    era: str
    date: Date
    """The earliest day any report gives for the act."""
    known_at: Timestamp
    """When the earliest report was fetched; the year 1 for what was seeded."""
    sources: tuple[str, ...] = ()
    days: tuple[ReportedDay, ...] = ()
    """The earliest of the days that reports give, where they give several."""


class Correction(Part, frozen=True, kw_only=True):
    """What wins over reports of one actor in one era.

    By hand: of several the newest holds, alone. Where there is none: the actor's own denial, and what an outlet
    withdraws of what it reported, both only of acts of the days from `since` to `date`.
    """

    id: str
    actor: str
    name: str
    kind: EntityKind
    era: str
    says: Says
    date: Date
    """`did`: the day of the act. `did_not`: the last day for which reports do not count."""
    source: str
    made_at: Timestamp
    by: By = "hand"
    since: Date | None = None


class LedgerPage(Record, frozen=True, kw_only=True, tag="ledger-page"):
    """Everything known of one action on one target."""

    action: str
    target: str
    actors: tuple[LedgerActor, ...] = ()
    """What reports say. Where there are corrections, they win over it."""
    corrections: tuple[Correction, ...] = ()
    """Every correction by hand, every denial and withdrawal, the oldest first."""


class LedgerCorrection(Record, frozen=True, kw_only=True, tag="ledger-correction"):
    """A correction by hand on its way to its page. It is no event: it comes under no rule and has no verdict."""

    action: str
    target: str
    correction: Correction
