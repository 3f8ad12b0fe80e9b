"""Inhibition: while one alert is new, others that say less are not told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.routes.labels import LABELS, Labels
from firstwire.core.routes.matchers import LabelMatcher, fit, matchers_in
from firstwire.core.routes.settings import Inhibition
from firstwire.core.text.durations import seconds
from firstwire.core.text.nearest import nearest
from schemas import Alert


@dataclass(frozen=True)
class InhibitionRule:
    """Compiled: alerts that fit `source` inhibit those that fit `target` and have the same values of `equal`."""

    source: tuple[LabelMatcher, ...]
    target: tuple[LabelMatcher, ...]
    equal: tuple[str, ...]
    lasts: timedelta


@dataclass(frozen=True)
class _Source:
    headline: str
    labels: Labels
    until: datetime


def inhibition_rules(written: Sequence[Inhibition]) -> tuple[InhibitionRule, ...]:
    """Raises ValueError, which begins with the number of the wrong rule."""
    return tuple(_rule(number, each) for number, each in enumerate(written, start=1))


class Inhibitors:
    """The alerts that inhibit others now, in memory only: after a restart nobody is told less than before."""

    def __init__(self, rules: Sequence[InhibitionRule] = ()) -> None:
        self._rules = rules
        self._sources: list[dict[str, _Source]] = [{} for _ in rules]

    def note(self, alert: Alert, labels: Labels, now: datetime) -> None:
        """Take note of an alert: it inhibits others from now on, or no longer if it was taken back."""
        for rule, sources in zip(self._rules, self._sources, strict=True):
            for past in [key for key, source in sources.items() if source.until <= now]:
                del sources[past]
            sources.pop(alert.alert_id, None)
            if alert.state not in TAKEN_BACK and not alert.shadow and fit(rule.source, labels):
                sources[alert.alert_id] = _Source(alert.headline, labels, now + rule.lasts)

    def inhibitor_of(self, alert: Alert, labels: Labels, now: datetime) -> str | None:
        """The headline of an alert that inhibits this one; None if none does.

        As in Alertmanager, one that fits both sides of a rule is not inhibited by others that do.
        """
        for rule, sources in zip(self._rules, self._sources, strict=True):
            if not fit(rule.target, labels):
                continue
            is_source_too = fit(rule.source, labels)
            for alert_id, source in sources.items():
                is_both = is_source_too and fit(rule.target, source.labels)
                if alert_id == alert.alert_id or source.until <= now or is_both:
                    continue
                if all(_share(source.labels.get(name, ()), labels.get(name, ())) for name in rule.equal):
                    return source.headline
        return None


def _rule(number: int, written: Inhibition) -> InhibitionRule:
    try:
        for name in written.equal:
            if name not in LABELS:
                raise ValueError(f"equal: no label {name!r}{nearest(name, LABELS)}")
        source, target = matchers_in(written.source), matchers_in(written.target)
        if not source or not target:
            raise ValueError("source and target must hold a matcher each")
        return InhibitionRule(source, target, written.equal, timedelta(seconds=seconds(written.lasts)))
    except ValueError as err:
        raise ValueError(f"inhibition {number}: {err}") from err


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Of several values one in common is enough; a label that both lack is equal, as in Alertmanager."""
    return bool(set(one or ("",)) & set(other or ("",)))
