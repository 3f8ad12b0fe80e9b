"""Firsts within a scope: the ledger's answers on "the first Arab country", "the first since 1994"."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from firstwire.core.firsts.groups import Group, Groups
from firstwire.core.firsts.novelty import acts_of, answer_of, earlier_acts
from firstwire.core.firsts.phrases import with_scope_words
from schemas.alert import LedgerAnswer, ScopedNovelty, Unknown
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Date
from schemas.state import Report

SCOPES_KEPT = 5
"""Scopes answered per alert: more than readers want."""

_YEAR_NAMED = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_SPAN_OF_YEARS = re.compile(r"(?:in|for)\b.*?\b(\w+)\s+(year|decade|centur)(?:s|y|ies)?$")
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
    page: LedgerPage, own: LedgerActor, reports: Iterable[Report], groups: Groups, *, is_vouched: bool
) -> tuple[ScopedNovelty, ...]:
    """The ledger's answer for each scope in the reports; a group with several names is answered once."""
    claims: dict[str, Report] = {}
    for report in reports:
        if report.ordinal_scope is None:
            continue
        group = groups.called(_who(report))
        key = f"1 {group.id} {report.ordinal_since or ''}" if group is not None else f"2 {report.ordinal_scope}"
        claims[key] = min(claims.get(key, report), report, key=_plain)  # keys make known groups sort first
    return tuple(_scoped(page, own, claims[key], groups, is_vouched=is_vouched) for key in sorted(claims)[:SCOPES_KEPT])


def counted_from(since: str, done_on: Date) -> Date | None:
    """The day up to which acts do not count, from "since Ethiopia in 2009", "in 20 years"; None if it is unknown."""
    if (year := _YEAR_NAMED.search(since)) is not None:
        return f"{year[0]}-12-31"
    if (span := _SPAN_OF_YEARS.match(since)) is not None:
        number = int(span[1]) if span[1].isdigit() else _NUMBERS.get(span[1])
        if number is not None and int(done_on[:4]) > number * _UNITS[span[2]]:
            return f"{int(done_on[:4]) - number * _UNITS[span[2]]:04}{done_on[4:]}"
    return None


def _who(report: Report) -> str:
    """The scope without its time: "Arab" of "Arab since 1994"."""
    return (report.ordinal_scope or "").removesuffix(report.ordinal_since or "").strip()


def _plain(report: Report) -> tuple[int, str]:
    return (report.ordinal or 0, report.ordinal_scope or "")


def _scoped(page: LedgerPage, own: LedgerActor, report: Report, groups: Groups, *, is_vouched: bool) -> ScopedNovelty:
    who, since = _who(report), report.ordinal_since
    group = groups.called(who)
    unanswered = ScopedNovelty(
        scope=report.ordinal_scope or "",
        group=group.id if group is not None else None,
        member=group.member if group is not None else None,
        claimed=report.ordinal,
        since=since,
    )
    answered = _answered(unanswered, page, own, group, who, is_vouched=is_vouched)
    return with_scope_words(answered, own.name, own.date)


def _answered(
    scoped: ScopedNovelty, page: LedgerPage, own: LedgerActor, group: Group | None, who: str, *, is_vouched: bool
) -> ScopedNovelty:
    if who and group is None:
        return msgspec.structs.replace(scoped, unknown=Unknown.GROUP)
    if group is not None and not group.has(own.actor, own.date):
        return msgspec.structs.replace(scoped, unknown=Unknown.MEMBERSHIP)
    after = counted_from(scoped.since, own.date) if scoped.since is not None else ""
    if after is None:
        return msgspec.structs.replace(scoped, unknown=Unknown.SINCE)
    earlier = tuple(
        act for act in earlier_acts(page, own) if act.date > after and (group is None or group.has(act.actor, act.date))
    )
    position = len(earlier) + 1
    is_claimed = scoped.claimed is not None and scoped.claimed < position
    answer = answer_of(earlier, is_claimed=is_claimed, is_vouched=is_vouched)
    return msgspec.structs.replace(
        scoped,
        answer=answer,
        unknown=Unknown.TARGET if answer is LedgerAnswer.NOT_ENOUGH_KNOWN else None,
        vouched=is_vouched,
        position=position,
        earlier=acts_of(earlier),
    )
