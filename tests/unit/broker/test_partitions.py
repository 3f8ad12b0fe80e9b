"""The partition of a key is the one that every Kafka client computes."""

from __future__ import annotations

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from firstwire.broker.partitions import FEW, partitions_of

_partition_of = DefaultPartitioner()

KEYS = st.binary(max_size=70)
ALIKE = st.integers(0, 70).flatmap(lambda size: st.lists(st.binary(min_size=size, max_size=size), min_size=2 * FEW))


@given(st.lists(KEYS) | ALIKE, st.integers(1, 40))
def test_keys_have_the_partition_of_a_record_sent_with_them(keys: list[bytes], count: int) -> None:
    numbers = list(range(count))
    assert partitions_of(keys, count) == {key: _partition_of(key, numbers, numbers) for key in keys}
