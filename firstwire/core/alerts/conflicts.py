"""What the sources of an alert disagree on, and its best supported status; order of arrival changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.alert import Conflict, Side
from schemas.state import Report

SETTLED = frozenset({"asserted", "negated"})
"""Outcomes of "may" and "will": a prospect reported before one of these is overtaken, and no disagreement."""

OUTLETS_NAMED = 10


def best_status(reports: Sequence[Report]) -> str | None:
    """The status with the most independent origins, then with the plainest report; facts supersede prospects."""
    groups = _by_status(_current(reports))
    if len(groups) == 1:
        return next(iter(groups))
    return min(groups, key=lambda status: (_support(groups[status]), status or "")) if groups else None


def conflicts_of(reports: Sequence[Report], dissent: Sequence[Report]) -> tuple[Conflict, ...]:
    """Disagreements among the reports and those that deny the act: on its status, on its day."""
    newest: dict[str, Report] = {}
    for report in (*reports, *dissent):  # an article that corrects itself is no disagreement
        held = newest.get(report.article_id)
        if held is None or held.context.fetched_at < report.context.fetched_at:
            newest[report.article_id] = report
    by_status = _by_status(_current(list(newest.values())))
    found = [_conflict("status", {status or "unknown": by_status[status] for status in by_status})]
    found.append(_conflict("date", _by_date(by_status.get(best_status(reports), []))))
    return tuple(conflict for conflict in found if conflict is not None)


def _current(reports: Sequence[Report]) -> list[Report]:
    """The reports without prospects that were published before the first report of the outcome."""
    settled = min((_reported_at(each) for each in reports if each.status in SETTLED), default=None)
    return [each for each in reports if settled is None or each.status in SETTLED or _reported_at(each) > settled]


def _reported_at(report: Report) -> tuple[str, str]:
    return (report.context.published_at or report.context.fetched_at, report.context.fetched_at)


def _by_status(reports: Iterable[Report]) -> dict[str | None, list[Report]]:
    groups: dict[str | None, list[Report]] = {}
    for report in reports:
        groups.setdefault(report.status, []).append(report)
    return groups


def _by_date(reports: Sequence[Report]) -> dict[str, list[Report]]:
    """Reports by the day they state. One without a day means that of publication, a conflict only if it is earlier."""
    named = [each for each in reports if each.act_date is not None and each.act_date != _published_on(each)]
    first = min((each.act_date or "" for each in named), default=None)
    if first is None:
        return {}
    groups: dict[str, list[Report]] = {}
    for report in reports:
        if report in named or (report.act_date is not None and report.act_date <= first):
            groups.setdefault(report.act_date or "", []).append(report)
    return groups


def _published_on(report: Report) -> str:
    return (report.context.published_at or report.context.fetched_at)[:10]


def _conflict(about: str, groups: dict[str, list[Report]]) -> Conflict | None:
    if len(groups) < 2:
        return None
    ordered = sorted(groups, key=lambda value: (_support(groups[value]), value))
    return Conflict(about=about, sides=tuple(_side(value, groups[value]) for value in ordered))  # type: ignore[arg-type]


def _side(value: str, reports: Sequence[Report]) -> Side:
    outlets = sorted({each.context.source for each in reports if each.context.source})
    return Side(says=value, outlets=tuple(outlets[:OUTLETS_NAMED]), origins=len(_origins(reports)))


def _support(reports: Sequence[Report]) -> tuple[int, int, str]:
    """Smaller is better: more origins, then the plainest words, then the earliest report."""
    earliest = min(each.context.fetched_at for each in reports)
    return (-len(_origins(reports)), -max(each.strength for each in reports), earliest)


def _origins(reports: Iterable[Report]) -> set[str]:
    return {each.context.origin_id for each in reports}
