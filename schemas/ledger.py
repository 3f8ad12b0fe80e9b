"""`ledger`: who did what first. One record per action and target, a fold of every report and every correction by hand.

A correction is sent on `events`, as its own record, to the partition that owns its page.
"""

from __future__ import annotations

from typing import Literal

from schemas.record import Certainty, Date, EntityKind, Part, Record, Timestamp

Says = Literal["did", "did_not"]
By = Literal["hand", "actor", "outlet"]


class Reporting(Part, frozen=True, kw_only=True):
    """An origin and outlet that reported an act or a denial, how sure the reading is, and when it was first fetched."""

    origin_id: str
    source: str | None = None
    certainty: Certainty
    known_at: Timestamp


class ReportedDay(Part, frozen=True, kw_only=True):
    """One of the days that reports state for an act."""

    date: Date
    known_at: Timestamp
    sources: tuple[str, ...] = ()
    reports: tuple[Reporting, ...] = ()
    """Who reported it, the earliest first; none for a day that was seeded, entered by hand or recorded by version 1 of
    the ledger: such a day counts by itself."""


class LedgerActor(Part, frozen=True, kw_only=True):
    """One actor's act in one era, as reported. All fields fold in any order."""

    actor: str
    name: str
    kind: EntityKind
    era: str
    date: Date
    """The earliest day that any report states for the act."""
    known_at: Timestamp
    """When the earliest report was fetched; the year 1 for seeded acts."""
    sources: tuple[str, ...] = ()
    days: tuple[ReportedDay, ...] = ()
    """The earliest of the reported days, if there are several."""


class Correction(Part, frozen=True, kw_only=True):
    """A correction that overrides reports of one actor in one era.

    Of corrections by hand only the newest applies. Without one, the actor's own denial applies, and an outlet's
    withdrawal of its reports, both only to acts of the days from `since` to `date`.
    """

    id: str
    actor: str
    name: str
    kind: EntityKind
    era: str
    says: Says
    date: Date
    """`did`: the day of the act. `did_not`: the last day for which reports are ignored."""
    source: str
    made_at: Timestamp
    by: By = "hand"
    since: Date | None = None
    reports: tuple[Reporting, ...] = ()
    """Who reported an actor's denial; none: it counts by itself."""


class Vouching(Part, frozen=True, kw_only=True):
    """Somebody vouches that a page's list of actors is whole up to a day, or no longer does. The newest applies."""

    id: str
    until: Date | None
    """Null: nobody vouches for the page from now on."""
    source: str
    made_at: Timestamp
    """The year 1 for a page of a ledger file."""


class LedgerPage(Record, frozen=True, kw_only=True, tag="ledger-page"):
    """Everything known of one action on one target."""

    action: str
    target: str
    actors: tuple[LedgerActor, ...] = ()
    """The reported acts, which corrections override."""
    corrections: tuple[Correction, ...] = ()
    """Every correction by hand, every denial and withdrawal, the oldest first."""
    vouchings: tuple[Vouching, ...] = ()
    """The oldest first."""


class LedgerCorrection(Record, frozen=True, kw_only=True, tag="ledger-correction"):
    """A correction by hand, sent to its page. It is not an event: no rule covers it, and it has no verdict."""

    action: str
    target: str
    correction: Correction

    @property
    def made_at(self) -> Timestamp:
        return self.correction.made_at


class LedgerVouching(Record, frozen=True, kw_only=True, tag="ledger-vouching"):
    """A vouching by hand, sent to its page. It is not an event either."""

    action: str
    target: str
    vouching: Vouching

    @property
    def made_at(self) -> Timestamp:
        return self.vouching.made_at
