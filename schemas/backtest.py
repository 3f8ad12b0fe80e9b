"""`diff.json` of a backtest: what new rules would have told, beside what old ones told, and why."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from schemas.alert import AlertKind, AlertLife, Lead, Severity, VerdictKind
from schemas.record import Certainty, Date, Part, Record, Span, Timestamp

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class BacktestRange(Part, frozen=True, kw_only=True):
    """What was read."""

    source: str
    """A file, a folder or a topic."""
    since: Timestamp | None
    until: Timestamp | None
    """As asked for; null: no bound."""
    first_at: Timestamp | None
    last_at: Timestamp | None
    """When the first article was fetched and the last; null if there is none."""
    days: tuple[Date, ...]
    """Every UTC day from the first to the last."""
    articles: Count
    """Without duplicates, and without those of the warm-up."""
    unreadable: Count
    stage: Literal["articles", "stories"]
    """Where judging began again, and why there."""
    stage_reason: str


class BacktestSide(Part, frozen=True, kw_only=True):
    """What one set of rules tells. Alerts are those raised in the range by live rules; shadow ones are apart."""

    name: str
    watches: Count
    events: Count
    """How many rules there are of each kind after the last change."""
    alerts: Count
    shadow_alerts: Count
    alerts_per_day: float
    alerts_per_hour: float
    quiet_days: Count
    """Days without an alert."""
    busiest_day: Date | None
    busiest_day_alerts: Count
    by_day: tuple[Count, ...]
    """As many as there are days."""
    by_hour: tuple[tuple[Count, ...], ...]
    """Seven rows, Monday first, of 24 hours, UTC."""
    messages: Count
    """Sent to all receivers together."""


class RuleCounts(Part, frozen=True, kw_only=True):
    """The alerts of one rule, live or shadow, before and after."""

    rule_id: str
    old: Count
    new: Count
    added: Count
    removed: Count
    changed: Count


class ReceiverCounts(Part, frozen=True, kw_only=True):
    """The messages that one receiver gets of one rule, before and after."""

    receiver: str
    rule_id: str
    old: Count
    new: Count


class LabelScore(Part, frozen=True, kw_only=True):
    """How a rule's alerts agree with what people said of them. Alerts that nobody labeled are not counted."""

    rule_id: str
    side: Literal["old", "new"]
    right: Count
    wrong: Count
    missed: Count
    """Labeled right, but not raised."""
    precision: Share | None
    recall: Share | None
    """Null if nothing is labeled that they could be computed of."""


class PropertyChange(Part, frozen=True, kw_only=True):
    """One property of an alert that differs."""

    what: Literal["raised_at", "state", "status", "certainty", "severity", "shadow", "kind", "headline", "developments"]
    old: str
    new: str


class AlertReport(Part, frozen=True, kw_only=True):
    """An article of an alert: when it was fetched, and what it did to the alert."""

    article_id: str
    fetched_at: Timestamp
    source: str | None
    verdict: VerdictKind


class AlertDifference(Part, frozen=True, kw_only=True):
    """An alert that only the new rules raise, only the old ones, or both but differently."""

    difference: Literal["added", "removed", "changed"]
    alert_id: str
    rule_id: str
    kind: AlertKind
    severity: Severity
    shadow: bool
    state: AlertLife
    status: str | None
    certainty: Certainty | None
    headline: str
    raised_at: Timestamp
    """When the article was fetched that raised it; of a changed one, under the new rules."""
    outlets: Count
    origins: Count
    tags: tuple[str, ...]
    lead: Lead
    evidence: tuple[Span, ...]
    old_reason: str
    """What the old rules said of it: why they raised it, or why they did not."""
    new_reason: str
    changes: tuple[PropertyChange, ...] = ()
    reports: tuple[AlertReport, ...] = ()
    """The first of its articles, in order."""


class Backtest(Record, frozen=True, kw_only=True, tag="backtest"):
    """The comparison of two sets of rules over the same articles."""

    range: BacktestRange
    old: BacktestSide
    new: BacktestSide
    differences: tuple[AlertDifference, ...]
    """By time of raising, then rule and alert id."""
    rules: tuple[RuleCounts, ...]
    """Every rule with an alert, the busiest under the new rules first."""
    receivers: tuple[ReceiverCounts, ...]
    labels: tuple[LabelScore, ...]
    failed: tuple[str, ...]
    """The conditions given for failure that hold; empty if there are none."""
