"""Reports taken back: an outlet withdraws its article, an actor denies the act; what alerts and ledger make of it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.alerts.states import EventAlertState
from firstwire.core.events.detection import detect_events
from firstwire.core.events.retractions import is_denied_by_actor, withdrawal_cue
from firstwire.files.articles import read_articles
from firstwire.files.reading_models import load_reading
from firstwire.replay.run import replay
from schemas.event import Event
from schemas.ledger import LedgerCorrection
from schemas.times import EPOCH
from tests.support.knowledge import knowledge_of, shipped_gazetteer
from tests.support.records import (
    ANY_RULE,
    CHINA,
    FIRST_RULE,
    IRAN,
    RUSSIA,
    article,
    by_hand,
    ended_in_any_order,
    event,
    final_alerts,
    rulebook,
    run,
    seeds,
    states_by_actor,
    undated,
)
from tests.support.reports import SAID, TOLD

GAZETTEER = shipped_gazetteer()


def taken_back(title: str, body: str = "") -> tuple[str, bool]:
    told = article(title=title, body=body)
    found = detect_events(told, GAZETTEER, load_reading()).events
    assert found, title
    return withdrawal_cue(told, found[0]), any(is_denied_by_actor(told, one) for one in found)


@pytest.mark.parametrize(
    ("title", "is_denied"),
    [
        ("Russia denies recognizing the Taliban government", True),
        ("Moscow denied recognizing the Taliban", True),
        ("Russia denied that it has recognized the Taliban government", True),
        ("The Russian foreign ministry denied recognizing the Taliban government.", True),
        ("The Russian government denies having recognized the Taliban", True),
        ("Russia denies reports that it has recognized the Taliban", True),
        ("Moscow's government has denied media reports that it had recognized the Taliban", True),
        ("Russia rejects claims that it has recognized the Taliban government", True),
        ("Russia refutes claim it recognized the Taliban", True),
        ("Russia says it has not recognized the Taliban government", True),
        ("Russia said on Friday that it had never recognized the Taliban government", True),
        ("Russia says it will not recognize the Taliban government", False),
        ("Russia denies reports that Iran has recognized the Taliban", False),
        ("Kabul denies that Russia has recognized the Taliban government", False),
        ("Ukraine denies Russia recognized the Taliban government", False),
        ("Russia has not recognized the Taliban government", False),
        ("Pakistan says Russia has not recognized the Taliban", False),
        ("Russia recognizes the Taliban government", False),
    ],
)
def test_only_who_certainly_denies_its_own_act_does(title: str, is_denied: bool) -> None:
    assert taken_back(title) == ("", is_denied)


@pytest.mark.parametrize(
    ("title", "body", "cue"),
    [
        ("RETRACTED: Russia recognizes the Taliban government", "", "RETRACTED"),
        ("[Withdrawn] Russia recognizes the Taliban government", "", "Withdrawn"),
        ("MANDATORY KILL: Russia recognizes the Taliban government", "", "MANDATORY KILL"),
        ("KILL - Russia recognizes the Taliban government", "", "KILL"),
        ("(RETRACTED) Russia recognizes the Taliban government", "", "RETRACTED"),
        ("*RETRACTION* Russia recognizes the Taliban government", "", "RETRACTION"),
        ("STORY REMOVED: Russia recognizes the Taliban government", "", "STORY REMOVED"),
        ("Russia recognizes the Taliban government", "An earlier version of this story was withdrawn.", ""),
        ("Story withdrawn: Russia recognizes the Taliban government", "", "Story withdrawn"),
        ("Russia recognizes the Taliban government (retracted)", "", "retracted"),
        ("Russia recognizes the Taliban government", "This story is withdrawn. Sorry.", "This story is withdrawn"),
        ("Russia recognizes the Taliban government", "Reuters has retracted this story.", "has retracted this story"),
        ("CORRECTION: Russia has not recognized the Taliban government", "", "CORRECTION"),
        ("CORRECTION: Russia recognizes the Taliban government on Thursday", "", ""),
        ("Troops withdrawn: Russia recognizes the Taliban government", "", ""),
        ("Russia recognizes the Taliban government", "The army said that troops have been withdrawn.", ""),
        ("Russia recognizes the Taliban government", "It said the story was retracted by others.", ""),
    ],
)
def test_only_notices_withdraw(title: str, body: str, cue: str) -> None:
    assert taken_back(title, body)[0] == cue


def denial(hours: float = 5, date: str = "2025-07-03", actor: object = RUSSIA, name: str = "denial") -> Event:
    return event(
        actor,  # type: ignore[arg-type]
        status="negated",
        denied_by_actor=True,
        hours=hours,
        date=date,
        article_id=name,
    )


def withdrawal(hours: float = 5, source: str = "Reuters", actor: object = RUSSIA) -> Event:
    return event(actor, withdrawn="RETRACTED", hours=hours, source=source, article_id="a")  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", [FIRST_RULE, ANY_RULE], ids=["first", "any"])
@pytest.mark.parametrize(
    ("back", "says"),
    [
        (denial(), "denied by Russia itself, as Reuters says"),
        (withdrawal(), "withdrawn by Reuters"),
    ],
    ids=["denied", "withdrawn"],
)
def test_an_act_taken_back_retracts_its_alert_under_a_new_revision(back: Event, says: str, rule: object) -> None:
    state = EventAlertState(seeds())
    alerts = [
        alert
        for found in run(state, [event(RUSSIA, hours=1, article_id="a"), back], rule)  # type: ignore[arg-type]
        for alert in found.alerts
    ]
    assert [alert.state for alert in alerts] == ["raised", "retracted"]
    assert alerts[1].revision > alerts[0].revision == 1
    assert len({alert.alert_id for alert in alerts}) == 1
    assert alerts[1].novelty is not None
    assert alerts[1].novelty.ledger == says


def test_a_takeback_has_a_verdict_like_every_event() -> None:
    state = EventAlertState(seeds())
    found = run(state, [event(RUSSIA, hours=1), withdrawal(), denial()], FIRST_RULE)
    reasons = [verdict.reason for one in found[1:] for verdict in one.verdicts]
    assert reasons[0] == "the outlet withdraws its article: RETRACTED"
    assert reasons[1].startswith("status is negated")


def test_what_another_outlet_still_reports_stands() -> None:
    flow = [event(RUSSIA, hours=1), event(RUSSIA, hours=2, source="AFP"), withdrawal()]
    assert states_by_actor(final_alerts(flow, FIRST_RULE)) == {"russia": "updated"}
    flow.append(withdrawal(6, "AFP"))
    assert states_by_actor(final_alerts(flow, FIRST_RULE)) == {"russia": "retracted"}


def test_who_withdrew_is_neither_counted_nor_quoted_where_others_report_it_too() -> None:
    told = event(RUSSIA, hours=1, article_id="a", strength=900, claims_first=True)
    (alert,) = final_alerts(
        [told, event(RUSSIA, hours=2, source="AFP", article_id="b"), withdrawal()], ANY_RULE
    ).values()
    assert (alert.articles, alert.outlets, alert.origins, alert.lead.article_id) == (("b",), ("AFP",), ("b",), "b")
    assert alert.novelty is not None
    assert (alert.novelty.claimed, alert.revision) == (False, 3)
    assert alert.times.fetched_at == told.context.fetched_at


def test_who_was_second_to_an_act_taken_back_is_first() -> None:
    flow = [event(RUSSIA, hours=1), event(CHINA, date="2025-07-04", hours=30), denial(40)]
    assert states_by_actor(final_alerts(flow, FIRST_RULE)) == {"russia": "retracted", "china": "updated"}


def test_an_act_of_unknown_day_is_taken_back_too() -> None:
    told, later = (undated(event(RUSSIA, hours=hours, article_id=f"at-{hours}")) for hours in (1, 50))
    for taking_back in (denial(40), withdrawal(40)):
        for order in permutations([told, taking_back]):
            assert {alert.state for alert in final_alerts(order, ANY_RULE).values()} <= {"retracted"}
        assert states_by_actor(final_alerts([told, taking_back], ANY_RULE)) == {"russia": "retracted"}
        assert states_by_actor(final_alerts([told, taking_back, later], ANY_RULE)) == {"russia": "updated"}


@pytest.mark.slow
def test_articles_without_any_time_are_taken_back_too(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    titles = ["Russia recognizes the Taliban government", "RETRACTED: Russia recognizes the Taliban government"]
    file.write_bytes(b"\n".join(orjson.dumps({"id": str(n), "title": t, "source": "AP"}) for n, t in enumerate(titles)))
    knowledge = knowledge_of(rulebook(ANY_RULE))
    (alert,) = replay(read_articles(file), knowledge, seeds(), timedelta(hours=72)).alerts.values()
    assert (alert.times.fetched_at, alert.state) == (EPOCH, "retracted")


def test_an_act_after_the_denial_counts_and_raises_the_alert_again() -> None:
    again = event(RUSSIA, date="2025-07-08", hours=130)
    alerts = final_alerts([event(RUSSIA, hours=1), denial(), again], FIRST_RULE)
    assert states_by_actor(alerts) == {"russia": "updated"}


def test_a_denial_tells_nothing_of_an_act_of_long_ago_nor_of_what_was_seeded() -> None:
    flow = [event(RUSSIA, hours=1), denial(24 * 30, "2025-08-03")]
    assert states_by_actor(final_alerts(flow, FIRST_RULE)) == {"russia": "updated"}
    state = EventAlertState(seeds((RUSSIA, "2025-07-01")))
    run(state, [denial()], FIRST_RULE)
    assert final_alerts([denial(), event(CHINA, date="2025-07-04")], FIRST_RULE, born=state.seeds) == {}


def test_a_correction_by_hand_overrules_a_denial() -> None:
    flow = [event(RUSSIA, hours=1), denial(), by_hand(RUSSIA, "did", "2025-07-03", hours=9)]
    for order in permutations(flow):
        alerts = final_alerts(order, ANY_RULE)
        assert set(states_by_actor(alerts).values()) == {"updated"}


TAKEN = st.builds(
    lambda actor, hours, date, is_denial, source: (
        denial(hours, date, actor, f"d{hours}{date}")
        if is_denial
        else event(actor, withdrawn="KILL", hours=hours, date=date, source=source, article_id=f"w{hours}{source}")
    ),
    st.sampled_from([RUSSIA, CHINA, IRAN]),
    st.integers(0, 6),
    st.sampled_from(["2025-07-02", "2025-07-03"]),
    st.booleans(),
    st.sampled_from(["Reuters", "AFP"]),
)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(TOLD, TAKEN, SAID), max_size=9), st.randoms(use_true_random=False))
def test_in_any_order_of_reports_and_takebacks_alerts_end_the_same(
    told: list[Event | LedgerCorrection], order: object
) -> None:
    """But for those that had better not been told: they end as corrected or retracted, or were never raised."""
    assert ended_in_any_order(told, order, FIRST_RULE, ANY_RULE) <= {"corrected", "retracted"}
