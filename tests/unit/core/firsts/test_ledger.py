"""The ledger of firsts: any order of reports gives the same page, positions and answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import (
    SOURCES_KEPT,
    WHOLE_TIME,
    Seeds,
    known_act,
    merged_pages,
    with_act,
    with_correction,
)
from firstwire.core.firsts.novelty import earlier_acts, novelty_of
from firstwire.core.firsts.phrases import with_words
from schemas.alert import LedgerAnswer
from schemas.ledger import Correction, LedgerActor, LedgerPage
from schemas.record import Entity
from tests.support.records import (
    CHINA,
    ERA_NOW,
    IRAN,
    PAKISTAN,
    RUSSIA,
    TALIBAN_ERAS,
    act,
    at,
    by_hand,
    kept_days,
    page_of,
)

acts = st.builds(
    act,
    st.sampled_from([RUSSIA, CHINA, IRAN, PAKISTAN]),
    st.sampled_from(["1997-05-25", "2025-07-02", "2025-07-03", "2025-07-04"]),
    era=st.sampled_from([ERA_NOW, "1996-2001"]),
    hours=st.integers(0, 5),
    source=st.sampled_from(["Reuters", "AFP", "dpa"]),
)


@given(st.lists(acts, max_size=12), st.randoms(use_true_random=False))
def test_any_order_of_reports_gives_the_same_page_positions_and_answers(
    reports: list[LedgerActor], order: object
) -> None:
    shuffled = list(reports)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    page, other = page_of(*reports), page_of(*shuffled)
    assert page == other
    for own in page.actors:
        for claimed in (True, False):
            answer = novelty_of(page, own, claimed=claimed, vouched_until="2099-12-31")
            assert answer == novelty_of(other, own, claimed=claimed, vouched_until="2099-12-31")
            assert answer.position == 1 + len(answer.earlier)


@given(st.lists(acts, max_size=8), st.lists(acts, max_size=8))
def test_merging_pages_is_adding_their_reports_in_either_order(one: list[LedgerActor], two: list[LedgerActor]) -> None:
    whole = page_of(*one, *two)
    assert merged_pages(page_of(*one), page_of(*two)) == whole
    assert merged_pages(page_of(*two), page_of(*one)) == whole
    assert merged_pages(whole, whole) is whole


@given(acts, st.lists(acts, max_size=8))
def test_a_report_told_twice_changes_nothing(report: LedgerActor, others: list[LedgerActor]) -> None:
    page = page_of(report, *others)
    assert with_act(page, known_act(page, report.actor, report.era) or report) is page


def test_the_earliest_date_any_report_gives_counts() -> None:
    page = page_of(act(RUSSIA, "2025-07-04", hours=1), act(RUSSIA, "2025-07-03", hours=5))
    (entry,) = page.actors
    assert (entry.date, entry.known_at) == ("2025-07-03", at(1))


def test_acts_of_one_day_share_a_position() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"), act(CHINA, "2025-07-03"), act(IRAN, "2025-07-04"))
    positions = {
        own.actor: novelty_of(page, own, claimed=False, vouched_until="2099-12-31").position for own in page.actors
    }
    assert positions == {"russia": 1, "china": 1, "iran": 3}


def test_an_actor_s_own_entry_is_never_earlier() -> None:
    page = page_of(act(RUSSIA, "2025-07-02"))
    assert earlier_acts(page, act(RUSSIA, "2025-07-05")) == ()


def test_acts_of_another_era_are_named_and_never_counted() -> None:
    page = page_of(act(PAKISTAN, "1997-05-25", era="1996-2001"), act(RUSSIA, "2025-07-03"))
    own = known_act(page, "russia", ERA_NOW)
    assert own is not None
    answer = novelty_of(page, own, claimed=True, vouched_until="2099-12-31")
    assert (answer.position, answer.answer) == (1, LedgerAnswer.NO_EARLIER)
    assert [(other.actor, other.era) for other in answer.other_eras] == [("pakistan", "1996-2001")]


def test_what_becomes_known_later_can_be_left_out() -> None:
    page = page_of(act(RUSSIA, "2025-07-02", hours=5))
    own = act(CHINA, "2025-07-03", hours=1)
    assert [entry.actor for entry in earlier_acts(page, own)] == ["russia"]
    assert earlier_acts(page, own, known_by=at(1)) == ()
    assert len(earlier_acts(page, own, known_by=at(5))) == 1


EARLIER = [act(RUSSIA, "2025-07-01"), act(IRAN, "2025-07-02"), act(PAKISTAN, "2025-07-02")]
MORE = [act(Entity(id=f"n{n}", name=f"N{n}", kind="nation"), "2025-07-02") for n in range(20)]


@pytest.mark.parametrize(
    ("earlier", "claimed", "answer"),
    [
        ([], True, "no earlier actor in this era"),
        ([], False, "no earlier actor in this era"),
        (EARLIER[:1], True, "contradicted by Russia on 2025-07-01"),
        (EARLIER[:1], False, "second, after Russia on 2025-07-01"),
        (EARLIER[:2], False, "third, after Russia on 2025-07-01 and Iran on 2025-07-02"),
        (EARLIER, False, "4th, after Russia on 2025-07-01, Iran on 2025-07-02 and Pakistan on 2025-07-02"),
        (
            [*EARLIER, *MORE[:7]],
            False,
            "11th, after Russia on 2025-07-01, Iran on 2025-07-02, N0 on 2025-07-02 and 7 more",
        ),
        ([*MORE], False, "21st, after N0 on 2025-07-02, N1 on 2025-07-02, N10 on 2025-07-02 and 17 more"),
    ],
)
def test_the_ledger_answers_in_words(earlier: list[LedgerActor], claimed: bool, answer: str) -> None:
    own = act(CHINA, "2025-07-03")
    novelty = novelty_of(page_of(*earlier, own), own, claimed=claimed, vouched_until="2099-12-31")
    assert with_words(novelty, own.name).ledger == answer


def test_of_a_page_that_nobody_vouches_for_not_enough_is_known() -> None:
    own = act(CHINA, "2025-07-03", era=WHOLE_TIME)
    answer = novelty_of(page_of(own, target="somaliland"), own, claimed=True, vouched_until=None)
    assert (answer.position, answer.answer) == (1, LedgerAnswer.NOT_ENOUGH_KNOWN)


@pytest.mark.parametrize(
    ("date", "era"),
    [
        ("1990-01-01", "1996-2001"),
        ("1996-09-27", "1996-2001"),
        ("1997-05-25", "1996-2001"),
        ("2001-11-13", "1996-2001"),
        ("2010-01-01", "1996-2001"),
        ("2021-08-14", "1996-2001"),
        ("2021-08-15", ERA_NOW),
        ("2025-07-03", ERA_NOW),
    ],
)
def test_an_act_stands_in_the_era_of_its_day(date: str, era: str) -> None:
    assert Seeds(eras={"taliban": TALIBAN_ERAS}).era_of("taliban", date) == era


def test_a_target_without_eras_has_one() -> None:
    assert Seeds().era_of("kosovo", "2008-02-17") == WHOLE_TIME


@given(st.randoms(use_true_random=False))
def test_of_many_sources_the_same_ones_are_kept_in_any_order(order: object) -> None:
    reports = [act(RUSSIA, "2025-07-03", source=f"outlet {number:02}") for number in range(2 * SOURCES_KEPT)]
    order.shuffle(reports)  # type: ignore[attr-defined]
    (entry,) = page_of(*reports).actors
    assert entry.sources == tuple(f"outlet {number:02}" for number in range(SOURCES_KEPT))


# --- corrections by hand ---------------------------------------------------------------------------------------------

corrections = st.builds(
    lambda actor, says, date, hours, era: by_hand(actor, says, date, hours=hours, era=era).correction,
    st.sampled_from([RUSSIA, CHINA, IRAN]),
    st.sampled_from(["did", "did_not"]),
    st.sampled_from(["2025-07-01", "2025-07-02", "2025-07-03", "2025-07-05"]),
    st.integers(0, 5),
    st.sampled_from([ERA_NOW, "1996-2001"]),
)
many_days = st.builds(act, st.sampled_from([RUSSIA, CHINA]), st.dates(date(2025, 6, 1), date(2025, 8, 1)).map(str))


@given(st.lists(st.one_of(acts, many_days, corrections), max_size=60), st.randoms(use_true_random=False))
def test_any_order_of_reports_and_corrections_gives_the_same_page(
    said: list[LedgerActor | Correction], order: object
) -> None:
    shuffled = list(said)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    page = folded(said)
    assert folded(shuffled) == page
    half = len(said) // 2
    assert merged_pages(folded(said[:half]), folded(said[half:])) == page
    assert merged_pages(page, page) is page


@given(st.lists(st.one_of(acts, many_days), max_size=30), st.lists(corrections, max_size=6))
def test_a_page_stands_as_a_naive_reading_of_reports_and_newest_corrections_says(
    reports: list[LedgerActor], corrected: list[Correction]
) -> None:
    stands = {(entry.era, entry.actor): entry.date for entry in current_page(folded([*reports, *corrected])).actors}
    newest: dict[tuple[str, str], Correction] = {}
    for one in sorted(corrected, key=lambda one: (one.made_at, one.id)):
        newest[one.era, one.actor] = one
    expected = {}
    for key in {(one.era, one.actor) for one in [*reports, *corrected]}:
        dates = kept_days(one.date for one in reports if (one.era, one.actor) == key)
        if key in newest and newest[key].says == "did":
            dates = [newest[key].date]
        elif key in newest:
            dates = [each for each in dates if each > newest[key].date]
        if dates:
            expected[key] = dates[0]
    assert stands == expected


def test_what_was_removed_stays_removed_when_it_is_reported_again_and_a_later_act_counts() -> None:
    removed = by_hand(RUSSIA, "did_not", "2025-07-04", hours=9).correction
    page = folded([act(RUSSIA, "2025-07-01"), removed, act(RUSSIA, "2025-07-01", hours=20, source="AFP")])
    assert current_page(page).actors == ()
    page = with_act(page, act(RUSSIA, "2025-07-08", hours=30, source="dpa"))
    (entry,) = current_page(page).actors
    assert (entry.date, entry.known_at, entry.sources) == ("2025-07-08", at(30), ("dpa",))


def test_a_day_given_by_hand_holds_against_earlier_and_later_reports() -> None:
    page = folded([act(RUSSIA, "2025-07-01"), by_hand(RUSSIA, "did", "2025-07-03", hours=9).correction])
    page = with_act(page, act(RUSSIA, "2025-06-01", hours=20))
    (entry,) = current_page(page).actors
    assert (entry.date, entry.known_at, entry.sources) == ("2025-07-03", at(9), ("the archive",))


def test_a_removal_up_to_the_beginning_of_time_takes_a_correction_back() -> None:
    page = folded([act(RUSSIA, "2025-07-01"), by_hand(RUSSIA, "did", "2025-07-03", hours=1).correction])
    page = with_correction(page, by_hand(RUSSIA, "did_not", "0001-01-01", hours=2).correction)
    assert [entry.date for entry in current_page(page).actors] == ["2025-07-01"]


def folded(said: Iterable[LedgerActor | Correction]) -> LedgerPage:
    page = LedgerPage(action="recognize", target="taliban")
    for one in said:
        page = with_correction(page, one) if isinstance(one, Correction) else with_act(page, one)
    return page
