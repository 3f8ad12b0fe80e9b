"""What the console knows without asking: newest alerts, deliveries, silences, feedback, feeds, rules, ledger, audit.

A fold of topics, most of them compacted. It knows nothing of Kafka's clients; `following.py` feeds it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from firstwire.broker.reader import Received
from firstwire.broker.topics import (
    ALERTS,
    AUDIT,
    DELIVERIES,
    FEED_STATES,
    FEEDBACK,
    RULES,
    SILENCES,
    SUBSCRIPTIONS,
    TAKEDOWNS,
)
from firstwire.core.alerts.redaction import redacted
from firstwire.core.routes.labels import labels_of
from firstwire.core.routes.receipts import raise_seen, receipt_of
from firstwire.core.routes.silences import is_in_force, silences
from firstwire.core.state import LEDGER
from firstwire.errors import PoisonError
from firstwire.notifier.delivery_history import NOT_ARRIVED, happened_at
from firstwire.notifier.delivery_log import LoggedDelivery, entry_of
from firstwire.poller.feed_list import FeedList
from firstwire.poller.known_feeds import newest_of_each_feed, note_change, note_state
from firstwire.poller.links import same_feed_key
from firstwire.poller.subscriptions import Subscription
from schemas import Alert, AuditEntry, Feedback, LedgerPage, Receipt, RuleVersion, Silence
from schemas.codec import DecodeError, decode
from schemas.feed import FeedState
from schemas.record import Record
from schemas.subscription import SubscriptionChange
from schemas.takedown import Takedown

R = TypeVar("R", bound=Record)

ALERTS_KEPT = 1_000
"""The newest, so that an alert has a page before the index has it."""
DELIVERIES_KEPT = 20_000
"""Of those that arrived; what did not is kept whole."""
AUDIT_KEPT = 1_000

FOLLOWED = (ALERTS, DELIVERIES, SILENCES, FEEDBACK, SUBSCRIPTIONS, FEED_STATES, RULES, LEDGER, AUDIT, TAKEDOWNS)


@dataclass(frozen=True)
class SeenAlert:
    """An alert as it just came."""

    alert: Alert
    receipt: Receipt
    """Of its first raise."""


@dataclass
class Board:
    """Call `apply` with every record of `FOLLOWED`, in any order of topics."""

    alerts: OrderedDict[str, SeenAlert] = field(default_factory=OrderedDict)
    silences: dict[str, Silence] = field(default_factory=dict)
    feedback: dict[str, dict[str, Feedback]] = field(default_factory=dict)
    """By alert, then by author."""
    ledger: dict[str, LedgerPage] = field(default_factory=dict)
    """By key, under the action ids that they were written with."""
    rules: dict[str, RuleVersion] = field(default_factory=dict)
    audit: deque[AuditEntry] = field(default_factory=lambda: deque(maxlen=AUDIT_KEPT))
    taken_down: dict[str, Takedown] = field(default_factory=dict)
    unreadable: int = 0
    _deliveries: OrderedDict[str, LoggedDelivery] = field(default_factory=OrderedDict)
    _latest: list[LoggedDelivery] | None = None
    _deliveries_of: dict[str, set[str]] = field(default_factory=dict)
    _changes: dict[str, SubscriptionChange] = field(default_factory=dict)
    _states: dict[str, FeedState] = field(default_factory=dict)

    def apply(self, topic: str, record: Received) -> SeenAlert | None:
        """Note a record of a topic, named without its prefix; an alert is returned, to be shown at once."""
        try:
            return self._apply(topic, record)
        except (DecodeError, PoisonError):
            self.unreadable += 1  # the process that judges it names it in its log
            return None

    def clear(self) -> None:
        """Forget everything."""
        for held in (self.alerts, self.silences, self.feedback, self.ledger, self.rules, self.audit, self.taken_down):
            held.clear()
        for kept in (self._deliveries, self._deliveries_of, self._changes, self._states):
            kept.clear()
        self._latest = None

    def feed_list(self, of_files: Iterable[Subscription]) -> FeedList:
        """All feeds with what is known of them."""
        return FeedList(tuple(of_files), dict(self._changes), newest_of_each_feed(self._states.values()))

    def note_subscription(self, change: SubscriptionChange) -> None:
        """A decision on a feed that was just made here."""
        self._changes[same_feed_key(change.url)] = change

    def silences_of(self, alert: Alert, now: datetime) -> list[Silence]:
        """The silences in force that cover an alert."""
        labels = labels_of(alert)
        return [each for each in self.silences.values() if is_in_force(each, now) and silences(each, labels)]

    def versions(self) -> list[RuleVersion]:
        """Every version of every rule, in the order of releases."""
        return sorted(self.rules.values(), key=lambda version: (version.release, version.rule_id))

    def deliveries(self) -> Sequence[LoggedDelivery]:
        """The latest first. They are sorted when they are asked for after a change: 20,000 take 60 ms."""
        if self._latest is None:
            found = self._deliveries.values()
            self._latest = sorted(found, key=lambda entry: (happened_at(entry), entry.key), reverse=True)
        return self._latest

    def deliveries_of(self, alert_id: str) -> list[LoggedDelivery]:
        """Those of one alert, by receiver, then revision."""
        found = [self._deliveries[key] for key in self._deliveries_of.get(alert_id, ())]
        return sorted(found, key=lambda entry: (entry.delivery.destination, entry.delivery.revision))

    def _apply(self, topic: str, record: Received) -> SeenAlert | None:
        if topic == ALERTS:
            return self._note_alert(record)
        notes: dict[str, Callable[[Received], None]] = {
            DELIVERIES: self._note_delivery,
            FEEDBACK: self._note_feedback,
            SUBSCRIPTIONS: lambda one: note_change(self._changes, one),
            FEED_STATES: lambda one: note_state(self._states, one),
            SILENCES: lambda one: _note(self.silences, one, Silence),
            RULES: lambda one: _note(self.rules, one, RuleVersion),
            LEDGER: lambda one: _note(self.ledger, one, LedgerPage),
            AUDIT: lambda one: self.audit.append(decode(one.value, AuditEntry)),
            TAKEDOWNS: self._note_takedown,
        }
        notes[topic](record)
        return None

    def _note_alert(self, record: Received) -> SeenAlert | None:
        if record.value is None:
            self.alerts.pop(record.key, None)
            return None
        alert = redacted(decode(record.value, Alert), self.taken_down)
        held = self.alerts.pop(record.key, None)
        if alert is None:
            return None
        receipt = receipt_of(alert, record.headers, record.timestamp_ms)
        seen = SeenAlert(alert, raise_seen(alert, receipt, None if held is None else held.receipt))
        if held is not None and held.alert.revision > alert.revision:
            seen = held
        self.alerts[record.key] = seen
        while len(self.alerts) > ALERTS_KEPT:
            self.alerts.popitem(last=False)
        return seen

    def _note_takedown(self, record: Received) -> None:
        _note(self.taken_down, record, Takedown)
        for alert_id, seen in [*self.alerts.items()]:
            shown = redacted(seen.alert, self.taken_down)
            if shown is None:
                del self.alerts[alert_id]
            elif shown is not seen.alert:
                self.alerts[alert_id] = SeenAlert(shown, seen.receipt)

    def _note_delivery(self, record: Received) -> None:
        self._latest = None
        self._forget_delivery(record.key)
        entry = entry_of(record)
        if entry is None:
            return
        self._deliveries[entry.key] = entry
        self._deliveries_of.setdefault(entry.delivery.alert_id, set()).add(entry.key)
        if len(self._deliveries) > DELIVERIES_KEPT:
            arrived = (key for key, each in self._deliveries.items() if each.delivery.state not in NOT_ARRIVED)
            if (oldest := next(arrived, None)) is not None:
                self._forget_delivery(oldest)

    def _forget_delivery(self, key: str) -> None:
        entry = self._deliveries.pop(key, None)
        if entry is None:
            return
        keys = self._deliveries_of[entry.delivery.alert_id]
        keys.discard(key)
        if not keys:
            del self._deliveries_of[entry.delivery.alert_id]

    def _note_feedback(self, record: Received) -> None:
        alert_id, _, author = record.key.partition(":")
        if record.value is None:
            self.feedback.get(alert_id, {}).pop(author, None)
            return
        said = decode(record.value, Feedback)
        self.feedback.setdefault(said.alert_id, {})[said.author] = said


def _note(held: dict[str, R], record: Received, kind: type[R]) -> None:
    if record.value is None:
        held.pop(record.key, None)
    else:
        held[record.key] = decode(record.value, kind)
