"""The topics of a replay: no live topic can have such a name, and no name of a run can reach a live one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.broker.topics import TOPICS, topic_name
from firstwire.errors import ConfigError
from firstwire.replay.files import NAMES
from firstwire.replay.progress import ReadPace
from firstwire.replay.run_topics import _TOPIC, RUN, expired, run_topic
from schemas.replay_run import ReplayRun

LIVE = [topic.name for topic in TOPICS]


@given(prefix=st.from_regex(r"[A-Za-z0-9._-]{1,40}", fullmatch=True))
def test_no_topic_of_any_prefix_is_taken_for_one_of_a_replay(prefix: str) -> None:
    """Else the notifier could be given replayed alerts, or the live ones be removed with a run."""
    assert not [name for name in LIVE if _TOPIC.fullmatch(topic_name(prefix, name))]


@given(run=st.from_regex(r"[a-z0-9][a-z0-9-]{0,60}", fullmatch=True))
def test_no_topic_of_a_run_ends_like_a_live_one(run: str) -> None:
    for kind in (*NAMES, RUN):
        found = _TOPIC.fullmatch(run_topic(run, kind))
        assert found is not None
        assert found[1] == run
        assert not [name for name in LIVE if run_topic(run, kind).endswith(f"-{name}")]


@pytest.mark.parametrize("name", ["", "July", "a.b", "a/b", "-a", "a" * 62, "ü", "a b", "a\n"])
def test_a_name_that_no_topic_can_have_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="is no name of a run"):
        run_topic(name, RUN)


def test_a_run_expires_at_its_time() -> None:
    run = ReplayRun(
        run="july",
        token="1",
        source="articles.jsonl",
        began_at="2025-07-01T00:00:00.000Z",
        keep_until="2025-07-08T00:00:00.000Z",
    )
    runs = {"july": run}
    assert expired(runs, "2025-07-07T23:59:59.999Z") == []
    assert expired(runs, "2025-07-08T00:00:00.000Z") == ["july"]


async def test_a_rate_is_never_exceeded() -> None:
    pace, began = ReadPace(400), time.monotonic()
    for _ in range(80):
        await pace.wait()
    assert time.monotonic() - began >= 79 / 400
