"""The messages that a sequence of alerts becomes, for backtests and tests: how many would each receiver have got?

    for message in messages_of(records, tree):
        count[message.receiver] += 1

Receivers accept everything at once here; what waits for one that is down is the notifier's business.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from firstwire.core.routes.decision import TAKEN_BACK, LastNotice
from firstwire.core.routes.flood import FloodGate, is_flood
from firstwire.core.routes.inhibition import InhibitionRule
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.rulings import NEVER, Ruling, Send
from firstwire.core.routes.tree import RouteTree
from schemas import Alert, Feedback, Silence


class NoticesSoFar:
    """What was decided on, when all of it arrives."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], LastNotice] = {}
        self._arrived: set[tuple[str, str]] = set()

    def last_notice(self, alert_id: str, destination: str) -> LastNotice | None:
        return self._last.get((alert_id, destination))

    def may_have_arrived(self, alert_id: str, destination: str) -> bool:
        return (alert_id, destination) in self._arrived

    def note(self, alert: Alert, receiver: str, *, arrived: bool) -> None:
        """Note a decision to tell, now or later, or not at all."""
        self._last[alert.alert_id, receiver] = notice_of(alert)
        if arrived:
            self._arrived.add((alert.alert_id, receiver))


def notice_of(alert: Alert) -> LastNotice:
    """What an alert's revision tells."""
    return LastNotice(alert.revision, alert.state, len(alert.origins), alert.status, alert.developments_so_far)


class MessageCounter:
    """The messages that alerts become, alert by alert, in the order of their times."""

    def __init__(self, tree: RouteTree, inhibitions: Sequence[InhibitionRule] = ()) -> None:
        self._notices = NoticesSoFar()
        self._routing = Routing(tree, self._notices, inhibitions)

    def take(self, record: Alert | Silence | Feedback, now: datetime) -> Iterator[Send]:
        """The messages that are due by now, and those that an alert is sent at once."""
        yield from self.due(now)
        if not isinstance(record, Alert):
            self._routing.hear(record)
            return
        for ruling in self._routing.take(record, now):
            # Nobody is told that something does not hold of which they were never told
            is_moot = record.state in TAKEN_BACK and not self._notices.may_have_arrived(
                record.alert_id, ruling.receiver
            )
            is_sent = ruling.fate == "sent" and not is_moot
            if ruling.fate != "skipped":
                self._notices.note(record, ruling.receiver, arrived=is_sent)
            if is_sent:
                yield _send_of(ruling, now)

    def due(self, now: datetime | None = None) -> Iterator[Send]:
        """What is due before a time, each at its own; without a time all but what waits for no time at all."""
        while (at := self._routing.next_at()) is not None and at < NEVER and (now is None or at <= now):
            for send in self._routing.tick(at).sends:
                for alert in send.alerts:
                    self._notices.note(alert, send.receiver, arrived=True)
                yield send


def messages_of(
    records: Iterable[tuple[datetime, Alert | Silence | Feedback]],
    tree: RouteTree,
    inhibitions: Sequence[InhibitionRule] = (),
    *,
    until: datetime | None = None,
    gathering: Collection[str] = (),
) -> Iterator[Send]:
    """The messages of records in the order of their times, then of what still waits, up to `until` or to the end.

    `gathering` names the receivers of people, for whom a flood becomes one message.
    """
    counter = MessageCounter(tree, inhibitions)
    return _gathered(_sends(records, counter, until), frozenset(gathering))


def _sends(
    records: Iterable[tuple[datetime, Alert | Silence | Feedback]], counter: MessageCounter, until: datetime | None
) -> Iterator[Send]:
    for now, record in records:
        yield from counter.take(record, now)
    yield from counter.due(until)


def _send_of(ruling: Ruling, now: datetime) -> Send:
    return Send(ruling.receiver, now, (ruling.alert,), ruling.policy, ruling.group, repeat_at=ruling.repeat_at)


def _gathered(sends: Iterable[Send], gathering: Collection[str]) -> Iterator[Send]:
    """The same with floods as one message, each message at the time at which it would go."""
    gates = {name: FloodGate() for name in gathering}
    queues: dict[str, list[Send]] = {name: [] for name in gathering}
    for send in sends:
        for name, queue in queues.items():
            yield from _drained(queue, gates[name], send.at)
        if send.receiver in queues:
            queues[send.receiver].append(send)
        else:
            yield send
    for name, queue in queues.items():
        yield from _drained(queue, gates[name], None)


def _drained(queue: list[Send], gate: FloodGate, before: datetime | None) -> Iterator[Send]:
    """What goes before a time; without one everything."""
    while queue:
        at = gate.ready_at(queue[0].at)
        if before is not None and at >= before:
            return
        due = [send for send in queue if send.at <= at]
        taken = due if is_flood(sum(len(send.alerts) for send in due)) else due[:1]
        del queue[: len(taken)]
        alerts = tuple(alert for send in taken for alert in send.alerts)
        gate.take(at, len(alerts))
        yield replace(taken[0], at=at, alerts=alerts)
