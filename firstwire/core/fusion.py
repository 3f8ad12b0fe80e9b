"""Fusion: reports folded into what alerting remembers, and the alert made of it; order of arrival changes nothing."""

from __future__ import annotations

import msgspec

from firstwire.core.conflicts import best_status, conflicts_of
from firstwire.core.headlines import headline_of
from firstwire.core.stories.identity import digest
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
    """The memory with one more report: of one article the newest revision counts, of all the earliest are kept."""
    reports = {held.article_id: held for held in memory.reports}
    held = reports.get(report.article_id)
    if held is None:
        reports[report.article_id] = report
    else:  # a claim once made stays: it may be what the alert was raised for
        claimed = held.claims_first or report.claims_first
        reports[report.article_id] = msgspec.structs.replace(max(held, report, key=_age), claims_first=claimed)
    kept = sorted(reports.values(), key=lambda each: (each.context.fetched_at, each.article_id))[:REPORTS_KEPT]
    contributions = {*memory.contributions, f"{report.article_id}@{report.context.fetched_at}"}
    earliest = sorted(contributions, key=lambda each: (_contributed_at(each), each))[:REPORTS_KEPT]
    return msgspec.structs.replace(memory, reports=_affordable(kept), contributions=tuple(earliest))


def with_dissent(memory: AlertMemory, report: Report) -> AlertMemory:
    """The memory with an article that says that the act did not happen, in its newest revision; only who says so."""
    context = msgspec.structs.replace(report.context, title=report.context.title[:DISSENT_TITLE], tags=())
    report = msgspec.structs.replace(report, context=context, evidence=())
    dissent = {held.article_id: held for held in memory.dissent}
    dissent[report.article_id] = max(dissent.get(report.article_id, report), report, key=_age)
    first = sorted(dissent.values(), key=lambda each: each.article_id)[:DISSENT_KEPT]
    return msgspec.structs.replace(memory, dissent=tuple(first))


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
    return contribution.rpartition("@")[2]


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
) -> Alert:
    reports = memory.reports
    status = best_status(reports)
    # Of reports of that status the plainest: quoting another would contradict what the alert says
    best = min(
        (each for each in reports if each.status == status),
        key=lambda each: (-each.strength, each.context.fetched_at, each.article_id),
    )
    first_id, _, first_fetched_at = memory.contributions[0].rpartition("@")
    first = next((report for report in reports if report.article_id == first_id), reports[0])
    return Alert(
        alert_id=memory.alert_id,
        revision=len(memory.contributions) + len(memory.dissent) + learned,
        rule_id=memory.rule_id,
        rule_version=rule_version,
        kind=kind,
        subject=memory.subject,
        state=life,
        severity=severity,
        headline=headline_of(memory.subject, memory.actor, memory.target, best.context.title),
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
