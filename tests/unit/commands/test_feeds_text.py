"""Feeds as people see them: within the width of the terminal, with who lists them in full."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from firstwire.commands.feeds_text import table
from firstwire.poller.subscriptions import Subscription
from schemas.feed import FeedState
from tests.support.records import at


def test_who_lists_a_feed_is_not_cut() -> None:
    feeds = [
        (Subscription(url=f"https://news.example/{place}/rss", place=place), FeedState(url="x"))
        for place in ("poller.subscriptions", "/etc/firstwire/my-feeds.opml")
    ]
    console = Console(file=StringIO(), width=80, highlight=False)
    console.print(table(feeds, at(0)))
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert max(map(len, shown.splitlines())) <= 80
    assert "poller.subscriptions " in shown and "my-feeds.opml " in shown
