"""Feeds that come and go while the poller runs, by the commands that people type, on a real Kafka."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import ARTICLES, FEED_ENTRIES, FEED_STATES, FORMER_FEED_STATES, topic_name
from firstwire.config import load
from firstwire.poller.health_alerts import health_alert
from firstwire.poller.outbox import Outbox
from firstwire.poller.service import poll
from firstwire.poller.subscriptions import Subscription
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.feed import FeedEntries, FeedState
from tests.fakes.origin import Answer, FakeOrigin, feed, item
from tests.fakes.receivers import ScriptedSlack, ScriptedWebhook
from tests.support.command_line import firstwire
from tests.support.configuration import write_configuration
from tests.support.kafka import create_topic, records
from tests.support.notifying import Notifying, all_delivered
from tests.support.waiting import found_once

ACTED_ON_WITHIN_SECONDS = 2.0


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        yield fake


class Desk:
    """Somebody who types commands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def types(self, *arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(firstwire, "feeds", *arguments, cwd=self._folder)

    async def lists(self) -> dict[str, dict[str, Any]]:
        code, out, err = await self.types("list", "--json")
        assert code == 0, err
        return {each["url"]: each for each in json.loads(out)}


VISITED = "visited every {}, more rarely if its publisher asks\n"


async def test_feeds_are_added_changed_and_removed_by_commands_while_the_poller_runs(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, origin: FakeOrigin
) -> None:
    listed = origin.says("/listed", feed(item("Listed", guid="1")))
    page = Answer(b'<html><link rel=alternate type="application/rss+xml" href="/found"></html>')
    site, found = origin.says("/", page), origin.says("/found", feed(item("Found", guid="2"), title="Its own name"))
    file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, feeds=[listed])
    desk, stop = Desk(tmp_path), asyncio.Event()

    async def articles() -> list[Article]:
        return [decode(each.value, Article) for each in await records(kafka_bootstrap, kafka_prefix, ARTICLES)]

    polling = asyncio.create_task(poll(load(file, {}), kafka_bootstrap, stop=stop))
    try:
        await origin.wait_for("/listed", 1)
        # The command looks at the page and at the feed that it names; the poller's visit is one more
        looked = len(origin.requests_of("/found"))
        options = ("--name", "The Bee", "--tag", "Bees", "--interval", "1h", "--language", "de")
        code, out, err = await desk.types("add", site, *options)
        done_at = time.monotonic()
        assert (code, out, err) == (0, f"added {found}, the feed of {site}\n{VISITED.format('1h')}", "")
        await origin.wait_for("/found", looked + 1)
        assert origin.requests_of("/found")[-1].at - done_at < ACTED_ON_WITHIN_SECONDS
        (article,) = [each for each in await found_once(articles, lambda some: len(some) >= 2) if each.feed == found]
        assert (article.source, article.publisher_tags, article.language) == ("The Bee", ("Bees",), "de")

        code, out, _ = await desk.types("add", found, "--no-check")
        assert (code, out) == (
            0,
            f"{found}: already subscribed, with these settings; it is visited now\n{VISITED.format('1h')}",
        )

        code, out, _ = await desk.types("remove", listed)
        assert (code, out) == (0, f"removed {listed}\n")
        shown = await desk.lists()
        assert {address: each["is_removed"] for address, each in shown.items()} == {found: False, listed: True}
        assert (shown[found]["health"], shown[found]["from"], shown[found]["interval_seconds"]) == (
            "ok",
            "command",
            3600,
        )

        # What is known of it is kept: it is asked at once, and nothing is published again
        asked = len(origin.requests_of("/listed"))
        assert (await desk.types("add", listed, "--no-check"))[0] == 0
        await origin.wait_for("/listed", asked + 1)
        origin.says("/listed", feed(item("Later", guid="3"), item("Listed", guid="1")))
        await found_once(articles, lambda some: "Later" in [each.title for each in some])
        assert sorted(each.title for each in await articles()) == ["Found", "Later", "Listed"]
        assert (await desk.lists())[listed]["from"] == "poller.subscriptions"
    finally:
        stop.set()
        await polling


async def test_lists_come_in_and_go_out_as_they_are(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, origin: FakeOrigin
) -> None:
    write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, feeds=[])
    desk = Desk(tmp_path)
    (tmp_path / "mine.opml").write_text(
        '<opml version="1.0"><body><outline text="World"><outline text="Asia">\n'
        '<outline text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>\n'
        '<outline text="F" xmlUrl="ftp://f.example/"/></outline></outline></body></opml>',
        encoding="utf-8",
    )
    code, out, err = await desk.types("import", "mine.opml")
    assert (code, out) == (1, "1 added, 0 changed, 0 subscribed already, 1 skipped\n")
    assert err == "mine.opml:3: skipped ftp://f.example/: scheme 'ftp' is not http or https\n"
    assert (await desk.types("export", "--output", "out.opml"))[0] == 0
    assert (await desk.types("import", "out.opml"))[1] == "0 added, 0 changed, 1 subscribed already, 0 skipped\n"
    assert (await desk.lists())["https://a.example/feed?x=1&y=2"]["tags"] == ["World", "Asia"]
    meant = "no feed 'https://a.example/feed'; did you mean 'https://a.example/feed?x=1&y=2'?"
    assert await desk.types("remove", "https://a.example/feed") == (78, "", f"firstwire: {meant}\n")
    (tmp_path / "cut.opml").write_text('<opml version="1.0"><body>\n<outline text="A" xmlUrl="https://a.exa')
    code, out, err = await desk.types("import", "cut.opml")
    assert (code, out) == (78, "")
    assert err.startswith("firstwire: cut.opml:2:1: not valid XML: unclosed token")


async def test_the_states_of_an_earlier_version_are_copied_once(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path, origin: FakeOrigin
) -> None:
    url = origin.says("/feed", feed(item("New", guid="2"), item("Old", guid="1")))
    former = topic_name(kafka_prefix, FORMER_FEED_STATES)
    await create_topic(kafka_bootstrap, former)
    file = write_configuration(tmp_path, bootstrap=kafka_bootstrap, prefix=kafka_prefix, feeds=[url])

    async def once(until_title: str) -> None:
        stop = asyncio.Event()
        polling = asyncio.create_task(poll(load(file, {}), kafka_bootstrap, stop=stop))
        try:
            await found_once(states, lambda found: until_title in (found[-1].title if found else ""))
        finally:
            stop.set()
            await polling

    async def states() -> list[FeedState]:
        return [decode(each.value, FeedState) for each in await records(kafka_bootstrap, kafka_prefix, FEED_STATES)]

    origin.says("/feed", feed(item("New", guid="2"), item("Old", guid="1"), title="First"))
    await once("First")
    (known,) = [decode(each.value, FeedEntries) for each in await records(kafka_bootstrap, kafka_prefix, FEED_ENTRIES)]
    moved = FeedState(url=url, title="Copied", entries=known.entries, checked_at="2099-01-01T00:00:00.000Z")
    async with open_producer(kafka_bootstrap) as producer:
        await producer.send(Message(topic=former, key=url, value=encode(moved)))
    origin.says("/feed", feed(item("New", guid="2"), item("Old", guid="1"), title="Second"))
    await once("Second")
    titles = [each.title for each in await states()]
    assert titles.count("Copied") == 1
    await once("Second")
    assert [each.title for each in await states()].count("Copied") == 1
    arrived = [decode(each.value, Article) for each in await records(kafka_bootstrap, kafka_prefix, ARTICLES)]
    assert sorted(each.title for each in arrived) == ["New", "Old"]


async def test_an_alert_on_feeds_reaches_the_receivers(house: Notifying) -> None:
    url = "https://a.example/feed"
    state = FeedState(url=url, health="gone", failures=1, last_error=f"{url}: HTTP 410 Gone")
    told = health_alert({url: Subscription(url=url, title="The Bee", place="test")}, {url: state}, datetime.now(UTC))
    assert told is not None
    outbox = Outbox(house.bootstrap, house.prefix, partitions=2, stop=asyncio.Event(), now=lambda: datetime.now(UTC))
    async with ScriptedWebhook() as hook, ScriptedSlack() as slack, house.notifying(hook=hook.url, slack=slack.url):
        assert await outbox.tell(told.alert)
        (posted,), (said,) = await hook.wait_for(1), await slack.wait_for(1)
        await house.settled(all_delivered(2))
    await outbox.close()
    assert posted.json["data"]["alert"]["kind"] == "system"
    assert said.json["text"].startswith(
        "SYSTEM  A feed is gone: The Bee, a.example (HTTP 410 Gone: its publisher has given it up)"
    )
