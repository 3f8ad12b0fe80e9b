"""What two sets of rules raise differently, and why, in the words of the verdicts and of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from firstwire.core.rules.rulebook import EventRule, Rules
from firstwire.core.watches.evaluate import evaluate
from firstwire.replay.reading import LoneEvent
from firstwire.replay.readings import MatchedStory
from firstwire.replay.trial import RuleTrial, TrialAlert
from schemas.alert import Alert, Verdict
from schemas.backtest import AlertDifference, PropertyChange

_COMPARED = ("state", "status", "certainty", "severity", "shadow", "kind", "headline")


class Reasons:
    """Why the other rules did not raise an alert: noted while articles are judged, one for each alert."""

    def __init__(self, old: Rules, new: Rules) -> None:
        self._sides = old, new
        self.why_not: tuple[dict[str, str], dict[str, str]] = {}, {}
        """Of the old rules and of the new ones: by alert of the other side."""

    def note(self, told: MatchedStory | LoneEvent, old: Sequence[Verdict], new: Sequence[Verdict]) -> None:
        """Compare the verdicts of both sides on one article."""
        if list(old) == list(new):
            return
        for at, (raised, other) in enumerate(((new, old), (old, new))):
            for verdict in raised:
                alert_id = verdict.alert_id
                if alert_id is None or alert_id in self.why_not[at]:
                    continue
                counterpart = _counterpart(verdict, other)
                if counterpart is None:
                    self.why_not[at][alert_id] = self._why_none(self._sides[at], verdict, told)
                elif counterpart.alert_id != alert_id:
                    self.why_not[at][alert_id] = f"{counterpart.verdict.value.replace('_', ' ')}: {counterpart.reason}"

    def _why_none(self, side: Rules, verdict: Verdict, told: MatchedStory | LoneEvent) -> str:
        """Why a side has no verdict at all."""
        rule = side.at(told.context.fetched_at).by_id.get(verdict.rule_id)
        if rule is None:
            return f"no rule {verdict.rule_id}"
        if isinstance(rule, EventRule):
            return f"the rule does not ask for it: {_asked(rule)}"
        if isinstance(told, LoneEvent):
            return "the story is not on record"
        return f"no match: {evaluate(rule.query, told.read.document).reason}"


def differences(old: RuleTrial, new: RuleTrial, reasons: Reasons) -> list[AlertDifference]:
    """Every alert that differs in the range, by time of raising, then rule and alert."""
    found = [
        *(_only("added", each, reasons.why_not[0]) for each in _raised(new) if each.alert.alert_id not in old.alerts),
        *(_only("removed", each, reasons.why_not[1]) for each in _raised(old) if each.alert.alert_id not in new.alerts),
        *_changed(old, new),
    ]
    return sorted(found, key=lambda one: (one.raised_at, one.rule_id, one.alert_id, one.difference))


def _raised(trial: RuleTrial) -> Iterator[TrialAlert]:
    return (each for each in trial.alerts.values() if each.is_in_range)


def _only(difference: str, found: TrialAlert, why_not: dict[str, str]) -> AlertDifference:
    other = why_not.get(found.alert.alert_id, "it follows from other alerts of the rule")
    reasons = (other, found.reason) if difference == "added" else (found.reason, other)
    return _difference(difference, found, reasons, ())


def _changed(old: RuleTrial, new: RuleTrial) -> Iterator[AlertDifference]:
    for alert_id, after in new.alerts.items():
        before = old.alerts.get(alert_id)
        if before is None or not (before.is_in_range or after.is_in_range):
            continue
        changes = tuple(_changes(before, after))
        if changes:
            yield _difference("changed", after, (before.reason, after.reason), changes)


def _changes(before: TrialAlert, after: TrialAlert) -> Iterable[PropertyChange]:
    pairs = [
        ("raised_at", before.raised_at, after.raised_at),
        *((name, _shown(before.alert, name), _shown(after.alert, name)) for name in _COMPARED),
        ("developments", str(before.alert.developments_so_far), str(after.alert.developments_so_far)),
    ]
    for what, one, other in pairs:
        if one != other:
            yield PropertyChange(what=what, old=one, new=other)  # type: ignore[arg-type]  # of the names above


def _shown(alert: Alert, name: str) -> str:
    value = getattr(alert, name)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _difference(
    difference: str, found: TrialAlert, reasons: tuple[str, str], changes: tuple[PropertyChange, ...]
) -> AlertDifference:
    alert = found.alert
    return AlertDifference(
        difference=difference,  # type: ignore[arg-type]  # one of the three above
        alert_id=alert.alert_id,
        rule_id=alert.rule_id,
        kind=alert.kind,
        severity=alert.severity,
        shadow=alert.shadow,
        state=alert.state,
        status=alert.status,
        certainty=alert.certainty,
        headline=alert.headline,
        raised_at=found.raised_at,
        outlets=len(alert.outlets),
        origins=len(alert.origins),
        tags=alert.tags,
        lead=alert.lead,
        evidence=alert.evidence,
        old_reason=reasons[0],
        new_reason=reasons[1],
        changes=changes,
        reports=tuple(found.reports),
    )


def _counterpart(verdict: Verdict, others: Sequence[Verdict]) -> Verdict | None:
    """The other side's verdict on the same; of an event that is held back there is one for all of its actors."""
    about = (verdict.rule_id, verdict.event_id, verdict.article_id, verdict.target)
    same = [each for each in others if (each.rule_id, each.event_id, each.article_id, each.target) == about]
    return next((each for each in same if each.actor == verdict.actor), next(iter(same), None))


def _asked(rule: EventRule) -> str:
    return f"{' or '.join(rule.action)} of {' or '.join(rule.actor)} on {' or '.join(rule.target)}"
