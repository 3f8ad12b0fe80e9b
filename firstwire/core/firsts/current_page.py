"""The current page of the ledger: the reports after corrections by hand, denials and withdrawals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from firstwire.core.firsts.ledger import SOURCES_KEPT, days_of, entry_order
from schemas.ledger import Correction, LedgerActor, LedgerPage, ReportedDay
from schemas.times import SINCE_EVER


def corrections_in_force(page: LedgerPage) -> dict[tuple[str, str], Correction]:
    """The newest correction by hand per era and actor: it overrides everything else."""
    return {(each.era, each.actor): each for each in page.corrections if each.by == "hand"}


def retractions_of(page: LedgerPage, actor: str, era: str) -> list[Correction]:
    """Denials and withdrawals of an actor's act, the oldest first; they apply if there is no correction by hand."""
    return [each for each in page.corrections if each.by != "hand" and (each.actor, each.era) == (actor, era)]


def retracts(retraction: Correction, day: str, known_at: str) -> bool:
    """Whether a denial or withdrawal covers an act of that day that was known at that time."""
    return (retraction.since or "") <= day <= retraction.date and known_at <= retraction.made_at


def current_page(page: LedgerPage) -> LedgerPage:
    """The page with corrections, denials and withdrawals applied, and one day for each act."""
    entries = {(entry.era, entry.actor): entry for entry in page.actors}
    by_hand = corrections_in_force(page)
    for key, correction in by_hand.items():
        left = _corrected(entries.pop(key, None), correction)
        if left is not None:
            entries[key] = left
    for era, actor in {(each.era, each.actor) for each in page.corrections} - by_hand.keys():
        if (era, actor) in entries:
            left = _retracted(entries.pop((era, actor)), retractions_of(page, actor, era))
            if left is not None:
                entries[era, actor] = left
    plain = [msgspec.structs.replace(entry, days=()) if entry.days else entry for entry in entries.values()]
    return msgspec.structs.replace(page, actors=tuple(sorted(plain, key=entry_order)), corrections=())


def _retracted(entry: LedgerActor, retractions: Iterable[Correction]) -> LedgerActor | None:
    """An act without the days that its actor denied or its outlets withdrew; None if nothing is left.

    Seeded acts are only corrected by hand, and a retraction does not affect later reports.
    """
    days = days_of(entry)
    left: list[ReportedDay] = []
    for day in days:
        covering = [
            each for each in retractions if day.known_at > SINCE_EVER and retracts(each, day.date, day.known_at)
        ]
        sources = tuple(sorted({*day.sources} - {each.source for each in covering if each.by == "outlet"}))
        if any(each.by == "actor" for each in covering) or (day.sources and not sources):
            continue
        left.append(msgspec.structs.replace(day, sources=sources))
    if tuple(left) == days:
        return entry
    return _of_days(entry, left)


def _corrected(entry: LedgerActor | None, correction: Correction) -> LedgerActor | None:
    """An act after a correction; None if nothing is left."""
    days = days_of(entry) if entry is not None else ()
    if correction.says == "did":
        same = [day for day in days if day.date == correction.date]
        return LedgerActor(
            actor=correction.actor,
            name=correction.name,
            kind=correction.kind,
            era=correction.era,
            date=correction.date,
            known_at=min([correction.made_at, *(day.known_at for day in same)]),
            sources=tuple(sorted({correction.source, *(source for day in same for source in day.sources)})),
        )
    left = [day for day in days if day.date > correction.date]
    return _of_days(entry, left) if entry is not None else None


def page_of_days(page: LedgerPage, actor: str, era: str, after: str, until: str) -> LedgerPage:
    """The page with only those acts of an actor that are later than `after`, up to `until`; other actors unchanged."""
    acts: list[LedgerActor] = []
    for act in page.actors:
        left: LedgerActor | None = act
        if (act.actor, act.era) == (actor, era):
            days = [day for day in days_of(act) if after < day.date <= until]
            left = _of_days(act, days)
            if left is not None and len(days) > 1:
                left = msgspec.structs.replace(left, days=tuple(days))
        if left is not None:
            acts.append(left)
    corrections = tuple(
        each
        for each in page.corrections
        if (each.actor, each.era) != (actor, era)
        or (after < each.date and (each.date if each.says == "did" else each.since or "") <= until)
    )
    return msgspec.structs.replace(page, actors=tuple(sorted(acts, key=entry_order)), corrections=corrections)


def _of_days(entry: LedgerActor, days: Sequence[ReportedDay]) -> LedgerActor | None:
    """The act reduced to these of its reported days."""
    if not days:
        return None
    return msgspec.structs.replace(
        entry,
        date=days[0].date,
        known_at=min(day.known_at for day in days),
        sources=tuple(sorted({source for day in days for source in day.sources})[:SOURCES_KEPT]),
        days=(),
    )
