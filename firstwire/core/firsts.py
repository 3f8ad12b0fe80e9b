"""The ledger of firsts: who did what to whom, when, in which era of the target. Order of arrival changes nothing.

Every fold is a union, a minimum or a maximum, so that reports may come late, twice, or in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from schemas.alert import Act, Novelty
from schemas.ledger import LedgerActor, LedgerPage

SOURCES_KEPT = 20
WHOLE_TIME = "all"
"""The era of a target that has none."""


class Era(msgspec.Struct, frozen=True, kw_only=True):
    """A span of days in which a target is one and the same. `until` is the first day after it; None: it goes on."""

    id: str
    since: str
    until: str | None = None


@dataclass(frozen=True)
class Seeds:
    """What the ledger is born with: known acts, and the eras of targets that have several."""

    pages: Mapping[tuple[str, str], LedgerPage] = field(default_factory=dict)
    eras: Mapping[str, tuple[Era, ...]] = field(default_factory=dict)

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
    """The key of a page, and of the events that write it: one partition sees all of them."""
    return f"{action}|{target}"


def with_act(page: LedgerPage, act: LedgerActor) -> LedgerPage:
    """The page with one more report folded in; the page itself if it says nothing new."""
    folded = {(entry.era, entry.actor): entry for entry in page.actors}
    known = folded.get((act.era, act.actor))
    merged = act if known is None else _merged(known, act)
    if merged == known:
        return page
    folded[act.era, act.actor] = merged
    ordered = sorted(folded.values(), key=lambda entry: (entry.era, entry.date, entry.actor))
    return msgspec.structs.replace(page, actors=tuple(ordered))


def merged_pages(first: LedgerPage, second: LedgerPage) -> LedgerPage:
    """Both pages' acts on one page."""
    for act in second.actors:
        first = with_act(first, act)
    return first


def known_act(page: LedgerPage, actor: str, era: str) -> LedgerActor | None:
    return next((entry for entry in page.actors if entry.actor == actor and entry.era == era), None)


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


def novelty_of(page: LedgerPage, own: LedgerActor, *, claimed: bool, seeds: Seeds) -> Novelty:
    """The three things that an alert states apart: the claim, the ledger's answer, and the rank by date of the act."""
    earlier = earlier_acts(page, own)
    others = tuple(entry for entry in page.actors if entry.era != own.era)
    known_target = page.target in seeds.eras or (page.action, page.target) in seeds.pages
    return Novelty(
        claimed=claimed,
        ledger=_answer(earlier, claimed=claimed, known_target=known_target),
        position=len(earlier) + 1,
        earlier=_acts(earlier),
        other_eras=_acts(others),
    )


def _answer(earlier: tuple[LedgerActor, ...], *, claimed: bool, known_target: bool) -> str:
    if earlier:
        before = _listed(earlier)
        if claimed:
            return f"contradicted by {before}"
        return f"{_ordinal(len(earlier) + 1)}, after {before}"
    if known_target:
        return "no earlier actor in this era"
    return "not enough known: nothing on record about this target"


def _listed(acts: Iterable[LedgerActor]) -> str:
    named = [f"{act.name} on {act.date}" for act in sorted(acts, key=lambda act: (act.date, act.actor))]
    if len(named) > 3:
        return f"{', '.join(named[:3])} and {len(named) - 3} more"
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _ordinal(number: int) -> str:
    words = {1: "first", 2: "second", 3: "third"}
    if number in words:
        return words[number]
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _acts(entries: Iterable[LedgerActor]) -> tuple[Act, ...]:
    ordered = sorted(entries, key=lambda entry: (entry.date, entry.actor))
    return tuple(Act(actor=entry.actor, name=entry.name, date=entry.date, era=entry.era) for entry in ordered)


def _merged(known: LedgerActor, act: LedgerActor) -> LedgerActor:
    return msgspec.structs.replace(
        known,
        name=min(known.name, act.name),
        kind=min(known.kind, act.kind),
        date=min(known.date, act.date),
        known_at=min(known.known_at, act.known_at),
        sources=tuple(sorted({*known.sources, *act.sources})[:SOURCES_KEPT]),
    )
