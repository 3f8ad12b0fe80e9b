"""Subscriptions from OPML and settings, the shipped list, and the demonstration's sample and origin."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from firstwire.config import Configuration, PollerSection, Settings
from firstwire.core.stories.identity import content_hash
from firstwire.demo.origin import DemoOrigin
from firstwire.demo.sample import read_sample
from firstwire.errors import ConfigError
from firstwire.poller.document import FeedDocument
from firstwire.poller.entries import FeedFacts, articles_of
from firstwire.poller.feed_reader import read_document
from firstwire.poller.subscriptions import read_subscriptions
from tests.support.shared_data import DATA

WORLD = DATA / "feeds" / "world_news_opml"
NOW = datetime(2025, 7, 5, tzinfo=UTC)


def configuration(folder: Path, *subscriptions: str) -> Configuration:
    settings = Settings(poller=PollerSection(subscriptions=subscriptions))
    return Configuration(settings=settings, file=folder / "firstwire.toml", origins={})


def opml(*outlines: str) -> str:
    return f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'


def test_folders_become_tags_and_duplicates_are_merged(tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(
        opml(
            '<outline text="World"><outline type="rss" text="A" xmlUrl="https://a.example/feed"/></outline>',
            '<outline text="Asia"><outline type="rss" xmlUrl="https://A.example:443/feed"/></outline>',
            '<outline type="rss" text="F" xmlUrl="ftp://f.example/feed?token=abc"/>',
        )
    )
    found, refused = read_subscriptions(
        configuration(tmp_path, "a.opml", "https://a.example/feed#x", "feed://b.example/rss")
    )
    assert [(s.url, s.title, s.tags) for s in found] == [
        ("https://a.example/feed", "A", ("World", "Asia")),
        ("https://b.example/rss", None, ()),
    ]
    assert [(r.url, r.reason) for r in refused] == [
        ("ftp://f.example/feed?token=***", "scheme 'ftp' is not http or https")
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the subscriptions 'a.opml': No such file or directory"),
        ("<html></html>", "not an OPML file"),
        ("", "not an OPML file"),
        (opml(), "the OPML file holds no feed"),
    ],
)
def test_a_file_without_feeds_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "a.opml").write_text(content)
    with pytest.raises(ConfigError, match=message) as caught:
        read_subscriptions(configuration(tmp_path, "a.opml"))
    assert str(tmp_path / "a.opml") in str(caught.value)


def test_a_setting_that_is_no_web_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"poller\.subscriptions: ftp://x\.example/: scheme 'ftp'"):
        read_subscriptions(configuration(tmp_path, "ftp://x.example/"))


def test_the_shipped_list_is_read(tmp_path: Path) -> None:
    found, refused = read_subscriptions(configuration(tmp_path, "seeds/feeds.opml"))
    assert len(found) >= 15
    assert refused == ()
    assert all(subscription.title and subscription.tags for subscription in found)


@pytest.mark.skipif(not WORLD.is_dir(), reason="data missing: ../shared/data/feeds/world_news_opml")
def test_lists_from_the_wild_are_read(tmp_path: Path) -> None:
    files = [str(path) for path in sorted(WORLD.rglob("*.opml"))]
    found, _ = read_subscriptions(configuration(tmp_path, *files))
    assert len(found) > 100


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
            for article in articles_of(document.entries, facts):
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
            revisions += [a for a in articles_of(document.entries, facts) if a.entry_id == updated.guid]
            assert await origin.publish_update(updated.guid) == origin.url_of(updated.feed)
    before, after = revisions
    assert before.article_id == after.article_id
    assert content_hash(before) != content_hash(after)


def test_two_outlets_of_the_sample_have_one_wire_text() -> None:
    bodies = Counter(article.body for article in read_sample().articles if article.body)
    assert [count for count in bodies.values() if count > 1] == [2]
