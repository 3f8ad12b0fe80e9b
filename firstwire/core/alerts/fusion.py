"""Fusion: folds reports into the memory of an alert, and makes the alert from it, in any order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from firstwire.core.alerts.conflicts import best_status, conflicts_of
from firstwire.core.alerts.coverage import coverage_of
from firstwire.core.alerts.headlines import headline_of
from firstwire.core.text.digest import digest
from schemas.alert import Alert, AlertKind, AlertLife, Lead, Novelty, Severity, Subject, Times
from schemas.record import Certainty
from schemas.state import AlertMemory, Report, SupportingRevision

REPORTS_KEPT = 300
"""Reports kept per alert, the earliest first: enough for any story, and within one Kafka record."""

REPORTS_LIMIT_BYTES = 300_000
"""Total size of an alert's reports: even with a flood of long titles, its memory fits into one Kafka record."""

DISSENT_TITLE = 200
DISSENT_KEPT = 20
"""Articles that deny the act, chosen by id: which ones are kept must not depend on their revisions."""


def folded(memory: AlertMemory, report: Report) -> AlertMemory:
    """The memory with one more report."""
    return gathered(memory, [report], [_supporting(report)])


def with_dissent(memory: AlertMemory, report: Report) -> AlertMemory:
    """The memory with an article that denies the act, reduced to its source and a short title."""
    context = msgspec.structs.replace(report.context, title=report.context.title[:DISSENT_TITLE], tags=())
    return gathered(memory, dissent=[msgspec.structs.replace(report, context=context, evidence=())])


def gathered(
    memory: AlertMemory,
    reports: Iterable[Report] = (),
    supporting: Iterable[SupportingRevision] = (),
    dissent: Iterable[Report] = (),
) -> AlertMemory:
    """The memory with more reports: the newest revision for each article and day, the earliest of which are kept."""
    newest = {_article_and_day(held): held for held in memory.reports}
    for report in reports:
        held = newest.setdefault(_article_and_day(report), report)
        if held is not report:
            newest[_article_and_day(report)] = _newer(held, report)
    kept = sorted(newest.values(), key=lambda each: (each.context.fetched_at, *_article_and_day(each)))[:REPORTS_KEPT]
    support = sorted({*memory.supporting, *supporting}, key=_support_order)[:REPORTS_KEPT]
    against = {_article_and_day(held): held for held in memory.dissent}
    for report in dissent:
        against[_article_and_day(report)] = max(against.get(_article_and_day(report), report), report, key=_age)
    first = sorted(against.values(), key=_article_and_day)[:DISSENT_KEPT]
    return msgspec.structs.replace(memory, reports=_affordable(kept), supporting=tuple(support), dissent=tuple(first))


def newest_of_each(memory: AlertMemory) -> AlertMemory:
    """The memory with only the newest report of each article, whatever day it states."""
    reports: dict[str, Report] = {}
    for report in memory.reports:
        held = reports.setdefault(report.article_id, report)
        reports[report.article_id] = _newer(held, report)
    dissent = {report.article_id: report for report in sorted(memory.dissent, key=_age)}
    kept = sorted(reports.values(), key=lambda each: (each.context.fetched_at, each.article_id))
    return msgspec.structs.replace(memory, reports=tuple(kept), dissent=tuple(dissent.values()))


def day_of(report: Report) -> str:
    """The day of the act: as the report states it, else its day of publication or, if that is unknown, of fetching."""
    return report.act_date or (report.context.published_at or report.context.fetched_at)[:10]


def _article_and_day(report: Report) -> tuple[str, str]:
    """Revisions of one article may state several days, and an undoing may fall between them."""
    return (report.article_id, report.act_date or "")


def _newer(held: Report, report: Report) -> Report:
    """The newer of two, with the claim and the certainty of either: an alert may have been raised because of them."""
    return msgspec.structs.replace(
        max(held, report, key=_age),
        claims_first=held.claims_first or report.claims_first,
        certainty="sure" if "sure" in (held.certainty, report.certainty) else "unsure",
    )


def joined(memories: Sequence[AlertMemory]) -> AlertMemory:
    """Several memories of one subject merged: the first, with the reports of the others."""
    first, *others = memories
    for other in others:
        first = gathered(first, other.reports, other.supporting, other.dissent)
    return first


def supporting_revisions(memory: AlertMemory) -> int:
    """The number of article revisions that support an alert; one that states several days counts once."""
    return len({(each.article_id, each.fetched_at) for each in memory.supporting})


def last_supported_at(memory: AlertMemory) -> str:
    """When the newest supporting revision that is kept was fetched."""
    return memory.supporting[-1].fetched_at


def _supporting(report: Report) -> SupportingRevision:
    context = report.context
    return SupportingRevision(
        article_id=report.article_id,
        fetched_at=context.fetched_at,
        act_date=report.act_date,
        published_at=context.published_at,
        origin_id=context.origin_id,
        source=context.source,
        certainty=report.certainty,
    )


def _support_order(revision: SupportingRevision) -> tuple[str, ...]:
    """By time; the rest makes the order total."""
    return (
        revision.fetched_at,
        revision.article_id,
        revision.act_date or "",
        revision.certainty,
        revision.published_at or "",
        revision.origin_id,
        revision.source or "",
    )


def _affordable(reports: list[Report]) -> tuple[Report, ...]:
    """The first reports that fit: a report left out now would be left out in any order of arrival."""
    kept: list[Report] = []
    size = 0
    for report in reports:
        size += len(msgspec.json.encode(report))
        if kept and size > REPORTS_LIMIT_BYTES:
            break
        kept.append(report)
    return tuple(kept)


def _age(report: Report) -> tuple[str, int, str, bytes]:
    """The newest report is the greatest; at one time, the plainest; the rest makes the order total."""
    return (report.context.fetched_at, report.strength, report.context.title, msgspec.json.encode(report))


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
    retold: tuple[Report, ...] = (),
    certainty: Certainty | None = None,
) -> Alert:
    """The alert made of all remembered reports, or only of those `counted`; `retold` are named, but no origins."""
    reports = memory.reports if counted is None else counted
    named = sorted((*reports, *retold), key=lambda each: (each.context.fetched_at, each.article_id))
    status = best_status(reports)
    # The plainest report of that status: quoting one of another status would contradict the alert
    best = min(
        (each for each in reports if each.status == status),
        key=lambda each: (-each.strength, each.context.fetched_at, each.article_id),
    )
    earliest = memory.supporting[0]
    first = next((report for report in memory.reports if report.article_id == earliest.article_id), reports[0])
    return Alert(
        alert_id=memory.alert_id,
        revision=supporting_revisions(memory) + len(memory.dissent) + memory.episode.elsewhere + learned,
        rule_id=memory.rule_id,
        rule_version=rule_version,
        kind=kind,
        subject=memory.subject,
        state=life,
        severity=severity,
        headline=headline_of(memory.subject, memory.actor, memory.target, best.context.title, status),
        status=status,
        certainty=certainty,
        actor=memory.actor,
        target=memory.target,
        articles=tuple(report.article_id for report in named),
        coverage=coverage_of(named),
        outlets=tuple(sorted({report.context.source for report in named if report.context.source})),
        origins=tuple(sorted({report.context.origin_id for report in reports})),
        tags=tuple(sorted({tag for report in reports for tag in report.context.tags} | set(tags))),
        novelty=novelty,
        times=Times(published_at=first.context.published_at, fetched_at=earliest.fetched_at),
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
    """The id of the alert on a subject under a rule, 32 hexadecimal characters.

    A later episode is hashed as a number after the era, as version 1 of the record had it, so that ids stay the same.
    """
    era = subject.era or ""
    return digest(
        "alert",
        rule_id,
        subject.story or "",
        subject.action or "",
        subject.actor or "",
        subject.target or "",
        era if subject.episode == 1 else f"{era}, {subject.episode}",
    )
