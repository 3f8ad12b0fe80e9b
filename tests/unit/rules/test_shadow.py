"""A shadow rule is shown beside live rules, from when it was put in shadow."""

from __future__ import annotations

from typing import Any

import pytest

from firstwire.commands.rules_shadow import shadow_json, shadow_lines
from firstwire.core.routes.messages import MessageCounter
from firstwire.core.routes.settings import Route
from firstwire.core.routes.tree import compiled
from firstwire.errors import ConfigError
from firstwire.rules.shadow import ShadowReport, in_shadow_since, shadow_report
from schemas import Alert, Times
from schemas.rules import RuleVersion
from tests.support.alerts import first_alert


def version(number: int, at: str, state: str | None, rule_id: str = "ships") -> RuleVersion:
    return RuleVersion(
        rule_id=rule_id,
        rule_version=number,
        kind="watch",
        release=number,
        effective_at=at,
        published_at=at,
        definition=None if state is None else {"id": rule_id, "state": state},
    )


def at(day: int) -> str:
    return f"2025-07-{day:02}T10:00:00.000Z"


def alert(alert_id: str, day: int, *articles: str, **changes: Any) -> Alert:
    times = Times(published_at=at(day), fetched_at=at(day))
    fields = {"rule_id": "ships", "shadow": True, "headline": f"News {alert_id}", **changes}
    return first_alert(alert_id=alert_id, articles=articles, times=times, **fields)


BEGAN = version(1, at(1), "live", "other")
SHADOWED = (BEGAN, version(2, at(2), "live"), version(3, at(5), "shadow"), version(4, at(8), "shadow"))


def report(*alerts: Alert, routes: tuple[Route, ...] = (Route(receivers=("desk",)),)) -> ShadowReport:
    counter = MessageCounter(compiled(routes))
    return shadow_report("ships", SHADOWED, alerts, counter, at(15))


@pytest.mark.parametrize(
    ("history", "since"),
    [
        ((BEGAN, version(2, at(2), "shadow")), at(2)),
        (SHADOWED, at(5)),
        ((*SHADOWED, version(5, at(9), "live"), version(6, at(10), "shadow")), at(10)),
    ],
)
def test_it_is_in_shadow_since_the_last_time_that_it_was_put_there(history: Any, since: str) -> None:
    assert in_shadow_since("ships", history) == since


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ((BEGAN,), "no rule 'ships' is in force"),
        ((BEGAN, version(2, at(2), "live")), "the rule 'ships' is live since 2025-07-02"),
        ((*SHADOWED, version(5, at(9), None)), "no rule 'ships' is in force"),
    ],
)
def test_a_rule_that_is_not_in_shadow_is_an_error(history: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        in_shadow_since("ships", history)


def test_what_it_said_before_counts_not_and_live_rules_stand_beside_it() -> None:
    found = report(
        alert("early", 4, "a0"),
        alert("alone", 6, "a1"),
        alert("shared", 7, "a2", "a3"),
        alert("live", 7, "a3", shadow=False, rule_id="trains"),
        alert("elsewhere", 7, "a9", shadow=False, rule_id="trains"),
        alert("other", 7, "a1", rule_id="planes"),
    )
    assert [(each.alert.alert_id, [live.alert_id for live in each.live]) for each in found.alerts] == [
        ("shared", ["live"]),
        ("alone", []),
    ]
    assert (found.since, found.alone, found.a_day, dict(found.messages)) == (at(5), 1, 0.2, {"desk": 2})
    assert list(shadow_lines(found, 1)) == [
        "ships, in shadow, 2025-07-05 10:00 to 2025-07-15 10:00 UTC",
        "2 alerts, 0.2 a day; 1 told by no live rule",
        "  desk: 2 messages",
        "2025-07-07 10:00  shared  News shared",
        "                  also told by trains: News live",
        "and 1 earlier",
    ]
    assert [each["live"] for each in shadow_json(found)] == [[{"alert_id": "live", "rule_id": "trains"}], []]


def test_a_rule_that_said_nothing_and_one_that_no_route_tells() -> None:
    assert list(shadow_lines(report(), 5))[1:] == ["It would have said nothing."]
    assert "  no route would have told anybody" in shadow_lines(report(alert("a", 6, "a1"), routes=()), 5)
