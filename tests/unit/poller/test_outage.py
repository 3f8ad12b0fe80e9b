"""Our own network or theirs."""

from __future__ import annotations

from firstwire.poller.outage import FEWEST, Outage


def test_many_silent_hosts_and_none_that_answers_are_an_outage_of_ours() -> None:
    outage = Outage(hosts=100)
    for number in range(FEWEST):
        assert not outage.is_ours
        outage.silent(f"h{number}", f"feed{number}")
    assert outage.is_ours
    outage.silent("h0", "another")
    assert list(outage.answered()) == [*(f"feed{number}" for number in range(FEWEST)), "another"]
    assert not outage.is_ours
    assert list(outage.answered()) == []


def test_one_answer_in_between_shows_that_the_network_is_up() -> None:
    outage = Outage(hosts=100)
    for number in range(50):
        outage.silent(f"h{number}", f"feed{number}")
        if number % (FEWEST - 1) == 0:
            assert list(outage.answered()) == []
        assert not outage.is_ours


def test_many_feeds_of_one_host_are_one_host() -> None:
    outage = Outage(hosts=100)
    for number in range(50):
        outage.silent("h", f"feed{number}")
    assert not outage.is_ours


def test_with_few_hosts_all_of_them_are_enough() -> None:
    outage = Outage(hosts=2)
    for _ in range(FEWEST):
        outage.silent("a", "1")
        assert not outage.is_ours
    outage.silent("b", "2")
    assert outage.is_ours
    alone = Outage(hosts=1)
    for _ in range(FEWEST - 1):
        alone.silent("a", "1")
        assert not alone.is_ours
    alone.silent("a", "1")
    assert alone.is_ours
