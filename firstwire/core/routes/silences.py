"""Silences in force, and what people said about alerts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from firstwire.core.routes.labels import Labels
from firstwire.core.routes.matchers import LabelMatcher, fit, matchers_in
from firstwire.core.text.nearest import nearest
from schemas import Feedback, Silence
from schemas.alert import FEED_HEALTH_RULE
from schemas.times import format_timestamp


class Silences:
    """All silences by their ids: the newest record of each counts."""

    def __init__(self) -> None:
        self._by_id: dict[str, Silence] = {}

    def apply(self, silence: Silence) -> None:
        self._by_id[silence.silence_id] = silence

    def forget(self, silence_id: str) -> None:
        self._by_id.pop(silence_id, None)

    def covering(self, labels: Labels, now: datetime) -> Silence | None:
        """The silence that covers an alert now: of several the one that ends last; a snooze comes last."""
        found = [each for each in self._by_id.values() if is_in_force(each, now) and silences(each, labels)]
        return max(found, key=lambda each: (each.kind == "silence", each.ends_at, each.silence_id), default=None)


class FeedbackBook:
    """The last word of each person on each alert."""

    def __init__(self) -> None:
        self._by_alert: dict[str, dict[str, Feedback]] = {}

    def apply(self, feedback: Feedback) -> None:
        self._by_alert.setdefault(feedback.alert_id, {})[feedback.author] = feedback

    def acknowledgement(self, alert_id: str) -> Feedback | None:
        """The newest feedback that says that nobody needs to be reminded: any but `right`, which is a mere label."""
        return self._newest(alert_id, ("acknowledged", "false_alarm"))

    def false_alarm(self, alert_id: str) -> Feedback | None:
        return self._newest(alert_id, ("false_alarm",))

    def _newest(self, alert_id: str, verdicts: tuple[str, ...]) -> Feedback | None:
        said = [each for each in self._by_alert.get(alert_id, {}).values() if each.verdict in verdicts]
        return max(said, key=lambda each: (each.made_at, each.author), default=None)


def is_in_force(silence: Silence, now: datetime) -> bool:
    """From its start until just before its end."""
    return silence.starts_at <= format_timestamp(now) < silence.ends_at


def silences(silence: Silence, labels: Labels) -> bool:
    """Whether all matchers hold. One whose matchers this version cannot read silences nothing."""
    matchers = _matchers(silence.matchers)
    return bool(matchers) and fit(matchers, labels)


@lru_cache(maxsize=1_024)
def _matchers(texts: tuple[str, ...]) -> tuple[LabelMatcher, ...]:
    try:
        return matchers_in(texts)
    except ValueError:
        return ()


def unknown_rules(silence: Silence, known: Iterable[str]) -> str:
    """Which rules a silence names that there are not, and what may be meant; empty if there are, or none is known."""
    rules = {*known}
    named = [each.value for each in matchers_in(silence.matchers) if each.label == "rule" and each.operator == "="]
    unknown = [each for each in named if each not in rules | {FEED_HEALTH_RULE}]
    return "; ".join(f"there is no rule {each!r}{nearest(each, sorted(rules))}" for each in unknown) if rules else ""
