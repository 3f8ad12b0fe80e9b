"""What a shadow rule would have said since it was applied, beside what live rules said of the same articles. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from firstwire.core.routes.messages import MessageCounter
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from schemas.alert import Alert
from schemas.rules import RuleVersion
from schemas.times import parse_timestamp, to_milliseconds

DAY_MS = 86_400_000


@dataclass(frozen=True)
class ShadowAlert:
    """An alert that nobody was told, and the alerts of live rules that share an article with it."""

    alert: Alert
    live: tuple[Alert, ...]


@dataclass(frozen=True)
class ShadowReport:
    """What a rule said in shadow from a time to another."""

    rule_id: str
    since: str
    until: str
    alerts: tuple[ShadowAlert, ...]
    """The newest first."""
    messages: Mapping[str, int]
    """How many messages each receiver would have got of the rule, by the routes as they are now."""

    @property
    def a_day(self) -> float:
        """Alerts a day; of less than a day as many as there are."""
        days = (to_milliseconds(self.until) - to_milliseconds(self.since)) / DAY_MS
        return len(self.alerts) / max(days, 1.0)

    @property
    def alone(self) -> int:
        """How many alerts are on articles of which no live rule said anything."""
        return sum(not each.live for each in self.alerts)


def in_shadow_since(rule_id: str, versions: Sequence[RuleVersion]) -> str:
    """When a rule was put in shadow, or began there. Raises ConfigError if it is not in shadow."""
    history = [each for each in versions if each.rule_id == rule_id]
    if not history or history[-1].definition is None:
        known = sorted({each.rule_id for each in versions})
        raise ConfigError(f"no rule {rule_id!r} is in force{nearest(rule_id, known)}")
    if not _is_shadow(history[-1]):
        raise ConfigError(f"the rule {rule_id!r} is live since {history[-1].effective_at}, not in shadow")
    since = history[-1].effective_at
    for version in reversed(history):
        if not _is_shadow(version):
            break
        since = version.effective_at
    return since


def shadow_report(
    rule_id: str, versions: Sequence[RuleVersion], alerts: Iterable[Alert], counter: MessageCounter, now: str
) -> ShadowReport:
    """The report on a rule that is in shadow. `alerts` are all on record, in their final state.

    Raises ConfigError if the rule is not in shadow.
    """
    since = in_shadow_since(rule_id, versions)
    shadow: list[Alert] = []
    live_by_article: dict[str, list[Alert]] = {}
    for alert in alerts:
        if alert.rule_id == rule_id and alert.shadow:
            if alert.times.fetched_at >= since:
                shadow.append(alert)
        elif not alert.shadow:
            for article_id in alert.articles:
                live_by_article.setdefault(article_id, []).append(alert)
    shadow.sort(key=lambda alert: (alert.times.fetched_at, alert.alert_id))
    if since == versions[0].effective_at and shadow:
        since = shadow[0].times.fetched_at  # the first release holds from the beginning of time
    found = tuple(ShadowAlert(alert, _beside(alert, live_by_article)) for alert in reversed(shadow))
    return ShadowReport(rule_id, since, now, found, _messages(shadow, counter))


def _beside(alert: Alert, live_by_article: Mapping[str, Sequence[Alert]]) -> tuple[Alert, ...]:
    found = {each.alert_id: each for article_id in alert.articles for each in live_by_article.get(article_id, ())}
    return tuple(found[alert_id] for alert_id in sorted(found))


def _messages(alerts: Iterable[Alert], counter: MessageCounter) -> dict[str, int]:
    """What the routes make of the alerts if the rule were live."""
    counts: Counter[str] = Counter()
    for alert in alerts:
        told = replace(alert, shadow=False)
        counts.update(send.receiver for send in counter.take(told, parse_timestamp(alert.times.fetched_at)))
    counts.update(send.receiver for send in counter.due())
    return dict(sorted(counts.items()))


def _is_shadow(version: RuleVersion) -> bool:
    return version.definition is not None and version.definition.get("state") == "shadow"
