"""The ledger of firsts: who did what to whom, when, in which era of the target. Order of arrival changes nothing.

Every fold is a union, a minimum or a maximum, so that reports may come late, twice, or in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from firstwire.core.firsts.groups import Groups
from schemas.alert import Act, Novelty
from schemas.ledger import Correction, LedgerActor, LedgerPage, ReportedDay
from schemas.times import SINCE_EVER

SOURCES_KEPT = 20
DAYS_KEPT = 20
"""Of an act the earliest days that reports give: a removal by hand looks among them for what it leaves standing."""
MONTHS_KEPT = 40
"""And the earliest day of so many months: an act done again years later must not drown in talk of its first time."""
DAY_SOURCES_KEPT = 5
WHOLE_TIME = "all"
"""The era of a target that has none."""


class Era(msgspec.Struct, frozen=True, kw_only=True):
    """A span of days in which a target is one and the same. `until` is the first day after it; None: it goes on."""

    id: str
    since: str
    until: str | None = None


@dataclass(frozen=True)
class Seeds:
    """What the ledger is born with: known acts, eras of targets that have several, groups of actors."""

    pages: Mapping[tuple[str, str], LedgerPage] = field(default_factory=dict)
    eras: Mapping[str, tuple[Era, ...]] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)

    def without_acts(self) -> Seeds:
        """A ledger that begins empty: eras and groups stay."""
        return Seeds(eras=self.eras, groups=self.groups)

    def knows(self, page: LedgerPage) -> bool:
        """Whether the page's silence says something: somebody has looked after it."""
        is_kept = any(each.by == "hand" for each in page.corrections)
        return is_kept or page.target in self.eras or (page.action, page.target) in self.pages

    def era_of(self, target: str, date: str) -> str:
        """The id of the target's era on a day; between two eras, the one before; before all, the first."""
        eras = self.eras.get(target)
        if not eras:
            return WHOLE_TIME
        begun = [era for era in eras if era.since <= date]
        return (begun[-1] if begun else eras[0]).id

    def era_named(self, target: str, era_id: str) -> Era | None:
        return next((era for era in self.eras.get(target, ()) if era.id == era_id), None)


def page_key(action: str, target: str) -> str:
    """The key of a page."""
    return f"{action}|{target}"


def with_act(page: LedgerPage, act: LedgerActor) -> LedgerPage:
    """The page with one more report folded in; the page itself if it says nothing new."""
    folded = {(entry.era, entry.actor): entry for entry in page.actors}
    known = folded.get((act.era, act.actor))
    merged = act if known is None else _merged(known, act)
    if merged == known:
        return page
    folded[act.era, act.actor] = merged
    ordered = sorted(folded.values(), key=_entry_order)
    return msgspec.structs.replace(page, actors=tuple(ordered))


def merged_pages(first: LedgerPage, second: LedgerPage) -> LedgerPage:
    """Both pages' acts and corrections on one page."""
    for act in second.actors:
        first = with_act(first, act)
    for correction in second.corrections:
        first = with_correction(first, correction)
    return first


def with_correction(page: LedgerPage, correction: Correction) -> LedgerPage:
    """The page with one more correction; the page itself if it says nothing new."""
    known = {each.id: each for each in page.corrections}
    held = known.get(correction.id, correction)
    known[correction.id] = msgspec.structs.replace(
        held, made_at=min(held.made_at, correction.made_at), source=min(held.source, correction.source)
    )
    ordered = tuple(sorted(known.values(), key=_made))
    return page if ordered == page.corrections else msgspec.structs.replace(page, corrections=ordered)


def days_of(entry: LedgerActor) -> tuple[ReportedDay, ...]:
    """The days that reports give for an act, the earliest first."""
    only = ReportedDay(date=entry.date, known_at=entry.known_at, sources=entry.sources[:DAY_SOURCES_KEPT])
    return entry.days or (only,)


def corrections_in_force(page: LedgerPage) -> dict[tuple[str, str], Correction]:
    """By era and actor the newest correction by hand: it holds, whatever others say."""
    return {(each.era, each.actor): each for each in page.corrections if each.by == "hand"}


def takebacks(page: LedgerPage, actor: str, era: str) -> list[Correction]:
    """Denials and withdrawals of an actor's act, the oldest first; they count where nothing was said by hand."""
    return [each for each in page.corrections if each.by != "hand" and (each.actor, each.era) == (actor, era)]


def takes_back(correction: Correction, day: str, known_at: str) -> bool:
    """Whether a denial or withdrawal is of an act of that day that was told by then."""
    return (correction.since or "") <= day <= correction.date and known_at <= correction.made_at


def standing(page: LedgerPage) -> LedgerPage:
    """The page as it stands: reports as corrections, denials and withdrawals leave them, and one day for each act."""
    entries = {(entry.era, entry.actor): entry for entry in page.actors}
    by_hand = corrections_in_force(page)
    for key, correction in by_hand.items():
        left = _corrected(entries.pop(key, None), correction)
        if left is not None:
            entries[key] = left
    for era, actor in {(each.era, each.actor) for each in page.corrections} - by_hand.keys():
        if (era, actor) in entries:
            left = _taken_back(entries.pop((era, actor)), takebacks(page, actor, era))
            if left is not None:
                entries[era, actor] = left
    plain = [msgspec.structs.replace(entry, days=()) if entry.days else entry for entry in entries.values()]
    return msgspec.structs.replace(page, actors=tuple(sorted(plain, key=_entry_order)), corrections=())


def _taken_back(entry: LedgerActor, taken: Iterable[Correction]) -> LedgerActor | None:
    """An act without the days that its actor denies and what outlets withdrew; null where nothing is left.

    What was seeded is only corrected by hand, and nobody takes back what is reported afterwards.
    """
    days = days_of(entry)
    left: list[ReportedDay] = []
    for day in days:
        covering = [each for each in taken if day.known_at > SINCE_EVER and takes_back(each, day.date, day.known_at)]
        sources = tuple(sorted({*day.sources} - {each.source for each in covering if each.by == "outlet"}))
        if any(each.by == "actor" for each in covering) or (day.sources and not sources):
            continue
        left.append(msgspec.structs.replace(day, sources=sources))
    if tuple(left) == days:
        return entry
    return _of_days(entry, left)


def _corrected(entry: LedgerActor | None, correction: Correction) -> LedgerActor | None:
    """An act as a correction leaves it; null where nothing is left."""
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


def _of_days(entry: LedgerActor, days: Sequence[ReportedDay]) -> LedgerActor | None:
    """The act as only these of its reported days tell it."""
    if not days:
        return None
    return msgspec.structs.replace(
        entry,
        date=days[0].date,
        known_at=min(day.known_at for day in days),
        sources=tuple(sorted({source for day in days for source in day.sources})[:SOURCES_KEPT]),
        days=(),
    )


def known_act(page: LedgerPage, actor: str, era: str) -> LedgerActor | None:
    return next((entry for entry in page.actors if entry.actor == actor and entry.era == era), None)


def of_days(page: LedgerPage, actor: str, era: str, after: str, until: str) -> LedgerPage:
    """The page as if an actor had only done what it did later than `after`, up to `until`; all others as they are."""
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
    said = tuple(
        each
        for each in page.corrections
        if (each.actor, each.era) != (actor, era)
        or (after < each.date and (each.date if each.says == "did" else each.since or "") <= until)
    )
    return msgspec.structs.replace(page, actors=tuple(sorted(acts, key=_entry_order)), corrections=said)


def done_on(page: LedgerPage, actor: str, era: str) -> set[str]:
    """All days on which an actor did it, as reports tell and as is said by hand, whatever was taken back."""
    act = known_act(page, actor, era)
    told = {day.date for day in days_of(act)} if act is not None else set()
    return told | {
        each.date for each in page.corrections if each.says == "did" and (each.actor, each.era) == (actor, era)
    }


def earlier_acts(page: LedgerPage, own: LedgerActor, known_by: str | None = None) -> tuple[LedgerActor, ...]:
    """Acts of others in the same era on an earlier day; with `known_by`, only those that were known at that time.

    Acts of one UTC day share a position, so that none of them is earlier.
    """
    return tuple(
        entry
        for entry in page.actors
        if entry.era == own.era
        and entry.actor != own.actor
        and entry.date < own.date
        and (known_by is None or entry.known_at <= known_by)
    )


def learned_later(page: LedgerPage, own: LedgerActor, since: str, *, counts_all_earlier: bool) -> int:
    """How many acts that an alert names became known only after `since`: each made a revision of it.

    `counts_all_earlier`: an alert of a first knew of no earlier act when it was raised, so that all of them came later,
    also one whose report was fetched before and overtaken on the way.
    """
    earlier = set(earlier_acts(page, own))
    return sum(
        1
        for entry in page.actors
        if (entry in earlier and (counts_all_earlier or entry.known_at > since))
        or (entry.era != own.era and entry.known_at > since)
    )


def novelty_of(
    page: LedgerPage, own: LedgerActor, *, claimed: bool, is_known_target: bool, of_all: bool = True
) -> Novelty:
    """The three things that an alert states apart: the claim, the ledger's answer, and the rank by date of the act.

    `of_all`: the claim is to be the first of all; one within a scope is contradicted by nobody outside it.
    """
    earlier = earlier_acts(page, own)
    others = tuple(entry for entry in page.actors if entry.era != own.era)
    return Novelty(
        claimed=claimed,
        ledger=_answer(earlier, claimed=claimed and of_all, is_known_target=is_known_target),
        position=len(earlier) + 1,
        earlier=acts_of(earlier),
        other_eras=acts_of(others),
    )


def _answer(earlier: tuple[LedgerActor, ...], *, claimed: bool, is_known_target: bool) -> str:
    if earlier:
        before = listed(earlier)
        if claimed:
            return f"contradicted by {before}"
        return f"{ordinal(len(earlier) + 1)}, after {before}"
    if is_known_target:
        return "no earlier actor in this era"
    return "not enough known: nothing on record about this target"


def listed(acts: Iterable[LedgerActor]) -> str:
    named = [f"{act.name} on {act.date}" for act in sorted(acts, key=lambda act: (act.date, act.actor))]
    if len(named) > 3:
        return f"{', '.join(named[:3])} and {len(named) - 3} more"
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def ordinal(number: int) -> str:
    words = {1: "first", 2: "second", 3: "third"}
    if number in words:
        return words[number]
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def acts_of(entries: Iterable[LedgerActor]) -> tuple[Act, ...]:
    ordered = sorted(entries, key=lambda entry: (entry.date, entry.actor))
    return tuple(Act(actor=entry.actor, name=entry.name, date=entry.date, era=entry.era) for entry in ordered)


def _entry_order(entry: LedgerActor) -> tuple[str, str, str]:
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
    """The earliest days of both. What is left out now has so many before it that it would be left out in any order."""
    by_date: dict[str, ReportedDay] = {}
    for day in (*days_of(known), *days_of(act)):
        held = by_date.get(day.date, day)
        by_date[day.date] = ReportedDay(
            date=day.date,
            known_at=min(held.known_at, day.known_at),
            sources=tuple(sorted({*held.sources, *day.sources})[:DAY_SOURCES_KEPT]),
        )
    if len(by_date) == 1:
        return ()
    dates = sorted(by_date)
    of_months = list({date[:7]: date for date in reversed(dates)}.values())[::-1]
    return tuple(by_date[date] for date in sorted({*dates[:DAYS_KEPT], *of_months[:MONTHS_KEPT]}))
