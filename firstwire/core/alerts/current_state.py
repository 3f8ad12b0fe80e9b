"""The current state of an alert: decided from all reports on it and the ledger's page, never from earlier decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from firstwire.core.alerts.fusion import alert_of, day_of, newest_of_each
from firstwire.core.alerts.support import Support, support_of
from firstwire.core.firsts.current_page import (
    confirmed_days,
    corrections_in_force,
    current_page,
    days_known,
    page_of_days,
    retractions_of,
    retracts,
)
from firstwire.core.firsts.ledger import Seeds, days_of, known_act
from firstwire.core.firsts.novelty import earlier_acts, learned_later, novelty_of
from firstwire.core.firsts.phrases import with_words
from firstwire.core.firsts.scopes import scoped_novelties
from firstwire.core.firsts.vouching import vouched_until
from firstwire.core.rules.rulebook import EventRule
from schemas.alert import AlertLife, LedgerAnswer, Novelty, Removal, VerdictKind
from schemas.ledger import Correction, LedgerActor, LedgerPage, ReportedDay, Reporting
from schemas.record import Date, Entity
from schemas.state import AlertMemory, Report, SupportingRevision

LAST_DAY = "9999-12-31"


@dataclass(frozen=True)
class AlertDecision:
    """The memory, with the alert in its current state if there is one, and the verdict on the newest report."""

    memory: AlertMemory
    verdict: VerdictKind
    reason: str
    known_since: Mapping[SupportingRevision, Date]
    """Revisions that retell what was on record, with the day of the act."""


@dataclass(frozen=True)
class CurrentPage:
    """A ledger page: everything that was ever reported or corrected, and what of it holds now."""

    raw: LedgerPage
    current: LedgerPage
    reported: LedgerPage
    """What would hold now without corrections, denials and withdrawals."""
    corrections: int
    """How many corrections there ever were, also those outside the episode."""

    @classmethod
    def of(cls, raw: LedgerPage, corrections: int | None = None) -> CurrentPage:
        current = current_page(raw)
        reported = current_page(msgspec.structs.replace(raw, corrections=())) if raw.corrections else current
        return cls(raw, current, reported, len(raw.corrections) if corrections is None else corrections)

    def of_episode(self, memory: AlertMemory) -> CurrentPage:
        """The page for the alert of an episode: only those acts of its actor that fall into it."""
        episode = memory.episode
        if memory.actor is None or (episode.after is None and episode.until is None):
            return self
        raw = page_of_days(self.raw, memory.actor.id, memory.era, episode.after or "", episode.until or LAST_DAY)
        return CurrentPage.of(raw, self.corrections)

    def removal(self, actor: str, era: str) -> Correction | None:
        """The correction or retraction that removed an actor's act; None if the act is still on the page."""
        if not self.raw.corrections or known_act(self.current, actor, era) is not None:
            return None
        by_hand = corrections_in_force(self.raw).get((era, actor))
        reported = known_act(self.raw, actor, era)
        if by_hand is not None or reported is None:
            return by_hand
        retractions = retractions_of(self.raw, actor, era)
        return retractions[-1] if retractions and confirmed_days(days_of(reported)) else None


def current_state(
    memory: AlertMemory, rule: EventRule, page: CurrentPage, seeds: Seeds, rejoined: Correction | None = None
) -> AlertDecision:
    """Decide whether there is an alert, and its state.

    `rejoined` is the correction that removed the undoing before this episode, if any.
    """
    return _Case.of(memory, rule, page, seeds, rejoined).decision()


@dataclass(frozen=True)
class _Case:
    """Everything that a decision depends on."""

    remembered: AlertMemory
    memory: AlertMemory
    """The same with only the newest report of each article."""
    rule: EventRule
    page: CurrentPage
    seeds: Seeds
    own: LedgerActor
    support: Support
    counted: tuple[Report, ...]
    """The reports that their outlets have not withdrawn and that do not retell what was on record."""
    retold: tuple[Report, ...]
    compared: Novelty
    """The act compared with those of others."""
    novelty: Novelty
    """The same, with whether the act was removed or redone."""
    removal: Correction | None
    """What removed the act, the undoing before it, or the reports without which too few are left."""
    self_denial: str | None
    """Why the act is no first by its own reports."""

    @classmethod
    def of(
        cls, remembered: AlertMemory, rule: EventRule, page: CurrentPage, seeds: Seeds, rejoined: Correction | None
    ) -> _Case:
        actor = remembered.actor
        assert actor is not None
        memory = newest_of_each(remembered)
        page = page.of_episode(memory)
        own = known_act(page.current, actor.id, memory.era) or _act_off_the_record(memory, actor)
        withdrawals = _withdrawals(memory, page.raw)
        support = support_of(remembered, rule, days_known(page.raw, actor.id, memory.era), withdrawals)
        counted, retold = _counted(memory, support, withdrawals)
        removed = page.removal(actor.id, memory.era) or _removal_of_undated(memory, page.raw, actor)
        if removed is None and support.raised_at is not None and not support.is_enough and withdrawals:
            removed = withdrawals[-1]
        compared = _compared(memory, rule, page, own, counted, support, seeds)
        novelty = _with_fate(compared, memory, removed, rejoined)
        self_denial = _self_denial(memory, rule, page.current, own) if rule.novelty == "first" else None
        return cls(
            remembered, memory, rule, page, seeds, own, support, counted, retold, compared, novelty,
            removed or rejoined, self_denial,
        )  # fmt: skip

    def decision(self) -> AlertDecision:
        before = self.memory.alert
        was_raised = before is not None
        # An alert of before there was certainty was raised by another measure, and keeps it
        has_own_measure = before is not None and before.certainty is None
        held_back = None if has_own_measure else self._held_back()
        if held_back is not None and not was_raised:
            return AlertDecision(self.remembered, VerdictKind.HELD_BACK, held_back, self.support.known_since)
        alert = alert_of(
            self.memory,
            rule_version=self.rule.version,
            kind="first" if self.rule.novelty == "first" else "event",
            severity=self.rule.severity,
            tags=self.rule.tags,
            novelty=self.novelty,
            life="retracted" if self.removal is not None else self._life(held_back),
            learned=self._learned(),
            shadow=self.rule.state == "shadow",
            counted=self.counted,
            retold=self.retold,
            certainty=None if has_own_measure else self.support.certainty,
        )
        decided = msgspec.structs.replace(self.remembered, alert=alert)
        if was_raised:
            reason = f"joined alert {self.memory.alert_id}"
            return AlertDecision(decided, VerdictKind.JOINED, reason, self.support.known_since)
        return AlertDecision(decided, VerdictKind.RAISED, self.novelty.ledger, self.support.known_since)

    def _held_back(self) -> str | None:
        """Why no alert is raised; None if one is.

        Times are event times, so that the order of arrival does not matter.
        """
        since = self._raised_at()
        if self.removal is not None and (since is None or self.removal.made_at <= since):
            return self.novelty.ledger
        if since is None:
            return self.support.waits_for
        if self.rule.novelty != "first":
            return None
        if earlier_acts(self.page.current, self.own, known_by=since):
            return f"not the first: {self.compared.ledger}"
        if self.compared.claimed or (self._is_vouched(since) and not self.rule.is_about_any_action):
            return self.self_denial
        if self.rule.is_about_any_action:
            return "nobody claims that it is the first"
        # A rank within a scope says more than the absence of a claim
        return self.self_denial or f"nobody says first, and the ledger does not know enough: {self.compared.ledger}"

    def _raised_at(self) -> str | None:
        """When there was enough support, and for a first a claim or a page that was vouched for."""
        since = self.support.raised_at
        if since is None or self.rule.novelty != "first" or self._is_vouched(since):
            return since
        claims = [each.context.fetched_at for each in self.counted if _claims_first(self.rule, each)]
        return max(since, min(claims)) if claims else since

    def _is_vouched(self, since: str) -> bool:
        """Whether the page was vouched for by then, so that an act without an earlier one was known to be the first."""
        return vouched_until(self.page.raw, self.own.date, self.seeds.vouched_days, known_by=since) is not None

    def _life(self, held_back: str | None) -> AlertLife:
        is_first = self.rule.novelty == "first"
        if held_back is not None:  # raised before what would have held it back arrived
            return "corrected"
        if is_first and (earlier_acts(self.page.current, self.own) or self.self_denial is not None):
            return "corrected"
        since = self._raised_at() or ""
        learned = learned_later(self.page.current, self.own, since, counts_all_earlier=is_first)
        later = sum(1 for each in self.page.raw.corrections if each.made_at > since)
        later += sum(1 for each in self.memory.dissent if each.context.fetched_at > since)
        later += self.memory.episode.until is not None
        return "raised" if self.support.later + learned + later == 0 else "updated"

    def _learned(self) -> int:
        """Revisions besides the articles': acts of others learned later, and every correction.

        Acts that a correction removed still count: revision numbers never decrease.
        """
        reported = known_act(self.page.reported, self.own.actor, self.own.era) or self.own
        is_first = self.rule.novelty == "first"
        since = self.memory.supporting[0].fetched_at
        return learned_later(self.page.reported, reported, since, counts_all_earlier=is_first) + self.page.corrections


def act_of(actor: Entity, era: str, date: Date, report: Reporting) -> LedgerActor:
    """An act as one report states it."""
    sources = (report.source,) if report.source else ()
    return LedgerActor(
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        date=date,
        known_at=report.known_at,
        sources=sources,
        days=(ReportedDay(date=date, known_at=report.known_at, sources=sources, reports=(report,)),),
    )


def _act_off_the_record(memory: AlertMemory, actor: Entity) -> LedgerActor:
    """An act that is not in the ledger (its actor, its status, too few reports); it is still ranked against it."""
    first = min(memory.reports, key=lambda each: (each.context.fetched_at, each.article_id))
    return LedgerActor(
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=memory.era,
        date=(first.context.published_at or first.context.fetched_at)[:10],
        known_at=first.context.fetched_at,
    )


def _removal_of_undated(memory: AlertMemory, page: LedgerPage, actor: Entity) -> Correction | None:
    """What removed an act that is not in the ledger because no report says its day; None if a report is left."""
    undated = [report for report in memory.reports if report.act_date is None and report.status == "asserted"]
    if not undated or known_act(page, actor.id, memory.era) is not None:
        return None
    retractions = retractions_of(page, actor.id, memory.era)
    for report in undated:
        if not any(_retracts(each, report) for each in retractions):
            return None
    return retractions[-1]


def _retracts(retraction: Correction, report: Report) -> bool:
    if retraction.by == "outlet":
        return _withdraws(retraction, report)
    return retracts(retraction, day_of(report), report.context.fetched_at)


def _compared(
    memory: AlertMemory,
    rule: EventRule,
    page: CurrentPage,
    own: LedgerActor,
    counted: tuple[Report, ...],
    support: Support,
    seeds: Seeds,
) -> Novelty:
    claimed = any(_claims_first(rule, report) for report in counted)
    of_all = any(report.claims_first and report.ordinal_scope is None for report in counted)
    vouched = vouched_until(page.raw, own.date, seeds.vouched_days)
    novelty = novelty_of(page.current, own, claimed=claimed, vouched_until=vouched, of_all=of_all)
    scopes = scoped_novelties(page.current, own, counted, seeds.groups, is_vouched=vouched is not None)
    is_retold = len(support.known_since) == len(memory.supporting)
    known_since = min(support.known_since.values(), default=None) if is_retold else None
    is_dated = known_act(page.current, own.actor, own.era) is not None or any(each.act_date for each in memory.reports)
    done_on = novelty.done_on if is_dated else None
    novelty = msgspec.structs.replace(novelty, scopes=scopes, known_since=known_since, done_on=done_on)
    return with_words(novelty, own.name)


def _with_fate(
    compared: Novelty, memory: AlertMemory, removed: Correction | None, rejoined: Correction | None
) -> Novelty:
    """The answer with the fate of the act: removed, or done again after an undoing."""
    assert memory.actor is not None
    if removed is None and rejoined is None and memory.episode.after is None:
        return compared
    changes: dict[str, object] = {"redone_after": memory.episode.after}
    if removed is not None:
        changes |= {"answer": LedgerAnswer.REMOVED, "removal": _removal(removed)}
    elif rejoined is not None:
        changes |= {"answer": LedgerAnswer.NOTHING_NEW, "removal": _removal(rejoined)}
    return with_words(msgspec.structs.replace(compared, **changes), memory.actor.name)


def _removal(correction: Correction) -> Removal:
    return Removal(by=correction.by, name=correction.name, source=correction.source)


def _withdrawals(memory: AlertMemory, page: LedgerPage) -> list[Correction]:
    """Withdrawals by outlets of their reports of the act, the oldest first; none after a correction by hand."""
    actor = memory.subject.actor or ""
    if (memory.era, actor) in corrections_in_force(page):
        return []
    return [each for each in retractions_of(page, actor, memory.era) if each.by == "outlet"]


def _counted(
    memory: AlertMemory, support: Support, withdrawals: Sequence[Correction]
) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
    """The reports that count, and those that retell what was on record. All count if none would be left."""
    news = {(each.article_id, each.fetched_at) for each in memory.supporting if each not in support.known_since}
    late = {(each.article_id, each.fetched_at) for each in support.known_since} - news
    retold = tuple(each for each in memory.reports if (each.article_id, each.context.fetched_at) in late)
    told = tuple(each for each in memory.reports if each not in retold)
    left = tuple(report for report in told if not any(_withdraws(each, report) for each in withdrawals))
    if left:
        return left, retold
    return (told, retold) if told else (memory.reports, ())


def _withdraws(withdrawal: Correction, report: Report) -> bool:
    is_same = withdrawal.source == report.context.source
    return is_same and retracts(withdrawal, day_of(report), report.context.fetched_at)


def _claims_first(rule: EventRule, report: Report) -> bool:
    """Whether a report claims a first; for a rule about one action, "first Arab country" is no such claim."""
    return report.claims_first and (rule.is_about_any_action or report.ordinal_scope is None)


def _self_denial(memory: AlertMemory, rule: EventRule, page: LedgerPage, own: LedgerActor) -> str | None:
    """Why the act is no first by its own reports, though the ledger knows of no earlier one; None if it may be a first.

    It is a first once the reports fetched up to some time stop denying it and the ledger knew of none earlier by then.
    """
    denial: str | None = None
    for number, report in enumerate(memory.reports, start=1):
        if earlier_acts(page, own, known_by=report.context.fetched_at):
            break
        so_far = memory.reports[:number]
        if any(_claims_first(rule, each) for each in so_far):
            return None
        ranked = next((each for each in so_far if (each.ordinal or 0) > 1 or each.ordinal_scope is not None), None)
        if ranked is None:
            return None
        if ranked.ordinal_scope is not None:
            denial = f"the text claims a first within a scope only: {ranked.ordinal_scope}"
        else:
            denial = f"the text itself counts it as number {ranked.ordinal}"
    return denial
