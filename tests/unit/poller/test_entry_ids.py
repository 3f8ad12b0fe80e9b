"""The ids of articles: what makes two entries one article, in a document, from visit to visit, and after an update."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.broker.topics import ARTICLES, FORMER_FEED_STATES
from firstwire.core.stories.identity import content_hash
from firstwire.poller.document import FeedDocument, FeedEntry
from firstwire.poller.entries import FeedFacts, articles_of
from firstwire.poller.entry_ids import SHARED_KEPT
from firstwire.poller.feed_reader import read_document
from firstwire.poller.known_feeds import newest_of_each_feed
from firstwire.poller.links import same_feed_key
from firstwire.poller.visit import Visit
from schemas.article import Article
from schemas.codec import decode
from schemas.feed import FeedState
from tests.fakes.origin import feed, item
from tests.support.recorded import POISON, VERSIONS, recorded
from tests.support.visits import changed

URL = "https://harbour.example/news/rss.xml"
NOW = datetime(2025, 7, 3, 15, tzinfo=UTC)


def entry(title: str = "A title", **fields: object) -> FeedEntry:
    return replace(FeedEntry(title=title), **fields)  # type: ignore[arg-type]


def articles(
    *entries: FeedEntry, url: str = URL, known: dict[str, str] | None = None, shared: tuple[str, ...] = ()
) -> list[Article]:
    """The articles of a document, in its order."""
    facts = FeedFacts(url=url, outlet="", language="en", fetched_at=NOW, known=known or {}, shared=shared)
    return list(articles_of(entries, facts).articles)[::-1]


def ids(*entries: FeedEntry, url: str = URL) -> list[str]:
    return [article.article_id for article in articles(*entries, url=url)]


def visit(state: FeedState, *entries: FeedEntry, fault: str | None = None) -> Visit:
    return changed(state, document=FeedDocument(entries=entries, language="en", fault=fault))


def titles(visited: Visit) -> list[str]:
    return sorted(article.title for article in visited.articles)


def read(body: bytes, url: str = URL) -> tuple[FeedEntry, ...]:
    document = read_document(body, url=url, content_type="application/xml", entry_limit=100)
    assert isinstance(document, FeedDocument)
    return document.entries


OTHER = "https://harbour.example/sport/rss.xml"


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ({"guid": "g"}, {"guid": "g", "link": "https://a.example/x", "title": "Edited"}, True),
        ({"guid": "g"}, {"guid": "G"}, False),
        ({"guid": "g"}, {"guid": "g", "url": OTHER}, False),
        ({"guid": "4711"}, {"guid": "4711", "url": URL.replace("https", "http")}, True),
        ({"guid": "https://a.example/1"}, {"guid": "https://a.example/1", "url": OTHER}, True),
        ({"guid": "https://a.example/1"}, {"guid": "HTTP://a.example/1", "url": OTHER}, True),
        ({"guid": "https://a.example/1#2"}, {"guid": "https://a.example/1#3"}, False),
        ({"guid": "tag:a.example,2025-07:1"}, {"guid": "tag:a.example,2025-07:1", "url": OTHER}, True),
        ({"guid": "urn:uuid:2b1f"}, {"guid": "URN:uuid:2b1f", "url": OTHER}, True),
        ({"guid": "tag:7"}, {"guid": "tag:7", "url": OTHER}, False),
        ({"guid": "http:7"}, {"guid": "http:7", "url": OTHER}, False),
        ({"link": "https://a.example/x#top"}, {"link": "http://a.example/x?utm_source=rss", "title": "New"}, True),
        ({"link": "https://a.example/x?id=1"}, {"link": "https://a.example/x?id=2"}, False),
        ({"link": "https://a.example/#!/x"}, {"link": "https://a.example/#!/y"}, False),
        ({"link": "https://a.example/#/x"}, {"link": "https://a.example/#/x", "url": OTHER}, True),
        ({"guid": " ", "link": "https://a.example/x"}, {"link": "https://a.example/x"}, True),
        ({"title": "T", "published_text": "1"}, {"title": "T", "published_text": "1"}, True),
        ({"title": "T", "published_text": "1"}, {"title": "T", "published_text": "2"}, False),
        ({"title": "T", "published_text": "1"}, {"title": "T", "published_text": "1", "url": OTHER}, False),
    ],
)
def test_what_makes_an_article_the_same_in_two_documents(
    one: dict[str, str], other: dict[str, str], are_same: bool
) -> None:
    (first,), (second,) = (
        ids(entry(**{key: text for key, text in each.items() if key != "url"}), url=each.get("url", URL))
        for each in (one, other)
    )
    assert (first == second) is are_same
    assert re.fullmatch("[0-9a-f]{32}", first)


@given(st.text(), st.text())
def test_no_text_is_too_odd_for_an_id(text: str, other: str) -> None:
    odd = entry(text, guid=text, guid_address=other, link=other, link_text=text, published_text=other)
    assert all(len(article_id) == 32 for article_id in ids(odd, replace(odd, title=other), url=f"https://a/{text}"))


@pytest.mark.parametrize(
    "guid",
    [
        *("N/A", "n/a", "none", "NULL", "undefined", "Not available", "NaN", "[object Object]", "(none)"),
        *("-", "--", "?", "#", "0", "000", "-1"),
        *("00000000-0000-0000-0000-000000000000", "urn:uuid:00000000-0000-0000-0000-000000000000"),
    ],
)
def test_a_placeholder_identifies_nothing_even_alone(guid: str) -> None:
    assert ids(entry("One", guid=guid)) != ids(entry("Two", guid=guid))
    assert ids(entry("One", guid=guid)) == ids(entry("One"))
    assert articles(entry("One", guid=guid))[0].entry_id == guid


@pytest.mark.parametrize("guid", ["1", "10", "nonesuch", "N/A-1", "a0", "0x1"])
def test_what_only_looks_like_a_placeholder_is_an_id(guid: str) -> None:
    assert ids(entry("One", guid=guid)) == ids(entry("Two", guid=guid))


@pytest.mark.parametrize(
    "entries",
    [
        # one guid, pages of their own
        [entry(f"{n}", guid="same", link=f"https://h.example/{n}") for n in range(3)],
        # one guid, one page
        [entry(f"Strike {n}", guid="https://h.example/", link="https://h.example/") for n in range(3)],
        # no guid, one page
        [entry(f"Strike {n}", link="https://status.example/") for n in range(3)],
        # one title, told apart by the date
        [entry("Morning briefing", link="https://h.example/briefing", published_text=f"{n} July") for n in range(3)],
        # placeholders
        [entry(f"Strike {n}", guid="N/A") for n in range(3)],
        # places on one page
        [entry("Update", link=f"https://h.example/live#post-{n}") for n in range(3)],
        [entry("Update", guid="live", link=f"https://h.example/live#post-{n}") for n in range(3)],
    ],
)
def test_entries_that_share_a_guid_or_a_link_are_articles_of_their_own(entries: list[FeedEntry]) -> None:
    first = visit(FeedState(url=URL), *entries)
    assert len({article.article_id for article in first.articles}) == 3
    assert visit(first.state, *entries).articles == ()
    assert visit(first.state, entries[2]).articles == ()


@pytest.mark.parametrize("shared", [{"link": "https://status.example/"}, {"guid": "alert"}, {"guid": "N/A"}])
def test_a_feed_whose_entries_share_a_name_may_list_them_one_at_a_time(shared: dict[str, str]) -> None:
    first = visit(FeedState(url=URL), entry("Strike", **shared), entry("Flood", **shared))
    second = visit(first.state, entry("Storm", **shared))
    third = visit(second.state, entry("Quake", **shared))
    fourth = visit(third.state, entry("Quake", **shared, body="More"))
    visits = (first, second, third)
    assert [titles(each) for each in visits] == [["Flood", "Strike"], ["Storm"], ["Quake"]]
    assert len({article.article_id for each in visits for article in each.articles}) == 4
    assert [article.article_id for article in fourth.articles] == [article.article_id for article in third.articles]


def test_an_entry_keeps_its_id_when_another_with_its_guid_or_link_appears() -> None:
    for shared in ({"link": "https://status.example/"}, {"guid": "alert"}, {"link": "https://h.example/live#a"}):
        first = visit(FeedState(url=URL), entry("Strike", **shared))
        beside = {**shared, **({"link": "https://h.example/live#b"} if "#" in shared.get("link", "") else {})}
        second = visit(first.state, entry("Flood", **beside), entry("Strike", **shared))
        assert titles(second) == ["Flood"]
        assert first.articles[0].article_id in second.state.entries


def test_what_several_entries_have_is_remembered_up_to_a_limit() -> None:
    state = FeedState(url=URL)
    for number in range(SHARED_KEPT + 1):
        state = visit(state, entry("One", guid=f"g{number}"), entry("Two", guid=f"g{number}")).state
    assert len(state.shared) == SHARED_KEPT
    again = visit(state, entry("One", guid=f"g{SHARED_KEPT}"))
    assert again.state.shared == state.shared
    assert again.articles == ()


def test_a_url_keeps_the_fragment_that_its_page_needs() -> None:
    links = [
        "https://h.example/#!/a",
        "https://h.example/log#v2",
        "https://h.example/log#v1",
        "https://h.example/x#top",
    ]
    found = articles(*(entry(f"{number}", guid=f"g{number}", link=link) for number, link in enumerate(links)))
    assert [article.url for article in found] == [*links[:3], "https://h.example/x"]


def test_numbers_of_two_feeds_of_one_host_are_two_articles_in_their_own_characters() -> None:
    document = feed(item("A", guid="4711", link="https://harbour.example/a")).body
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><id>4711</id></entry></feed>"""
    for body in (document, atom):
        (one,), (other,) = (articles(*read(body, url), url=url) for url in (URL, OTHER))
        assert one.entry_id == other.entry_id == "4711"
        assert one.article_id != other.article_id
        # A redirect, and https instead of http, change nothing
        (moved,) = articles(*read(body, "https://cdn.other.example/rss.xml"), url=URL.replace("https", "http"))
        assert moved.article_id == one.article_id
    (bare,) = articles(*read(atom))
    assert bare.url is None


def test_a_redirect_changes_no_id_of_a_relative_link_but_its_url() -> None:
    body = feed(item("A", link="/world/1")).body
    (before,), (after,) = (articles(*read(body, url)) for url in (URL, "https://new.example/rss.xml"))
    assert (before.url, after.url) == ("https://harbour.example/world/1", "https://new.example/world/1")
    assert before.article_id == after.article_id
    (absolute,) = articles(*read(feed(item("A", link="https://harbour.example/world/1")).body, OTHER), url=OTHER)
    assert absolute.article_id == before.article_id


def test_a_link_that_is_a_placeholder_is_none() -> None:
    for link in ("N/A", "#", "none", "/", "-"):
        one, other = articles(*read(feed(item("A", link=link), item("B", link=link)).body))
        assert one.url is other.url is None
        assert one.article_id != other.article_id


def test_addresses_that_the_document_names_by_xml_base_are_resolved_against_it() -> None:
    body = b"""<rss version="2.0"><channel><title>T</title><item xml:base="https://base.example/x/"><title>A</title>
        <guid isPermaLink="false">1</guid><link>a</link></item><item><title>B</title><guid>2</guid><link>b</link></item>
        </channel></rss>"""
    first, second = read(body)
    assert (first.link, first.guid) == ("https://base.example/x/a", "1")
    assert (second.link, second.guid) == ("https://harbour.example/news/b", "2")


ITEMS_KNOWN = {
    "Number": "<guid>4711</guid><link>https://harbour.example/a</link>",
    "Own": '<guid isPermaLink="false">harbour-17</guid><link>https://harbour.example/b</link>',
    "Plain http": "<guid>http://harbour.example/c</guid>",
    "Tag": '<guid isPermaLink="false">tag:harbour.example,2025:d</guid>',
    "Page": "<link>https://harbour.example/e#part</link>",
    "Script": "<link>https://spa.example/#!/f</link>",
    "Heading": "<pubDate>Thu, 03 Jul 2025 14:00:00 GMT</pubDate>",
    "Placeholder": '<guid isPermaLink="false">N/A</guid>',
}
FIRST_VERSION = {
    "Number": ("8ef49bddc2e938a389c67cd253799f45", "98116d93f624f0c5be30a70cd1233928"),
    "Own": ("8538111ddea0de77729a9a8295ecd888", "b4b113ffa68a18393b26ccd8230eb0b6"),
    "Plain http": ("e575c6efefaee9436d70f5bba6c81fea", "b03cbfb336c3601802a805a7ae4a9008"),
    "Tag": ("64a5264339ad0fd59b2ec9601cc5e51c", "d6648f190ec14099b3994419b99b59b5"),
    "Page": ("82222e3c8dfd20f078f99db2ceaf531f", "b8e815a33cc009f843126e044b7c60af"),
    "Script": ("4bd0e32768d327257c6b485187aad6b3", "8de45b27046424e4a1fae81c509a719e"),
    "Heading": ("5fb3768e299241d937eb6af453be88ee", "75b362645a2ca3678bfaae72eba4f3be"),
    "Placeholder": ("d7b1cb4a7b9e564f097416ffad55815b", "4f13c8b3a507fa2cff429a1fbc6496e4"),
}
"""Article id and content hash of each of these items in the state that the first version of the program wrote."""


def items_known(extra: str = "") -> bytes:
    return feed(*(f"<item><title>{title}</title>{rest}{extra}</item>" for title, rest in ITEMS_KNOWN.items())).body


@pytest.mark.parametrize("url", [URL, "https://moved.example/rss.xml"])
def test_an_entry_known_under_an_id_of_the_first_version_keeps_it_while_it_is_listed(url: str) -> None:
    state = FeedState(url=URL, entries=dict(FIRST_VERSION.values()))
    first = visit(state, *read(items_known(), url))
    assert first.articles == ()
    assert first.state.entries == state.entries
    edited = visit(first.state, *read(items_known("<description>More</description>"), url))
    named = {title: article_id for title, (article_id, _) in FIRST_VERSION.items() if title != "Placeholder"}
    assert {article.title: article.article_id for article in edited.articles}.items() >= named.items()
    unlisted = visit(visit(first.state, entry("Another")).state, *read(items_known(), url))
    changed = {"Number", "Own", "Plain http", "Tag", "Script", "Heading", "Placeholder"}
    assert {a.title for a in unlisted.articles if a.article_id not in state.entries} == changed


def test_a_guid_known_with_http_keeps_its_id_with_https() -> None:
    state = FeedState(url=URL, entries=dict([FIRST_VERSION["Plain http"]]))
    (found,) = visit(state, entry("Edited", guid="https://harbour.example/c")).articles
    assert found.article_id == FIRST_VERSION["Plain http"][0]


def test_of_entries_that_had_one_id_before_the_one_that_was_read_keeps_it() -> None:
    link = "https://status.example/"
    (old,) = articles(entry("Strike", link=link))
    state = FeedState(url=URL, entries={old.article_id: content_hash(old)})
    found = visit(state, entry("Storm", link=link), entry("Flood", link=link), entry("Strike", link=link))
    assert titles(found) == ["Flood", "Storm"]
    assert old.article_id in found.state.entries


BY_THE_FORMER_FORMULA = ("version-1", "version-2")


IN_ONE_TOPIC = tuple(
    version for version in VERSIONS if any(message.topic == FORMER_FEED_STATES for message in recorded(version))
)
"""Since then the entries of a feed are in a topic of their own."""


@pytest.mark.parametrize("version", IN_ONE_TOPIC)
def test_every_entry_of_a_recorded_state_keeps_its_id(version: str) -> None:
    states = {
        message.key: decode(message.value, FeedState)
        for message in recorded(version)
        if message.topic == FORMER_FEED_STATES and message.value is not None
    }
    listed: dict[str, dict[str, Article]] = {}
    for message in recorded(version):
        if message.topic == ARTICLES and message.value not in (None, POISON):
            article = decode(message.value, Article)
            if article.feed in states:
                listed.setdefault(article.feed, {})[article.article_id] = article
    assert sum(len(found) for found in listed.values()) > 30
    for url, found in listed.items():
        known = states[url]
        assert found.keys() == known.entries.keys()
        entries = [
            FeedEntry(
                title=article.title,
                guid=article.entry_id,
                link=article.url,
                summary=article.summary,
                body=article.body,
                tags=article.publisher_tags,
            )
            for article in found.values()
        ]
        assert visit(known, *entries).articles == ()
        edited = visit(known, *(replace(each, body="Edited") for each in entries))
        assert {article.article_id for article in edited.articles} == known.entries.keys()
        unknown = visit(FeedState(url=url), *entries)
        own = {article.article_id for article in unknown.articles if not (article.entry_id or "").startswith("http")}
        if version in BY_THE_FORMER_FORMULA:
            assert not own & known.entries.keys()
        else:
            assert own <= known.entries.keys()


def test_one_feed_under_http_and_https_has_one_state_the_newest() -> None:
    old, new = (
        FeedState(url=url, checked_at=f"2025-07-0{day}T00:00:00.000Z")
        for day, url in ((1, "http://h.example/feed"), (2, "https://H.example:443/feed"))
    )
    assert newest_of_each_feed([new, old, FeedState(url=OTHER)]) == {
        same_feed_key("http://h.example/feed"): new,
        same_feed_key(OTHER): FeedState(url=OTHER),
    }
