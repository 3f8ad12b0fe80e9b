"""The current state of an alert: decided from all reports on it and the ledger's page, never from earlier decisions."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.core.alerts.fusion import (
    alert_of,
    day_of,
    first_supported_at,
    newest_of_each,
    supporting_revisions,
)
from firstwire.core.firsts.current_page import (
    corrections_in_force,
    current_page,
    page_of_days,
    retractions_of,
    retracts,
)
from firstwire.core.firsts.ledger import Seeds, known_act
from firstwire.core.firsts.novelty import earlier_acts, learned_later, novelty_of
from firstwire.core.firsts.phrases import with_words
from firstwire.core.firsts.scopes import scoped_novelties
from firstwire.core.rules.rulebook import EventRule
from schemas.alert import AlertLife, LedgerAnswer, Novelty, Removal, VerdictKind
from schemas.ledger import Correction, LedgerActor, LedgerPage
from schemas.record import Entity
from schemas.state import AlertMemory, Report

LAST_DAY = "9999-12-31"


@dataclass(frozen=True)
class AlertDecision:
    """The memory, with the alert in its current state if there is one, and the verdict on the newest report."""

    memory: AlertMemory
    verdict: VerdictKind
    reason: str


@dataclass(frozen=True)
class CurrentPage:
    """A ledger page: everything that was ever reported or corrected, and what of it holds now."""

    raw: LedgerPage
    current: LedgerPage
    corrections: int
    """How many corrections there ever were, also those outside the episode."""

    @classmethod
    def of(cls, raw: LedgerPage) -> CurrentPage:
        return cls(raw, current_page(raw), len(raw.corrections))

    def of_episode(self, memory: AlertMemory) -> CurrentPage:
        """The page for the alert of an episode: only those acts of its actor that fall into it."""
        episode = memory.episode
        if memory.actor is None or (episode.after is None and episode.until is None):
            return self
        raw = page_of_days(self.raw, memory.actor.id, memory.era, episode.after or "", episode.until or LAST_DAY)
        return CurrentPage(raw, current_page(raw), self.corrections)

    def removal(self, actor: str, era: str) -> Correction | None:
        """The correction or retraction that removed an actor's act; None if the act is still on the page."""
        if not self.raw.corrections or known_act(self.current, actor, era) is not None:
            return None
        by_hand = corrections_in_force(self.raw).get((era, actor))
        if by_hand is not None or known_act(self.raw, actor, era) is None:
            return by_hand
        return retractions_of(self.raw, actor, era)[-1]


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
    own: LedgerActor
    counted: tuple[Report, ...]
    """The reports that were not withdrawn by their outlets."""
    compared: Novelty
    """The act compared with those of others."""
    novelty: Novelty
    """The same, with whether the act was removed or redone."""
    removal: Correction | None
    """What removed the act, or the undoing before it."""
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
        counted = _counted(memory, page.raw)
        compared = _compared(memory, rule, page, own, counted, seeds)
        removed = page.removal(actor.id, memory.era) or _removal_of_undated(memory, page.raw, actor)
        novelty = _with_fate(compared, memory, removed, rejoined)
        self_denial = _self_denial(memory, rule, page.current, own) if rule.novelty == "first" else None
        removal = removed or rejoined
        return cls(remembered, memory, rule, page, own, counted, compared, novelty, removal, self_denial)

    def decision(self) -> AlertDecision:
        was_raised = self.memory.alert is not None
        held_back = None if was_raised else self._held_back()
        if held_back is not None:
            return AlertDecision(self.remembered, VerdictKind.HELD_BACK, held_back)
        alert = alert_of(
            self.memory,
            rule_version=self.rule.version,
            kind="first" if self.rule.novelty == "first" else "event",
            severity=self.rule.severity,
            tags=self.rule.tags,
            novelty=self.novelty,
            life="retracted" if self.removal is not None else self._life(),
            learned=self._learned(),
            shadow=self.rule.state == "shadow",
            counted=self.counted,
        )
        decided = msgspec.structs.replace(self.remembered, alert=alert)
        if was_raised:
            return AlertDecision(decided, VerdictKind.JOINED, f"joined alert {self.memory.alert_id}")
        return AlertDecision(decided, VerdictKind.RAISED, self.novelty.ledger)

    def _held_back(self) -> str | None:
        """Why no alert is raised; None if one is.

        Times are event times, so that the order of arrival does not matter.
        """
        since = first_supported_at(self.memory)
        if self.removal is not None and self.removal.made_at <= since:
            return self.novelty.ledger
        if self.rule.novelty != "first":
            return None
        if earlier_acts(self.page.current, self.own, known_by=since):
            return f"not the first: {self.compared.ledger}"
        if self.rule.is_about_any_action and not self.compared.claimed:
            return "nobody claims that it is the first"
        return self.self_denial

    def _life(self) -> AlertLife:
        is_first = self.rule.novelty == "first"
        if is_first and (earlier_acts(self.page.current, self.own) or self.self_denial is not None):
            return "corrected"
        since = first_supported_at(self.memory)
        learned = learned_later(self.page.current, self.own, since, counts_all_earlier=is_first)
        later = sum(1 for each in self.page.raw.corrections if each.made_at > since)
        later += sum(1 for each in self.memory.dissent if each.context.fetched_at > since)
        later += self.memory.episode.until is not None
        return "raised" if supporting_revisions(self.memory) + learned + later == 1 else "updated"

    def _learned(self) -> int:
        """Revisions besides the articles': acts of others learned later, and every correction.

        Acts that a correction removed still count: revision numbers never decrease.
        """
        reported = known_act(self.page.raw, self.own.actor, self.own.era) or self.own
        is_first = self.rule.novelty == "first"
        since = first_supported_at(self.memory)
        return learned_later(self.page.raw, reported, since, counts_all_earlier=is_first) + self.page.corrections


def act_of(actor: Entity, era: str, date: str, known_at: str, source: str | None) -> LedgerActor:
    """An act as one report states it."""
    return LedgerActor(
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        date=date,
        known_at=known_at,
        sources=(source,) if source else (),
    )


def _act_off_the_record(memory: AlertMemory, actor: Entity) -> LedgerActor:
    """An act that is not in the ledger because of its actor or status; it is still ranked against the ledger."""
    first = min(memory.reports, key=lambda each: (each.context.fetched_at, each.article_id))
    return act_of(
        actor, memory.era, (first.context.published_at or first.context.fetched_at)[:10], first.context.fetched_at, None
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
    seeds: Seeds,
) -> Novelty:
    claimed = any(_claims_first(rule, report) for report in counted)
    of_all = any(report.claims_first and report.ordinal_scope is None for report in counted)
    is_known = seeds.knows(page.raw)
    novelty = novelty_of(page.current, own, claimed=claimed, is_known_target=is_known, of_all=of_all)
    scopes = scoped_novelties(page.current, own, counted, seeds.groups, is_known_target=is_known)
    is_dated = known_act(page.current, own.actor, own.era) is not None or any(each.act_date for each in memory.reports)
    done_on = novelty.done_on if is_dated else None
    return with_words(msgspec.structs.replace(novelty, scopes=scopes, done_on=done_on), own.name)


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


def _counted(memory: AlertMemory, page: LedgerPage) -> tuple[Report, ...]:
    """The reports that their outlets have not withdrawn; all reports if none would be left."""
    actor = memory.subject.actor or ""
    if (memory.era, actor) in corrections_in_force(page):
        return memory.reports
    withdrawals = [each for each in retractions_of(page, actor, memory.era) if each.by == "outlet"]
    left = tuple(report for report in memory.reports if not any(_withdraws(each, report) for each in withdrawals))
    return left or memory.reports


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
