"""Visits to feeds before a start: what the poller would read, `firstwire check --feeds` reads too."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from firstwire.commands import feed_check
from firstwire.config import load
from firstwire.poller import parts
from firstwire.poller.document import FeedDocument
from firstwire.poller.parse import Parser
from firstwire.poller.parse_worker import Budget
from firstwire.poller.subscriptions import Subscription
from tests.fakes.origin import FakeOrigin, feed, item
from tests.support.configuration import write_configuration

pytestmark = pytest.mark.slow


async def test_a_document_for_the_slow_lane_is_read_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine on which every document of some size takes more than the fast lane allows
    monkeypatch.setattr(parts, "Parser", partial(Parser, fast=Budget(0.02, 100_000_000)))
    large = feed(*(item(f"Entry {number}", guid=str(number)) for number in range(1_000)))
    async with FakeOrigin() as origin:
        url = origin.says("/feed", large)
        configuration = load(write_configuration(tmp_path, feeds=[url]), {})
        found = [
            read async for _, read in feed_check.visited_feeds(configuration, [Subscription(url=url, place="test")])
        ]
        assert len(origin.requests_of("/feed")) == 1
    assert [isinstance(read, FeedDocument) and len(read.entries) for read in found] == [1_000]
