"""Corrections of the ledger by hand: what becomes of the alerts that stand on the page."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.alerts.states import EventAlertState
from firstwire.core.state import apply_all
from schemas.event import Event
from schemas.ledger import LedgerCorrection
from tests.support.records import (
    ANY_RULE,
    CHINA,
    FIRST_RULE,
    IRAN,
    RUSSIA,
    by_hand,
    ended_in_any_order,
    event,
    final_alerts,
    run,
    seeds,
    states_by_actor,
)
from tests.support.reports import SAID, TOLD


def test_an_earlier_actor_added_by_hand_corrects_the_alert_and_its_removal_puts_it_right() -> None:
    state = EventAlertState(seeds())
    flow = [
        event(RUSSIA, hours=1),
        by_hand(CHINA, "did", "2025-06-01", hours=5),
        by_hand(CHINA, "did_not", "2025-07-09", hours=6),
    ]
    alerts = [alert for found in run(state, flow, FIRST_RULE) for alert in found.alerts]
    assert [(alert.state, alert.revision) for alert in alerts] == [("raised", 1), ("corrected", 2), ("updated", 3)]
    assert len({alert.alert_id for alert in alerts}) == 1
    corrected = alerts[1].novelty
    assert corrected is not None
    assert (corrected.position, corrected.ledger) == (2, "second, after China on 2025-06-01")
    put_right = alerts[2].novelty
    assert put_right is not None
    assert (put_right.position, put_right.ledger) == (1, "no earlier actor in this era")


def test_a_wrong_report_that_corrected_an_alert_is_removed_and_stays_removed() -> None:
    wrong = event(CHINA, date="2025-06-01", hours=2)
    flow = [event(RUSSIA, hours=1), wrong, by_hand(CHINA, "did_not", "2025-07-03", hours=6)]
    again = event(CHINA, date="2025-06-01", hours=9, article_id="repeats it")
    for told in (flow, [*flow, again]):
        alerts = {alert.subject.actor: alert for alert in final_alerts(told, FIRST_RULE).values()}
        assert alerts["russia"].state == "updated"
        assert alerts["russia"].novelty is not None
        assert alerts["russia"].novelty.position == 1
        assert alerts["china"].state == "retracted"
        assert alerts["china"].novelty is not None
        assert alerts["china"].novelty.ledger == "not so, corrected by hand: the archive"


def test_who_was_held_back_for_a_wrong_entry_is_raised_when_it_is_removed() -> None:
    wrong = event(CHINA, date="2025-06-01", hours=1)
    flow = [wrong, event(RUSSIA, hours=2), by_hand(CHINA, "did_not", "2025-07-03", hours=6)]
    alerted = run(EventAlertState(seeds()), flow, FIRST_RULE)
    assert [verdict.verdict for verdict in alerted[1].verdicts] == ["held_back"]
    assert states_by_actor({alert.alert_id: alert for alert in alerted[2].alerts})["russia"] in ("raised", "updated")


def test_what_was_removed_before_it_is_reported_raises_nothing() -> None:
    for rule in (FIRST_RULE, ANY_RULE):
        state = EventAlertState(seeds())
        alerted = run(state, [by_hand(CHINA, "did_not", "2025-07-09"), event(CHINA, hours=2)], rule)
        (verdict,) = alerted[1].verdicts
        assert (verdict.verdict, verdict.reason) == ("held_back", "not so, corrected by hand: the archive")
        assert alerted[1].alerts == ()


def test_a_seeded_act_can_be_removed() -> None:
    flow = [by_hand(CHINA, "did_not", "2025-07-02", hours=1), event(RUSSIA, hours=2)]
    alerts = final_alerts(flow, FIRST_RULE, born=seeds((CHINA, "2025-06-01")))
    assert states_by_actor(alerts) == {"russia": "raised"}


def test_a_correction_has_no_verdict_and_told_twice_changes_nothing() -> None:
    state = EventAlertState(seeds())
    sent = by_hand(CHINA, "did", "2025-06-01", hours=5)
    first, second = run(state, [event(RUSSIA), sent, sent], FIRST_RULE)[1:]
    assert (len(first.alerts), first.verdicts) == (1, ())
    assert (second.alerts, second.verdicts, second.changes) == ((), (), ())


def test_a_correction_of_a_page_nobody_wrote_yet_makes_it() -> None:
    state = EventAlertState(seeds())
    run(state, [by_hand(CHINA, "did", "2008-01-01", target="kosovo", era="all")], FIRST_RULE)
    (page,) = state.pages.values()
    assert (page.target, len(page.corrections), page.actors) == ("kosovo", 1, ())


@pytest.mark.parametrize("rule", [FIRST_RULE, ANY_RULE], ids=["first", "any"])
def test_a_correction_may_come_anywhere_among_the_reports(rule: object) -> None:
    flow = [
        event(RUSSIA, hours=1),
        event(IRAN, date="2025-07-05", hours=3),
        by_hand(CHINA, "did", "2025-06-01", hours=5),
        by_hand(RUSSIA, "did", "2025-07-02", hours=7),
    ]
    ends = [final_alerts(order, rule) for order in permutations(flow)]  # type: ignore[arg-type]
    same = [{key: end[key] for key in ends[0] if key in end} for end in ends]
    assert all(end == {key: ends[0][key] for key in end} for end in same)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(TOLD, SAID), max_size=9), st.randoms(use_true_random=False))
def test_in_any_order_alerts_end_the_same_but_for_those_that_had_better_not_been_told(
    told: list[Event | LedgerCorrection], order: object
) -> None:
    """What is overtaken by a correction or an earlier act ends as corrected or retracted, or was never raised."""
    assert ended_in_any_order(told, order, FIRST_RULE, ANY_RULE) <= {"corrected", "retracted"}


@settings(deadline=None)
@given(st.lists(TOLD, max_size=6), st.lists(SAID, max_size=4))
def test_the_revision_rises_with_every_correction_and_never_falls(
    told: list[Event], said: list[LedgerCorrection]
) -> None:
    state = EventAlertState(seeds())
    run(state, told, FIRST_RULE)
    revisions: dict[str, int] = {key: held.alert.revision for key, held in state.alerts.items() if held.alert}
    for sent in said:
        (found,) = run(state, [sent], FIRST_RULE)
        for alert in found.alerts:
            assert alert.revision > revisions.get(alert.alert_id, 0)
            revisions[alert.alert_id] = alert.revision


@settings(deadline=None)
@given(st.lists(st.one_of(TOLD, SAID), max_size=8))
def test_a_state_restored_from_its_records_knows_the_corrections(told: list[Event | LedgerCorrection]) -> None:
    state, restored = EventAlertState(seeds()), EventAlertState(seeds())
    for found in run(state, told, FIRST_RULE):
        apply_all(restored, found.changes)
    assert (restored.pages, restored.alerts) == (state.pages, state.alerts)


def test_a_day_set_by_hand_leaves_the_certainty_of_the_reports() -> None:
    for day in ("2025-07-02", "2025-05-01"):  # after the second all reports retell what was on record
        flow = [event(RUSSIA, hours=1), by_hand(RUSSIA, "did", day, hours=5)]
        assert {alert.certainty for alert in final_alerts(flow, ANY_RULE).values()} == {"sure"}
