"""Alerting: one alert per rule and subject, folded from the reports on it; any order gives the same final state."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.core.alert_states import EVENT_BOOK, LEDGER, WATCH_BOOK, EventAlertState, WatchAlertState
from firstwire.core.firsts import (
    Seeds,
    earlier_acts,
    known_act,
    learned_later,
    merged_pages,
    novelty_of,
    page_key,
    with_act,
)
from firstwire.core.fusion import alert_id_of, alert_of, folded, known_since, known_until
from firstwire.core.rules import ANY, EventRule, Rules
from firstwire.core.state import Change
from schemas.alert import Alert, AlertLife, Subject, Verdict
from schemas.event import Event, Match
from schemas.ledger import LedgerActor, LedgerPage
from schemas.record import Entity
from schemas.state import AlertMemory, Report

LEDGER_KINDS = frozenset({"nation", "organization", "subnational"})
"""Who stands in the ledger: bodies that act, not the people who speak for them."""


@dataclass(frozen=True)
class Alerted:
    """Alerts that changed, one verdict per rule and actor that the record comes under, what is to be remembered."""

    alerts: tuple[Alert, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    changes: tuple[Change, ...] = ()


def raise_event_alerts(state: EventAlertState, event: Event, rules: Rules) -> Alerted:
    """Fold an event of one target into the ledger, and into the alert of every actor under every rule covering it.

    Whether it counts is said by the rule as it was when the article was fetched; how the alert stands, by the rule as
    it was when the newest of its articles was, so that the order of arrival changes nothing.
    """
    target = event.targets[0] if event.targets else None
    target_id = target.id if target else ""
    old_page = state.page(event.action, target_id)
    live_page = _with_acts(state, event, target_id)
    page = merged_pages(live_page, old_page)
    changes: list[Change] = []
    if live_page.actors and live_page != state.pages.get(page_key(event.action, target_id)):
        changes.append(Change(LEDGER, page_key(event.action, target_id), live_page))
    era = state.seeds.era_of(target_id, event.act_date)
    memories: dict[str, AlertMemory] = {}
    verdicts: list[Verdict] = []
    for rule in rules.at(event.context.fetched_at).events:
        if not rule.covers(event.action, target_id):
            continue
        actors = [actor for actor in event.actors if _fits(rule, actor)]
        reason = _held_back(rule, event, actors)
        if reason is not None:
            verdicts.append(_verdict(rule, event, target_id, "held_back", None, reason))
            continue
        for actor in actors:
            subject = Subject(action=event.action, actor=actor.id, target=target_id, era=era)
            memory = _with_report(state.alerts.get(alert_id_of(rule.id, subject)), rule, subject, actor, target, event)
            decided, verdict, reason = _decide(memory, _newest(rules, memory) or rule, page, state.seeds)
            memories[decided.alert_id] = decided
            alert_id = decided.alert_id if decided.alert else None
            verdicts.append(_verdict(rule, event, f"{target_id}:{actor.id}", verdict, alert_id, reason))
    if page != old_page:  # an act may change what the ledger says of alerts raised before, and of those held back
        for other in state.alerts_on(event.action, target_id):
            newest = _newest(rules, other)
            if other.alert_id not in memories and newest is not None:
                memories[other.alert_id] = _decide(other, newest, page, state.seeds)[0]
    changed = [memory for key, memory in memories.items() if memory != state.alerts.get(key)]
    changes += [Change(EVENT_BOOK, memory.alert_id, memory) for memory in changed]
    alerts = tuple(
        memory.alert
        for memory in changed
        if memory.alert is not None and memory.alert != _alert_before(state.alerts.get(memory.alert_id))
    )
    return Alerted(alerts, tuple(verdicts), tuple(changes))


def raise_watch_alerts(state: WatchAlertState, match: Match) -> Alerted:
    """Fold a match into the alert of its story under its watch."""
    subject = Subject(story=match.story_id)
    alert_id = alert_id_of(match.rule_id, subject)
    before = state.alerts.get(alert_id)
    report = Report(article_id=match.article_id, context=match.context, evidence=match.evidence)
    remembered = folded(
        before or AlertMemory(alert_id=alert_id, rule_id=match.rule_id, subject=subject, contributions=(), reports=()),
        report,
    )
    alert = alert_of(
        remembered,
        rule_version=match.rule_version,
        kind="watch",
        severity=match.severity,
        tags=match.tags,
        novelty=None,
        life="raised" if len(remembered.contributions) == 1 else "updated",
        shadow=match.shadow,
    )
    memory = msgspec.structs.replace(remembered, alert=alert)
    verdict = Verdict(
        rule_id=match.rule_id,
        rule_version=match.rule_version,
        cause=f"{match.rule_id}:{match.article_id}",
        article_id=match.article_id,
        verdict="raised" if before is None else "joined",
        alert_id=alert_id,
        reason="first match of this story" if before is None else f"joined the alert of story {match.story_id}",
    )
    if memory == before:
        return Alerted(verdicts=(verdict,))
    return Alerted((alert,), (verdict,), (Change(WATCH_BOOK, alert_id, memory),))


def _newest(rules: Rules, memory: AlertMemory) -> EventRule | None:
    """The rule as it was for the newest article that spoke for the alert; null where it is in no file any more."""
    return rules.at(known_until(memory)).event_rule(memory.rule_id)


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


def _fits(rule: EventRule, actor: Entity) -> bool:
    return ANY in rule.actor_kind or actor.kind in rule.actor_kind


def _held_back(rule: EventRule, event: Event, actors: list[Entity]) -> str | None:
    """Why an event raises nothing under a rule whatever the ledger says; None if it may."""
    if ANY not in rule.status and event.status not in rule.status:
        because = f" ({event.reason})" if event.reason else ""
        return f"status is {event.status}{because}, the rule asks for {', '.join(rule.status)}"
    if not event.actors:
        return "the text names no actor"
    if not actors:
        kinds = ", ".join(sorted({actor.kind for actor in event.actors}))
        return f"no actor of kind {', '.join(rule.actor_kind)} (there: {kinds})"
    return None


def _with_acts(state: EventAlertState, event: Event, target_id: str) -> LedgerPage:
    """The live page with the acts that an event asserts."""
    page = state.pages.get(page_key(event.action, target_id), LedgerPage(action=event.action, target=target_id))
    if event.status != "asserted":
        return page
    era = state.seeds.era_of(target_id, event.act_date)
    for actor in event.actors:
        if actor.kind in LEDGER_KINDS:
            page = with_act(page, _act(actor, era, event.act_date, event.context.fetched_at, event.context.source))
    return page


def _act(actor: Entity, era: str, date: str, known_at: str, source: str | None) -> LedgerActor:
    return LedgerActor(
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        date=date,
        known_at=known_at,
        sources=(source,) if source else (),
    )


def _with_report(
    memory: AlertMemory | None, rule: EventRule, subject: Subject, actor: Entity, target: Entity | None, event: Event
) -> AlertMemory:
    if memory is None:
        memory = AlertMemory(
            alert_id=alert_id_of(rule.id, subject),
            rule_id=rule.id,
            actor=actor,
            target=target,
            subject=subject,
            contributions=(),
            reports=(),
        )
    report = Report(
        article_id=event.article_id,
        context=event.context,
        evidence=event.evidence,
        status=event.status,
        claims_first=event.claims_first,
        ordinal=event.ordinal,
        ordinal_scope=event.ordinal_scope,
        strength=event.strength,
    )
    return folded(memory, report)


def _decide(memory: AlertMemory, rule: EventRule, page: LedgerPage, seeds: Seeds) -> tuple[AlertMemory, str, str]:
    """The memory with its alert as it should stand, the verdict on the newest report, and its reason."""
    actor, subject = memory.actor, memory.subject
    assert actor is not None and subject.era is not None
    own = known_act(page, actor.id, subject.era)
    first_report = min(memory.reports, key=lambda each: (each.context.fetched_at, each.article_id))
    if own is None:  # an actor or status that the ledger does not keep is still ranked against it
        date = first_report.context.published_at[:10]
        own = _act(actor, subject.era, date, first_report.context.fetched_at, None)
    claimed = any(_claims_first(rule, report) for report in memory.reports)
    novelty = novelty_of(page, own, claimed=claimed, seeds=seeds)
    was_raised = memory.alert is not None
    denial = _denial(memory, rule, page, own) if rule.novelty == "first" else None
    if not was_raised and rule.novelty == "first":
        # "When raised" is event time, so that it does not matter in which order the reports came
        before = earlier_acts(page, own, known_by=known_since(memory))
        if before:
            return memory, "held_back", f"not the first: {novelty.ledger}"
        if rule.is_about_any_action and not claimed:
            return memory, "held_back", "nobody claims that it is the first"
        if denial is not None:
            return memory, "held_back", denial
    learned = learned_later(page, own, known_since(memory), counts_all_earlier=rule.novelty == "first")
    life: AlertLife = "raised" if len(memory.contributions) + learned == 1 else "updated"
    if rule.novelty == "first" and (novelty.position > 1 or denial is not None):
        life = "corrected"
    alert = alert_of(
        memory,
        rule_version=rule.version,
        kind="first" if rule.novelty == "first" else "event",
        severity=rule.severity,
        tags=rule.tags,
        novelty=novelty,
        life=life,
        learned=learned,
        shadow=rule.state == "shadow",
    )
    verdict = "joined" if was_raised else "raised"
    reason = f"joined alert {memory.alert_id}" if was_raised else novelty.ledger
    return msgspec.structs.replace(memory, alert=alert), verdict, reason


def _alert_before(memory: AlertMemory | None) -> Alert | None:
    return memory.alert if memory is not None else None


def _verdict(rule: EventRule, event: Event, part: str, verdict: str, alert_id: str | None, reason: str) -> Verdict:
    return Verdict(
        rule_id=rule.id,
        rule_version=rule.version,
        cause=f"{event.event_id}:{part}" if part else event.event_id,
        article_id=event.article_id,
        verdict=verdict,  # type: ignore[arg-type]
        alert_id=alert_id,
        reason=reason,
    )
