"""Two pollers share the feeds; `python -m tests.bench.many_pollers` kills them fifty times."""

from __future__ import annotations

from pathlib import Path

from tests.bench.many_pollers import measured


async def test_the_feeds_of_a_killed_poller_go_to_the_other_within_seconds_and_nothing_is_lost(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    outcome = await measured(kafka_bootstrap, kafka_prefix, tmp_path, kills=1)
    assert outcome.lost == 0
    assert max(outcome.takeovers) <= 10.0
    assert outcome.most_pollers_of_a_feed == 1
