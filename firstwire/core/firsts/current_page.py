"""The current page of the ledger: the reports after corrections by hand, denials and withdrawals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec

from firstwire.core.firsts.corroboration import SURE_ORIGINS, UNSURE_ORIGINS, corroborated_at
from firstwire.core.firsts.ledger import SOURCES_KEPT, days_of, entry_order, known_act, reports_of
from schemas.ledger import Correction, LedgerActor, LedgerPage, ReportedDay
from schemas.times import SINCE_EVER, shifted

CONFIRMED_WITHIN = timedelta(days=7)
"""An unsure report of a day is confirmed by one of another origin that states that day or one of these after it."""


def corrections_in_force(page: LedgerPage) -> dict[tuple[str, str], Correction]:
    """The newest correction by hand per era and actor: it overrides everything else."""
    return {(each.era, each.actor): each for each in page.corrections if each.by == "hand"}


def retractions_of(page: LedgerPage, actor: str, era: str) -> list[Correction]:
    """Denials and withdrawals of an actor's act, the oldest first; they apply if there is no correction by hand.

    An unsure denial applies once a second independent origin has one too.
    """
    said = [each for each in page.corrections if each.by != "hand" and (each.actor, each.era) == (actor, era)]
    denials = [report for each in said if each.by == "actor" for report in each.reports]
    confirmed_at = corroborated_at(denials, sure=SURE_ORIGINS, unsure=UNSURE_ORIGINS)
    applied = []
    for each in said:
        if each.by == "actor" and each.reports:
            if confirmed_at is None:
                continue
            each = msgspec.structs.replace(each, made_at=max(each.made_at, confirmed_at))
        applied.append(each)
    return sorted(applied, key=lambda each: (each.made_at, each.id))


def retracts(retraction: Correction, day: str, known_at: str) -> bool:
    """Whether a denial or withdrawal covers an act of that day that was known at that time."""
    return (retraction.since or "") <= day <= retraction.date and known_at <= retraction.made_at


def current_page(page: LedgerPage) -> LedgerPage:
    """The page with corrections, denials and withdrawals applied, and one day for each act.

    An act is on it from the time at which a sure report, or unsure ones of two independent origins, stated its day.
    """
    by_hand = corrections_in_force(page)
    touched = {(each.era, each.actor) for each in page.corrections}
    entries: list[LedgerActor] = []
    for entry in page.actors:
        is_touched = (entry.era, entry.actor) in touched
        if not is_touched and not entry.days:
            entries.append(entry)
            continue
        days = standing_days(page, entry, by_hand.get((entry.era, entry.actor)))
        left = _of_days(entry, days)
        if left is not None:
            is_whole = not is_touched and len(days) == len(entry.days)
            entries.append(msgspec.structs.replace(left, sources=entry.sources) if is_whole else left)
    known = {(entry.era, entry.actor) for entry in page.actors}
    entries += [_by_hand(each) for key, each in by_hand.items() if each.says == "did" and key not in known]
    return msgspec.structs.replace(page, actors=tuple(sorted(entries, key=entry_order)), corrections=())


def standing_days(page: LedgerPage, act: LedgerActor, by_hand: Correction | None) -> tuple[ReportedDay, ...]:
    """The days of an act that count, with corrections, denials and withdrawals applied; the earliest first.

    `known_at` is when enough was reported for the day to count.
    """
    days = days_of(act)
    if by_hand is not None:
        return _corrected(days, by_hand)
    retractions = retractions_of(page, act.actor, act.era) if page.corrections else []
    return confirmed_days(_retracted(days, retractions) if retractions else days)


def days_known(page: LedgerPage, actor: str, era: str) -> tuple[ReportedDay, ...]:
    """The days on record for an actor's act that count; none if there are none."""
    by_hand = corrections_in_force(page).get((era, actor)) if page.corrections else None
    act = known_act(page, actor, era)
    if act is None:
        return (_hand_day(by_hand),) if by_hand is not None and by_hand.says == "did" else ()
    return standing_days(page, act, by_hand)


def confirmed_days(days: Sequence[ReportedDay]) -> tuple[ReportedDay, ...]:
    """The days that a sure report states, or that reports of two independent origins confirm."""
    confirmed: list[ReportedDay] = []
    for at, day in enumerate(days):
        known_at = day.known_at if not day.reports else _confirmed_at(day, days[at:])
        if known_at is not None:
            confirmed.append(msgspec.structs.replace(day, known_at=known_at))
    return tuple(confirmed)


def _confirmed_at(day: ReportedDay, following: Sequence[ReportedDay]) -> str | None:
    last = shifted(f"{day.date}T00:00:00.000Z", CONFIRMED_WITHIN)[:10]
    near = [report for other in following if other.date <= last for report in reports_of(other)]
    # Only the day's own sure reports count alone: one that states a later day confirms merely that it happened
    times = (
        corroborated_at(day.reports, sure=SURE_ORIGINS, unsure=UNSURE_ORIGINS),
        corroborated_at(near, sure=UNSURE_ORIGINS, unsure=UNSURE_ORIGINS),
    )
    return min((time for time in times if time is not None), default=None)


def _retracted(days: Sequence[ReportedDay], retractions: Iterable[Correction]) -> list[ReportedDay]:
    """The days without those that their actor denied or their outlets withdrew.

    Seeded days are only corrected by hand, and a retraction does not affect later reports.
    """
    left: list[ReportedDay] = []
    for day in days:
        covering = [
            each for each in retractions if day.known_at > SINCE_EVER and retracts(each, day.date, day.known_at)
        ]
        withdrawing = {each.source for each in covering if each.by == "outlet"}
        sources = tuple(sorted({*day.sources} - withdrawing))
        reports = tuple(report for report in day.reports if report.source not in withdrawing)
        is_gone = not reports if day.reports else bool(day.sources) and not sources
        if is_gone or any(each.by == "actor" for each in covering):
            continue
        left.append(msgspec.structs.replace(day, sources=sources, reports=reports))
    return left


def _corrected(days: Sequence[ReportedDay], correction: Correction) -> tuple[ReportedDay, ...]:
    """The days after a correction by hand."""
    if correction.says == "did_not":
        return confirmed_days([day for day in days if day.date > correction.date])
    same = [day for day in days if day.date == correction.date]
    sources = tuple(sorted({correction.source, *(source for day in same for source in day.sources)}))
    known_at = min([correction.made_at, *(day.known_at for day in confirmed_days(same))])
    return (msgspec.structs.replace(_hand_day(correction), known_at=known_at, sources=sources),)


def _hand_day(correction: Correction) -> ReportedDay:
    return ReportedDay(date=correction.date, known_at=correction.made_at, sources=(correction.source,))


def _by_hand(correction: Correction) -> LedgerActor:
    """An act that is only known by hand."""
    return LedgerActor(
        actor=correction.actor,
        name=correction.name,
        kind=correction.kind,
        era=correction.era,
        date=correction.date,
        known_at=correction.made_at,
        sources=(correction.source,),
    )


def page_of_days(page: LedgerPage, actor: str, era: str, after: str, until: str) -> LedgerPage:
    """The page with only those acts of an actor that are later than `after`, up to `until`; other actors unchanged."""
    acts: list[LedgerActor] = []
    for act in page.actors:
        left: LedgerActor | None = act
        if (act.actor, act.era) == (actor, era):
            days = [day for day in days_of(act) if after < day.date <= until]
            left = _of_days(act, days)
            if left is not None and (len(days) > 1 or days[0].reports):
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
