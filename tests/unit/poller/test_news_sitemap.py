"""Google's news sitemaps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def read(markup: str, entry_limit: int = 100) -> FeedDocument | UnreadableFeed:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{markup}'.encode()
    return read_document(body, url="https://quay.example/news.xml", content_type="text/xml", entry_limit=entry_limit)


def url(
    title: str = "Cranes &amp; ships", date: str = "2025-07-03T16:02:11+02:00", name: str = "Quay", language: str = "de"
) -> str:
    return (
        f"<url><loc>https://quay.example/{title[:3]}</loc><lastmod>2025-07-04</lastmod><news:news><news:publication>"
        f"<news:name>{name}</news:name><news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
        "<news:keywords>port, work , port</news:keywords></news:news></url>"
    )


def sitemap(*urls: str, namespaces: str = f"{SITEMAP} {NEWS}") -> str:
    return f"<urlset {namespaces}>{''.join(urls)}</urlset>"


@pytest.mark.parametrize("namespaces", [f"{SITEMAP} {NEWS}", SITEMAP, ""])
def test_every_field_of_an_entry_arrives(namespaces: str) -> None:
    document = read(sitemap(url(), "<url><loc>https://quay.example/about</loc></url>", namespaces=namespaces))
    assert isinstance(document, FeedDocument)
    assert (document.title, document.language, document.fault) == ("Quay", "de", None)
    (entry,) = document.entries
    assert (entry.title, entry.link) == ("Cranes & ships", "https://quay.example/Cra")
    assert (entry.source, entry.language, entry.tags) == ("Quay", "de", ("port", "work"))
    assert entry.published_at == datetime(2025, 7, 3, 14, 2, 11, tzinfo=UTC)


def test_several_outlets_and_languages_have_no_feed_of_their_own() -> None:
    document = read(sitemap(url("One"), url("Two", name="Pier", language="fr")))
    assert isinstance(document, FeedDocument)
    assert (document.title, document.language) == (None, None)
    assert [entry.source for entry in document.entries] == ["Quay", "Pier"]


def test_a_cut_sitemap_keeps_its_entries_and_says_that_it_is_cut() -> None:
    whole = sitemap(*(url(f"Item {number}") for number in range(20)))
    document = read(whole[: whole.index("Item 7")])
    assert isinstance(document, FeedDocument)
    assert [entry.title for entry in document.entries] == [f"Item {number}" for number in range(7)]
    assert document.fault is not None
    assert document.fault.startswith("ParseError")


def test_the_newest_entries_are_read() -> None:
    document = read(sitemap(*(url(f"Item {day}", f"2025-07-{day:02d}") for day in (3, 9, 1, 8))), entry_limit=2)
    assert isinstance(document, FeedDocument)
    assert [entry.title for entry in document.entries] == ["Item 9", "Item 8"]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (sitemap(), "a sitemap without news"),
        (sitemap("<url><loc>https://quay.example/</loc></url>"), "a sitemap without news"),
        (f"<sitemapindex {SITEMAP}><sitemap/></sitemapindex>", "a list of sitemaps, not one with news"),
        (f"<urlset {SITEMAP}><url><loc>x", "broken before the first entry: ParseError"),
    ],
)
def test_what_has_no_news_is_said_plainly(markup: str, reason: str) -> None:
    result = read(markup)
    assert isinstance(result, UnreadableFeed)
    assert result.reason.startswith(reason)


@given(st.text(max_size=100))
def test_no_text_raises(text: str) -> None:
    for markup in (
        f"<urlset {NEWS}>{text}",
        sitemap(url(text), url("", text)),
        f"<!DOCTYPE x [<!ENTITY {text}]><urlset>",
    ):
        read(markup)
