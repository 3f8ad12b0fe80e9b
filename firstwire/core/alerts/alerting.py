"""Alerts on events: one per rule and subject, folded from the reports on it; any order gives the same final state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from firstwire.core.alerts.current_state import AlertDecision, act_of
from firstwire.core.alerts.episodes import is_inside, undoing
from firstwire.core.alerts.fusion import alert_id_of, day_of, folded, with_dissent
from firstwire.core.alerts.ledger_preview import LedgerPreview, newest_rule
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.groups import Groups
from firstwire.core.firsts.ledger import page_key, with_act, with_correction
from firstwire.core.firsts.vouching import with_vouching
from firstwire.core.rules.ages import too_old
from firstwire.core.rules.rulebook import ANY, EventRule, Rules
from firstwire.core.state import ALERT_STATE, Change
from firstwire.core.text.digest import digest
from schemas.alert import Alert, Subject, Verdict, VerdictKind
from schemas.event import Event
from schemas.ledger import By, Correction, LedgerCorrection, LedgerPage, LedgerVouching, Reporting
from schemas.record import Date, Entity
from schemas.state import AlertMemory, Report
from schemas.times import shifted

RETRACTABLE_FOR = timedelta(days=7)
"""A denial or withdrawal applies to acts of the last days; of older ones it is history."""

LEDGER_KINDS = frozenset({"nation", "organization", "subnational"})
"""Kinds of actors in the ledger: bodies that act, not the people who speak for them."""


@dataclass(frozen=True)
class Alerted:
    """Alerts that changed, one verdict per rule and actor that cover the record, and changes of state."""

    alerts: tuple[Alert, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    changes: tuple[Change, ...] = ()


def raise_event_alerts(state: EventAlertState, event: Event, rules: Rules) -> Alerted:
    """Fold an event of one target into the ledger, and into the alert of every actor under every rule covering it.

    Whether it counts depends on the rule in force when the article was fetched; the alert's state, on the rule in
    force when its newest article was. So the order of arrival changes nothing.
    """
    target = event.targets[0] if event.targets else None
    target_id = target.id if target else ""
    live_page = _with_acts(state, event, target_id)
    preview = LedgerPreview.of(state, live_page)
    report = _report(event)
    acted_on = day_of(report)
    era = state.seeds.era_of(target_id, acted_on)
    memories: dict[str, AlertMemory] = {}
    verdicts: list[Verdict] = []
    for rule in rules.at(event.context.fetched_at).events:
        if not rule.covers(event.action, target_id):
            continue
        actors = [actor for actor in _acting(event) if _is_of(rule, actor, acted_on, state.seeds.groups)]
        reason = _held_back(rule, event, actors)
        if reason is not None:
            verdicts.append(_verdict(rule, event, VerdictKind.HELD_BACK, reason))
            if event.status == "negated" and not event.withdrawn:
                for actor in actors:
                    for memory in preview.episodes(with_dissent(_new(rule, event, era, actor, target), report)):
                        memories[memory.alert_id] = preview.decided(memory, rules)
            continue
        for actor in actors:
            if target is not None and _is_told_the_other_way(rule, event, actor, target, acted_on, state.seeds.groups):
                mirrored = f"a mutual act, judged as one of {target.name} on {actor.name}"
                verdicts.append(_verdict(rule, event, VerdictKind.HELD_BACK, mirrored, actor))
                continue
            for memory in preview.episodes(folded(_new(rule, event, era, actor, target), report)):
                if not is_inside(memory.episode, acted_on):
                    memories[memory.alert_id] = preview.decided(memory, rules)
                    continue
                decision = preview.decision(memory, newest_rule(rules, memory) or rule)
                decided = decision.memory
                memories[decided.alert_id] = decided
                alert_id = decided.alert_id if decided.alert else None
                verdicts.append(_verdict(rule, event, decision.verdict, _reason(decision, event), actor, alert_id))
    return _alerted(state, preview, {actor.id for actor in event.actors}, memories, verdicts, rules)


def correct_alerts(state: EventAlertState, sent: LedgerCorrection | LedgerVouching, rules: Rules) -> Alerted:
    """Fold a correction or a vouching by hand into its page, and update every alert on it. Returns no verdicts."""
    live = state.pages.get(page_key(sent.action, sent.target), LedgerPage(action=sent.action, target=sent.target))
    if isinstance(sent, LedgerVouching):
        return _alerted(state, LedgerPreview.of(state, with_vouching(live, sent.vouching)), set(), {}, [], rules)
    preview = LedgerPreview.of(state, with_correction(live, sent.correction))
    return _alerted(state, preview, {sent.correction.actor}, {}, [], rules)


def _alerted(
    state: EventAlertState,
    preview: LedgerPreview,
    actors: set[str],
    memories: dict[str, AlertMemory],
    verdicts: list[Verdict],
    rules: Rules,
) -> Alerted:
    """The outcome, with the alerts of other actors: an act changes the ledger's answer in them, held back or not."""
    raw = preview.page.raw
    if preview.is_changed:
        for other in state.alerts_on(raw.action, raw.target):
            is_touched = preview.is_news or other.subject.actor in actors
            if is_touched and other.alert_id not in memories:
                memories[other.alert_id] = preview.decided(other, rules)
    if preview.changes:
        for action in undoing(raw.action):
            for memory in preview.cut_anew(action, actors):
                memories[memory.alert_id] = preview.decided(memory, rules)
    changed = [memory for key, memory in memories.items() if memory != state.alerts.get(key)]
    changes = (*preview.changes, *(Change(ALERT_STATE, memory.alert_id, memory) for memory in changed))
    alerts = tuple(
        memory.alert
        for memory in changed
        if memory.alert is not None and memory.alert != _alert_before(state.alerts.get(memory.alert_id))
    )
    return Alerted(alerts, tuple(verdicts), changes)


def _acting(event: Event) -> list[Entity]:
    """The actors other than the target: nobody acts on itself."""
    targets = {target.id for target in event.targets}
    return [actor for actor in event.actors if actor.id not in targets]


def _is_of(rule: EventRule, actor: Entity, day: Date, groups: Groups) -> bool:
    """Whether an actor is one of the rule's: by kind, and by itself or as a member of a group on the day."""
    if ANY not in rule.actor_kind and actor.kind not in rule.actor_kind:
        return False
    if ANY in rule.actor or actor.id in rule.actor:
        return True
    return any(group in groups.by_id and groups.by_id[group].has(actor.id, day) for group in rule.actor)


def _is_told_the_other_way(
    rule: EventRule, event: Event, actor: Entity, target: Entity, day: Date, groups: Groups
) -> bool:
    """Whether a mutual act, of which each party is actor and target, is told by its record for the other party.

    If the rule covers both directions, only that of the party whose id comes first raises an alert.
    """
    is_mutual = any(each.id == target.id for each in event.actors)
    if not is_mutual or actor.id < target.id:
        return False
    return rule.covers(event.action, actor.id) and _is_of(rule, target, day, groups)


def _held_back(rule: EventRule, event: Event, actors: list[Entity]) -> str | None:
    """Why an event raises nothing under a rule whatever the ledger answers; None if it may."""
    if event.withdrawn:
        return f"the outlet withdraws its article: {event.withdrawn}"
    if ANY not in rule.status and event.status not in rule.status:
        because = f" ({event.reason})" if event.reason else ""
        return f"status is {event.status}{because}, the rule asks for {', '.join(rule.status)}"
    if (old := too_old(event.context, rule.max_age_seconds)) is not None:
        return old
    if not rule.reads(event.context.language, event.context.source):
        return (
            f"an article in {event.context.language} by {event.context.source or 'an unknown outlet'}, not the rule's"
        )
    if not _acting(event):
        return "the text names no actor"
    if not actors:
        return f"no actor {_wanted(rule, _acting(event))}"
    return None


def _wanted(rule: EventRule, actors: Sequence[Entity]) -> str:
    """`of kind nation (there: leader)`, `among russia, g7 (there: iran)`."""
    if ANY not in rule.actor_kind and not any(actor.kind in rule.actor_kind for actor in actors):
        return f"of kind {', '.join(rule.actor_kind)} (there: {', '.join(sorted({each.kind for each in actors}))})"
    return f"among {', '.join(rule.actor)} (there: {', '.join(sorted({each.id for each in actors}))})"


def _reason(decision: AlertDecision, event: Event) -> str:
    """The reason of a verdict; of one on a retelling, the day since which the act is on record."""
    context = event.context
    if decision.verdict is not VerdictKind.RAISED:
        for revision, since in decision.known_since.items():
            if (revision.article_id, revision.fetched_at) == (event.article_id, context.fetched_at):
                return f"known since {since}"
    return decision.reason


def _with_acts(state: EventAlertState, event: Event, target_id: str) -> LedgerPage:
    """The live page with the acts that an event asserts, denies for its actor, or withdraws for its outlet."""
    page = state.pages.get(page_key(event.action, target_id), LedgerPage(action=event.action, target=target_id))
    bodies = [actor for actor in _acting(event) if actor.kind in LEDGER_KINDS]
    if event.withdrawn or event.denied_by_actor:
        for actor in bodies:
            page = with_correction(page, _retraction(state, event, actor, target_id))
    elif event.status == "asserted" and event.act_date is not None:
        era = state.seeds.era_of(target_id, event.act_date)
        for actor in bodies:
            page = with_act(page, act_of(actor, era, event.act_date, _reporting(event)))
    return page


def _reporting(event: Event) -> Reporting:
    context = event.context
    return Reporting(
        origin_id=context.origin_id,
        source=context.source,
        certainty=event.certainty,
        known_at=context.fetched_at,
    )


def _retraction(state: EventAlertState, event: Event, actor: Entity, target_id: str) -> Correction:
    """What an event retracts: recent acts as reported by its outlet or, if the actor denies them, by any outlet."""
    context = event.context
    published_at = context.published_at or context.fetched_at
    published_on = published_at[:10]
    by: By = "outlet" if event.withdrawn else "actor"
    source = context.source or ("" if event.withdrawn else "an outlet")
    era = state.seeds.era_of(target_id, published_on)
    return Correction(
        id=digest("takeback", actor.id, era, published_on, by, source if event.withdrawn else ""),
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        says="did_not",
        date=published_on,
        source=source,
        made_at=context.fetched_at,
        by=by,
        since=shifted(published_at, -RETRACTABLE_FOR)[:10],
        reports=() if event.withdrawn else (_reporting(event),),
    )


def _new(rule: EventRule, event: Event, era: str, actor: Entity, target: Entity | None) -> AlertMemory:
    """The memory of one actor's act under one rule before the first report."""
    subject = Subject(action=event.action, actor=actor.id, target=target.id if target else "", era=era)
    return AlertMemory(
        alert_id=alert_id_of(rule.id, subject),
        rule_id=rule.id,
        actor=actor,
        target=target,
        subject=subject,
        era=era,
        supporting=(),
        reports=(),
    )


def _report(event: Event) -> Report:
    return Report(
        article_id=event.article_id,
        context=event.context,
        evidence=event.evidence,
        status=event.status,
        certainty=event.certainty,
        act_date=event.act_date,
        claims_first=event.claims_first,
        ordinal=event.ordinal,
        ordinal_scope=event.ordinal_scope,
        ordinal_since=event.ordinal_since,
        strength=event.strength,
    )


def _alert_before(memory: AlertMemory | None) -> Alert | None:
    return memory.alert if memory is not None else None


def _verdict(
    rule: EventRule,
    event: Event,
    verdict: VerdictKind,
    reason: str,
    actor: Entity | None = None,
    alert_id: str | None = None,
) -> Verdict:
    return Verdict(
        rule_id=rule.id,
        rule_version=rule.version,
        event_id=event.event_id,
        target=event.targets[0].id if event.targets else None,
        actor=actor.id if actor is not None else None,
        article_id=event.article_id,
        verdict=verdict,
        alert_id=alert_id,
        reason=reason,
        certainty=event.certainty,
    )
