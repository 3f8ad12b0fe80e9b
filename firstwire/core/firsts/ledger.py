"""The ledger of firsts: who did what to whom, when, in which era of the target. Order of arrival changes nothing.

Every fold is a union, a minimum or a maximum, so that reports may come late, twice, or in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from firstwire.core.firsts.corroboration import merged_reports
from firstwire.core.firsts.groups import Groups
from firstwire.core.firsts.vouching import VOUCHED_DAYS, with_vouching
from schemas.ledger import Correction, LedgerActor, LedgerPage, ReportedDay, Reporting

SOURCES_KEPT = 20
DAYS_KEPT = 20
"""The earliest reported days of an act: a removal by hand leaves those that it does not cover."""
MONTHS_KEPT = 40
"""And the earliest day of so many months: reports of the first time must not crowd out a repetition years later."""
DAY_SOURCES_KEPT = 5
NO_ORIGIN = ""
"""The origin of what was seeded or entered by hand, and of reports recorded without one."""
WHOLE_TIME = "all"
"""The era of a target that has none."""


class Era(msgspec.Struct, frozen=True, kw_only=True):
    """A span of days in which a target is one and the same. `until` is the first day after it; None if it continues."""

    id: str
    since: str
    until: str | None = None


@dataclass(frozen=True)
class Seeds:
    """What the ledger starts with: known acts, eras of targets that have several, groups of actors."""

    pages: Mapping[tuple[str, str], LedgerPage] = field(default_factory=dict)
    eras: Mapping[str, tuple[Era, ...]] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    vouched_days: int = VOUCHED_DAYS
    """How long after the day up to which a page is vouched for the absence of an earlier act says something."""

    def without_acts(self) -> Seeds:
        """The seeds of an empty ledger: only eras and groups."""
        return Seeds(eras=self.eras, groups=self.groups, vouched_days=self.vouched_days)

    def era_of(self, target: str, date: str) -> str:
        """The id of the target's era on a day; between two eras, the earlier; before all, the first."""
        eras = self.eras.get(target)
        if not eras:
            return WHOLE_TIME
        begun = [era for era in eras if era.since <= date]
        return (begun[-1] if begun else eras[0]).id


def page_key(action: str, target: str) -> str:
    """The key of a page."""
    return f"{action}|{target}"


def with_act(page: LedgerPage, act: LedgerActor) -> LedgerPage:
    """The page with one more report folded in; the page itself if the report adds nothing."""
    folded = {(entry.era, entry.actor): entry for entry in page.actors}
    known = folded.get((act.era, act.actor))
    merged = act if known is None else _merged(known, act)
    if merged == known:
        return page
    folded[act.era, act.actor] = merged
    ordered = sorted(folded.values(), key=entry_order)
    return msgspec.structs.replace(page, actors=tuple(ordered))


def merged_pages(first: LedgerPage, second: LedgerPage) -> LedgerPage:
    """Both pages' acts, corrections and vouchings on one page."""
    for act in second.actors:
        first = with_act(first, act)
    for correction in second.corrections:
        first = with_correction(first, correction)
    for vouching in second.vouchings:
        first = with_vouching(first, vouching)
    return first


def with_correction(page: LedgerPage, correction: Correction) -> LedgerPage:
    """The page with one more correction; the page itself if the correction adds nothing."""
    known = {each.id: each for each in page.corrections}
    held = known.get(correction.id, correction)
    known[correction.id] = msgspec.structs.replace(
        held,
        made_at=min(held.made_at, correction.made_at),
        source=min(held.source, correction.source),
        # A denial recorded without its reports counts by itself
        reports=merged_reports(held.reports, correction.reports) if held.reports and correction.reports else (),
    )
    ordered = tuple(sorted(known.values(), key=_made))
    return page if ordered == page.corrections else msgspec.structs.replace(page, corrections=ordered)


def days_of(entry: LedgerActor) -> tuple[ReportedDay, ...]:
    """The days that reports state for an act, the earliest first."""
    only = ReportedDay(date=entry.date, known_at=entry.known_at, sources=entry.sources[:DAY_SOURCES_KEPT])
    return entry.days or (only,)


def reports_of(day: ReportedDay) -> tuple[Reporting, ...]:
    """The reports of a day; a day that counts by itself has one sure report of no origin."""
    return day.reports or (Reporting(origin_id=NO_ORIGIN, certainty="sure", known_at=day.known_at),)


def known_act(page: LedgerPage, actor: str, era: str) -> LedgerActor | None:
    return next((entry for entry in page.actors if entry.actor == actor and entry.era == era), None)


def done_on(page: LedgerPage, actor: str, era: str) -> set[str]:
    """All days on which an actor did it by reports and by corrections, including retracted ones."""
    act = known_act(page, actor, era)
    reported = {day.date for day in days_of(act)} if act is not None else set()
    return reported | {
        each.date for each in page.corrections if each.says == "did" and (each.actor, each.era) == (actor, era)
    }


def entry_order(entry: LedgerActor) -> tuple[str, str, str]:
    """The order of the acts on a page: by era, then by day."""
    return (entry.era, entry.date, entry.actor)


def _made(correction: Correction) -> tuple[str, str]:
    return (correction.made_at, correction.id)


def _merged(known: LedgerActor, act: LedgerActor) -> LedgerActor:
    return msgspec.structs.replace(
        known,
        name=min(known.name, act.name),
        kind=min(known.kind, act.kind),
        date=min(known.date, act.date),
        known_at=min(known.known_at, act.known_at),
        sources=tuple(sorted({*known.sources, *act.sources})[:SOURCES_KEPT]),
        days=_merged_days(known, act),
    )


def _merged_days(known: LedgerActor, act: LedgerActor) -> tuple[ReportedDay, ...]:
    """The earliest days of both. A day left out now has so many before it that it would be left out in any order."""
    by_date: dict[str, ReportedDay] = {}
    for day in (*days_of(known), *days_of(act)):
        held = by_date.get(day.date, day)
        by_date[day.date] = ReportedDay(
            date=day.date,
            known_at=min(held.known_at, day.known_at),
            sources=tuple(sorted({*held.sources, *day.sources})[:DAY_SOURCES_KEPT]),
            reports=_merged_day_reports(held, day),
        )
    if len(by_date) == 1 and not any(day.reports for day in by_date.values()):
        return ()
    dates = sorted(by_date)
    of_months = list({date[:7]: date for date in reversed(dates)}.values())[::-1]
    return tuple(by_date[date] for date in sorted({*dates[:DAYS_KEPT], *of_months[:MONTHS_KEPT]}))


def _merged_day_reports(held: ReportedDay, day: ReportedDay) -> tuple[Reporting, ...]:
    if not held.reports and not day.reports:
        return ()
    return merged_reports(reports_of(held), reports_of(day))
