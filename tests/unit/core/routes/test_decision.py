"""Whether an alert is news to a receiver, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from firstwire.core.routes.decision import LastNotice, decide
from tests.support.alerts import first_alert, grown_alert


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
