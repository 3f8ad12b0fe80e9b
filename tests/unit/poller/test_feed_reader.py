"""Documents read with feedparser: every field arrives, and nothing that a feed contains raises."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document
from tests.fakes.origin import feed, item, page
from tests.support.shared_data import DATA

FEEDS = DATA / "feeds"

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
<title>Harbour &amp;amp; Post</title><language>en_US</language><ttl>30</ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<item><title>A &lt;b&gt;bold&lt;/b&gt; claim at AT&amp;amp;T</title><guid isPermaLink="false"> g 1</guid>
<link>/story</link>
<description>&lt;p&gt;One&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;Two&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>Caf&eacute; &lt;3</p>]]></content:encoded>
<pubDate>Thu, 03 Jul 2025 16:02:00 +0200</pubDate>
<dc:creator>Ilse</dc:creator><dc:language>FR</dc:language><source url="http://o.example/">Origin Wire</source>
<category>Asia</category><category>Asia</category><category>&lt;i&gt;War&lt;/i&gt;</category></item>
</channel></rss>"""


def read(body: bytes, entry_limit: int = 100) -> FeedDocument | UnreadableFeed:
    return read_document(
        body,
        url="https://harbour.example/feed.xml",
        content_type="application/xml; charset=utf-8",
        entry_limit=entry_limit,
    )


def test_every_field_of_an_entry_arrives_as_plain_text() -> None:
    document = read(RSS.encode())
    assert isinstance(document, FeedDocument)
    assert document.title == "Harbour & Post"
    assert document.language == "en-us"
    assert document.ttl_seconds == 1800.0
    assert document.update_period_seconds == 1800.0
    assert document.fault is None
    (entry,) = document.entries
    assert entry.title == "A bold claim at AT&T"
    assert entry.guid == "g 1"
    assert entry.link == "https://harbour.example/story"
    assert entry.summary == "One\nTwo"
    assert entry.body == "Café <3"
    assert entry.author == "Ilse"
    assert entry.language == "fr"
    assert entry.source == "Origin Wire"
    assert entry.tags == ("Asia", "War")
    assert entry.published_at == datetime(2025, 7, 3, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is empty"),
        (b" \n ", "the answer is empty"),
        (page().body, "a web page, not a feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a feed: it begins with b'\\x89PNG"),
        (b"{}", "not a feed: it begins with b'{}'"),
        (b"/etc/hostname", "not a feed: it begins with b'/etc/hostname'"),
        (b"http://127.0.0.1:1/", "not a feed"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>x', "broken markup before the first entry"),
    ],
)
def test_what_is_no_feed_is_said_plainly(body: bytes, reason: str) -> None:
    result = read(body)
    assert isinstance(result, UnreadableFeed)
    assert result.reason.startswith(reason)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert isinstance(read(feed().body), FeedDocument)


def test_a_cut_document_keeps_its_entries_and_says_that_it_is_cut() -> None:
    body = feed(item("One", guid="1"), item("Two", guid="2"), item("Three", guid="3")).body
    document = read(body[: body.index(b"Three")])
    assert isinstance(document, FeedDocument)
    assert [entry.title for entry in document.entries][:2] == ["One", "Two"]
    assert document.fault is not None


def test_no_more_entries_than_the_limit_are_taken() -> None:
    document = read(feed(*(item(str(number)) for number in range(50))).body, entry_limit=10)
    assert isinstance(document, FeedDocument)
    assert len(document.entries) == 10


def test_latin_bytes_that_claim_to_be_utf8_are_still_read() -> None:
    document = read(feed(item("Élysée", guid="1")).body.decode().encode("latin-1"))
    assert isinstance(document, FeedDocument)
    assert document.entries[0].title == "Élysée"


@pytest.mark.parametrize(
    "date", ["yesterday", "0000-00-00T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 31 Feb 25:61"]
)
def test_what_is_no_date_is_a_missing_date(date: str) -> None:
    document = read(feed(item(pubDate=date)).body)
    assert isinstance(document, FeedDocument)
    assert document.entries[0].published_at is None


def test_what_texts_say_of_their_language_is_seen_beside_what_is_declared() -> None:
    german = item("Der Nachtzug nach Triest fährt wieder täglich, Fahrräder reisen mit und der Wein ist kühl")
    document = read(feed(german, item("Kurz"), language="en").body)
    assert isinstance(document, FeedDocument)
    assert (document.language, document.seen.language) == ("en", "de")
    assert [entry.seen.language for entry in document.entries] == ["de", None]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_of_a_field_raises(title: str, date: str) -> None:
    body = feed(item(title, pubDate=date, guid=title, link=date, description=title)).body
    assert isinstance(read(body), FeedDocument | UnreadableFeed)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    read(body)
    read(b'<rss version="2.0"><channel><item>' + body)


def test_all_authors_are_named() -> None:
    creators = "".join(f"<dc:creator>{name}</dc:creator>" for name in ("Ilse Dorn", "Bo", "Ilse Dorn"))
    namespace = "xmlns:dc='http://purl.org/dc/elements/1.1/'"
    document = read(feed(f"<item {namespace}><title>Two</title>{creators}</item>", item("One", author="Ann")).body)
    assert isinstance(document, FeedDocument)
    assert [entry.author for entry in document.entries] == ["Ilse Dorn, Bo", "Ann"]


@pytest.mark.parametrize("element", ["yandex:full-text", "rbc:full-text", "turbo:content", "fulltext"])
def test_the_whole_text_is_read_from_where_outlets_put_it(element: str) -> None:
    namespaces = " ".join(f"xmlns:{name}='https://{name}.example/'" for name in ("yandex", "rbc", "turbo"))
    text = "<p>" + "Whole text. " * 1_000 + "</p>"
    full = f"<description>Short</description><{element}><![CDATA[{text}]]></{element}>"
    document = read(feed(f"<item {namespaces}><title>T</title>{full}</item>").body)
    assert isinstance(document, FeedDocument)
    (entry,) = document.entries
    assert (entry.summary, entry.body) == ("Short", ("Whole text. " * 1_000).strip())


def files_of(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((FEEDS / folder).rglob("*")) if path.is_file()]
    return [path for path in found if path.suffix not in {".md", ".json", ".txt", ".opml"}]


@pytest.mark.slow
@pytest.mark.skipif(not FEEDS.is_dir(), reason="data missing: ../shared/data/feeds")
def test_no_feed_of_the_collections_raises() -> None:
    entries = 0
    for path in files_of("feedparser_suite", "captured_a", "captured_b", "captured_c"):
        document = read(path.read_bytes())
        entries += len(document.entries) if isinstance(document, FeedDocument) else 0
    assert entries > 2_300


def test_a_fault_in_the_markup_is_told_by_line_and_column() -> None:
    broken = b"<rss version='2.0'><channel><item><title>One</title></item>\n<item><title>Two < three</title></item>"
    found = read_document(broken, url="https://a.example/", content_type="text/xml", entry_limit=9)
    assert isinstance(found, FeedDocument)
    assert found.fault is not None and re.match(r"line \d+, column \d+: ", found.fault)
