"""What waits by the routes' rules is a record, so that a restart at any moment changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from firstwire.broker.reader import Received
from firstwire.core.routes.routing import Routing
from firstwire.core.routes.tree import RouteTree
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery
from firstwire.notifier.hearing import take_said
from firstwire.notifier.holding import released, restore
from firstwire.notifier.intake import take_in
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt
from schemas import Alert
from schemas.codec import encode
from tests.support.alerts import first_alert
from tests.support.timeline_tables import AFTER_RELOAD, BEFORE_RELOAD, HELD, HELD_ROUTES, RELOADED, RELOADED_AT
from tests.support.timelines import DAY, happenings, moment, routes_of, rows_of, wanted


class Records:
    """The notifier without Kafka and without sockets: what it writes, what it would send, and restarts."""

    def __init__(self, tree: RouteTree) -> None:
        self.tree = tree
        self.topic: dict[str, LoggedDelivery] = {}
        self.said: list[Received] = []
        self.sent: list[str] = []
        self.start()

    def start(self) -> None:
        """As after a kill: all that is known is in the records."""
        self.log = DeliveryLog(self.topic.values())
        self.routing = Routing(self.tree, self.log)
        take_said(self.said, self.routing, moment("00:00:00"))
        restore(self.routing, [entry for entry in self.topic.values() if entry.delivery.group is not None])

    def reload(self, tree: RouteTree) -> None:
        self.tree = tree
        self.routing.reroute(tree)

    def take(self, happened: Any, at: datetime) -> None:
        record = Received(topic="t", partition=0, offset=0, key="k", value=encode(happened), headers=(), timestamp_ms=0)
        if not isinstance(happened, Alert):
            self.said.append(record)
            take_said([record], self.routing, at)
            return
        self._write(take_in([record], self.routing, self.log, at).entries, at)

    def tick(self, at: datetime) -> None:
        self._write(released(self.routing.tick(at), self.log, at), at)

    def _write(self, entries: Sequence[LoggedDelivery], at: datetime) -> None:
        for entry in entries:
            self.topic[entry.key] = entry
            self.log.apply(entry)
        pending = [entry for entry in entries if entry.delivery.state == "pending"]
        for (receiver, _), together in itertools.groupby(
            pending, key=lambda each: (each.delivery.destination, each.delivery.batch or each.key)
        ):
            accepted = list(together)
            names = ", ".join(entry.delivery.alert_id for entry in accepted)
            self.sent.append(f"{at:%m-%d %H:%M:%S} {receiver}: {names}")
            for entry in accepted:
                done = after_attempt(entry, ReplyVerdict("delivered", "ok"), at, at, 9).entry
                self.topic[done.key] = done
                self.log.apply(done)


NO_RELOADS: Mapping[str, Sequence[Any]] = MappingProxyType({})


def moments(happened: Iterable[datetime], until: datetime) -> list[datetime]:
    """Every half minute and every time of a happening."""
    first = moment("10:00:00")
    half_minutes = (first + timedelta(seconds=30) * number for number in range(10_000))
    return sorted({*happened, *itertools.takewhile(lambda at: at <= until, half_minutes)})


def run(
    table: str,
    *,
    restarts: bool,
    routes: Sequence[Any] = HELD_ROUTES,
    reloads: Mapping[str, Sequence[Any]] = NO_RELOADS,
) -> tuple[list[str], list[str]]:
    rows = rows_of(table)
    records = Records(routes_of(routes))
    others = {moment(at): routes_of(written) for at, written in reloads.items()}
    for at in moments((row.at for row in rows), rows[-1].at):
        if at in others:
            records.reload(others[at])
        if restarts:
            records.start()
        records.tick(at)
        for happened_at, happened in happenings(rows):
            if happened_at == at:
                records.take(happened, at)
                if restarts:
                    records.start()
        records.tick(at)
    return records.sent, wanted(rows)


@pytest.mark.parametrize("restarts", [False, True])
def test_messages_are_the_same_however_often_the_notifier_is_killed(restarts: bool) -> None:
    sent, said = run(HELD, restarts=restarts)
    assert sorted(sent) == sorted(said)


@pytest.mark.parametrize("restarts", [False, True])
def test_after_a_reload_what_waits_keeps_its_time_and_all_else_goes_by_the_new_routes(restarts: bool) -> None:
    sent, said = run(RELOADED, restarts=restarts, routes=BEFORE_RELOAD, reloads={RELOADED_AT: AFTER_RELOAD})
    assert sorted(sent) == sorted(said)


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize(
    ("after", "later"),
    [
        pytest.param(
            [{"receivers": ["phone"], "match": {"rule_id": "other"}}, {"receivers": ["desk"], "digest_count": 3}],
            "10:05:00 | | desk: C, D, E",
            id="its route has another number",
        ),
        pytest.param(
            [{"receivers": ["desk"], "digest": "daily 11:00", "digest_count": 5}],
            "11:00:00 | | desk: C, D, E",
            id="its route tells by the clock too",
        ),
    ],
)
def test_a_digest_by_number_that_no_other_can_fill_is_told_once(restarts: bool, after: Any, later: str) -> None:
    table = f"""
    10:00:00 | A       |
    10:00:30 | B       |
    10:01:00 |         | desk: A, B
    10:02:00 | C       |
    10:03:00 | D       |
    10:05:00 | E       |
    {later}
    12:00:00 |         |
    """
    before = [{"receivers": ["desk"], "digest_count": 3}]
    sent, said = run(table, restarts=restarts, routes=before, reloads={"10:01:00": after})
    assert sent == said


def test_a_digest_by_number_whose_route_moved_is_told_after_a_restart() -> None:
    records = Records(routes_of([{"receivers": ["desk"], "digest_count": 3}]))
    records.take(first_alert(alert_id="a"), moment("10:00:00"))
    records.take(first_alert(alert_id="b"), moment("10:00:00"))
    records.tree = routes_of(
        [{"receivers": ["phone"], "match": {"kind": "system"}}, {"receivers": ["desk"], "digest_count": 3}]
    )
    records.start()
    records.tick(moment("10:01:00"))
    records.start()
    records.tick(moment("10:02:00"))
    assert records.sent == ["03-02 10:01:00 desk: a, b"]


def test_what_waits_says_why_and_until_when_and_what_is_muted_why() -> None:
    records = Records(routes_of([{"receivers": ["desk"], "group_wait": "30s"}]))
    (silence,) = [said for _, said in happenings(rows_of("10:00:00 | silence 1h rule=cricket |"))]
    records.take(silence, moment("10:00:00"))
    records.take(first_alert(alert_id="a"), moment("10:00:00"))
    records.take(first_alert(alert_id="b", rule_id="cricket"), moment("10:00:00"))
    held, muted = (records.topic[f"{name}:1:desk"].delivery for name in "ab")
    assert (held.state, held.held_until) == ("held", f"{DAY}T10:00:30.000Z")
    assert held.result == "first seen; waits for its group"
    assert held.alert == first_alert(alert_id="a")
    assert (muted.state, muted.alert) == ("muted", None)
    assert muted.result == f"silenced until {DAY}T11:00:00.000Z by Ada"


def test_a_newer_revision_takes_the_place_of_the_one_that_is_held() -> None:
    records = Records(routes_of([{"receivers": ["desk"], "group_wait": "30s"}]))
    records.take(first_alert(alert_id="a"), moment("10:00:00"))
    records.take(first_alert(alert_id="a", revision=2, state="updated"), moment("10:00:10"))
    records.start()
    records.tick(moment("10:00:30"))
    assert records.sent == ["03-02 10:00:30 desk: a"]
    assert {key: entry.delivery.state for key, entry in records.topic.items()} == {
        "a:1:desk": "superseded",
        "a:2:desk": "delivered",
    }


def test_what_is_taken_back_while_it_is_held_is_told_to_nobody() -> None:
    records = Records(routes_of([{"receivers": ["desk"], "group_wait": "30s"}]))
    records.take(first_alert(alert_id="a"), moment("10:00:00"))
    records.take(first_alert(alert_id="a", revision=2, state="retracted"), moment("10:00:10"))
    records.start()
    records.tick(moment("10:01:00"))
    assert records.sent == []
    assert {entry.delivery.state for entry in records.topic.values()} == {"superseded"}


def test_what_no_rule_concerns_needs_no_memory() -> None:
    records = Records(routes_of([{"receivers": ["desk"]}]))
    records.take(first_alert(alert_id="a"), moment("10:00:00"))
    (delivery,) = (entry.delivery for entry in records.topic.values())
    assert (delivery.state, delivery.group, delivery.released_at) == ("delivered", None, None)
    assert msgspec.to_builtins(delivery)["alert"] is None
