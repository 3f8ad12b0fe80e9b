"""Firsts within a scope: what the ledger knows of "the first Arab country", "the first since 1994"."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from firstwire.core.firsts.groups import Groups
from firstwire.core.firsts.ledger import acts_of, earlier_acts, listed, ordinal
from schemas.alert import ScopedNovelty
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Date
from schemas.state import Report

SCOPES_KEPT = 5
"""Scopes that are told of one alert: more than its readers want."""
SCOPE_CHARACTERS = 80

_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_YEARS = re.compile(r"(?:in|for)\b.*?\b(\w+)\s+(year|decade|centur)(?:s|y|ies)?$")
_NUMBERS = {
    "a": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_UNITS = {"year": 1, "decade": 10, "centur": 100}


def scoped_novelties(
    page: LedgerPage, own: LedgerActor, reports: Iterable[Report], groups: Groups, *, is_known_target: bool
) -> tuple[ScopedNovelty, ...]:
    """What the ledger knows within each scope that the reports name, a group under its several names once."""
    claims: dict[str, Report] = {}
    for report in reports:
        if report.ordinal_scope is None:
            continue
        group = groups.called(_who(report))
        key = f"1 {group.id} {report.ordinal_since or ''}" if group is not None else f"2 {report.ordinal_scope}"
        claims[key] = min(claims.get(key, report), report, key=_plain)  # what is known comes first
    return tuple(
        _scoped(page, own, claims[key], groups, is_known_target=is_known_target) for key in sorted(claims)[:SCOPES_KEPT]
    )


def counted_from(since: str, done_on: Date) -> Date | None:
    """The day up to which acts do not count, of "since Ethiopia in 2009", "in 20 years"; None: not to be known."""
    if (year := _YEAR.search(since)) is not None:
        return f"{year[0]}-12-31"
    if (span := _YEARS.match(since)) is not None:
        number = int(span[1]) if span[1].isdigit() else _NUMBERS.get(span[1])
        if number is not None and int(done_on[:4]) > number * _UNITS[span[2]]:
            return f"{int(done_on[:4]) - number * _UNITS[span[2]]:04}{done_on[4:]}"
    return None


def _who(report: Report) -> str:
    """The scope without the time: "Arab since 1994" is of Arab countries."""
    return (report.ordinal_scope or "").removesuffix(report.ordinal_since or "").strip()


def _plain(report: Report) -> tuple[int, str]:
    return (report.ordinal or 0, report.ordinal_scope or "")


def _scoped(
    page: LedgerPage, own: LedgerActor, report: Report, groups: Groups, *, is_known_target: bool
) -> ScopedNovelty:
    who, since, claimed = _who(report), report.ordinal_since, report.ordinal
    scope = report.ordinal_scope or ""
    group = groups.called(who)
    known = ScopedNovelty(scope=scope, group=group.id if group is not None else None, claimed=claimed, ledger="")
    if who and group is None:
        return _told(known, f"{scope[:SCOPE_CHARACTERS]}: not enough known, no group of that name")
    if group is not None and not group.has(own.actor, own.date):
        return _told(known, f"{group.member}: not enough known, {own.name} is not listed as one on {own.date}")
    after = counted_from(since, own.date) if since is not None else ""
    if after is None:
        return _told(known, f"{scope[:SCOPE_CHARACTERS]}: not enough known, no day is known for that")
    earlier = tuple(
        act for act in earlier_acts(page, own) if act.date > after and (group is None or group.has(act.actor, act.date))
    )
    position = len(earlier) + 1
    named = " ".join(filter(None, (group.member if group is not None else "", (since or "")[:SCOPE_CHARACTERS])))
    if earlier:
        contradicted = "contradicted: " if claimed is not None and claimed < position else ""
        says = f"{contradicted}{ordinal(position)} {named}, after {listed(earlier)}"
    elif is_known_target:
        says = f"first {named}: no earlier one known"
    else:
        says = f"{named}: not enough known, nothing on record about this target"
    return msgspec.structs.replace(_told(known, says), position=position, earlier=acts_of(earlier))


def _told(novelty: ScopedNovelty, says: str) -> ScopedNovelty:
    return msgspec.structs.replace(novelty, ledger=says)
