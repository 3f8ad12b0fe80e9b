"""The poller through its door, with real feeds from real servers, into a real Kafka."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from firstwire.broker.reader import Received
from firstwire.broker.topics import ARTICLES, DEAD_LETTERS, FEED_ENTRIES, FEED_STATES, create_missing_topics
from firstwire.config import Configuration, KafkaSection, PollerSection, Settings
from firstwire.core.stories.identity import language_key
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.sample import read_sample
from schemas.article import Article
from schemas.codec import decode
from schemas.feed import FeedEntries, FeedState
from schemas.outcome import DeadLetter
from schemas.times import to_milliseconds
from tests.fakes.origin import (
    FakeOrigin,
    bomb,
    cut,
    endless,
    feed,
    item,
    not_gzip,
    page,
    redirect,
    silent,
    status,
)
from tests.support.kafka import embedded_broker, records
from tests.support.poller_service import poller_service
from tests.support.waiting import found_once

UNREACHABLE = "127.0.0.1:1"


def configuration(prefix: str, *urls: str, interval: str = "300ms", timeout: str = "2s") -> Configuration:
    settings = Settings(
        kafka=KafkaSection(topic_prefix=prefix),
        poller=PollerSection(
            subscriptions=urls,
            interval=interval,
            first_poll="all",
            timeout=timeout,
            allow_private_addresses=("127.0.0.1/32",),
            body_limit_bytes=4_000_000,
        ),
    )
    return Configuration(settings=settings, file=None, origins={})


class Topics:
    """What stands in the topics of one prefix."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._bootstrap = bootstrap
        self._prefix = prefix

    async def records(self, name: str) -> list[Received]:
        return await records(self._bootstrap, self._prefix, name)

    async def articles(self) -> list[Article]:
        return [decode(record.value, Article) for record in await self.records(ARTICLES)]

    async def states(self) -> dict[str, FeedState]:
        return {record.key: decode(record.value, FeedState) for record in await self.records(FEED_STATES)}

    async def entries(self) -> dict[str, FeedEntries]:
        return {record.key: decode(record.value, FeedEntries) for record in await self.records(FEED_ENTRIES)}

    async def dead_letters(self) -> list[DeadLetter]:
        return [decode(record.value, DeadLetter) for record in await self.records(DEAD_LETTERS)]


@pytest.fixture
def topics(kafka_bootstrap: str, kafka_prefix: str) -> Topics:
    return Topics(kafka_bootstrap, kafka_prefix)


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        yield fake


async def test_the_sample_arrives_once_and_its_update_once_more(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics
) -> None:
    sample = read_sample()
    (updated,) = [article for article in sample.articles if article.update is not None]
    async with DemoOrigin(sample, now=lambda: datetime.now(UTC)) as origin:
        settings = configuration(kafka_prefix, *origin.urls)
        async with poller_service(settings, kafka_bootstrap):
            await found_once(topics.articles, lambda found: len(found) >= len(sample.articles))
            await found_once(topics.states, lambda found: len(found) == len(origin.urls))
        async with poller_service(settings, kafka_bootstrap):
            await origin.publish_update(updated.guid)
            await found_once(topics.articles, lambda found: len(found) > len(sample.articles))
            before = await topics.states()
            # Every feed is asked again after the update, so that a repeat would show
            await found_once(
                topics.states, lambda after: all(after[u].checked_at != before[u].checked_at for u in origin.urls)
            )
    arrived = await topics.records(ARTICLES)
    articles = [decode(record.value, Article) for record in arrived]
    assert len(articles) == len(sample.articles) + 1
    assert [article.entry_id for article in articles].count(updated.guid) == 2
    assert len({article.article_id for article in articles}) == len(sample.articles)
    states = await topics.states()
    for record, article in zip(arrived, articles, strict=True):
        assert record.key == language_key(states[article.feed or ""].language or "")
        assert record.timestamp_ms == to_milliseconds(article.fetched_at)
    for state in states.values():
        # The sample is of July 2025
        assert (state.health, state.failures) == ("stale", 0)
        assert state.etag
        assert state.title


async def test_every_bad_feed_says_why_and_takes_nothing_from_the_good_one(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    bad = {
        "/404": (status(404), "HTTP 404 Not Found"),
        "/410": (status(410), "HTTP 410 Gone"),
        "/429": (status(429, Retry_After="3600"), "HTTP 429 Too Many Requests"),
        "/500": (status(500), "HTTP 500 Internal Server Error"),
        "/page": (page(), "a web page, not a feed"),
        "/empty": (status(200), "the answer is empty"),
        "/cut": (cut(feed(item()), 50), "the body is truncated or badly encoded"),
        "/not-gzip": (not_gzip(), "the body is truncated or badly encoded"),
        "/bomb": (bomb(), "the body is larger than 4,000,000 bytes"),
        "/endless": (endless(), "the body is larger than 4,000,000 bytes"),
        "/silent": (silent(), "no complete answer within 2 s"),
        "/inside": (redirect("http://169.254.169.254/"), "redirected to an address that is neither public nor"),
    }
    urls = {path: origin.says(path, answer) for path, (answer, _) in bad.items()}
    entries = [item("No id, no date"), item("Future", guid="f", pubDate="Fri, 01 Jan 2100 00:00:00 GMT")]
    good = origin.says("/good", feed(*entries, ETag='"1"'), status(304))
    async with poller_service(configuration(kafka_prefix, good, *urls.values()), kafka_bootstrap):
        states = await found_once(topics.states, lambda found: len(found) == len(bad) + 1)
        await origin.wait_for("/404", 2)
    for path, (_, reason) in bad.items():
        assert states[urls[path]].last_error is not None
        assert states[urls[path]].last_error.startswith(f"{urls[path]}: {reason}")  # type: ignore[union-attr]
    assert states[urls["/410"]].health == "gone"
    assert states[good].health == "ok"
    articles = await topics.articles()
    assert {article.title for article in articles} == {"No id, no date", "Future"}
    published = {article.title: article.published_at for article in articles}
    assert published == {"No id, no date": None, "Future": articles[0].fetched_at}
    assert len(origin.requests_of("/410")) == 1
    assert len(origin.requests_of("/429")) == 1
    # On one's own network a request that hangs counts for a second only
    assert 2 <= origin.most_in_flight <= 3
    conditional = origin.requests_of("/good")[1:]
    assert all(asked.headers["If-None-Match"] == '"1"' for asked in conditional)


async def test_a_feed_that_fails_loses_nothing_when_it_comes_back(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    one, two, three = (item(name, guid=name) for name in ("One", "Two", "Three"))
    url = origin.says(
        "/feed",
        feed(one),
        page(),
        cut(feed(two, one), 150),
        status(503),
        feed(three, two, one, ETag='"3"'),
        status(304),
    )
    async with poller_service(configuration(kafka_prefix, url), kafka_bootstrap):
        await found_once(topics.articles, lambda found: len(found) >= 3)
        await origin.wait_for("/feed", 6)
        await found_once(topics.states, lambda found: found[url].etag == '"3"' and found[url].failures == 0)
    assert [article.title for article in await topics.articles()] == ["One", "Two", "Three"]


async def test_an_article_too_large_for_any_topic_is_a_dead_letter_and_the_rest_goes_on(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    large = item("Large", guid="l", description="word " * 200_000)
    url = origin.says("/feed", feed(item("After", guid="a"), large, item("Before", guid="b")), status(304))
    async with poller_service(configuration(kafka_prefix, url), kafka_bootstrap):
        await origin.wait_for("/feed", 3)
    assert [article.title for article in await topics.articles()] == ["Before", "After"]
    (letter,) = await topics.dead_letters()
    assert letter.stage == "poller"
    assert "is over the limit of 800,000" in letter.error
    assert letter.error.startswith(url)
    assert letter.value_bytes > 800_000


async def test_a_feed_subscribed_under_another_spelling_of_its_address_is_the_same(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    url = origin.says("/feed", feed(item("One", guid="1")))
    async with poller_service(configuration(kafka_prefix, url), kafka_bootstrap):
        await found_once(topics.states, lambda found: url in found)
    origin.says("/feed", feed(item("Two", guid="2"), item("One", guid="1")))
    async with poller_service(configuration(kafka_prefix, f"{url.replace('http', 'HTTP')}#news"), kafka_bootstrap):
        await found_once(topics.articles, lambda found: len(found) >= 2)
        await found_once(topics.entries, lambda found: len(found[url].entries) == 2)
    assert [article.title for article in await topics.articles()] == ["One", "Two"]
    assert (await topics.states()).keys() == {url}


async def test_a_restart_keeps_to_the_plan_and_asks_nobody_early(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    url = origin.says("/feed", feed(item(guid="1")))
    settings = configuration(kafka_prefix, url, interval="1h")
    async with poller_service(settings, kafka_bootstrap):
        await found_once(topics.states, lambda found: url in found)
    marker = origin.says("/other", feed(item(guid="2")))
    async with poller_service(configuration(kafka_prefix, url, marker, interval="1h"), kafka_bootstrap):
        await found_once(topics.states, lambda found: marker in found)
    assert len(origin.requests_of("/feed")) == 1


async def test_stopping_does_not_wait_for_a_silent_server(
    kafka_bootstrap: str, kafka_prefix: str, origin: FakeOrigin
) -> None:
    url = origin.says("/silent", silent())
    async with poller_service(configuration(kafka_prefix, url, timeout="60s"), kafka_bootstrap):
        await origin.wait_for("/silent", 1)
        began = time.monotonic()
    assert time.monotonic() - began < 5


async def test_stopping_does_not_wait_for_an_unreachable_kafka(origin: FakeOrigin) -> None:
    url = origin.says("/feed", feed(item()))
    async with poller_service(configuration("nowhere", url), UNREACHABLE) as task:
        done, _ = await asyncio.wait({task}, timeout=1.5)
        assert not done
    assert origin.requests == []


async def test_an_outage_of_kafka_is_waited_out_and_loses_nothing(tmp_path: Path, origin: FakeOrigin) -> None:
    async with embedded_broker(tmp_path) as broker:
        await create_missing_topics(broker.bootstrap_servers, KafkaSection(topic_prefix="outage", partitions=2))
        topics = Topics(broker.bootstrap_servers, "outage")
        one, two = item("One", guid="1"), item("Two", guid="2")
        gate = asyncio.Event()
        url = origin.says("/feed", feed(one), replace(feed(two, one, ETag='"2"'), gate=gate), status(304))
        async with poller_service(configuration("outage", url, timeout="60s"), broker.bootstrap_servers):
            await origin.wait_for("/feed", 2)
            await broker.stop()
            gate.set()
            await origin.wait_until_all_answered()
            await broker.start()
            await found_once(topics.articles, lambda found: len(found) >= 2)
            await found_once(topics.states, lambda found: found[url].etag == '"2"')
        assert [article.title for article in await topics.articles()] == ["One", "Two"]


async def test_entries_are_written_only_when_they_have_changed(
    kafka_bootstrap: str, kafka_prefix: str, topics: Topics, origin: FakeOrigin
) -> None:
    entries = [item(f"{number}", guid=f"{number}") for number in range(50)]
    url = origin.says("/feed", feed(*entries, ETag='"1"'), status(304), status(304), status(404))
    async with poller_service(configuration(kafka_prefix, url), kafka_bootstrap):
        await found_once(topics.states, lambda found: url in found and found[url].failures > 0)
    written = await topics.records(FEED_ENTRIES)
    assert len(written) == 1
    assert len((await topics.entries())[url].entries) == 50
    assert len(await topics.records(FEED_STATES)) >= 4
    assert max(len(record.value or b"") for record in await topics.records(FEED_STATES)) < 1_500
