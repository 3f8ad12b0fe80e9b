"""OPML in and out: what a person's list says is kept, and a fault has its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.errors import ConfigError
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.opml import ListedFeed, read_opml, write_opml
from tests.support.shared_data import CASES

NESTED = CASES / "feeds" / "g16_nested_folders.opml"


def listed(*outlines: str) -> list[ListedFeed]:
    return list(read_opml(opml(*outlines), "a.opml"))


def opml(*outlines: str) -> bytes:
    return f'<?xml version="1.0"?>\n<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def test_all_folders_around_a_feed_and_its_categories_are_tags() -> None:
    (feed,) = listed(
        '<outline text="World"><outline text="Asia">'
        '<outline text="A" xmlUrl="https://a.example/" category="/News/Wires,Asia"/></outline></outline>'
    )
    assert feed.tags == ("World", "Asia", "News", "Wires")


@pytest.mark.skipif(not NESTED.is_file(), reason="data missing: ../shared/cases")
def test_the_shared_list_of_nested_folders_is_read() -> None:
    (feed,) = read_opml(NESTED.read_bytes(), "nested")
    assert feed.tags == ("World", "Asia")


def test_what_programs_write_is_read() -> None:
    names = [
        '<outline TEXT="Bare & ampersand" XMLURL="https://a.example/?a=1&b=2"/>',
        '<outline title="Only a title" xmlUrl=" https://b.example/ "/>',
        '<outline text="https://c.example/" xmlUrl="https://c.example/"/>',
        '<outline text="Caf&eacute; &#55357;" xmlUrl="https://d.example/"/>',
        '<outline text="Newspaper "News". Main" title="x" xmlUrl="https://e.example/"/>',
    ]
    assert [(feed.url, feed.title) for feed in listed(*names)] == [
        ("https://a.example/?a=1&b=2", "Bare & ampersand"),
        ("https://b.example/", "Only a title"),
        ("https://c.example/", None),
        ("https://d.example/", "Café \ufffd"),
        ("https://e.example/", 'Newspaper "News". Main'),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.opml: not an OPML file: it is empty"),
        (b"<html><body/></html>", "a.opml:1:1: not an OPML file: it begins with <html>"),
        (b"feeds", "a.opml:1:1: not valid XML: syntax error"),
        (opml(), "a.opml: the OPML file contains no feed"),
        (opml('\n<outline xmlUrl="https://a.example/"/>\n')[:-12], "a.opml:4:1: not valid XML: unclosed token"),
        (opml('\n<outline text="A">\n</body>'), "a.opml:4:3: not valid XML: mismatched tag"),
        (
            opml('\n  <outline xmlUrl="https://a.example/" firstwire:interval="often"/>'),
            "a.opml:3:3: 'often' is not a duration",
        ),
        (opml("<outline text='f'>" * 101), "a.opml:2:1827: more than 100 folders in each other"),
    ],
)
def test_a_list_that_is_broken_or_cut_off_says_where(content: bytes, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_opml(content, "a.opml")
    assert str(caught.value).startswith(message)


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), min_size=1
).filter(lambda text: text.strip() == text and "&" not in text)
feeds = st.builds(
    ListedFeed,
    url=st.integers(0, 999).map(lambda number: f"https://a.example/{number}?x=1&y=<2>"),
    title=st.none() | words | st.just("Q & A"),
    tags=st.lists(words, max_size=3, unique=True).map(tuple),
    options=st.builds(
        FeedOptions,
        interval_seconds=st.none() | st.integers(1, 10**6).map(float),
        longest_interval_seconds=st.none() | st.integers(1, 10**6).map(float),
        ignore_http_cache=st.none() | st.just(True),
        full_text=st.none() | st.just(True),
        language=st.none() | st.sampled_from(["en", "pt-br"]),
    ),
)


@given(st.lists(feeds, min_size=1, max_size=6, unique_by=lambda feed: feed.url))
def test_what_is_written_is_read_back_as_it_was(written: list[ListedFeed]) -> None:
    read = read_opml(write_opml(written).encode(), "a.opml")
    as_listed = {feed.url: (feed.title, feed.tags, feed.options) for feed in read}
    assert as_listed == {feed.url: (feed.title, feed.tags, feed.options) for feed in written}
