"""Rules on trial: what they raise, when, why, and how many messages that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.routes.messages import MessageCounter
from firstwire.core.routes.rulings import Send
from firstwire.core.rules.rulebook import Rules
from firstwire.replay.judging import Judge
from firstwire.replay.reading import LoneEvent
from firstwire.replay.readings import MatchedStory
from firstwire.replay.sources import ByHand
from schemas.alert import Alert, Verdict
from schemas.backtest import AlertReport
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


class TrialMessages:
    """The messages of one side: the alerts of all its rules meet in groups and inhibit each other."""

    def __init__(self, counter: MessageCounter) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        """By rule and receiver: messages in the range."""
        self._counter = counter

    def take(self, alert: Alert, now: datetime, *, is_in_range: bool) -> None:
        """Send an alert, and what is due before it."""
        self._count(self._counter.take(alert, now), is_in_range)

    def end(self) -> None:
        """Send what waits."""
        self._count(self._counter.due(), is_in_range=True)

    def _count(self, sends: Iterable[Send], is_in_range: bool) -> None:
        for send in sends:
            if is_in_range:
                self.counts[send.alerts[0].rule_id, send.receiver] += 1


class RuleTrial:
    """A judge, and what comes of its judgments. Memory grows with alerts, not with articles.

    `messages` are those of the sides that have its rules; `number` is that of the rules among those matched.
    """

    def __init__(
        self,
        rules: Rules,
        knowledge: Knowledge,
        seeds: Seeds,
        corrections: Sequence[ByHand],
        messages: Sequence[TrialMessages],
        number: int,
    ) -> None:
        self.alerts: dict[str, TrialAlert] = {}
        self._judge = Judge(rules, knowledge, seeds, corrections, number)
        self._messages = messages

    def take(self, told: MatchedStory | LoneEvent, *, is_in_range: bool) -> list[Verdict]:
        """Judge what an article says. The verdicts on it."""
        at, source = told.context.fetched_at, told.context.source
        self._keep(self._judge.corrected(at), at, None, is_in_range)
        alerted = self._judge.alerted(told) if isinstance(told, MatchedStory) else self._judge.on_events((told.event,))
        return self._keep(alerted, at, source, is_in_range)

    def end(self) -> None:
        """Apply the corrections that were made after the last article."""
        self._keep(self._judge.corrected(), "", None, True)

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
        for messages in self._messages:
            messages.take(alert, now, is_in_range=is_in_range)
