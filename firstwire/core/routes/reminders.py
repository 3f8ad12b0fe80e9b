"""Reminders: an alert is told again until somebody acknowledges it, or until it is no news any more."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from firstwire.core.routes.calendar import quiet_until
from firstwire.core.routes.labels import labels_of
from firstwire.core.routes.rulings import Send, ordered
from firstwire.core.routes.silences import FeedbackBook, Silences
from firstwire.core.routes.tree import RoutePolicy
from schemas import Alert
from schemas.times import parse_timestamp

REMINDED_FOR = timedelta(days=3)
"""After the first message about a revision nobody is reminded of it any more: it is no news."""


@dataclass(frozen=True)
class _Reminder:
    alert: Alert
    receiver: str
    policy: RoutePolicy
    group: str
    due_at: datetime
    first_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return (self.alert.alert_id, self.receiver)


class Reminders:
    """What is to be told again, each alert once for each receiver."""

    def __init__(self, silences: Silences, feedback: FeedbackBook) -> None:
        self._silences = silences
        self._feedback = feedback
        self._reminders: dict[tuple[str, str], _Reminder] = {}
        self._due: list[tuple[datetime, int, tuple[str, str]]] = []
        self._numbers = count()

    def remind(
        self, alert: Alert, receiver: str, policy: RoutePolicy, group: str, due_at: datetime, first_at: datetime
    ) -> None:
        """Tell an alert again at a time, unless that is too long after its first message, or it is acknowledged."""
        self._put(_Reminder(alert, receiver, policy, group, due_at, first_at))

    def forget(self, alert_id: str, receiver: str) -> None:
        self._reminders.pop((alert_id, receiver), None)

    def forget_alert(self, alert_id: str) -> None:
        """Remind nobody of it."""
        for key in [key for key in self._reminders if key[0] == alert_id]:
            del self._reminders[key]

    def reroute(self, policy_of: Callable[[Alert, str], RoutePolicy]) -> None:
        """Go by other routes from now on: remind at the same time, but nobody whom no route reminds any more."""
        for key, reminder in list(self._reminders.items()):
            policy = policy_of(reminder.alert, reminder.receiver)
            if policy.repeat_interval is None:
                del self._reminders[key]
            else:
                self._reminders[key] = replace(reminder, policy=policy)

    def next_at(self) -> datetime | None:
        """When the next one may be due; None if there is none."""
        return self._due[0][0] if self._due else None

    def due(self, now: datetime) -> list[Send]:
        """The reminders that are due: one message for the alerts of a group that are due together."""
        due: dict[tuple[str, str], list[_Reminder]] = {}
        while self._due and self._due[0][0] <= now:
            due_at, _, key = heapq.heappop(self._due)
            reminder = self._reminders.get(key)
            if reminder is None or reminder.due_at != due_at:
                continue
            del self._reminders[key]
            later = self._later(reminder, now)
            if later is not None:
                self._put(replace(reminder, due_at=later))
            else:
                due.setdefault((reminder.receiver, reminder.group), []).append(reminder)
        return [self._sent(reminders, now) for reminders in due.values()]

    def _put(self, reminder: _Reminder) -> None:
        is_news = reminder.due_at < reminder.first_at + REMINDED_FOR
        if is_news and self._feedback.acknowledgement(reminder.alert.alert_id) is None:
            self._reminders[reminder.key] = reminder
            heapq.heappush(self._due, (reminder.due_at, next(self._numbers), reminder.key))

    def _later(self, reminder: _Reminder, now: datetime) -> datetime | None:
        """The end of a silence or of quiet hours; None if neither is in the way."""
        silence = self._silences.covering(labels_of(reminder.alert), now)
        if silence is not None:
            return parse_timestamp(silence.ends_at)
        return quiet_until(reminder.policy.quiet, now, reminder.policy.zone)

    def _sent(self, reminders: Sequence[_Reminder], now: datetime) -> Send:
        first = reminders[0]
        assert first.policy.repeat_interval is not None, "only routes that repeat have reminders"
        repeat_at = now + first.policy.repeat_interval
        for each in reminders:
            self._put(replace(each, due_at=repeat_at))
        alerts = ordered(each.alert for each in reminders)
        return Send(first.receiver, now, alerts, first.policy, first.group, occasion="repeat", repeat_at=repeat_at)
