"""Fusion: reports folded into what alerting remembers, and the alert made of it; order of arrival changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from firstwire.core.alerts.conflicts import best_status, conflicts_of
from firstwire.core.alerts.headlines import headline_of
from firstwire.core.text.digest import digest
from schemas.alert import Alert, AlertKind, AlertLife, Lead, Novelty, Severity, Subject, Times
from schemas.state import AlertMemory, Report

REPORTS_KEPT = 300
"""Reports an alert is folded from, the earliest first: enough for any story, and within one Kafka record."""

REPORTS_LIMIT_BYTES = 300_000
"""What an alert's reports may take together: a flood of long titles must not grow its memory over one Kafka record."""

DISSENT_TITLE = 200
DISSENT_KEPT = 20
"""Articles that say that the act did not happen, by id: which of them are kept must not hang on their revisions."""


def folded(memory: AlertMemory, report: Report) -> AlertMemory:
    """The memory with one more report."""
    return gathered(memory, [report], [contribution_of(report)])


def with_dissent(memory: AlertMemory, report: Report) -> AlertMemory:
    """The memory with an article that says that the act did not happen; only who says so."""
    context = msgspec.structs.replace(report.context, title=report.context.title[:DISSENT_TITLE], tags=())
    return gathered(memory, dissent=[msgspec.structs.replace(report, context=context, evidence=())])


def gathered(
    memory: AlertMemory,
    reports: Iterable[Report] = (),
    contributions: Iterable[str] = (),
    dissent: Iterable[Report] = (),
) -> AlertMemory:
    """The memory with more of what was heard: what the newest revisions say of each day, of all the earliest kept."""
    told = {_told(held): held for held in memory.reports}
    for report in reports:
        held = told.setdefault(_told(report), report)
        if held is not report:
            told[_told(report)] = _newer(held, report)
    kept = sorted(told.values(), key=lambda each: (each.context.fetched_at, *_told(each)))[:REPORTS_KEPT]
    spoke = sorted({*memory.contributions, *contributions}, key=lambda each: (_contributed_at(each), each))
    against = {_told(held): held for held in memory.dissent}
    for report in dissent:
        against[_told(report)] = max(against.get(_told(report), report), report, key=_age)
    first = sorted(against.values(), key=_told)[:DISSENT_KEPT]
    return msgspec.structs.replace(
        memory, reports=_affordable(kept), contributions=tuple(spoke[:REPORTS_KEPT]), dissent=tuple(first)
    )


def newest_of_each(memory: AlertMemory) -> AlertMemory:
    """The memory with only the newest of what each article says, whatever day it gives."""
    reports: dict[str, Report] = {}
    for report in memory.reports:
        held = reports.setdefault(report.article_id, report)
        reports[report.article_id] = _newer(held, report)
    dissent = {report.article_id: report for report in sorted(memory.dissent, key=_age)}
    kept = sorted(reports.values(), key=lambda each: (each.context.fetched_at, each.article_id))
    return msgspec.structs.replace(memory, reports=tuple(kept), dissent=tuple(dissent.values()))


def day_of(report: Report) -> str:
    """The day of the act, as a report gives it."""
    return report.act_date or report.context.published_at[:10]


def _told(report: Report) -> tuple[str, str]:
    """Revisions of one article may give an act several days, and an undoing may come between these."""
    return (report.article_id, report.act_date or "")


def _newer(held: Report, report: Report) -> Report:
    """The newer of two, with the claim of either: once made, it may be what an alert was raised for."""
    return msgspec.structs.replace(max(held, report, key=_age), claims_first=held.claims_first or report.claims_first)


def joined(memories: Sequence[AlertMemory]) -> AlertMemory:
    """Several memories of one thing made one: the first, with what the others heard."""
    first, *others = memories
    for other in others:
        first = gathered(first, other.reports, other.contributions, other.dissent)
    return first


def contribution_of(report: Report) -> str:
    """A revision of an article that spoke for an act, and the day that it gives."""
    return f"{report.article_id}@{report.context.fetched_at}@{report.act_date or ''}"


def contributed(contribution: str) -> tuple[str, str, str]:
    """Article, time of fetching, and day of the act."""
    article_id, fetched_at, act_date = contribution.rsplit("@", 2)
    return article_id, fetched_at, act_date


def spoken(memory: AlertMemory) -> int:
    """How many revisions of articles spoke for an act."""
    return len({contributed(each)[:2] for each in memory.contributions})


def _affordable(reports: list[Report]) -> tuple[Report, ...]:
    """The first reports that fit together: whatever is left out now would be left out in any order."""
    kept: list[Report] = []
    size = 0
    for report in reports:
        size += len(msgspec.json.encode(report))
        if kept and size > REPORTS_LIMIT_BYTES:
            break
        kept.append(report)
    return tuple(kept)


def _age(report: Report) -> tuple[str, int, str, bytes]:
    """The newest is the greatest; of one time the plainest; the rest makes the order total."""
    return (report.context.fetched_at, report.strength, report.context.title, msgspec.json.encode(report))


def _contributed_at(contribution: str) -> str:
    return contributed(contribution)[1]


def known_since(memory: AlertMemory) -> str:
    """When the first revision of any article that spoke for it was fetched."""
    return _contributed_at(memory.contributions[0])


def known_until(memory: AlertMemory) -> str:
    """When the newest of the revisions that are kept was fetched."""
    return _contributed_at(memory.contributions[-1])


def alert_of(
    memory: AlertMemory,
    *,
    rule_version: int,
    kind: AlertKind,
    severity: Severity,
    tags: tuple[str, ...],
    novelty: Novelty | None,
    life: AlertLife,
    learned: int = 0,
    shadow: bool = False,
    counted: tuple[Report, ...] | None = None,
) -> Alert:
    """The alert as reports make it: as all remembered make it, or as `counted` do where some count no more."""
    reports = memory.reports if counted is None else counted
    status = best_status(reports)
    # Of reports of that status the plainest: quoting another would contradict what the alert says
    best = min(
        (each for each in reports if each.status == status),
        key=lambda each: (-each.strength, each.context.fetched_at, each.article_id),
    )
    first_id, first_fetched_at, _ = contributed(memory.contributions[0])
    first = next((report for report in memory.reports if report.article_id == first_id), reports[0])
    return Alert(
        alert_id=memory.alert_id,
        revision=spoken(memory) + len(memory.dissent) + memory.episode.elsewhere + learned,
        rule_id=memory.rule_id,
        rule_version=rule_version,
        kind=kind,
        subject=memory.subject,
        state=life,
        severity=severity,
        headline=headline_of(memory.subject, memory.actor, memory.target, best.context.title, status),
        status=status,
        actor=memory.actor,
        target=memory.target,
        articles=tuple(report.article_id for report in reports),
        outlets=tuple(sorted({report.context.source for report in reports if report.context.source})),
        origins=tuple(sorted({report.context.origin_id for report in reports})),
        tags=tuple(sorted({tag for report in reports for tag in report.context.tags} | set(tags))),
        novelty=novelty,
        times=Times(published_at=first.context.published_at, fetched_at=first_fetched_at),
        evidence=best.evidence,
        lead=Lead(
            article_id=best.article_id,
            title=best.context.title,
            url=best.context.url,
            source=best.context.source,
        ),
        conflicts=conflicts_of(reports, memory.dissent),
        undone_on=memory.episode.until,
        shadow=shadow,
    )


def alert_id_of(rule_id: str, subject: Subject) -> str:
    return digest(
        "alert",
        rule_id,
        subject.story or "",
        subject.action or "",
        subject.actor or "",
        subject.target or "",
        subject.era or "",
    )
