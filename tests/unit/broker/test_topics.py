"""The settings of topics."""

from __future__ import annotations

import pytest

from firstwire.broker.topics import TOPICS


@pytest.mark.parametrize(("replicas", "in_sync"), [(1, "1"), (2, "1"), (3, "2"), (5, "4")])
def test_of_several_replicas_all_but_one_must_have_a_record(replicas: int, in_sync: str) -> None:
    assert {topic.settings(replicas)["min.insync.replicas"] for topic in TOPICS} == {in_sync}
