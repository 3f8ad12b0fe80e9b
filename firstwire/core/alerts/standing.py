"""How an alert stands: judged from all reports on it and the ledger's page, never from what was decided before."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.core.alerts.fusion import alert_of, day_of, known_since, newest_of_each, spoken
from firstwire.core.firsts.ledger import (
    Seeds,
    corrections_in_force,
    earlier_acts,
    known_act,
    learned_later,
    novelty_of,
    of_days,
    standing,
    takebacks,
    takes_back,
)
from firstwire.core.firsts.scopes import scoped_novelties
from firstwire.core.rules.rulebook import EventRule
from schemas.alert import AlertLife
from schemas.ledger import Correction, LedgerActor, LedgerPage
from schemas.record import Entity
from schemas.state import AlertMemory, Report

LAST_DAY = "9999-12-31"


@dataclass(frozen=True)
class CurrentPage:
    """A ledger page: all that was ever said, and what of it holds after corrections by hand."""

    raw: LedgerPage
    stands: LedgerPage
    corrections: int
    """How many there ever were, also those that an episode has nothing to do with."""

    @classmethod
    def of(cls, raw: LedgerPage) -> CurrentPage:
        return cls(raw, standing(raw), len(raw.corrections))

    def of_episode(self, memory: AlertMemory) -> CurrentPage:
        """The page as the alert of an episode sees it: of its actor only what was done in it."""
        episode = memory.episode
        if memory.actor is None or (episode.after is None and episode.until is None):
            return self
        raw = of_days(self.raw, memory.actor.id, memory.era, episode.after or "", episode.until or LAST_DAY)
        return CurrentPage(raw, standing(raw), self.corrections)

    def removal(self, actor: str, era: str) -> Correction | None:
        """What says that an actor's act, or all that is reported of it, did not happen."""
        if not self.raw.corrections or known_act(self.stands, actor, era) is not None:
            return None
        by_hand = corrections_in_force(self.raw).get((era, actor))
        if by_hand is not None or known_act(self.raw, actor, era) is None:
            return by_hand
        return takebacks(self.raw, actor, era)[-1]


def decide(
    memory: AlertMemory, rule: EventRule, page: CurrentPage, seeds: Seeds, rejoined: Correction | None = None
) -> tuple[AlertMemory, str, str]:
    """The memory with its alert as it should stand, the verdict on the newest report, and its reason.

    `rejoined` says that the undoing before this episode did not happen.
    """
    actor = memory.actor
    assert actor is not None
    remembered, memory = memory, newest_of_each(memory)
    page = page.of_episode(memory)
    own = known_act(page.stands, actor.id, memory.era)
    first_report = min(memory.reports, key=lambda each: (each.context.fetched_at, each.article_id))
    if own is None:  # an actor or status that the ledger does not keep is still ranked against it
        date = first_report.context.published_at[:10]
        own = act_of(actor, memory.era, date, first_report.context.fetched_at, None)
    counted = _counted(memory, page.raw)
    claimed = any(_claims_first(rule, report) for report in counted)
    of_all = any(report.claims_first and report.ordinal_scope is None for report in counted)
    is_known = seeds.knows(page.raw)
    novelty = msgspec.structs.replace(
        novelty_of(page.stands, own, claimed=claimed, is_known_target=is_known, of_all=of_all),
        scopes=scoped_novelties(page.stands, own, counted, seeds.groups, is_known_target=is_known),
    )
    was_raised = memory.alert is not None
    since = known_since(memory)
    removal = page.removal(actor.id, memory.era)
    says = _removed(removal) if removal is not None else None
    if removal is None and rejoined is not None:
        removal, says = rejoined, f"nothing new: the undoing of {memory.episode.after} is {_removed(rejoined)}"
    denial = _denial(memory, rule, page.stands, own) if rule.novelty == "first" else None
    # "When raised" is event time, so that it does not matter in which order the reports came
    if not was_raised and removal is not None and says is not None and removal.made_at <= since:
        return remembered, "held_back", says
    if not was_raised and rule.novelty == "first":
        before = earlier_acts(page.stands, own, known_by=since)
        if before:
            return remembered, "held_back", f"not the first: {novelty.ledger}"
        if rule.is_about_any_action and not claimed:
            return remembered, "held_back", "nobody claims that it is the first"
        if denial is not None:
            return remembered, "held_back", denial
    if says is not None:
        novelty = msgspec.structs.replace(novelty, ledger=says)
    elif memory.episode.after is not None:
        again = f"{novelty.ledger}; {actor.name} had done so before, undone on {memory.episode.after}"
        novelty = msgspec.structs.replace(novelty, ledger=again)
    alert = alert_of(
        memory,
        rule_version=rule.version,
        kind="first" if rule.novelty == "first" else "event",
        severity=rule.severity,
        tags=rule.tags,
        novelty=novelty,
        life="retracted" if removal is not None else _life(memory, rule, page, own, denial),
        learned=_facts(memory, rule, page, own),
        shadow=rule.state == "shadow",
        counted=counted,
    )
    verdict = "joined" if was_raised else "raised"
    reason = f"joined alert {memory.alert_id}" if was_raised else novelty.ledger
    return msgspec.structs.replace(remembered, alert=alert), verdict, reason


def _counted(memory: AlertMemory, page: LedgerPage) -> tuple[Report, ...]:
    """The reports without those that their outlets have withdrawn; all of them where none would be left."""
    actor = memory.subject.actor or ""
    if (memory.era, actor) in corrections_in_force(page):
        return memory.reports
    withdrawn = [each for each in takebacks(page, actor, memory.era) if each.by == "outlet"]
    left = tuple(report for report in memory.reports if not any(_takes_back(each, report) for each in withdrawn))
    return left or memory.reports


def _takes_back(withdrawal: Correction, report: Report) -> bool:
    is_same = withdrawal.source == report.context.source
    return is_same and takes_back(withdrawal, day_of(report), report.context.fetched_at)


def _life(memory: AlertMemory, rule: EventRule, page: CurrentPage, own: LedgerActor, denial: str | None) -> AlertLife:
    is_first = rule.novelty == "first"
    if is_first and (earlier_acts(page.stands, own) or denial is not None):
        return "corrected"
    since = known_since(memory)
    learned = learned_later(page.stands, own, since, counts_all_earlier=is_first)
    later = sum(1 for each in page.raw.corrections if each.made_at > since)
    later += sum(1 for each in memory.dissent if each.context.fetched_at > since) + (memory.episode.until is not None)
    return "raised" if spoken(memory) + learned + later == 1 else "updated"


def _facts(memory: AlertMemory, rule: EventRule, page: CurrentPage, own: LedgerActor) -> int:
    """What counts as a revision besides the articles': acts of others learned later, and every correction.

    What was corrected away still counts: a revision never goes back.
    """
    reported = known_act(page.raw, own.actor, own.era) or own
    learned = learned_later(page.raw, reported, known_since(memory), counts_all_earlier=rule.novelty == "first")
    return learned + page.corrections


def _removed(removal: Correction) -> str:
    if removal.by == "actor":
        return f"denied by {removal.name} itself, as {removal.source} says"
    if removal.by == "outlet":
        return f"withdrawn by {removal.source}"
    return f"not so, corrected by hand: {removal.source}"


def _claims_first(rule: EventRule, report: Report) -> bool:
    """A claim within a scope ("first Arab country") is no claim to be the first of all, where that is the question."""
    return report.claims_first and (rule.is_about_any_action or report.ordinal_scope is None)


def _denial(memory: AlertMemory, rule: EventRule, page: LedgerPage, own: LedgerActor) -> str | None:
    """Why the reports themselves say that it is not the first, though the ledger knows nobody earlier; None if not.

    It is, as soon as the reports fetched up to some time deny it no more and the ledger knew nobody earlier by then.
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


def act_of(actor: Entity, era: str, date: str, known_at: str, source: str | None) -> LedgerActor:
    return LedgerActor(
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        date=date,
        known_at=known_at,
        sources=(source,) if source else (),
    )
