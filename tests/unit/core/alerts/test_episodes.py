"""Done, undone, done again: every doing has its own alert, in any order of what is heard."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.alerts.episodes import OPPOSITES, cuts, event_key, undoing
from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.events.actions import ACTIONS
from firstwire.core.rules.rulebook import EventRule
from schemas.alert import Alert
from schemas.event import Event
from schemas.ledger import LedgerCorrection
from tests.support.records import (
    ANY_RULE,
    CHINA,
    FIRST_RULE,
    RUSSIA,
    by_hand,
    ended_in_any_order,
    entity,
    event,
    final_alerts,
    run,
    seeds,
    undated,
)

NAURU = entity("Nauru")
WITHDRAWALS = EventRule(id="withdrawals", action=("withdraw_recognition",), max_age_seconds=None)


def undone(date: str, hours: float = 0, **told: object) -> Event:
    return event(NAURU, action="withdraw_recognition", date=date, hours=hours, **told)  # type: ignore[arg-type]


def done(date: str, hours: float = 0, **told: object) -> Event:
    return event(NAURU, date=date, hours=hours, **told)  # type: ignore[arg-type]


def summary(alerts: dict[str, Alert]) -> list[tuple[str | None, str, int, str, str | None, tuple[str, ...]]]:
    """Action, era, episode, state, day of undoing and articles of each."""
    return sorted(
        (each.subject.action, each.subject.era or "", each.subject.episode, each.state, each.undone_on, each.articles)
        for each in alerts.values()
    )


@pytest.mark.parametrize(
    ("doings", "undoings", "expected"),
    [
        ("", "", ""),
        ("1", "", ""),
        ("", "3", ""),
        ("1", "3", "3"),
        ("5", "3", ""),
        ("1 5", "3", "3"),
        ("1 2 5 6", "3 4 7 8", "3 7"),
        ("3", "3", "3"),
        ("3 4", "3", "3"),
        ("1 3 9", "2 4 5 6", "2 4"),
    ],
)
def test_an_act_ends_where_it_is_first_undone_after_it_was_done(doings: str, undoings: str, expected: str) -> None:
    assert cuts(doings.split(), undoings.split()) == tuple(expected.split())


days = st.lists(st.integers(1, 30).map("{:02}".format))


@given(days, days, days, days)
def test_there_are_never_fewer_episodes_for_hearing_more(
    doings: list[str], undoings: list[str], more_doings: list[str], more_undoings: list[str]
) -> None:
    assert len(cuts(doings + more_doings, undoings + more_undoings)) >= len(cuts(doings, undoings))


def test_opposites_are_actions_and_meet_under_one_key() -> None:
    for one, other in OPPOSITES:
        assert {*one, *other} <= {action.name for action in ACTIONS} | PHRASES.keys()
        assert len({event_key(action, "kosovo") for action in (*one, *other)}) == 1
        for action in one:
            assert undoing(action) == other
        for action in other:
            assert undoing(action) == one
    assert undoing("sign") == ()
    assert event_key("sign", "kosovo") != event_key("recognize", "kosovo")


@pytest.mark.parametrize("rule", [ANY_RULE, FIRST_RULE], ids=["any", "first"])
def test_what_is_done_again_after_its_undoing_is_told_anew_whatever_is_heard_first(rule: EventRule) -> None:
    flow = [
        done("2022-05-01", 1, article_id="a"),
        done("2022-05-02", 2, article_id="b"),
        undone("2023-05-01", 3, article_id="w"),
        done("2025-05-01", 4, article_id="c"),
    ]
    expected = final_alerts(flow, rule, WITHDRAWALS)
    era = "since 2021-08-15"
    assert summary(expected) == [
        ("recognize", era, 1, "updated", "2023-05-01", ("a", "b")),
        ("recognize", era, 2, "raised", None, ("c",)),
        ("withdraw_recognition", era, 1, "updated", "2025-05-01", ("w",)),
    ]
    for order in permutations(flow):
        assert final_alerts(order, rule, WITHDRAWALS) == expected


def test_an_alert_done_again_says_so_and_is_ranked_by_its_own_day() -> None:
    flow = [
        done("2022-05-01"),
        event(CHINA, date="2024-01-01", hours=1),
        undone("2023-05-01", 2),
        done("2025-05-01", 3),
    ]
    first, again = (
        each.novelty
        for _, each in sorted(
            (each.subject.episode, each) for each in final_alerts(flow, ANY_RULE).values() if each.actor == NAURU
        )
    )
    assert first is not None
    assert again is not None
    assert (first.position, first.ledger) == (1, "no earlier actor in this era")
    assert again.position == 2
    assert again.ledger == "second, after China on 2024-01-01; Nauru had done so before, undone on 2023-05-01"


def test_more_of_the_same_undoing_and_talk_of_it_cut_only_once() -> None:
    flow = [done("2022-05-01"), *(undone(f"2023-05-{day:02}", day) for day in range(1, 31)), done("2025-05-01", 40)]
    subjects = [alert.subject for alert in final_alerts(flow, ANY_RULE).values()]
    assert {subject.era for subject in subjects} == {"since 2021-08-15"}
    assert {subject.episode for subject in subjects} == {1, 2}


def test_an_act_done_again_after_months_of_talk_of_its_first_time_is_not_missed() -> None:
    talk = [
        event(RUSSIA, action="sever_relations", date=f"2024-{month:02}-{day:02}")
        for month in (3, 4)
        for day in range(1, 29)
    ]
    restored = [
        event(RUSSIA, action="restore_relations", date="2024-06-01"),
        event(RUSSIA, action="sever_relations", date="2024-08-01"),
    ]
    again = event(RUSSIA, action="restore_relations", date="2024-09-01")
    rule = EventRule(id="relations", action=("restore_relations",), max_age_seconds=None)
    alerts = final_alerts([*talk, *restored, again], rule)
    assert [alert.times.published_at[:10] for alert in alerts.values()] == ["2024-06-01", "2024-09-01"]


def test_what_the_ledger_was_born_with_counts_as_done() -> None:
    born = seeds((NAURU, "2022-05-01"))
    (alert,) = final_alerts([undone("2023-05-01"), done("2025-05-01", 1)], ANY_RULE, born=born).values()
    assert (alert.subject.era, alert.subject.episode) == ("since 2021-08-15", 2)


def test_a_prospect_after_the_undoing_is_of_the_next_time() -> None:
    rule = EventRule(id="all", action=("recognize",), status=("asserted", "planned"), max_age_seconds=None)
    flow = [
        done("2022-05-01", article_id="a"),
        undone("2023-05-01", 1),
        done("2025-05-01", 2, article_id="p", status="planned"),
    ]
    assert [alert.articles for alert in final_alerts(flow, rule).values() if alert.subject.episode > 1] == [("p",)]


@pytest.mark.parametrize("hours", [2, 9], ids=["before it is told", "after it was told"])
def test_if_it_was_not_undone_after_all_nothing_is_new(hours: float) -> None:
    removed = by_hand(NAURU, "did_not", "2023-05-01", hours=hours, action="withdraw_recognition")
    flow: list[Event | LedgerCorrection] = [done("2022-05-01"), undone("2023-05-01", 1), removed, done("2025-05-01", 3)]
    flow.sort(key=lambda one: one.context.fetched_at if isinstance(one, Event) else one.correction.made_at)
    alerts = [alert for alert in final_alerts(flow, ANY_RULE).values() if alert.subject.episode > 1]
    if hours < 3:
        assert alerts == []
        return
    (alert,) = alerts
    assert alert.state == "retracted"
    assert alert.novelty is not None
    assert alert.novelty.ledger == ("nothing new: the undoing of 2023-05-01 is not so, corrected by hand: the archive")


def test_a_revision_never_goes_back() -> None:
    flow = [
        *(done("2025-05-01", hours, article_id=f"late {hours}") for hours in range(5)),
        *(done("2022-05-01", hours, article_id=f"early {hours}") for hours in range(6, 9)),
        undone("2023-05-01", 10),
        done("2022-05-02", 11),
    ]
    revisions: dict[str, int] = {}
    for found in run(EventAlertState(seeds()), flow, ANY_RULE):
        for alert in found.alerts:
            assert alert.revision > revisions.get(alert.alert_id, 0)
            revisions[alert.alert_id] = alert.revision
    assert len(revisions) == 2


def test_others_are_left_alone_by_what_one_actor_undoes() -> None:
    flow = [event(CHINA, date="2022-05-01"), undone("2023-05-01", 1), event(CHINA, date="2025-05-01", hours=2)]
    (alert,) = final_alerts(flow, ANY_RULE).values()
    assert (alert.undone_on, len(alert.articles)) == (None, 2)


TOLD = st.builds(
    lambda actor, action, day, hours, status, name: event(
        actor,
        action=action,
        date=f"2025-07-{day:02}",
        hours=hours,
        status=status,
        denied_by_actor=status == "negated" and name == "a",
        article_id=name,
        source=f"outlet {hours % 3}",
    ),
    st.sampled_from([NAURU, CHINA]),
    st.sampled_from(["recognize", "withdraw_recognition"]),
    st.integers(1, 8),
    st.integers(0, 60),
    st.sampled_from(["asserted", "asserted", "asserted", "planned", "negated"]),
    st.sampled_from("abcdefgh"),
)
SAID = st.builds(
    lambda actor, action, says, day, hours: by_hand(actor, says, f"2025-07-{day:02}", hours=hours, action=action),
    st.sampled_from([NAURU, CHINA]),
    st.sampled_from(["recognize", "withdraw_recognition"]),
    st.sampled_from(["did", "did_not"]),
    st.integers(1, 8),
    st.integers(0, 60),
)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(TOLD, TOLD, SAID), max_size=10, unique_by=str), st.randoms(use_true_random=False))
def test_in_any_order_every_episode_ends_the_same(told: list[Event | LedgerCorrection], order: object) -> None:
    """But for those that had better not been told: they end as corrected or retracted, or were never raised."""
    assert ended_in_any_order(told, order, FIRST_RULE, ANY_RULE, WITHDRAWALS) <= {"corrected", "retracted"}


def test_revisions_of_an_undated_article_on_both_sides_of_an_undoing_are_told_in_any_order() -> None:
    revisions = [undated(done("2025-07-03", hours=hours, article_id="x")) for hours in (0, 30, 80)]
    flow = [*revisions, undone("2025-07-05", hours=60), done("2025-07-01", hours=1)]
    for order in permutations(flow):
        alerts = final_alerts(order, ANY_RULE)
        assert {article for alert in alerts.values() for article in alert.articles} >= {"x"}
        assert all(alert.articles for alert in alerts.values())


def test_an_act_of_unknown_day_enters_no_ledger() -> None:
    state = EventAlertState(seeds())
    run(state, [undated(done("2025-07-03"))], ANY_RULE)
    assert not any(page.actors for page in state.pages.values())
    (alert,) = final_alerts([undated(done("2025-07-03"))], ANY_RULE).values()
    assert (alert.times.published_at, alert.novelty and alert.novelty.done_on) == (None, None)
    alerts = final_alerts([undated(done("2025-07-03")), done("2025-07-04", hours=30)], ANY_RULE)
    (alert,) = alerts.values()
    assert len(alert.articles) == 2
    assert alert.novelty is not None
    assert alert.novelty.done_on == "2025-07-04"
