"""Where the sources of an alert disagree, and which status is best supported; order of arrival changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schemas.alert import Conflict, Side
from schemas.state import Report

SETTLED = frozenset({"asserted", "negated"})
"""What "may" and "will" end in: a prospect told before one of these is overtaken, and no disagreement."""

OUTLETS_NAMED = 10


def best_status(reports: Sequence[Report]) -> str | None:
    """The status that the most independent origins give, then the plainest report; prospects give way to facts."""
    groups = _by_status(_current(reports))
    return min(groups, key=lambda status: (_support(groups[status]), status or "")) if groups else None


def conflicts_of(reports: Sequence[Report], dissent: Sequence[Report]) -> tuple[Conflict, ...]:
    """On what the reports, and those who say that it did not happen, disagree: status, day of the act."""
    newest: dict[str, Report] = {}
    for report in (*reports, *dissent):  # who corrects himself disagrees with nobody
        held = newest.get(report.article_id)
        if held is None or held.context.fetched_at < report.context.fetched_at:
            newest[report.article_id] = report
    said = _current(list(newest.values()))
    by_status = _by_status(said)
    found = [_conflict("status", {status or "unknown": by_status[status] for status in by_status})]
    found.append(_conflict("date", _by_date(by_status.get(best_status(reports), []))))
    return tuple(conflict for conflict in found if conflict is not None)


def _current(reports: Sequence[Report]) -> list[Report]:
    """Without prospects that were told before somebody said how it ended."""
    settled = min((_told_at(each) for each in reports if each.status in SETTLED), default=None)
    return [each for each in reports if settled is None or each.status in SETTLED or _told_at(each) > settled]


def _told_at(report: Report) -> tuple[str, str]:
    return (report.context.published_at, report.context.fetched_at)


def _by_status(reports: Iterable[Report]) -> dict[str | None, list[Report]]:
    groups: dict[str | None, list[Report]] = {}
    for report in reports:
        groups.setdefault(report.status, []).append(report)
    return groups


def _by_date(reports: Sequence[Report]) -> dict[str, list[Report]]:
    """Reports by the day they say. Who names no day means that of publication, and disagrees only if he was earlier."""
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
    return report.context.published_at[:10]


def _conflict(about: str, groups: dict[str, list[Report]]) -> Conflict | None:
    if len(groups) < 2:
        return None
    ordered = sorted(groups, key=lambda says: (_support(groups[says]), says))
    return Conflict(about=about, sides=tuple(_side(says, groups[says]) for says in ordered))  # type: ignore[arg-type]


def _side(says: str, reports: Sequence[Report]) -> Side:
    outlets = sorted({each.context.source for each in reports if each.context.source})
    return Side(says=says, outlets=tuple(outlets[:OUTLETS_NAMED]), origins=len(_origins(reports)))


def _support(reports: Sequence[Report]) -> tuple[int, int, str]:
    """The better the smaller: many origins, then the plainest words, then who was earliest."""
    earliest = min(each.context.fetched_at for each in reports)
    return (-len(_origins(reports)), -max(each.strength for each in reports), earliest)


def _origins(reports: Iterable[Report]) -> set[str]:
    return {each.context.origin_id for each in reports}
