"""Whose turn it is: politeness to hosts, and nobody forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.turns import PER_HOST, Turns

NOW = datetime(2025, 7, 3, tzinfo=UTC)


def url(host: int, number: int) -> str:
    return f"https://h{host}.example:{8000 + number}/feed"


def test_a_host_gets_two_visits_at_a_time_and_others_do_not_wait_for_it() -> None:
    turns = Turns(concurrency=10)
    for number in range(4):
        turns.plan(url(1, number), NOW)
    turns.plan(url(2, 0), NOW + timedelta(seconds=1))
    later = NOW + timedelta(seconds=2)
    assert turns.take(later) == [url(1, 0), url(1, 1), url(2, 0)]
    assert turns.take(later) == []
    turns.end(url(1, 1))
    assert turns.take(later) == [url(1, 2)]


def test_the_time_to_the_next_turn() -> None:
    turns = Turns(concurrency=1)
    assert turns.seconds_to_next(NOW) is None
    turns.plan(url(1, 0), NOW - timedelta(seconds=5))
    turns.plan(url(2, 0), NOW + timedelta(seconds=5))
    assert turns.seconds_to_next(NOW) == 0.0
    assert turns.take(NOW) == [url(1, 0)]
    assert turns.seconds_to_next(NOW) is None
    turns.end(url(1, 0))
    assert turns.seconds_to_next(NOW) == 5.0


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_everybody_has_a_turn_and_no_limit_is_broken(hosts: list[int], concurrency: int, random: object) -> None:
    turns = Turns(concurrency)
    urls = [url(host, number) for number, host in enumerate(hosts)]
    for each in urls:
        turns.plan(each, NOW)
    open_visits: list[str] = []
    seen: list[str] = []
    while taken := turns.take(NOW) or open_visits:
        if taken is not open_visits:
            open_visits += taken
            seen += taken
        assert len(open_visits) <= concurrency
        for host in range(4):
            assert sum(visit.startswith(f"https://h{host}.") for visit in open_visits) <= PER_HOST
        turns.end(open_visits.pop(random.randrange(len(open_visits))))  # type: ignore[attr-defined]
    assert sorted(seen) == sorted(urls)
