"""Entries to articles: ids, order, dates, languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.identity import content_hash, language_key
from firstwire.core.stories.urls import canonical_url
from firstwire.poller.document import FeedEntry
from firstwire.poller.entries import FeedFacts, article_of, articles_of
from firstwire.poller.languages import language_tag
from firstwire.poller.links import redacted, resolved, web_address_fault
from schemas.article import Article
from schemas.codec import decode, encode

URL = "https://harbour.example/feed.xml"
NOW = datetime(2025, 7, 3, 15, 0, 0, 123_000, tzinfo=UTC)
FACTS = FeedFacts(url=URL, outlet="Harbour Post", language="en", fetched_at=NOW)


def entry(title: str = "A title", **fields: object) -> FeedEntry:
    return replace(FeedEntry(title=title), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://User:pw@Example.COM:80/Path?b=2&a=1&utm_medium=x#frag", "http://example.com/Path?b=2&a=1"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com.:8443/?fbclid=1", "https://example.com:8443/"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        (" tag:example.com,2025:1 ", "tag:example.com,2025:1"),
        ("http://[broken/", "http://[broken/"),
        ("https://example.com:port/", "https://example.com:port/"),
        ("https://example.com/%7euser/caf%c3%a9?q=a%2fb", "https://example.com/~user/caf%C3%A9?q=a%2Fb"),
        ("https://example.com/café 100%", "https://example.com/caf%C3%A9%20100%25"),
        ("https://example.com/%%34%31", "https://example.com/%2541"),
        ("https://example.com/#!/Story 11", "https://example.com/#!/Story%2011"),
        ("https://Example.com/app?utm_source=x#/news/11", "https://example.com/app#/news/11"),
        ("https://example.com/app#/", "https://example.com/app"),
        ("https://example.com/app#!", "https://example.com/app"),
    ],
)
def test_a_url_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@given(st.text())
def test_no_text_is_too_odd_for_an_address(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/?{text}"):
        assert canonical_url(canonical_url(url)) == canonical_url(url)
        redacted(url)
        web_address_fault(url)
        resolved(URL, url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@a.example/feed", "https://***@a.example/feed"),
        (
            "https://a.example/feed?format=rss&api_key=abc&auth=x",
            "https://a.example/feed?format=rss&api_key=***&auth=***",
        ),
        ("https://a.example/feed", "https://a.example/feed"),
        ("http://[broken", "(a malformed address)"),
    ],
)
def test_secrets_of_a_url_are_not_shown(url: str, shown: str) -> None:
    assert redacted(url) == shown


@pytest.mark.parametrize(
    ("declared", "tag"),
    [("EN_us", "en-us"), (" fr ", "fr"), ("zh-Hant-TW", "zh-hant-tw"), ("English", None), ("und", None), (None, None)],
)
def test_a_declared_language(declared: str | None, tag: str | None) -> None:
    assert language_tag(declared) == tag
    assert tag is None or language_key(tag) == tag[:2]


def test_an_article_takes_from_its_feed_what_it_does_not_say_itself() -> None:
    plain = article_of(entry(guid="1"), FACTS)
    assert (plain.language, plain.source, plain.feed, plain.entry_id) == ("en", "Harbour Post", URL, "1")
    assert (plain.published_at, plain.fetched_at) == (None, "2025-07-03T15:00:00.123Z")
    own = article_of(entry(guid="1", language="fr", source="Le Port", link="https://H.example/a?utm_source=x"), FACTS)
    assert (own.language, own.source, own.url) == ("fr", "Le Port", "https://h.example/a")


def test_a_date_in_the_future_is_held_to_the_time_of_fetching() -> None:
    future = article_of(entry(published_at=NOW + timedelta(days=9)), FACTS)
    past = article_of(entry(published_at=NOW - timedelta(days=9)), FACTS)
    assert future.published_at == "2025-07-03T15:00:00.123Z"
    assert past.published_at == "2025-06-24T15:00:00.123Z"


@given(st.none() | st.datetimes(timezones=st.just(UTC)))
def test_any_date_makes_an_article_that_can_be_read_back(published_at: datetime | None) -> None:
    article = article_of(entry(published_at=published_at), FACTS)
    assert decode(encode(article), Article) == article


def test_the_oldest_comes_first_and_undated_ones_keep_the_feeds_order() -> None:
    dated = [entry(str(hour), guid=str(hour), published_at=NOW - timedelta(hours=hour)) for hour in (1, 3, 2)]
    assert [article.title for article in articles_of(dated, FACTS).articles] == ["3", "2", "1"]
    mixed = [dated[0], entry("no date", guid="?"), *dated[1:], entry("nor here", guid="??")]
    found = [article.title for article in articles_of(mixed, FACTS).articles]
    assert found == ["nor here", "3", "2", "no date", "1"]
    undated = [entry(name, guid=name) for name in ("newest", "older", "oldest")]
    assert [article.title for article in articles_of(undated, FACTS).articles] == ["oldest", "older", "newest"]


def test_an_entry_that_is_listed_twice_is_one_article_with_its_newest_text() -> None:
    twice = [
        entry(guid="1", published_text="3 July", published_at=NOW, body="new"),
        entry(guid="1", published_text="3 July", published_at=NOW - timedelta(hours=1), body="old"),
    ]
    assert [article.body for article in articles_of(twice, FACTS).articles] == ["new"]


def test_content_is_what_is_said_and_never_when() -> None:
    article = article_of(entry(guid="1", tags=("a", "b")), FACTS)
    later = msgspec.structs.replace(
        article, fetched_at="2026-01-01T00:00:00.000Z", url="https://x.example/", author="x"
    )
    assert content_hash(article) == content_hash(later)
    for change in ({"title": "x"}, {"summary": "x"}, {"body": "x"}, {"publisher_tags": ("a",)}):
        assert content_hash(msgspec.structs.replace(article, **change)) != content_hash(article)
