"""The order in which partitions meet: by time, each in its own order, and dependent on nothing but the records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firstwire.broker.reader import Received
from firstwire.replay.topic import live_order


def record(partition: int, offset: int, timestamp_ms: int) -> Received:
    return Received("articles", partition, offset, "en", b"", (), timestamp_ms)


partitions = st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=4)


def records_of(times: list[list[int]]) -> list[Received]:
    return [record(number, offset, at) for number, part in enumerate(times) for offset, at in enumerate(part)]


@given(partitions, st.randoms(use_true_random=False))
def test_every_record_comes_once_in_an_order_that_arrival_does_not_change(
    times: list[list[int]], order: object
) -> None:
    shuffled = records_of(times)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    found = live_order(shuffled)
    assert found == live_order(records_of(times))
    for number, part in enumerate(times):
        assert [one.offset for one in found if one.partition == number] == [*range(len(part))]


@given(partitions)
def test_where_each_partition_is_in_order_of_time_the_whole_is(times: list[list[int]]) -> None:
    found = live_order(records_of([sorted(part) for part in times]))
    keys = [(one.timestamp_ms, one.partition, one.offset) for one in found]
    assert keys == sorted(keys)


def test_a_late_record_waits_for_those_before_it_in_its_partition() -> None:
    found = live_order([record(0, 0, 50), record(0, 1, 10), record(1, 0, 20), record(1, 1, 50)])
    assert [(one.partition, one.offset) for one in found] == [(1, 0), (0, 0), (0, 1), (1, 1)]
