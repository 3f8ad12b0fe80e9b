"""One set of rules on trial: what it raises, when, why, and how many messages that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, ReadStory
from firstwire.core.routes.messages import MessageCounter
from firstwire.core.routes.rulings import Send
from firstwire.core.rules.rulebook import Rules
from firstwire.replay.judging import Judge
from firstwire.replay.reading import LoneEvents
from firstwire.replay.sources import ByHand
from schemas.alert import Alert, Verdict
from schemas.backtest import AlertReport
from schemas.event import Event
from schemas.times import parse_timestamp

REPORTS_KEPT = 50
"""Articles of an alert that are listed; what comes later changes no picture of it."""


@dataclass
class TrialAlert:
    """An alert, how it came about, and whether anything of that was in the range."""

    alert: Alert
    raised_at: str
    reason: str
    is_raised_in_range: bool
    is_in_range: bool
    reports: list[AlertReport] = field(default_factory=list)


class RuleTrial:
    """A judge, and what comes of its judgments. Memory grows with alerts, not with articles."""

    def __init__(
        self, rules: Rules, knowledge: Knowledge, seeds: Seeds, corrections: Sequence[ByHand], counter: MessageCounter
    ) -> None:
        self.alerts: dict[str, TrialAlert] = {}
        self.messages: Counter[tuple[str, str]] = Counter()
        """By rule and receiver: messages in the range."""
        self._judge = Judge(rules, knowledge, seeds, corrections)
        self._counter = counter

    def take(self, told: ReadStory | LoneEvents, *, is_in_range: bool) -> list[Verdict]:
        """Judge what an article says. The verdicts on it."""
        if isinstance(told, LoneEvents):
            return [verdict for event in told.events for verdict in self._take_event(event, is_in_range)]
        context = told.context
        self._keep(self._judge.corrected(context.fetched_at), context.fetched_at, None, is_in_range)
        return self._keep(self._judge.alerted(told), context.fetched_at, context.source, is_in_range)

    def end(self) -> None:
        """Apply the corrections that were made after the last article, and send what waits."""
        for alerted in self._judge.corrected():
            self._keep([alerted], "", None, True)
        self._count(self._counter.due(), is_in_range=True)

    def _take_event(self, event: Event, is_in_range: bool) -> list[Verdict]:
        at = event.context.fetched_at
        self._keep(self._judge.corrected(at), at, None, is_in_range)
        return self._keep(self._judge.on_events((event,)), at, event.context.source, is_in_range)

    def _keep(self, found: Sequence[Alerted], at: str, source: str | None, is_in_range: bool) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for alerted in found:
            reasons = {one.alert_id: one.reason for one in alerted.verdicts}
            for alert in alerted.alerts:
                self._keep_alert(alert, at, reasons.get(alert.alert_id, ""), is_in_range)
            for verdict in alerted.verdicts:
                held = self.alerts.get(verdict.alert_id or "")
                if held is not None and len(held.reports) < REPORTS_KEPT:
                    held.reports.append(
                        AlertReport(
                            article_id=verdict.article_id, fetched_at=at, source=source, verdict=verdict.verdict
                        )
                    )
            verdicts += alerted.verdicts
        return verdicts

    def _keep_alert(self, alert: Alert, at: str, reason: str, is_in_range: bool) -> None:
        held = self.alerts.get(alert.alert_id)
        if held is None:
            at = at or alert.times.fetched_at
            held = self.alerts[alert.alert_id] = TrialAlert(alert, at, reason, is_in_range, is_in_range)
        held.alert = alert
        held.is_in_range = held.is_in_range or is_in_range
        now = parse_timestamp(at or alert.times.fetched_at)
        self._count(self._counter.take(alert, now), is_in_range=is_in_range)

    def _count(self, sends: Iterable[Send], *, is_in_range: bool) -> None:
        for send in sends:
            if is_in_range:
                self.messages[send.alerts[0].rule_id, send.receiver] += 1
