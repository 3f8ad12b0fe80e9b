"""A poller beside every hostile document and transport that we know of: good feeds go on as if they were not there.

`python -m tests.bench.hostile_feeds` takes longer, prints each refusal and measures the waits.
"""

from __future__ import annotations

import sys

import pytest

from tests.bench.hostile_feeds import documents, measured, transports

MEMORY_BYTES = 500_000_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of processes from /proc")
async def test_hostile_feeds_are_all_refused_in_little_memory_while_good_ones_are_read() -> None:
    outcome = await measured(alone_seconds=3.0, beside_seconds=30.0)
    assert outcome.unanswered == ()
    assert len(outcome.refusals) >= len(documents()) + len(transports())
    assert outcome.most_memory_bytes < MEMORY_BYTES
    assert outcome.good_articles > 100
