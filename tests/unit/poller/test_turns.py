"""Whose turn it is: politeness to hosts, and nobody forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.turns import OWN_HOST_SECONDS, PER_HOST, SLOW_PER_HOST, Turn, Turns
from schemas.feed import Lane

NOW = datetime(2025, 7, 3, tzinfo=UTC)
GAP = timedelta(seconds=5)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def url(host: int, number: int) -> str:
    return f"https://h{host}.example:{8000 + number}/feed"


def turn(host: int, number: int, due: datetime = NOW, lane: Lane = "normal", *, is_own: bool = True) -> Turn:
    return Turn(due, url(host, number), f"h{host}.example", f"h{host}.example", lane, is_own)


def planned(*turns: Turn, concurrency: int = 10) -> Turns:
    found = Turns(concurrency, GAP.total_seconds())
    for each in turns:
        found.plan(each)
    return found


def test_a_host_gets_two_requests_at_a_time_and_others_do_not_wait_for_it() -> None:
    turns = planned(*(turn(1, number) for number in range(4)), turn(2, 0, later(0.1)))
    assert turns.take(later(0.2)) == [url(1, 0), url(1, 1), url(2, 0)]
    assert turns.take(later(0.3)) == []
    turns.end(url(1, 1))
    assert turns.take(later(0.4)) == [url(1, 2)]


def test_the_host_is_free_once_it_has_answered_though_the_visit_goes_on() -> None:
    turns = planned(*(turn(1, number) for number in range(3)), concurrency=3)
    assert turns.take(NOW) == [url(1, 0), url(1, 1)]
    turns.answered(url(1, 0))
    assert turns.take(NOW) == [url(1, 2)]
    for number in range(3):
        turns.end(url(1, number))
    turns.plan(turn(1, 0))
    assert turns.take(NOW) == [url(1, 0)]


def test_a_public_host_has_a_gap_between_two_starts_and_its_feeds_their_turns_in_order() -> None:
    turns = planned(*(turn(1, number, is_own=False) for number in range(4)), turn(2, 0, is_own=False))
    assert turns.take(NOW) == [url(1, 0), url(2, 0)]
    assert turns.seconds_to_next(NOW) == 5.0
    starts = []
    for tenth in range(1, 301):
        now = later(tenth / 10)
        for each in turns.take(now):
            starts.append((each, now))
            turns.end(each)
    assert starts == [(url(1, 1), later(5)), (url(1, 2), later(10)), (url(1, 3), later(15))]


def test_a_host_that_asks_to_be_left_alone_is_left_alone_with_all_its_domain() -> None:
    turns = planned(turn(1, 0, is_own=False), turn(1, 1, is_own=False), turn(2, 0, is_own=False))
    turns.pause("h1.example", later(60))
    turns.pause("h1.example", later(30))
    assert turns.take(NOW) == [url(2, 0)]
    assert turns.take(later(59.9)) == []
    assert turns.take(later(60)) == [url(1, 0)]
    assert turns.take(later(65)) == [url(1, 1)]


def test_a_visit_of_before_the_start_keeps_the_gap_of_its_host() -> None:
    turns = planned(turn(1, 0, is_own=False), turn(2, 0, is_own=False), turn(3, 0))
    turns.visited("h1.example", later(-1.5), NOW)
    turns.visited("h1.example", later(-4), NOW)
    turns.visited("h2.example", later(-5), NOW)
    turns.visited("h3.example", later(-1), NOW)
    assert turns.take(NOW) == [url(2, 0), url(3, 0)]
    assert turns.take(later(3.4)) == []
    assert turns.take(later(3.5)) == [url(1, 0)]


def test_a_clock_set_back_stops_nothing() -> None:
    turns = planned(turn(1, 0, is_own=False))
    assert turns.take(NOW) == [url(1, 0)]
    turns.end(url(1, 0))
    turns.plan(turn(1, 0, later(-3600), is_own=False))
    assert turns.take(later(-3600)) == [url(1, 0)]


def test_a_request_that_hangs_on_an_own_host_keeps_no_other_waiting() -> None:
    turns = planned(turn(1, 0), turn(1, 1), turn(1, 2))
    assert len(turns.take(NOW)) == PER_HOST
    assert turns.take(later(0.5)) == []
    assert turns.seconds_to_next(later(0.5)) == OWN_HOST_SECONDS - 0.5
    assert turns.take(later(OWN_HOST_SECONDS)) == [url(1, 2)]


@pytest.mark.parametrize("is_own", [False, True])
def test_slow_feeds_have_their_own_turns(is_own: bool) -> None:
    slow = [turn(host, 0, NOW, "slow", is_own=is_own) for host in range(4)]
    turns = planned(*slow, turn(0, 1, NOW, "slow", is_own=is_own), turn(9, 0), concurrency=1)
    assert turns.take(NOW) == [url(9, 0), url(0, 0), url(1, 0)]
    turns.end(url(1, 0))
    assert turns.take(NOW) == [url(2, 0)]
    assert SLOW_PER_HOST == 1


def test_the_time_to_the_next_turn() -> None:
    turns = planned(turn(1, 0, later(-5)), turn(2, 0, later(5)), concurrency=1)
    assert turns.seconds_to_next(NOW) == 0.0
    assert turns.take(NOW) == [url(1, 0)]
    assert turns.seconds_to_next(NOW) is None
    turns.end(url(1, 0))
    assert turns.seconds_to_next(NOW) == 5.0
    assert planned().seconds_to_next(NOW) is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["normal", "slow"]), st.booleans()), max_size=40),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_everybody_has_a_turn_and_no_limit_is_broken(
    feeds: list[tuple[int, Lane, bool]], concurrency: int, random: object
) -> None:
    turns = Turns(concurrency, GAP.total_seconds())
    lanes = {url(host, number): lane for number, (host, lane, _) in enumerate(feeds)}
    for number, (host, lane, is_own) in enumerate(feeds):
        turns.plan(turn(host, number, NOW, lane, is_own=is_own))
    now, open_visits, seen = NOW, [], []
    for _ in range(10 * len(feeds) + 10):
        taken = turns.take(now)
        open_visits += taken
        seen += taken
        assert sum(lanes[visit] == "normal" for visit in open_visits) <= concurrency
        if open_visits:
            turns.end(open_visits.pop(random.randrange(len(open_visits))))  # type: ignore[attr-defined]
        else:
            now += timedelta(seconds=turns.seconds_to_next(now) or 0.0)
    assert sorted(seen) == sorted(lanes)


def test_a_feed_that_is_visited_no_more_takes_nobodys_turn() -> None:
    turns = planned(*(turn(1, number) for number in range(5)))
    assert turns.take(NOW) == [url(1, 0), url(1, 1)]
    turns.take(later(0.1))  # the others are set aside
    for number in (2, 3):
        turns.forget(url(1, number))
    turns.end(url(1, 0))
    assert turns.take(later(0.2)) == [url(1, 4)]
    turns.forget(url(1, 1))
    turns.end(url(1, 1))


def test_pages_have_turns_of_their_own_and_keep_the_gap_of_their_host() -> None:
    turns = planned(turn(1, 0, is_own=False), turn(2, 0, is_own=False), concurrency=1)
    assert turns.take(NOW) == [url(1, 0)]
    turns.answered(url(1, 0))
    turns.plan(turn(1, 1, NOW, "page", is_own=False))
    turns.plan(turn(1, 2, NOW, "page", is_own=False))
    assert turns.take(later(1)) == []
    turns.wait(url(1, 0))
    turns.wait(url(1, 0))
    assert turns.take(later(1)) == [url(2, 0)]
    assert turns.take(later(5)) == [url(1, 1)]
    turns.pause("h1.example", later(20))
    turns.end(url(1, 1))
    turns.end(url(1, 0))
    assert turns.take(later(19.9)) == []
    assert turns.take(later(20)) == [url(1, 2)]
    turns.end(url(2, 0))
    turns.plan(turn(3, 0, NOW, is_own=False))
    turns.plan(turn(4, 0, NOW, is_own=False))
    assert turns.take(later(20)) == [url(3, 0)]


def test_a_page_waits_for_the_gap_of_its_host_whichever_visit_the_last_one_was_of() -> None:
    def page(number: int) -> Turn:
        return replace(turn(1, number), lane="page", page_gap=timedelta(seconds=30))

    turns = planned(page(1))
    assert turns.take(NOW) == [url(1, 1)]
    turns.end(url(1, 1))
    turns.plan(page(2))
    turns.plan(turn(1, 3))
    assert turns.take(later(29)) == [url(1, 3)], "a visit to a feed has gaps of its own"
    assert turns.seconds_to_next(later(29)) == 1.0
    assert turns.take(later(30)) == [url(1, 2)]
    turns.end(url(1, 2))
    turns.plan(page(4))
    assert turns.take(later(-3600)) == [], "it is not due yet"
    turns.plan(replace(page(4), due=later(-3600)))
    assert turns.take(later(-3600)) == [url(1, 4)], "the clock was set back"


def test_a_pause_ends_when_it_would_have_ended_though_the_clock_was_set_back() -> None:
    turns = Turns(10, GAP.total_seconds())
    turns.pause("h1.example", later(10))
    turns.set_back(timedelta(hours=1))
    turns.plan(turn(1, 0, later(-3600), is_own=False))
    assert turns.take(later(-3595)) == []
    assert turns.take(later(-3589)) == [url(1, 0)]
