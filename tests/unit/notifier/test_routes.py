"""Who is told of what, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from firstwire.config import Route, RouteMatch
from firstwire.notifier.routes import LastNotice, decide, matches, receivers_of, wants_updates
from tests.support.alerts import first_alert, grown_alert, watch_alert


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({}, True),
        ({"kind": "first"}, True),
        ({"kind": "watch"}, False),
        ({"severity": "critical"}, True),
        ({"severity": "info"}, False),
        ({"rule_id": "first-to-recognize"}, True),
        ({"rule_id": "other"}, False),
        ({"tag": "taliban"}, True),
        ({"tag": "cricket"}, False),
        ({"kind": "first", "tag": "taliban", "severity": "critical"}, True),
        ({"kind": "first", "tag": "cricket"}, False),
    ],
)
def test_a_route_matches_when_all_it_asks_for_is_so(match: dict[str, str], fits: bool) -> None:
    assert matches(first_alert(), RouteMatch(**match)) is fits


def test_each_receiver_is_told_once_however_many_routes_lead_to_it() -> None:
    routes = (
        Route(receivers=("newsroom", "desk")),
        Route(receivers=("desk", "archive"), match=RouteMatch(kind="first")),
        Route(receivers=("sports",), match=RouteMatch(kind="watch")),
    )
    assert receivers_of(first_alert(), routes) == ("newsroom", "desk", "archive")
    assert receivers_of(watch_alert(), routes) == ("newsroom", "desk", "sports")
    assert receivers_of(first_alert(), ()) == ()


@pytest.mark.parametrize(
    ("state", "revision", "told", "deliver", "reason"),
    [
        ("raised", 1, None, True, "first seen"),
        ("updated", 7, None, True, "first seen"),
        ("corrected", 7, None, False, "corrected before it was delivered"),
        ("retracted", 2, None, False, "retracted before it was delivered"),
        ("raised", 1, LastNotice(1, "raised"), False, "revision 1 was delivered already"),
        ("updated", 2, LastNotice(3, "raised"), False, "revision 3 was delivered already"),
        ("updated", 2, LastNotice(1, "raised"), False, "revision 1 was delivered, this one only adds to it"),
        ("corrected", 3, LastNotice(1, "raised"), True, "corrected"),
        ("corrected", 4, LastNotice(3, "corrected"), False, "notified already that it is corrected"),
        ("retracted", 5, LastNotice(3, "corrected"), True, "retracted"),
        ("retracted", 6, LastNotice(5, "retracted"), False, "notified already that it is retracted"),
        ("updated", 5, LastNotice(3, "corrected"), True, "right again after it was corrected"),
        ("updated", 6, LastNotice(5, "retracted"), True, "raised again after it was retracted"),
    ],
)
def test_an_alert_is_told_when_it_is_news(
    state: Any, revision: int, told: LastNotice | None, deliver: bool, reason: str
) -> None:
    decision = decide(first_alert(state=state, revision=revision), told)
    assert (decision.deliver, decision.reason) == (deliver, reason)


@pytest.mark.parametrize(
    ("origins", "status", "told", "reason"),
    [
        (2, "asserted", LastNotice(1, "raised", 1, "asserted"), "2 independent origins"),
        (4, "asserted", LastNotice(3, "updated", 2, "asserted"), None),
        (7, "asserted", LastNotice(3, "updated", 2, "asserted"), "5 independent origins"),
        (10, "asserted", LastNotice(3, "updated", 9, "asserted"), "10 independent origins"),
        (99, "asserted", LastNotice(3, "updated", 10, "asserted"), None),
        (1, "asserted", LastNotice(1, "raised", 1, "planned"), "status was planned, is asserted"),
        (1, "asserted", LastNotice(1, "raised", 1, None), None),
    ],
)
def test_growth_is_told_only_where_a_route_asks_for_it(
    origins: int, status: str, told: LastNotice, reason: str | None
) -> None:
    names = tuple(f"o{number:02}" for number in range(origins))
    alert = first_alert(state="updated", revision=50, origins=names, status=status)
    plain, asked = decide(alert, told), decide(alert, told, updates=True)
    assert not plain.deliver
    assert (asked.deliver, asked.reason if asked.deliver else None) == (reason is not None, reason)


@pytest.mark.parametrize("updates", [False, True])
@pytest.mark.parametrize(
    ("count", "changes", "told", "reason"),
    [
        (0, {}, None, "first seen"),
        (3, {}, None, "first seen"),
        (1, {}, LastNotice(1, "raised"), "1 new development"),
        (3, {}, LastNotice(2, "updated", developments=1), "2 new developments"),
        (3, {"developments_dropped": 2}, LastNotice(2, "updated", developments=4), "1 new development"),
        (3, {"revision": 9}, LastNotice(4, "updated", developments=3), None),
        (0, {"revision": 9, "state": "updated", "origins": tuple("abcdefghij")}, LastNotice(1, "raised", 1), None),
        (3, {}, LastNotice(4, "updated", developments=3), None),
    ],
)
def test_of_a_watch_every_development_is_told_and_nothing_else(
    count: int, changes: dict[str, Any], told: LastNotice | None, reason: str | None, updates: bool
) -> None:
    decision = decide(grown_alert(count, **changes), told, updates=updates)
    assert (decision.deliver, decision.reason if decision.deliver else None) == (reason is not None, reason)


def test_a_receiver_gets_updates_by_the_routes_that_lead_to_it() -> None:
    routes = (
        Route(receivers=("newsroom",)),
        Route(receivers=("desk",), match=RouteMatch(kind="first"), updates=True),
        Route(receivers=("newsroom",), match=RouteMatch(kind="watch"), updates=True),
    )
    asked = {name: wants_updates(first_alert(), name, routes) for name in ("newsroom", "desk")}
    assert asked == {"newsroom": False, "desk": True}
