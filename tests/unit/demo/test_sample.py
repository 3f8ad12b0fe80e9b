"""The demonstration's sample, as its origin serves it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import aiohttp

from firstwire.core.stories.identity import content_hash
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.sample import read_sample
from firstwire.poller.document import FeedDocument
from firstwire.poller.entries import FeedFacts, articles_of
from firstwire.poller.feed_reader import read_document

NOW = datetime(2025, 7, 5, tzinfo=UTC)


async def test_the_sample_is_served_and_read_back_whole() -> None:
    sample = read_sample()
    assert len(sample.articles) >= 34
    seen = Counter[str]()
    async with DemoOrigin(sample, now=lambda: NOW) as origin, aiohttp.ClientSession() as session:
        for url in origin.urls:
            async with session.get(url) as response:
                document = read_document(
                    await response.read(), url=url, content_type=response.headers["Content-Type"], entry_limit=100
                )
            assert isinstance(document, FeedDocument)
            assert document.fault is None
            facts = FeedFacts(url=url, outlet=document.title or "", language=document.language or "", fetched_at=NOW)
            for article in articles_of(document.entries, facts).articles:
                assert article.title
                assert article.summary
                assert article.url
                assert article.published_at < "2025-07-05"
                seen[article.language] += 1
            async with session.get(url, headers={"If-None-Match": response.headers["ETag"]}) as again:
                assert again.status == 304
    assert seen.total() == len(sample.articles)
    assert set(seen) == {"en", "en-gb", "de", "fr", "ru", "ar", "fa"}


async def test_an_update_is_another_revision_of_the_same_article() -> None:
    sample = read_sample()
    (updated,) = [article for article in sample.articles if article.update is not None]
    revisions = []
    async with DemoOrigin(sample, now=lambda: NOW) as origin, aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.get(origin.url_of(updated.feed)) as response:
                document = read_document(await response.read(), url="", content_type="", entry_limit=100)
            assert isinstance(document, FeedDocument)
            facts = FeedFacts(url=origin.url_of(updated.feed), outlet="", language="en", fetched_at=NOW)
            revisions += [a for a in articles_of(document.entries, facts).articles if a.entry_id == updated.guid]
            assert await origin.publish_update(updated.guid) == origin.url_of(updated.feed)
    before, after = revisions
    assert before.article_id == after.article_id
    assert content_hash(before) != content_hash(after)


def test_two_outlets_of_the_sample_have_one_wire_text() -> None:
    bodies = Counter(article.body for article in read_sample().articles if article.body)
    assert [count for count in bodies.values() if count > 1] == [2]
