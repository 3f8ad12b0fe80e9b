"""Firsts within a scope: what the ledger knows of "the first Arab country", beside the rank among all."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.firsts import acts_of, earlier_acts, listed, ordinal
from firstwire.core.groups import Group, Groups
from schemas.alert import ScopedNovelty
from schemas.ledger import LedgerActor, LedgerPage
from schemas.state import Report

SCOPES_KEPT = 5
"""Scopes that are told of one alert: more than its readers want."""
SCOPE_CHARACTERS = 80


def scoped_novelties(
    page: LedgerPage, own: LedgerActor, reports: Iterable[Report], groups: Groups, *, is_known_target: bool
) -> tuple[ScopedNovelty, ...]:
    """What the ledger knows within each scope that the reports name, a group under its several names once."""
    claims: dict[str, tuple[str, int | None]] = {}
    for report in reports:
        if report.ordinal_scope is None:
            continue
        group = groups.called(report.ordinal_scope)
        key = f"1 {group.id}" if group is not None else f"2 {report.ordinal_scope}"  # what is known comes first
        told = (report.ordinal_scope, report.ordinal)
        claims[key] = min(claims.get(key, told), told, key=_plain)
    return tuple(
        _scoped(page, own, *claims[key], groups.called(claims[key][0]), is_known_target=is_known_target)
        for key in sorted(claims)[:SCOPES_KEPT]
    )


def _plain(told: tuple[str, int | None]) -> tuple[int, str]:
    return (told[1] or 0, told[0])


def _scoped(
    page: LedgerPage,
    own: LedgerActor,
    scope: str,
    claimed: int | None,
    group: Group | None,
    *,
    is_known_target: bool,
) -> ScopedNovelty:
    if group is None:
        says = f"{scope[:SCOPE_CHARACTERS]}: not enough known, no group of that name"
        return ScopedNovelty(scope=scope, claimed=claimed, ledger=says)
    if not group.has(own.actor, own.date):
        says = f"{group.member}: not enough known, {own.name} is not listed as one on {own.date}"
        return ScopedNovelty(scope=scope, group=group.id, claimed=claimed, ledger=says)
    earlier = tuple(act for act in earlier_acts(page, own) if group.has(act.actor, act.date))
    position = len(earlier) + 1
    if earlier:
        contradicted = "contradicted: " if claimed is not None and claimed < position else ""
        says = f"{contradicted}{ordinal(position)} {group.member}, after {listed(earlier)}"
    elif is_known_target:
        says = f"first {group.member}: no earlier one known"
    else:
        says = f"{group.member}: not enough known, nothing on record about this target"
    return ScopedNovelty(
        scope=scope, group=group.id, claimed=claimed, ledger=says, position=position, earlier=acts_of(earlier)
    )
