"""Alerting: one alert per rule and subject, the same whatever order its reports come in."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.alerts.alerting import raise_event_alerts
from firstwire.core.alerts.fusion import REPORTS_KEPT, REPORTS_LIMIT_BYTES
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.rules.rulebook import EventRule
from firstwire.core.state import Change, apply_all
from schemas.codec import RECORD_LIMIT_BYTES, encode
from schemas.event import Event
from schemas.record import Entity
from tests.support.records import (
    ANY_RULE,
    CHINA,
    FIRST_RULE,
    IRAN,
    PAKISTAN,
    RUSSIA,
    TALIBAN,
    at,
    ended_in_any_order,
    entity,
    event,
    final_alerts,
    rulebook,
    run,
    seeds,
    states_by_actor,
)


def test_the_first_act_raises_an_alert_of_kind_first() -> None:
    (alert,) = final_alerts([event(RUSSIA, claims_first=True)], FIRST_RULE).values()
    assert (alert.kind, alert.state, alert.revision, alert.severity) == ("first", "raised", 1, "critical")
    assert msgspec.to_builtins(alert.subject) == {
        "action": "recognize",
        "actor": "russia",
        "target": "taliban",
        "era": "since 2021-08-15",
    }
    assert alert.headline == "Russia recognizes the Taliban government"
    assert alert.novelty is not None
    assert (alert.novelty.claimed, alert.novelty.position) == (True, 1)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (event(IRAN, ordinal=2), "the text itself counts it as number 2"),
        (event(IRAN, ordinal=114), "the text itself counts it as number 114"),
        (event(IRAN, claims_first=True, scope="Arab"), "the text claims a first within a scope only: Arab"),
    ],
)
def test_what_the_text_itself_does_not_call_the_first_of_all_raises_no_first(told: Event, reason: str) -> None:
    state = EventAlertState(seeds())
    (verdict,) = run(state, [told], FIRST_RULE)[-1].verdicts
    assert (verdict.verdict, verdict.reason) == ("held_back", reason)
    assert final_alerts([told], ANY_RULE)


def test_an_outlet_that_claims_the_first_of_all_outweighs_one_that_counts_otherwise() -> None:
    told = [event(IRAN, ordinal=2, article_id="x"), event(IRAN, claims_first=True, article_id="y", hours=1)]
    (alert,) = final_alerts(told, FIRST_RULE).values()
    assert alert.articles == ("x", "y")


def test_the_only_one_to_do_it_is_the_first() -> None:
    assert final_alerts([event(IRAN, ordinal=1)], FIRST_RULE)


@pytest.mark.parametrize("action", ["recognize", "*"])
def test_a_first_within_a_scope_is_not_contradicted_by_who_stands_outside_it(action: str) -> None:
    rule = EventRule(id="every-act", action=(action,))
    told = [event(CHINA, date="2025-07-01"), event(IRAN, claims_first=True, scope="Arab", hours=1)]
    novelty = [alert.novelty for alert in final_alerts(told, rule).values() if alert.subject.actor == "iran"]
    assert novelty[0] is not None
    assert novelty[0].ledger.startswith("second, after China")


def test_alert_ids_depend_on_rule_and_subject_alone() -> None:
    (first,) = final_alerts([event(RUSSIA, hours=1, article_id="x", source="AFP")], FIRST_RULE)
    (second,) = final_alerts([event(RUSSIA, hours=9, article_id="y", strength=5)], FIRST_RULE)
    (other_rule,) = final_alerts([event(RUSSIA)], ANY_RULE)
    (other_actor,) = final_alerts([event(CHINA)], FIRST_RULE)
    (other_era,) = final_alerts([event(RUSSIA, date="1997-06-01")], FIRST_RULE)
    assert first == second
    assert len({first, other_rule, other_actor, other_era}) == 4


def test_a_redelivered_event_changes_nothing() -> None:
    state = EventAlertState(seeds())
    story = [event(RUSSIA), event(CHINA, hours=1, date="2025-07-04"), event(RUSSIA, hours=2, source="AFP")]
    run(state, story, FIRST_RULE, ANY_RULE)
    for found in run(state, story, FIRST_RULE, ANY_RULE):
        assert (found.alerts, found.changes) == ((), ())
        assert found.verdicts


def test_a_second_report_joins_and_corroborates() -> None:
    one, two = event(RUSSIA, article_id="a"), event(RUSSIA, article_id="b", hours=1, source="AFP", origin="a")
    first, second = run(EventAlertState(seeds()), [one, two], FIRST_RULE)
    (alert,) = second.alerts
    assert (alert.state, alert.revision, alert.articles) == ("updated", 2, ("a", "b"))
    assert (alert.outlets, alert.origins) == (("AFP", "Reuters"), ("a",))
    assert [verdict.verdict for found in (first, second) for verdict in found.verdicts] == ["raised", "joined"]


def test_the_plainest_report_leads_and_the_first_fetched_gives_the_times() -> None:
    weak = event(RUSSIA, article_id="weak", hours=0, strength=100)
    plain = event(RUSSIA, article_id="plain", hours=3, strength=360)
    (alert,) = final_alerts([weak, plain], FIRST_RULE).values()
    assert alert.lead.article_id == "plain"
    assert alert.times.fetched_at == at(0)


def test_a_revision_does_not_move_the_time_of_the_alert() -> None:
    flow = [
        event(RUSSIA, article_id="a", hours=1),
        event(CHINA, article_id="b"),
        event(RUSSIA, article_id="a", hours=9),
    ]
    for order in permutations(flow):
        alerts = final_alerts(order, ANY_RULE).values()
        assert {alert.subject.actor: alert.times.fetched_at for alert in alerts} == {"russia": at(1), "china": at(0)}


def test_who_comes_later_is_held_back_with_the_ledger_s_answer() -> None:
    alerted = run(EventAlertState(seeds()), [event(RUSSIA), event(CHINA, date="2025-07-04", hours=5)], FIRST_RULE)
    (verdict,) = alerted[1].verdicts
    assert (verdict.verdict, verdict.alert_id) == ("held_back", None)
    assert verdict.reason == "not the first: second, after Russia on 2025-07-03"
    assert alerted[1].alerts == ()


def test_who_comes_later_and_claims_to_be_first_is_contradicted() -> None:
    alerted = run(
        EventAlertState(seeds()),
        [event(RUSSIA), event(CHINA, date="2025-07-04", hours=5, claims_first=True)],
        FIRST_RULE,
    )
    assert alerted[1].verdicts[0].reason == "not the first: contradicted by Russia on 2025-07-03"


def test_what_the_ledger_was_born_with_holds_back() -> None:
    assert final_alerts([event(CHINA)], FIRST_RULE, born=seeds((RUSSIA, "2025-07-01"))) == {}


def test_acts_of_another_era_hold_nothing_back() -> None:
    (alert,) = final_alerts([event(RUSSIA)], FIRST_RULE, born=seeds((PAKISTAN, "1997-05-25"))).values()
    assert alert.revision == 1
    assert alert.novelty is not None
    assert [other.actor for other in alert.novelty.other_eras] == ["pakistan"]


def test_the_actor_that_the_ledger_knows_is_first_again_when_reported_again() -> None:
    alerts = final_alerts([event(RUSSIA, date="2025-07-05")], FIRST_RULE, born=seeds((RUSSIA, "2025-07-03")))
    assert states_by_actor(alerts) == {"russia": "raised"}


def test_an_earlier_act_fetched_later_corrects_the_alert() -> None:
    late = event(RUSSIA, date="2025-07-01", hours=30)
    alerts = final_alerts([event(CHINA, date="2025-07-03", hours=1), late], FIRST_RULE)
    by_actor = {alert.subject.actor: alert for alert in alerts.values()}
    china = by_actor["china"]
    assert (china.state, china.revision) == ("corrected", 2)
    assert china.novelty is not None
    assert (china.novelty.position, china.novelty.ledger) == (2, "second, after Russia on 2025-07-01")
    assert by_actor["russia"].state == "raised"


def test_an_earlier_act_overtaken_on_its_way_corrects_the_alert_under_a_new_revision() -> None:
    overtaken = event(RUSSIA, date="2025-07-01", hours=0)
    alerted = run(EventAlertState(seeds()), [event(CHINA, date="2025-07-03", hours=1), overtaken], FIRST_RULE)
    (raised,) = alerted[0].alerts
    corrected = next(alert for alert in alerted[1].alerts if alert.alert_id == raised.alert_id)
    assert (raised.state, corrected.state) == ("raised", "corrected")
    assert corrected.revision > raised.revision


def test_a_corrected_alert_is_right_again_when_its_own_act_proves_earlier() -> None:
    flow = [
        event(CHINA, date="2025-07-03", hours=1),
        event(RUSSIA, date="2025-07-02", hours=2),
        event(CHINA, date="2025-07-01", hours=3),
    ]
    assert states_by_actor(final_alerts(flow, FIRST_RULE)) == {"china": "updated", "russia": "corrected"}


def test_a_revision_after_an_earlier_act_became_known_does_not_move_the_raising() -> None:
    flow = [
        event(CHINA, article_id="x", date="2025-07-03", hours=1),
        event(RUSSIA, article_id="r", date="2025-07-01", hours=3),
        event(CHINA, article_id="x", date="2025-07-03", hours=5),
    ]
    for order in permutations(flow):
        assert final_alerts(order, FIRST_RULE) == final_alerts(flow, FIRST_RULE)


def test_joint_actors_get_one_alert_each_at_the_same_position() -> None:
    alerts = final_alerts([event(RUSSIA, CHINA)], FIRST_RULE)
    assert states_by_actor(alerts) == {"russia": "raised", "china": "raised"}
    assert {alert.novelty.position for alert in alerts.values() if alert.novelty} == {1}


def test_a_second_recognition_in_a_new_era_is_a_new_alert() -> None:
    alerts = final_alerts([event(PAKISTAN, date="1997-05-25"), event(PAKISTAN, date="2025-07-03")], FIRST_RULE)
    assert {alert.subject.era for alert in alerts.values()} == {"1996-2001", "since 2021-08-15"}


@pytest.mark.parametrize(
    ("told", "rule", "reason"),
    [
        (
            event(RUSSIA, status="negated", reason="negated: denied"),
            {},
            "status is negated (negated: denied), the rule",
        ),
        (event(RUSSIA, status="planned"), {}, "status is planned, the rule asks for asserted"),
        (event(RUSSIA, status="asserted"), {"status": ("planned", "demanded")}, "asks for planned, demanded"),
        (event(), {}, "the text names no actor"),
        (event(entity("Vladimir Putin", "leader")), {}, "no actor of kind nation (there: leader)"),
        (event(RUSSIA), {"actor_kind": ("organization", "leader")}, "no actor of kind organization, leader"),
        (event(RUSSIA, action="open_embassy"), {"action": ("*",), "novelty": "first"}, "nobody claims"),
    ],
)
def test_what_is_held_back_says_why(told: Event, rule: dict[str, object], reason: str) -> None:
    given_rule = msgspec.structs.replace(ANY_RULE, **rule)
    (found,) = run(EventAlertState(seeds()), [told], given_rule)
    (verdict,) = found.verdicts
    assert (verdict.verdict, verdict.alert_id) == ("held_back", None)
    assert reason in verdict.reason
    assert found.alerts == ()


def test_only_actors_of_the_rule_s_kind_raise_alerts() -> None:
    joint = event(RUSSIA, entity("Vladimir Putin", "leader"))
    assert states_by_actor(final_alerts([joint], FIRST_RULE)) == {"russia": "raised"}
    everybody = msgspec.structs.replace(FIRST_RULE, actor_kind=("*",))
    assert set(states_by_actor(final_alerts([joint], everybody))) == {"russia", "vladimir-putin"}


def test_what_is_not_asserted_never_enters_the_ledger() -> None:
    flow = [event(RUSSIA, status="planned", date="2025-07-01"), event(CHINA, date="2025-07-03", hours=1)]
    state = EventAlertState(seeds())
    run(state, flow, FIRST_RULE)
    (page,) = state.pages.values()
    assert [entry.actor for entry in page.actors] == ["china"]


def test_a_rule_of_another_action_or_target_has_no_say() -> None:
    rules = [
        EventRule(id="embassies", action=("open_embassy",)),
        EventRule(id="kosovo", action=("*",), target=("kosovo",)),
    ]
    (found,) = run(EventAlertState(seeds()), [event(RUSSIA)], *rules)
    assert (found.verdicts, found.alerts) == ((), ())


def test_an_event_without_a_target_is_judged_under_any_target() -> None:
    banning = event(RUSSIA, action="ban-plastic-bags", target=None, claims_first=True)
    rule = EventRule(id="firsts", action=("*",), novelty="first")
    (alert,) = final_alerts([banning], rule).values()
    assert (alert.subject.target, alert.headline) == ("", "Russia act")
    assert alert.novelty is not None
    assert alert.novelty.ledger.startswith("not enough known")


def test_with_any_action_a_first_must_be_claimed_once() -> None:
    rule = EventRule(id="firsts", action=("*",), novelty="first")
    quiet, claiming = event(RUSSIA, article_id="q"), event(RUSSIA, article_id="c", hours=1, claims_first=True)
    revised = event(RUSSIA, article_id="c", hours=2)  # the revision drops the claim
    assert final_alerts([quiet], rule) == {}
    for order in permutations([quiet, claiming, revised]):
        (alert,) = final_alerts(order, rule).values()
        assert alert.novelty is not None
        assert (alert.novelty.claimed, alert.revision) == (True, 3)


def test_there_is_one_verdict_per_rule_and_actor() -> None:
    leader = entity("Vladimir Putin", "leader")
    rules = [FIRST_RULE, ANY_RULE, EventRule(id="leaders", action=("recognize",), actor_kind=("leader",))]
    (found,) = run(EventAlertState(seeds()), [event(RUSSIA, CHINA, leader)], *rules)
    keys = [(verdict.rule_id, verdict.actor) for verdict in found.verdicts]
    assert sorted(keys) == sorted(
        [(rule, actor) for rule in ("first-to-recognize", "every-recognition") for actor in ("russia", "china")]
        + [("leaders", "vladimir-putin")]
    )
    assert len({verdict.key for verdict in found.verdicts}) == len(found.verdicts)


@pytest.mark.slow
def test_reports_are_capped_with_the_earliest_kept() -> None:
    flow = [event(RUSSIA, article_id=f"n{n:04}", hours=n / 100, source=f"outlet {n}") for n in range(REPORTS_KEPT + 50)]
    (alert,) = final_alerts(flow, FIRST_RULE).values()
    (backwards,) = final_alerts(reversed(flow), FIRST_RULE).values()
    assert alert.articles == tuple(f"n{n:04}" for n in range(REPORTS_KEPT))
    assert alert.revision == REPORTS_KEPT
    assert backwards == alert


@pytest.mark.slow
def test_a_flood_of_long_titles_never_outgrows_a_record() -> None:
    state = EventAlertState(seeds())
    for number in range(100):
        told = event(RUSSIA, article_id=f"n{number}", hours=number)
        long = msgspec.structs.replace(told.context, title=f"{number} " + "Ж" * 20_000)
        run(state, [msgspec.structs.replace(told, context=long)], FIRST_RULE)
    (memory,) = state.alerts.values()
    assert len(encode(memory)) < RECORD_LIMIT_BYTES
    assert sum(len(msgspec.json.encode(report)) for report in memory.reports) <= REPORTS_LIMIT_BYTES
    assert len(memory.supporting) == 100


# --- any order -------------------------------------------------------------------------------------------------------

TOLD = st.builds(
    lambda actors, date, hours, status, claims, strength, name: event(
        *actors,
        article_id=f"{name}",
        date=date,
        hours=hours,
        status=status,
        claims_first=claims,
        strength=strength,
        source=f"outlet {hours % 3}",
    ),
    st.sampled_from([(RUSSIA,), (CHINA,), (IRAN,), (RUSSIA, CHINA)]),
    st.sampled_from(["1997-06-01", "2025-07-01", "2025-07-02", "2025-07-03"]),
    st.integers(0, 6),
    st.sampled_from(["asserted", "asserted", "asserted", "planned", "negated"]),
    st.booleans(),
    st.sampled_from([100, 300]),
    st.sampled_from("pqrst"),
)

COUNTED = st.builds(
    lambda actors, hours, ordinal, scope, name: event(
        *actors, article_id=name, hours=hours, ordinal=ordinal, claims_first=ordinal == 1, scope=scope
    ),
    st.sampled_from([(RUSSIA,), (IRAN,)]),
    st.integers(0, 6),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, None, "Arab"]),
    st.sampled_from("pqrstu"),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(COUNTED, max_size=6, unique_by=lambda told: told.article_id), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_in_any_order_counted_firsts_end_the_same_but_for_those_that_were_corrected(
    told: list[Event], order: object
) -> None:
    """As below: what an overtaken report denies had better not been told, and is corrected."""
    assert ended_in_any_order(told, order, FIRST_RULE) <= {"corrected"}


PLANS = EventRule(id="first-plans", action=("recognize",), status=("planned",), novelty="first")
RULES = [
    ANY_RULE,
    EventRule(id="plans", action=("recognize",), status=("planned",)),
    EventRule(id="all", action=("*",), status=("*",), actor_kind=("*",)),
]


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(TOLD, max_size=8), st.randoms(use_true_random=False))
def test_any_order_of_events_ends_in_the_same_alerts(told: list[Event], order: object) -> None:
    shuffled = list(told)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert final_alerts(shuffled, *RULES) == final_alerts(told, *RULES)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(TOLD, max_size=8), st.randoms(use_true_random=False))
def test_in_any_order_firsts_end_the_same_but_for_alerts_that_were_corrected(told: list[Event], order: object) -> None:
    """What was told cannot be untold: an alert raised before an overtaken report came ends as corrected.

    Had the reports come in the order of fetching, it would not have been raised. Every other alert is the same.
    """
    rules = [FIRST_RULE, PLANS, EventRule(id="claimed", action=("*",), novelty="first")]
    assert ended_in_any_order(told, order, *rules) <= {"corrected"}


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(TOLD, max_size=8), st.lists(TOLD, max_size=5))
def test_undoing_restores_the_exact_state(kept: list[Event], undone: list[Event]) -> None:
    state = EventAlertState(seeds((PAKISTAN, "1997-05-25")))
    rules = [FIRST_RULE, *RULES]
    run(state, kept, *rules)
    before = snapshot(state)
    undo: list[Change] = []
    for told in undone:
        undo = apply_all(state, raise_event_alerts(state, told, rulebook(*rules)).changes) + undo
    apply_all(state, undo)
    assert snapshot(state) == before


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(TOLD, max_size=8), st.lists(TOLD, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_state_restored_from_its_last_records_in_any_order_judges_the_same(
    before: list[Event], after: list[Event], order: object
) -> None:
    rules = [FIRST_RULE, *RULES]
    state = EventAlertState(seeds())
    folded: dict[tuple[str, str], Change] = {}
    for found in run(state, before, *rules):
        folded.update(((change.topic, change.key), change) for change in found.changes)
    changes = list(folded.values())
    order.shuffle(changes)  # type: ignore[attr-defined]
    restored = EventAlertState(seeds())
    apply_all(restored, changes)
    assert run(restored, after, *rules) == run(state, after, *rules)


@settings(deadline=None)
@given(st.lists(TOLD, max_size=8))
def test_an_alert_that_changed_in_state_has_a_higher_revision(told: list[Event]) -> None:
    seen: dict[str, tuple[int, str]] = {}
    for found in run(EventAlertState(seeds()), told, FIRST_RULE):
        for alert in found.alerts:
            revision, state = seen.get(alert.alert_id, (0, ""))
            if alert.state == "corrected" and state != "corrected":
                assert alert.revision > revision
            seen[alert.alert_id] = (alert.revision, alert.state)


def snapshot(state: EventAlertState) -> object:
    return msgspec.json.encode(
        [
            sorted(state.pages.items()),
            sorted(state.alerts.items()),
            sorted((page, sorted(keys)) for page, keys in state._by_page.items() if keys),
        ]
    )


def test_targets_and_kinds_take_their_words_in_a_headline() -> None:
    kosovo = Entity(id="kosovo", name="Kosovo", kind="nation")
    (alert,) = final_alerts([event(RUSSIA, target=kosovo)], ANY_RULE).values()
    assert alert.headline == "Russia recognizes Kosovo"
    council = Entity(id="ntc", name="National Transitional Council", kind="organization")
    (alert,) = final_alerts([event(RUSSIA, target=council)], ANY_RULE).values()
    assert alert.headline == "Russia recognizes the National Transitional Council"
    (alert,) = final_alerts([event(RUSSIA, action="restore_relations")], EventRule(id="r", action=("*",))).values()
    assert alert.headline == f"Russia restores relations with the {TALIBAN.name}"
