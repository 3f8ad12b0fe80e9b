"""`ledger`: who did what first. One record per action and target, a fold of every report of it."""

from __future__ import annotations

from schemas.record import Date, EntityKind, Part, Record, Timestamp


class LedgerActor(Part, frozen=True, kw_only=True):
    """One actor's act in one era, as far as reports tell. All fields fold without regard to order."""

    actor: str
    name: str
    kind: EntityKind
    era: str
    date: Date
    """The earliest day any report gives for the act."""
    known_at: Timestamp
    """When the earliest report was fetched; the epoch for what was seeded."""
    sources: tuple[str, ...] = ()


class LedgerPage(Record, frozen=True, kw_only=True, tag="ledger-page"):
    """Everything known of one action on one target."""

    action: str
    target: str
    actors: tuple[LedgerActor, ...] = ()
