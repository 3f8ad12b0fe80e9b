"""The rules of a time: what a release changes, from when on, and that nothing else does."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.alerts.alerting import raise_event_alerts
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.rules.history import RuleChange, RuleHistory
from firstwire.core.rules.rulebook import EventRule
from firstwire.core.state import apply_all
from schemas.event import Event
from schemas.times import EPOCH
from tests.support.records import CHINA, RUSSIA, at, event, seeds


def rule(rule_id: str, version: int = 1, **keys: object) -> EventRule:
    return EventRule(id=rule_id, action=("recognize",), version=version, **keys)  # type: ignore[arg-type]


HISTORY = RuleHistory(
    [
        RuleChange("b", 1, EPOCH, rule("b")),
        RuleChange("a", 1, EPOCH, rule("a")),
        RuleChange("a", 2, at(1), rule("a", 2)),
        RuleChange("c", 2, at(1), rule("c")),
        RuleChange("b", 3, at(2), None),
    ]
)


def versions(moment: str, history: RuleHistory = HISTORY) -> dict[str, int]:
    return {one.id: one.version for one in history.at(moment).events}


def test_a_release_holds_from_its_time_on() -> None:
    assert versions(EPOCH) == versions(at(0.99)) == {"a": 1, "b": 1}
    assert versions(at(1)) == {"a": 2, "b": 1, "c": 1}
    assert versions(at(2)) == versions(at(999)) == {"a": 2, "c": 1}
    assert [HISTORY.at(at(hours)).release for hours in (0, 1, 2)] == [1, 2, 3]
    assert versions(at(2)) == {one.id: one.version for one in HISTORY.newest.events}


def test_before_the_first_release_there_are_no_rules() -> None:
    history = RuleHistory([RuleChange("a", 1, at(1), rule("a"))])
    assert (history.at(at(0)).events, history.at(at(0)).release) == ((), 0)
    assert RuleHistory([]).newest.release == 0


def test_no_release_is_effective_before_an_earlier_one() -> None:
    history = RuleHistory([RuleChange("a", 1, at(2), rule("a")), RuleChange("a", 2, at(1), rule("a", 2))])
    assert (versions(at(1.5), history), versions(at(2), history)) == ({}, {"a": 2})


def test_a_longer_history_takes_its_rulebooks_over() -> None:
    book = HISTORY.at(at(2))
    changes = [change for release in HISTORY.releases for change in release.changes]
    longer = RuleHistory([*changes, RuleChange("d", 4, at(3), rule("d"))], HISTORY)
    assert longer.at(at(2)) is book
    assert versions(at(3), longer) == {"a": 2, "c": 1, "d": 1}


def test_a_release_read_in_parts_is_taken_over_by_no_longer_history_before_it_is_whole() -> None:
    part = RuleHistory([RuleChange("a", 1, EPOCH, rule("a"))])
    assert versions(at(0), part) == {"a": 1}
    whole = RuleHistory([RuleChange("a", 1, EPOCH, rule("a")), RuleChange("b", 1, EPOCH, rule("b"))], part)
    assert versions(at(0), whole) == {"a": 1, "b": 1}


def test_a_release_that_grew_is_not_taken_over() -> None:
    first = RuleChange("a", 1, at(1), rule("a"))
    part = RuleHistory([first])
    assert versions(at(1), part) == {"a": 1}
    assert versions(at(1), RuleHistory([first, RuleChange("b", 1, at(1), rule("b"))], part)) == {"a": 1, "b": 1}


@given(st.lists(st.integers(0, 3), max_size=30))
def test_what_is_asked_before_changes_no_answer(hours: list[int]) -> None:
    fresh = RuleHistory([change for release in HISTORY.releases for change in release.changes])
    for hour in hours:
        assert versions(at(hour), fresh) == versions(at(hour))


TOLD = [
    event(RUSSIA, article_id="r0", hours=0),
    event(RUSSIA, article_id="r1", hours=1.5),
    event(CHINA, article_id="c0", hours=0.5, status="negated"),
    event(RUSSIA, article_id="r2", hours=2.5, date="2025-07-02"),
]
CHANGING = RuleHistory(
    [
        RuleChange("any", 1, EPOCH, rule("any", state="shadow")),
        RuleChange("any", 2, at(1), rule("any", 2, severity="critical")),
        RuleChange("any", 3, at(2), rule("any", 3, status=("asserted", "negated"))),
    ]
)


@given(st.permutations(TOLD))
def test_alerts_stand_as_the_rule_was_for_their_newest_article_in_whatever_order_reports_come(
    order: list[Event],
) -> None:
    state = EventAlertState(seeds())
    for one in order:
        apply_all(state, raise_event_alerts(state, one, CHANGING).changes)
    ended = [memory.alert for memory in state.alerts.values() if memory.alert is not None]
    assert [(alert.rule_version, alert.severity, alert.shadow, alert.state) for alert in ended] == [
        (3, "info", False, "updated")
    ]


def test_an_alert_raised_in_shadow_comes_out_of_it_with_its_next_article() -> None:
    state = EventAlertState(seeds())
    shadows = []
    for one in TOLD[:2]:
        alerted = raise_event_alerts(state, one, CHANGING)
        apply_all(state, alerted.changes)
        shadows += [(alert.revision, alert.shadow, alert.rule_version) for alert in alerted.alerts]
    assert shadows == [(1, True, 1), (2, False, 2)]
    assert msgspec.json.decode(msgspec.json.encode(alerted.verdicts[0]))["rule_version"] == 2
