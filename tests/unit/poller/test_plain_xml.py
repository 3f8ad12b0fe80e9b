"""What is read without feedparser is what feedparser would have made of it: over all feed files, and over made ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.encoding import decoded
from firstwire.poller.markup import repaired
from firstwire.poller.plain_xml import read_plain
from firstwire.poller.xml_feed import read_xml
from tests.fakes.origin import feed, item
from tests.support.shared_data import DATA

URLS = ("https://a.example/feed", "http://a.example/x/../feed?a=1&b=2")


def difference(markup: str, url: str) -> str | None:
    """What both ways of reading differ in; None if in nothing."""
    quick = read_xml(markup, url=url, entry_limit=2_000)
    slow = read_xml(markup, url=url, entry_limit=2_000, plain_first=False)
    return None if quick == slow else f"{quick}\n{slow}"


def files() -> Iterator[Path]:
    for folder in (DATA / "feeds", DATA.parent / "cases"):
        yield from (file for file in sorted(folder.rglob("*")) if file.is_file())


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "feeds").is_dir(), reason="data missing: ../shared/data/feeds")
def test_every_file_gives_the_same_both_ways() -> None:
    plain, different = 0, []
    for file in files():
        body = file.read_bytes()
        if b"<" not in body[:2_000]:
            continue
        markup = repaired(decoded(body, "").text)
        for url in URLS:
            if read_plain(markup, url) is None:
                continue
            plain += 1
            if (found := difference(markup, url)) is not None:
                different.append(f"{file}: {found}")
    assert not different, "\n".join(different)
    assert plain > 2_000


NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:x="https://x.example/" xmlns:turbo="https://t.example/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
texts = st.sampled_from(
    [
        "",
        " ",
        "Harbor",
        "A &lt;b&gt;bold&lt;/b&gt; word",
        "&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two &amp;amp; three&lt;/p&gt;",
        "<![CDATA[<p>a & b</p>]]>",
        "caf\u00c3\u00a9",
        "\u0080 \u0093quoted\u0094",
        "\u6e2f\u53e3",
        "x &amp;copy; y",
        "https://a.example/1?a=1&amp;b=2",
        "tag:a.example,2025:1",
        "jo@a.example (Jo Doe)",
        "Jo Doe &lt;jo@a.example&gt;",
        "Thu, 03 Jul 2025 10:00:00 GMT",
        "2025-07-03T10:00:00Z",
        "one, two ,, three",
        "a<!-- b -->c",
        "<b>inline</b>",
        "x" * 5_000,
    ]
)
attributes = st.sampled_from(
    [
        *[""] * 12,
        ' isPermaLink="false"',
        ' isPermaLink="true"',
        ' domain="d"',
        ' type="html"',
        ' type="text"',
        ' type="xhtml"',
        ' url="https://b.example/"',
        ' rel="self"',
        ' href="/relative"',
        ' rel="alternate" href="/2"',
        ' rel="hub" href="https://hub.example/"',
        ' rel="enclosure" href="/3" type="audio/mpeg"',
        ' rel="alternate" href="http://[FEED_URL]/"',
        ' rel="hub" href="http:////hub.example/"',
        ' term="t" label="l" scheme="s"',
        ' xml:lang="de"',
        ' xml:base="https://c.example/d/"',
        ' x:y="z"',
    ]
)


def element(names: list[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, given, text: f"<{name}{given}>{text}</{name}>", st.sampled_from(names), attributes, texts
    )


OF_ITEM = [
    *("title", "title", "description", "link", "guid", "pubDate", "author", "category", "source", "comments", "byline"),
    *("date", "date_parsed", "published_parsed", "updated_parsed"),
    *(
        "content:encoded",
        "dc:creator",
        "dc:date",
        "dc:subject",
        "dc:title",
        "itunes:summary",
        "itunes:author",
        "summary",
    ),
    *("itunes:subtitle", "itunes:keywords", "media:title", "media:description", "media:category", "media:keywords"),
    *(
        "media:thumbnail",
        "atom:link",
        "atom:updated",
        "x:title",
        "x:full-text",
        "turbo:content",
        "slash:comments",
        "language",
        "id",
    ),
]
OF_CHANNEL = [
    "title",
    "link",
    "description",
    "language",
    "ttl",
    "category",
    "itunes:summary",
    "itunes:author",
    "atom:link",
    "date",
]
OF_ENTRY = [
    *("title", "link", "id", "published", "updated", "summary", "content", "category", "rights", "media:title", "x:y"),
]
groups = st.builds(
    lambda inside: f"<media:group>{''.join(inside)}</media:group>",
    st.lists(element(["media:title", "media:description", "media:content", "media:keywords", "date"]), max_size=3),
)
people = st.builds(
    lambda name, inside: f"<{name}>{''.join(inside)}</{name}>",
    st.sampled_from(["author", "contributor"]),
    st.lists(element(["name", "uri", "email", "x:image"]), max_size=3),
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(element(OF_CHANNEL), max_size=3),
    st.lists(st.lists(element(OF_ITEM) | groups, max_size=6), max_size=3),
    st.sampled_from(["2.0", "0.92", "", "3"]),
)
def test_made_rss_gives_the_same_both_ways(channel: list[str], items: list[list[str]], version: str) -> None:
    inside = "".join(channel) + "".join(f"<item>{''.join(each)}</item>" for each in items)
    markup = f'<rss version="{version}" {NAMESPACES}><channel>{inside}</channel></rss>'
    assert difference(markup, URLS[1]) is None


@settings(deadline=None, max_examples=300)
@given(
    st.lists(element(["title", "link", "subtitle", "id", "updated", "rights"]) | people, max_size=3),
    st.lists(st.lists(element(OF_ENTRY) | groups | people, max_size=6), max_size=3),
    attributes,
)
def test_made_atom_gives_the_same_both_ways(parts: list[str], entries: list[list[str]], given_attributes: str) -> None:
    inside = "".join(parts) + "".join(f"<entry>{''.join(each)}</entry>" for each in entries)
    names = NAMESPACES.replace("xmlns:atom=", "xmlns=")
    assert difference(f"<feed {names}{given_attributes}>{inside}</feed>", URLS[1]) is None


@pytest.mark.parametrize(
    "markup",
    [
        "<rss><channel><item>",
        "<html></html>",
        "",
        "<rss/>",
        "<rss><channel/><channel/></rss>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel><title>&a;</title></channel></rss>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        "<rss><channel><title>a</title><title>b</title></channel></rss>",
        "<rss><channel><item><title>a <b>b</b></title></item></channel></rss>",
        "<rss xmlns:content='urn:other'><channel><item><content:encoded>x</content:encoded></item></channel></rss>",
        "<feed><entry><title>a</title></entry></feed>",
        "<rss><channel>" + "<a>" * 2_000 + "</a>" * 2_000 + "</channel></rss>",
        "<rss><channel>" + "<item/>" * 300_000 + "</channel></rss>",
    ],
)
def test_what_is_not_plain_is_left_to_feedparser(markup: str) -> None:
    assert read_plain(markup, URLS[0]) is None


def test_what_is_usual_is_plain() -> None:
    body = feed(
        item("A", guid="1", link="https://a.example/1", description="<p>b</p>", pubDate="Thu, 03 Jul 2025 10:00:00 GMT")
    )
    assert read_plain(repaired(body.body.decode()), URLS[0]) is not None


@pytest.mark.parametrize(
    "markup",
    [
        f'<rss version="2.0" {NAMESPACES}><channel><atom:link rel="hub" href="{{0}}"/><item><title>a</title>'
        '<atom:link href="{0}"/></item></channel></rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="{0}"/><entry><title>a</title>'
        '<link href="{0}"/></entry></feed>',
    ],
)
def test_a_malformed_address_is_none(markup: str) -> None:
    given = markup.format("http://[FEED_URL]/")
    assert read_plain(given, URLS[0]) is not None
    assert difference(given, URLS[0]) is None
    found = read_xml(given, url=URLS[0], entry_limit=10)
    assert isinstance(found, FeedDocument)
    assert (found.entries[0].title, found.entries[0].link, found.hubs, found.fault) == ("a", None, (), None)


@pytest.mark.parametrize(
    "dates",
    [
        "<date>2025-07-03T10:00:00Z</date>",
        "<pubDate>Thu, 03 Jul 2025 10:00:00 GMT</pubDate><date>2024-01-01</date>",
        "<dc:date>2024-01-01</dc:date><date>2025-07-03T10:00:00Z</date>",
    ],
)
def test_an_item_may_have_its_date_without_a_prefix(dates: str) -> None:
    markup = f'<rss version="2.0" {NAMESPACES}><channel><item><title>a</title>{dates}</item></channel></rss>'
    assert read_plain(markup, URLS[0]) is not None
    assert difference(markup, URLS[0]) is None
    found = read_xml(markup, url=URLS[0], entry_limit=10)
    assert isinstance(found, FeedDocument)
    assert found.entries[0].published_at == datetime(2025, 7, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("first", ["jo@a.example (Jo Doe)", "Jo", ""])
def test_an_author_without_a_name_after_another_gives_the_same_both_ways(first: str) -> None:
    authors = f"<author><name>{first}</name></author><author><name></name></author>"
    entry = f"<entry><title>a</title>{authors}</entry>"
    assert difference(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entry}</feed>', URLS[0]) is None
