"""How sure an alert is, and what it needs: corroboration, a claim or a vouched page, news and not a retelling."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.alerts.fusion import REPORTS_KEPT as REVISIONS_KEPT
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.corroboration import REPORTS_KEPT, corroborated_at, merged_reports
from firstwire.core.firsts.groups import Group, Groups, Membership
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.rules.rulebook import Corroboration, EventRule
from schemas.alert import Alert, LedgerAnswer
from schemas.event import Event
from schemas.ledger import LedgerVouching, Reporting
from schemas.record import Certainty
from tests.support.records import (
    ANY_RULE,
    CHINA,
    FIRST_RULE,
    IRAN,
    PAKISTAN,
    RUSSIA,
    TALIBAN,
    Told,
    at,
    by_hand,
    ended_in_any_order,
    entity,
    event,
    final_alerts,
    run,
    seeds,
    states_by_actor,
    vouched,
)

UNVOUCHED = seeds(vouched_until=None)


def unsure(*actors: object, **more: object) -> Event:
    return event(*actors, certainty="unsure", **more)  # type: ignore[arg-type]


def verdicts(told: list[Told], *rules: EventRule, born: Seeds | None = None) -> list[tuple[str, str]]:
    alerted = run(EventAlertState(born or seeds()), told, *rules)
    return [(verdict.verdict, verdict.reason) for found in alerted for verdict in found.verdicts]


def only(alerts: dict[str, Alert]) -> Alert:
    (alert,) = alerts.values()
    return alert


def vouching(until: str | None, hours: float) -> LedgerVouching:
    return LedgerVouching(action="recognize", target="taliban", vouching=vouched(until, hours=hours))


# --- corroboration ---------------------------------------------------------------------------------------------------


def test_an_unsure_reading_waits_for_a_second_origin_and_a_sure_one_for_none() -> None:
    assert verdicts([unsure(RUSSIA)], ANY_RULE) == [("held_back", "unsure, waits for a second origin")]
    assert only(final_alerts([event(RUSSIA)], ANY_RULE)).certainty == "sure"


def test_a_second_origin_raises_the_alert_whichever_comes_first() -> None:
    flow = [unsure(RUSSIA, article_id="a", source="AFP"), unsure(RUSSIA, article_id="b", source="DPA", hours=5)]
    ends = [final_alerts(order, ANY_RULE) for order in permutations(flow)]
    assert ends[0] == ends[1]
    alert = only(ends[0])
    assert (alert.certainty, alert.state, alert.articles, alert.revision) == ("unsure", "raised", ("a", "b"), 2)
    assert verdicts(flow, ANY_RULE)[1][0] == "raised"


@pytest.mark.parametrize(
    ("source", "origin"),
    [("AFP", "b"), ("DPA", "a")],
    ids=["another text of the same outlet", "the same text in another outlet"],
)
def test_what_is_not_independent_confirms_nothing(source: str, origin: str) -> None:
    flow = [
        unsure(RUSSIA, article_id="a", source="AFP", origin="a"),
        unsure(RUSSIA, article_id="b", source=source, origin=origin, hours=1),
    ]
    assert {verdict for verdict, _ in verdicts(flow, ANY_RULE)} == {"held_back"}


def test_an_alert_is_as_sure_as_its_best_report_and_an_edit_takes_nothing_away() -> None:
    flow = [
        event(RUSSIA, article_id="a", source="AFP"),
        unsure(RUSSIA, article_id="b", source="DPA", hours=1),
        unsure(RUSSIA, article_id="a", source="AFP", hours=2),
    ]
    for order in permutations(flow):
        alert = only(final_alerts(order, ANY_RULE))
        assert (alert.certainty, alert.state) == ("sure", "updated")


@pytest.mark.parametrize(
    ("asked", "certainties", "is_raised"),
    [
        ((1, 1), ("unsure",), True),
        ((2, 2), ("sure",), False),
        ((2, 2), ("sure", "unsure"), True),
        ((2, 3), ("sure", "unsure"), False),
        ((2, 3), ("sure", "sure"), True),
        ((3, 3), ("unsure", "sure", "unsure"), True),
    ],
)
def test_a_rule_says_how_many_origins_it_wants(
    asked: tuple[int, int], certainties: tuple[Certainty, ...], is_raised: bool
) -> None:
    rule = msgspec.structs.replace(ANY_RULE, corroboration=Corroboration(sure=asked[0], unsure=asked[1]))
    flow = [
        event(RUSSIA, article_id=f"a{number}", source=f"outlet {number}", hours=number, certainty=certainty)
        for number, certainty in enumerate(certainties)
    ]
    assert bool(final_alerts(flow, rule)) is is_raised


def test_what_loses_its_second_origin_is_retracted() -> None:
    flow = [
        unsure(RUSSIA, article_id="a", source="AFP"),
        unsure(RUSSIA, article_id="b", source="DPA", hours=1),
        event(RUSSIA, article_id="b", source="DPA", hours=2, status="negated", withdrawn="correction"),
    ]
    assert states_by_actor(final_alerts(flow, ANY_RULE)) == {"russia": "retracted"}
    before_it_was_told = [flow[0], msgspec.structs.replace(flow[2], event_id="w"), event(CHINA, hours=9)]
    assert states_by_actor(final_alerts(before_it_was_told, ANY_RULE)) == {"china": "raised"}


def test_an_unsure_denial_corrects_nothing_alone() -> None:
    told = event(RUSSIA, article_id="a", source="AFP")
    denial = unsure(RUSSIA, article_id="d", source="DPA", hours=3, status="negated", denied_by_actor=True)
    second = msgspec.structs.replace(
        denial, event_id="e", article_id="e", context=msgspec.structs.replace(
            denial.context, source="TASS", origin_id="e", fetched_at=at(4)
        )
    )  # fmt: skip
    sure = msgspec.structs.replace(denial, certainty="sure")
    assert states_by_actor(final_alerts([told, denial], ANY_RULE)) == {"russia": "updated"}
    for order in permutations([told, denial, second]):
        assert set(states_by_actor(final_alerts(order, ANY_RULE)).values()) <= {"retracted"}
    assert states_by_actor(final_alerts([told, denial, second], ANY_RULE)) == {"russia": "retracted"}
    assert states_by_actor(final_alerts([told, sure], ANY_RULE)) == {"russia": "retracted"}


def test_the_ledger_takes_only_what_is_corroborated() -> None:
    rumor = unsure(IRAN, date="2025-07-01", hours=1, source="a blog")
    first = event(RUSSIA, date="2025-07-03", hours=2)
    assert states_by_actor(final_alerts([rumor, first], FIRST_RULE)) == {"russia": "raised"}
    confirmed = unsure(IRAN, date="2025-07-02", hours=3, source="AFP", article_id="confirmed")
    ends = [final_alerts(order, FIRST_RULE) for order in permutations([rumor, first, confirmed])]
    assert all({**states_by_actor(end)}["russia"] == "corrected" for end in ends)
    assert all({**states_by_actor(end)}["iran"] == "raised" for end in ends)


REPORTS = st.builds(
    lambda origin, source, certainty, hours: Reporting(
        origin_id=origin, source=source, certainty=certainty, known_at=at(hours)
    ),
    st.sampled_from("abcdefghijkl"),
    st.sampled_from([None, "AFP", "DPA", "TASS"]),
    st.sampled_from(["sure", "unsure"]),
    st.integers(0, 5),
)


@given(st.lists(REPORTS, max_size=7), st.integers(1, 3), st.integers(1, 3))
def test_independent_reports_are_counted_as_by_trying_all_choices(
    reports: list[Reporting], sure: int, unsure: int
) -> None:
    def naive(chosen: list[Reporting], used: frozenset[str]) -> int:
        if not chosen:
            return 0
        first, *rest = chosen
        names = {f"o{first.origin_id}", f"s{first.source}" if first.source else f"o{first.origin_id}"}
        taken = 0 if used & names else 1 + naive(rest, used | names)
        return max(naive(rest, used), taken)

    def enough(until: str) -> bool:
        known = [each for each in reports if each.known_at <= until]
        return (
            naive([each for each in known if each.certainty == "sure"], frozenset()) >= sure
            or naive(known, frozenset()) >= unsure
        )

    expected = next((at(hour) for hour in range(6) if enough(at(hour))), None)
    assert corroborated_at(reports, sure=sure, unsure=unsure) == expected


@given(st.lists(REPORTS, max_size=30), st.randoms(use_true_random=False))
def test_reports_are_kept_the_same_in_any_order(reports: list[Reporting], order: object) -> None:
    def folded(told: list[Reporting]) -> tuple[Reporting, ...]:
        kept: tuple[Reporting, ...] = ()
        for each in told:
            kept = merged_reports(kept, (each,))
        return kept

    shuffled = list(reports)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert folded(shuffled) == folded(reports)
    assert sum(each.certainty == "unsure" for each in folded(reports)) <= REPORTS_KEPT


# --- the first is knowledge ------------------------------------------------------------------------------------------


def test_a_first_is_claimed_or_known_of_a_vouched_page() -> None:
    neither = verdicts([event(RUSSIA)], FIRST_RULE, born=UNVOUCHED)
    assert [verdict for verdict, _ in neither] == ["held_back"]
    assert neither[0][1].startswith("nobody says first, and the ledger does not know enough: ")
    claimed = only(final_alerts([event(RUSSIA, claims_first=True)], FIRST_RULE, born=UNVOUCHED))
    known = only(final_alerts([event(RUSSIA)], FIRST_RULE))
    assert [(each.novelty.claimed, each.novelty.answer) for each in (claimed, known) if each.novelty] == [
        (True, LedgerAnswer.NOT_ENOUGH_KNOWN),
        (False, LedgerAnswer.NO_EARLIER),
    ]
    assert only(final_alerts([event(RUSSIA)], ANY_RULE, born=UNVOUCHED)).kind == "event"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2025-07-03", "no earlier actor in this era"),
        ("2025-07-02", "none up to 2025-07-02 on a whole list, none read since"),
        ("2024-07-03", "none up to 2024-07-03 on a whole list, none read since"),
        ("2024-07-02", None),
    ],
)
def test_a_list_says_something_for_a_year_after_the_day_up_to_which_it_is_whole(until: str, words: str | None) -> None:
    alerts = final_alerts([event(RUSSIA)], FIRST_RULE, born=seeds(vouched_until=until))
    assert [alert.novelty.ledger for alert in alerts.values() if alert.novelty] == ([words] if words else [])


def test_a_vouching_by_hand_counts_from_its_own_time_on() -> None:
    early, late = event(RUSSIA, hours=1), event(CHINA, date="2025-07-03", hours=8)
    flow = [early, vouching("2025-07-02", hours=5), late]
    for order in permutations(flow):
        assert (
            final_alerts(order, FIRST_RULE, born=UNVOUCHED).keys()
            == final_alerts(flow, FIRST_RULE, born=UNVOUCHED).keys()
        )
    assert states_by_actor(final_alerts(flow, FIRST_RULE, born=UNVOUCHED)) == {"china": "raised"}
    taken_back = [*flow[:2], vouching(None, hours=6), late]
    assert final_alerts(taken_back, FIRST_RULE, born=UNVOUCHED) == {}


def test_ranks_are_of_vouched_pages_only() -> None:
    flow = [event(RUSSIA, date="2025-07-01", hours=1), event(CHINA, hours=2)]
    words = [
        alert.novelty.ledger
        for born in (seeds(), UNVOUCHED)
        for alert in final_alerts(flow, ANY_RULE, born=born).values()
        if alert.novelty and alert.subject.actor == "china"
    ]
    assert words == ["second, after Russia on 2025-07-01", "at least 2 are on record, after Russia on 2025-07-01"]


# --- known since -----------------------------------------------------------------------------------------------------


def test_a_report_of_what_the_ledger_was_born_with_raises_nothing() -> None:
    retold = event(RUSSIA, date="2025-07-20", hours=408)
    born = seeds((RUSSIA, "2025-07-03"))
    for rule in (FIRST_RULE, ANY_RULE):
        assert verdicts([retold], rule, born=born) == [("held_back", "known since 2025-07-03")]
    soon = event(RUSSIA, date="2025-07-10", hours=168)
    assert verdicts([soon], ANY_RULE, born=born)[0][0] == "raised"


def test_a_report_long_after_others_joins_their_alert_without_a_new_origin() -> None:
    news = event(RUSSIA, article_id="n", source="AFP")
    retold = event(RUSSIA, article_id="r", source="DPA", date="2025-08-20", hours=1152)
    assert verdicts([news, retold], ANY_RULE)[1] == ("joined", "known since 2025-07-03")
    ends = [final_alerts(order, ANY_RULE) for order in permutations([news, retold])]
    assert ends[0] == ends[1]
    alert = only(ends[0])
    assert (alert.articles, alert.origins, alert.outlets) == (("n", "r"), ("n",), ("AFP", "DPA"))
    assert alert.novelty is not None
    assert alert.novelty.done_on == "2025-07-03"


@pytest.mark.slow
def test_a_revision_beyond_those_that_are_kept_is_no_retelling() -> None:
    flow = [event(RUSSIA, article_id=f"n{n:03}", hours=n / 100, source=f"outlet {n}") for n in range(REVISIONS_KEPT)]
    revised = event(RUSSIA, article_id="n000", hours=50, source="outlet 0")
    alert = only(final_alerts([*flow, revised], ANY_RULE))
    assert "n000" in alert.origins


def test_two_outlets_that_tell_of_an_older_act_at_once_do_not_silence_each_other() -> None:
    told = [
        msgspec.structs.replace(
            each, context=msgspec.structs.replace(each.context, published_at="2025-07-03T00:00:00.000Z")
        )
        for each in (
            unsure(RUSSIA, article_id="a", source="AFP", date="2025-06-10"),
            unsure(RUSSIA, article_id="b", source="DPA", date="2025-06-10", hours=2),
        )
    ]
    for order in permutations(told):
        assert only(final_alerts(order, ANY_RULE)).articles == ("a", "b")


def test_what_turns_out_to_be_known_is_folded_into_the_older_act() -> None:
    first_told = event(RUSSIA, article_id="late", source="DPA", date="2025-07-03")
    hand = by_hand(RUSSIA, "did", "2025-05-01", hours=9)
    alert = only(final_alerts([first_told, hand], ANY_RULE))
    assert (alert.state, alert.novelty.known_since if alert.novelty else None) == ("corrected", "2025-05-01")
    assert alert.novelty is not None
    assert alert.novelty.ledger == "known since 2025-05-01"
    assert final_alerts([hand, first_told], ANY_RULE) == {}


def test_after_an_undoing_it_is_news_again() -> None:
    flow = [
        event(RUSSIA, date="2025-07-03"),
        event(RUSSIA, action="withdraw_recognition", date="2025-08-01", hours=700),
        event(RUSSIA, date="2025-09-01", hours=1440),
    ]
    states = [alert.state for alert in final_alerts(flow, ANY_RULE).values()]
    assert len(states) == 2


# --- age, actors, languages, outlets ---------------------------------------------------------------------------------


def published(told: Event, day: str) -> Event:
    return msgspec.structs.replace(
        told, context=msgspec.structs.replace(told.context, published_at=f"{day}T00:00:00.000Z")
    )


def test_an_old_article_raises_and_confirms_nothing_but_feeds_the_ledger() -> None:
    rule = msgspec.structs.replace(ANY_RULE, max_age_seconds=3 * 86_400.0)
    old = published(unsure(RUSSIA, article_id="old", source="AFP", date="2025-06-20"), "2025-06-20")
    new = unsure(RUSSIA, article_id="new", source="DPA", date="2025-06-21", hours=2)
    new = published(new, "2025-07-03")
    found = verdicts([old, new], rule)
    assert found[0] == (
        "held_back",
        "published on 2025-06-20, older than the rule's max_age of 3 d when it was fetched",
    )
    assert found[1] == ("held_back", "unsure, waits for a second origin")
    state = EventAlertState(seeds())
    run(state, [old, new], rule)
    (page,) = state.pages.values()
    assert [day.date for day in page.actors[0].days] == ["2025-06-20", "2025-06-21"]


@pytest.mark.parametrize(("max_age", "is_raised"), [(2 * 86_400.0, True), (2 * 86_400.0 - 1, False), (None, True)])
def test_the_age_is_that_at_fetching(max_age: float | None, is_raised: bool) -> None:
    rule = msgspec.structs.replace(ANY_RULE, max_age_seconds=max_age)
    assert bool(final_alerts([published(event(RUSSIA), "2025-07-01")], rule)) is is_raised


G2 = Groups.of(
    [
        Group(
            id="g2",
            member="G2 member",
            names=("G2",),
            members={"russia": (Membership(until="2025-07-02"),), "china": (Membership(),)},
        )
    ]
)


@pytest.mark.parametrize(
    ("actor", "raised"),
    [
        (("russia",), {"russia"}),
        (("russia", "iran"), {"russia", "iran"}),
        (("g2",), {"china"}),
        (("g2", "iran"), {"china", "iran"}),
        (("*",), {"russia", "china", "iran"}),
    ],
)
def test_a_rule_may_ask_for_actors_and_members_of_a_group_on_the_day(actor: tuple[str, ...], raised: set[str]) -> None:
    rule = msgspec.structs.replace(ANY_RULE, actor=actor)
    born = Seeds(eras=seeds().eras, groups=G2)
    flow = [event(RUSSIA), event(CHINA, hours=1), event(IRAN, hours=2)]
    assert set(states_by_actor(final_alerts(flow, rule, born=born))) == raised
    if raised == {"russia"}:
        assert verdicts(flow, rule, born=born)[1] == ("held_back", "no actor among russia (there: china)")


@pytest.mark.parametrize(
    ("changes", "is_raised"),
    [
        ({"language": ("en",)}, True),
        ({"language": ("ru", "en-us")}, False),
        ({"source": ("reuters",)}, True),
        ({"source": ("afp",)}, False),
    ],
)
def test_a_rule_may_ask_for_languages_and_outlets(changes: dict[str, object], is_raised: bool) -> None:
    rule = msgspec.structs.replace(ANY_RULE, **changes)
    assert bool(final_alerts([event(RUSSIA)], rule)) is is_raised


# --- one act, one alert ----------------------------------------------------------------------------------------------

MUTUAL = EventRule(id="relations", action=("restore_relations",), actor_kind=("*",))


def restoring(target: object) -> Event:
    return event(IRAN, PAKISTAN, action="restore_relations", target=target, article_id="m")  # type: ignore[arg-type]


def test_a_mutual_act_raises_one_alert_and_none_on_oneself() -> None:
    flow = [restoring(IRAN), restoring(PAKISTAN)]
    alert = only(final_alerts(flow, MUTUAL))
    assert (alert.subject.actor, alert.subject.target) == ("iran", "pakistan")
    assert verdicts(flow, MUTUAL)[0] == ("held_back", "a mutual act, judged as one of Iran on Pakistan")


def test_a_mutual_act_is_told_from_the_side_that_the_rule_covers() -> None:
    rule = msgspec.structs.replace(MUTUAL, target=("iran",))
    alert = only(final_alerts([restoring(IRAN)], rule))
    assert (alert.subject.actor, alert.subject.target) == ("pakistan", "iran")
    kinds = msgspec.structs.replace(MUTUAL, actor_kind=("nation",))
    with_taliban = event(RUSSIA, TALIBAN, action="restore_relations", target=TALIBAN)
    assert only(final_alerts([with_taliban], kinds)).subject.actor == "russia"


def test_nobody_acts_on_itself() -> None:
    cuba = entity("Cuba")
    found = verdicts([event(cuba, action="restore_relations", target=cuba)], MUTUAL)
    assert found == [("held_back", "the text names no actor")]
    state = EventAlertState(seeds())
    run(state, [event(cuba, action="restore_relations", target=cuba)], MUTUAL)
    assert state.pages == {}


# --- any order -------------------------------------------------------------------------------------------------------

SAID = st.builds(
    lambda actor, date, hours, status, claims, certainty, name, source, denied, withdrawn: event(
        actor,
        article_id=name,
        date=date,
        hours=hours,
        status="negated" if denied or withdrawn else status,
        claims_first=claims,
        certainty=certainty,
        source=source,
        denied_by_actor=denied,
        withdrawn="correction" if withdrawn and not denied else "",
    ),
    st.sampled_from([RUSSIA, CHINA]),
    st.sampled_from(["2025-05-01", "2025-06-20", "2025-07-01", "2025-07-03"]),
    st.integers(0, 400),
    st.sampled_from(["asserted", "asserted", "asserted", "planned"]),
    st.booleans(),
    st.sampled_from(["sure", "unsure"]),
    st.sampled_from("pqrstuv"),
    st.sampled_from(["AFP", "DPA", "TASS"]),
    st.sampled_from([False, False, False, False, True]),
    st.sampled_from([False, False, False, False, True]),
)
BY_HAND = st.one_of(
    st.builds(
        lambda actor, says, date, hours: by_hand(actor, says, date, hours=hours),
        st.sampled_from([RUSSIA, CHINA]),
        st.sampled_from(["did", "did_not"]),
        st.sampled_from(["2025-05-01", "2025-07-01", "2025-07-03"]),
        st.integers(0, 400),
    ),
    st.builds(vouching, st.sampled_from([None, "2025-06-30", "2024-01-01"]), st.integers(0, 400)),
)


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(
    st.lists(SAID, max_size=7),
    st.lists(BY_HAND, max_size=2),
    st.randoms(use_true_random=False),
    st.sampled_from([None, "2025-06-30"]),
)
def test_any_order_ends_in_the_same_states_but_for_what_was_told_too_soon(
    told: list[Event], hands: list[Told], order: object, until: str | None
) -> None:
    """What an overtaken record would have held back ends as corrected or retracted, and stays told."""
    demanding = Corroboration(sure=2, unsure=3)
    rules = [
        FIRST_RULE,
        ANY_RULE,
        EventRule(id="aged", action=("recognize",)),
        EventRule(id="two", action=("*",), corroboration=demanding, max_age_seconds=None),
    ]
    born = seeds(vouched_until=until)
    assert ended_in_any_order([*told, *hands], order, *rules, born=born) <= {"corrected", "retracted"}
