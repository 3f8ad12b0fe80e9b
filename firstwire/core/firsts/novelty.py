"""Novelty: the acts earlier than an alert's own, and the ledger's answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.alert import Act, LedgerAnswer, Novelty
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Date


def earlier_acts(page: LedgerPage, own: LedgerActor, known_by: str | None = None) -> tuple[LedgerActor, ...]:
    """Acts of others in the same era on an earlier day; with `known_by`, only those known at that time.

    Acts of one UTC day share a position: none of them is earlier.
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
    """The number of acts in an alert that became known only after `since`; each made a revision of the alert.

    `counts_all_earlier`: an alert of a first knew of no earlier act when it was raised, so that all of them came later,
    including one whose report was fetched before but processed after.
    """
    earlier = set(earlier_acts(page, own))
    return sum(
        1
        for entry in page.actors
        if (entry in earlier and (counts_all_earlier or entry.known_at > since))
        or (entry.era != own.era and entry.known_at > since)
    )


def novelty_of(
    page: LedgerPage, own: LedgerActor, *, claimed: bool, vouched_until: Date | None, of_all: bool = True
) -> Novelty:
    """What the text claims, what the ledger knows, and the rank by date of the act; not yet in words.

    `vouched_until`: see `vouching.vouched_until`. `of_all`: the claim is to be the first of all; a claim within a scope
    is not contradicted by acts outside it.
    """
    earlier = earlier_acts(page, own)
    others = tuple(entry for entry in page.actors if entry.era != own.era)
    return Novelty(
        claimed=claimed,
        answer=answer_of(earlier, is_claimed=claimed and of_all, is_vouched=vouched_until is not None),
        vouched_until=vouched_until,
        done_on=own.date,
        position=len(earlier) + 1,
        earlier=acts_of(earlier),
        other_eras=acts_of(others),
    )


def answer_of(earlier: Sequence[LedgerActor], *, is_claimed: bool, is_vouched: bool) -> LedgerAnswer:
    """The ledger's answer, given these earlier acts."""
    if earlier:
        return LedgerAnswer.CONTRADICTED if is_claimed else LedgerAnswer.EARLIER
    return LedgerAnswer.NO_EARLIER if is_vouched else LedgerAnswer.NOT_ENOUGH_KNOWN


def acts_of(entries: Iterable[LedgerActor]) -> tuple[Act, ...]:
    ordered = sorted(entries, key=lambda entry: (entry.date, entry.actor))
    return tuple(Act(actor=entry.actor, name=entry.name, date=entry.date, era=entry.era) for entry in ordered)
