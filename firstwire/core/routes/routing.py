"""Routing: what becomes of an alert at each receiver, and when. The door of this package.

`take` an alert, `tick` when `next_at` says so; both are told the time and never wait. State is in memory: who drives it
records the rulings, and after a restart gives back what waited (`restore_held`, `restore_flush`, `restore_repeat`).
Backtests and tests that only want the messages use `messages_of` in `messages.py`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from firstwire.core.routes.calendar import quiet_until
from firstwire.core.routes.decision import TAKEN_BACK, decide
from firstwire.core.routes.grouping import group_of, route_of
from firstwire.core.routes.inhibition import InhibitionRule, Inhibitors
from firstwire.core.routes.labels import Labels, labels_of
from firstwire.core.routes.reminders import Reminders
from firstwire.core.routes.rulings import AT_ONCE, NEVER, NoticeLog, Ruling, Send, Tick, ordered
from firstwire.core.routes.silences import FeedbackBook, Silences
from firstwire.core.routes.tree import RoutePolicy, RouteTree, receivers_of
from schemas import Alert, Feedback, Silence
from schemas.times import parse_timestamp

GROUPS_KEPT = 1_000
"""So many groups are kept before those are forgotten that no later alert asks for."""

SNOOZED = "\x1fsnoozed"
"""Of the group of what is told when a snooze ends: no route has such a number."""


@dataclass
class _Group:
    """The alerts of one group that wait at one receiver, by id, and when its last message was."""

    policy: RoutePolicy
    waiting: dict[str, Alert] = field(default_factory=dict)
    due_at: datetime | None = None
    reason: str = ""
    flushed_at: datetime | None = None


_GroupKey = tuple[str, str]
"""Receiver and group."""


class Routing:
    """The state of all that waits, and the decisions."""

    def __init__(self, tree: RouteTree, notices: NoticeLog, inhibitions: Sequence[InhibitionRule] = ()) -> None:
        self.silences = Silences()
        self.feedback = FeedbackBook()
        self._tree = tree
        self._notices = notices
        self._inhibitors = Inhibitors(inhibitions)
        self._groups: dict[_GroupKey, _Group] = {}
        self._held: dict[tuple[str, str], _GroupKey] = {}
        """Where an alert waits, by its id and the receiver."""
        self._told_rules: dict[tuple[str, str, str], datetime] = {}
        """The last message by receiver, route and rule, of routes with a cooldown."""
        self._reminders = Reminders(self.silences, self.feedback)
        self._due: list[tuple[datetime, int, _GroupKey]] = []
        self._numbers = count()
        self._groups_limit = GROUPS_KEPT

    @property
    def tree(self) -> RouteTree:
        return self._tree

    def reroute(self, tree: RouteTree, inhibitions: Sequence[InhibitionRule] = ()) -> None:
        """Route by another tree from now on. What waits keeps its time, unless it waits for a number that is gone."""
        self._tree, self._inhibitors = tree, Inhibitors(inhibitions)
        for key, group in self._groups.items():
            if group.waiting:
                group.policy = self._policy_of(next(iter(group.waiting.values())), key[0])
                self._end_endless_wait(key)
        self._reminders.reroute(self._policy_of)

    def take(self, alert: Alert, now: datetime) -> Iterator[Ruling]:
        """What becomes of an alert at each receiver. The caller applies each ruling to the log before the next."""
        labels = labels_of(alert)
        silence = self.silences.covering(labels, now)
        self._inhibitors.note(alert, labels, now)
        for receiver, policy in receivers_of(alert, self._tree).items():
            yield self._ruling(alert, labels, silence, receiver, policy, now)

    def hear(self, said: Silence | Feedback) -> None:
        """Take in a silence, or what somebody says about an alert."""
        if isinstance(said, Silence):
            self.silences.apply(said)
            return
        self.feedback.apply(said)
        if said.verdict != "right":
            self._reminders.forget_alert(said.alert_id)

    def next_at(self) -> datetime | None:
        """When `tick` has something to do; None if nothing waits."""
        times = [self._due[0][0] if self._due else None, self._reminders.next_at()]
        return min((at for at in times if at is not None), default=None)

    def tick(self, now: datetime) -> Tick:
        """All that is due by now, in the order of its time."""
        sends: list[Send] = []
        rulings: list[Ruling] = []
        while self._due and self._due[0][0] <= now:
            due_at, _, key = heapq.heappop(self._due)
            group = self._groups.get(key)
            if group is not None and group.due_at == due_at and group.waiting:
                sends += self._flush(key, group, now, rulings)
        sends += self._reminders.due(now)
        return Tick(tuple(sends), tuple(rulings))

    def restore_held(self, alert: Alert, receiver: str, group: str, due_at: datetime, reason: str) -> None:
        """Let an alert wait that waited before a restart, and what waits with it until the same time."""
        self._hold((receiver, group), alert, self._policy_of(alert, receiver), due_at, reason)
        self._end_endless_wait((receiver, group))

    def restore_flush(self, receiver: str, group: str, rule_id: str, at: datetime) -> None:
        """Remember the last message about a group and a rule, as before a restart."""
        found = self._groups.setdefault((receiver, group), _Group(RoutePolicy(route="")))
        found.flushed_at = at if found.flushed_at is None else max(found.flushed_at, at)
        rule = (receiver, route_of(group), rule_id)
        self._told_rules[rule] = max(self._told_rules.get(rule, at), at)

    def restore_repeat(self, alert: Alert, receiver: str, group: str, due_at: datetime, first_at: datetime) -> None:
        """Remind of an alert at a time, as before a restart, unless it was acknowledged or no route repeats it now."""
        policy = receivers_of(alert, self._tree).get(receiver)
        if policy is not None and policy.repeat_interval is not None and alert.state not in TAKEN_BACK:
            self._reminders.remind(alert, receiver, policy, group, due_at, first_at)

    def _policy_of(self, alert: Alert, receiver: str) -> RoutePolicy:
        """The policy of the route that leads there now; of none, if none does any more."""
        return receivers_of(alert, self._tree).get(receiver, RoutePolicy(route=""))

    def _end_endless_wait(self, key: _GroupKey) -> None:
        """Let a digest that waits for its number alone go, if no others will join it up to that number.

        Its route may ask for no number any more or for no more than wait, tell by the clock too, or have another number
        of its own now, under which those that come later are grouped.
        """
        group = self._groups[key]
        policy = group.policy
        is_endless = group.due_at is not None and group.due_at >= NEVER
        is_full = policy.digest_count is None or len(group.waiting) >= policy.digest_count
        if is_endless and (is_full or policy.digest is not None or policy.route != route_of(key[1])):
            group.due_at, group.reason = AT_ONCE, "the digest has ended"
            heapq.heappush(self._due, (AT_ONCE, next(self._numbers), key))

    def _ruling(
        self,
        alert: Alert,
        labels: Labels,
        silence: Silence | None,
        receiver: str,
        policy: RoutePolicy,
        now: datetime,
    ) -> Ruling:
        held_in = self._held.get((alert.alert_id, receiver))
        if held_in is not None:
            return self._of_held(alert, receiver, held_in)
        last = self._notices.last_notice(alert.alert_id, receiver)
        decision = decide(alert, last, updates=policy.updates)
        if not decision.deliver:
            return Ruling(alert, receiver, "skipped", decision.reason, policy)
        if (muted := self._muted(alert, labels, silence, now)) is not None:
            self._reminders.forget(alert.alert_id, receiver)
            return Ruling(alert, receiver, "muted", muted, policy)
        key, due_at, reason = self._due_of(alert, silence, receiver, policy, now)
        if due_at > now or self._is_waiting(key):
            self._hold(key, alert, policy, due_at, reason)
            held_at = self._groups[key].due_at
            return Ruling(alert, receiver, "held", f"{decision.reason}; {reason}", policy, key[1], held_at)
        repeat_at = self._sent(key, policy, [alert], now)
        return Ruling(alert, receiver, "sent", decision.reason, policy, key[1], repeat_at=repeat_at)

    def _of_held(self, alert: Alert, receiver: str, key: _GroupKey) -> Ruling:
        """The ruling on a newer revision of an alert that waits: it takes the place of the one before."""
        group = self._groups[key]
        waiting = group.waiting[alert.alert_id]
        if alert.revision <= waiting.revision:
            reason = f"revision {waiting.revision} waits already"
            return Ruling(alert, receiver, "skipped", reason, group.policy)
        if alert.state in TAKEN_BACK and not self._notices.may_have_arrived(alert.alert_id, receiver):
            self._release(key, alert.alert_id, receiver)
            return Ruling(alert, receiver, "withdrawn", f"{alert.state} before it was told", group.policy, key[1])
        group.waiting[alert.alert_id] = alert
        reason = f"in place of revision {waiting.revision}; {group.reason}"
        return Ruling(alert, receiver, "held", reason, group.policy, key[1], group.due_at)

    def _muted(self, alert: Alert, labels: Labels, silence: Silence | None, now: datetime) -> str | None:
        """Why nobody is told of it, now or later; None if somebody is."""
        if silence is not None and silence.kind == "silence":
            return f"silenced until {silence.ends_at} by {silence.author}" + (
                f": {silence.comment}" if silence.comment else ""
            )
        if alert.state in TAKEN_BACK:
            return None  # whoever was told must hear that it does not hold
        if (said := self.feedback.false_alarm(alert.alert_id)) is not None:
            return f"{said.author} called it a false alarm"
        inhibitor = self._inhibitors.inhibitor_of(alert, labels, now)
        return None if inhibitor is None else f"inhibited by the alert: {inhibitor}"

    def _due_of(
        self, alert: Alert, snooze: Silence | None, receiver: str, policy: RoutePolicy, now: datetime
    ) -> tuple[_GroupKey, datetime, str]:
        """The group of an alert, and when and why it is told."""
        if snooze is not None:
            ends_at = parse_timestamp(snooze.ends_at)
            return (receiver, f"{SNOOZED}{snooze.silence_id}"), ends_at, f"snoozed by {snooze.author}"
        key = (receiver, group_of(alert, policy))
        group = self._groups.get(key)
        waiting = 0 if group is None else len(group.waiting)
        if policy.digest_count is not None and waiting + 1 >= policy.digest_count:
            due_at, reason = now, "the digest is full"
        elif group is not None and group.due_at is not None:
            due_at, reason = group.due_at, group.reason
        else:
            due_at, reason = self._first_due(alert, key, policy, now)
        ends_at_or_none = quiet_until(policy.quiet, due_at, policy.zone)
        return (key, due_at, reason) if ends_at_or_none is None else (key, ends_at_or_none, "quiet hours")

    def _first_due(self, alert: Alert, key: _GroupKey, policy: RoutePolicy, now: datetime) -> tuple[datetime, str]:
        """When the first alert that waits in a group is told."""
        if policy.is_digest:
            # By count alone it waits for others as long as it takes
            return (policy.digest.next_at(now), "digest") if policy.digest is not None else (NEVER, "digest")
        found = self._groups.get(key)
        flushed_at = None if found is None else found.flushed_at
        due_at, reason = now + policy.group_wait, "waits for its group"
        if flushed_at is not None and flushed_at + policy.group_interval > now:
            due_at, reason = flushed_at + policy.group_interval, "the interval of its group"
        told_at = self._told_rules.get((key[0], policy.route, alert.rule_id))
        if told_at is not None and told_at + policy.cooldown > due_at:
            due_at, reason = told_at + policy.cooldown, "the cooldown of its rule"
        return due_at, reason

    def _is_waiting(self, key: _GroupKey) -> bool:
        """Whether others of the group wait: then an alert that is due goes with them, at the next tick."""
        group = self._groups.get(key)
        return group is not None and bool(group.waiting)

    def _hold(self, key: _GroupKey, alert: Alert, policy: RoutePolicy, due_at: datetime, reason: str) -> None:
        group = self._groups.setdefault(key, _Group(policy))
        group.policy = policy
        is_moved = group.due_at is None or due_at < group.due_at
        if not group.waiting or is_moved or key[1].startswith(SNOOZED):
            group.due_at, group.reason = due_at, reason
            heapq.heappush(self._due, (due_at, next(self._numbers), key))
        group.waiting[alert.alert_id] = alert
        self._held[alert.alert_id, key[0]] = key

    def _release(self, key: _GroupKey, alert_id: str, receiver: str) -> None:
        group = self._groups[key]
        del group.waiting[alert_id], self._held[alert_id, receiver]
        if not group.waiting:
            group.due_at = None

    def _flush(self, key: _GroupKey, group: _Group, now: datetime, rulings: list[Ruling]) -> list[Send]:
        """The message of a group that is due, without what was silenced in the meantime; later if it is quiet now."""
        receiver, name = key
        ends_at = quiet_until(group.policy.quiet, now, group.policy.zone)
        if ends_at is not None:
            group.due_at, group.reason = ends_at, "quiet hours"
            heapq.heappush(self._due, (ends_at, next(self._numbers), key))
            rulings += [
                Ruling(alert, receiver, "held", group.reason, group.policy, name, ends_at)
                for alert in group.waiting.values()
            ]
            return []
        policy, alerts = group.policy, []
        for alert in list(group.waiting.values()):
            labels = labels_of(alert)
            self._release(key, alert.alert_id, receiver)
            silence = self.silences.covering(labels, now)
            if (muted := self._muted(alert, labels, silence, now)) is not None:
                rulings.append(Ruling(alert, receiver, "muted", muted, policy, name))
            elif silence is not None:
                later, due_at, reason = self._due_of(alert, silence, receiver, policy, now)
                self._hold(later, alert, policy, due_at, reason)
                rulings.append(Ruling(alert, receiver, "held", reason, policy, later[1], due_at))
            else:
                alerts.append(alert)
        if not alerts:
            return []
        repeat_at = self._sent(key, policy, alerts, now)
        return [Send(receiver, now, ordered(alerts), policy, name, repeat_at=repeat_at)]

    def _sent(self, key: _GroupKey, policy: RoutePolicy, alerts: Sequence[Alert], now: datetime) -> datetime | None:
        """Remember a message for what follows it. When its alerts are repeated; None if they are not."""
        receiver, name = key
        if policy.group_interval and not name.startswith(SNOOZED):
            self._groups.setdefault(key, _Group(policy)).flushed_at = now
            self._forget_groups(now)
        elif key in self._groups and not self._groups[key].waiting:
            del self._groups[key]
        repeat_at = None if policy.repeat_interval is None else now + policy.repeat_interval
        for alert in alerts:
            if policy.cooldown:
                self._told_rules[receiver, policy.route, alert.rule_id] = now
            self._reminders.forget(alert.alert_id, receiver)
            if repeat_at is not None and alert.state not in TAKEN_BACK:
                self._reminders.remind(alert, receiver, policy, name, repeat_at, now)
        return repeat_at

    def _forget_groups(self, now: datetime) -> None:
        """Forget groups whose interval is over, once they are many."""
        if len(self._groups) < self._groups_limit:
            return
        for key in [key for key, group in self._groups.items() if not group.waiting]:
            group = self._groups[key]
            if group.flushed_at is None or group.flushed_at + group.policy.group_interval <= now:
                del self._groups[key]
        self._groups_limit = max(GROUPS_KEPT, 2 * len(self._groups))
