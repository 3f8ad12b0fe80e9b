"""JSON Feed, versions 1.0 and 1.1."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.feed_reader import read_document

VERSION = "https://jsonfeed.org/version/1.1"


def read(value: object, *, entry_limit: int = 100, **options: Any) -> FeedDocument | UnreadableFeed:
    body = value if isinstance(value, bytes) else json.dumps(value, **options).encode()
    return read_document(body, url="https://quay.example/feed.json", content_type="text/plain", entry_limit=entry_limit)


def feed(*items: object, **fields: object) -> FeedDocument:
    document = read({"version": VERSION, "title": "Quay", "items": list(items), **fields})
    assert isinstance(document, FeedDocument)
    return document


def test_every_field_of_an_item_arrives_as_plain_text() -> None:
    document = feed(
        {
            "id": "q1",
            "url": "/cranes",
            "external_url": "https://elsewhere.example/",
            "title": "Cranes < ships & men",
            "content_html": "<p>One</p><script>x()</script><p>Two&nbsp;&amp; three</p>",
            "content_text": "not this one",
            "summary": "Short",
            "date_published": "2025-07-03T16:02:11+02:00",
            "date_modified": "2025-07-04T00:00:00Z",
            "authors": [{"name": "Ilse Dorn"}, {"name": "Ilse Dorn"}, {"url": "https://x.example"}, {"name": "Bo"}],
            "tags": ["port", "port", 7, "<b>work</b>"],
            "language": "de-AT",
        },
        language="de",
    )
    assert (document.title, document.language, document.fault) == ("Quay", "de", None)
    (entry,) = document.entries
    assert (entry.title, entry.guid, entry.link) == ("Cranes < ships & men", "q1", "https://quay.example/cranes")
    assert (entry.summary, entry.body) == ("Short", "One\nTwo & three")
    assert (entry.author, entry.tags, entry.language) == ("Ilse Dorn, Bo", ("port", "work"), "de-at")
    assert entry.published_at == datetime(2025, 7, 3, 14, 2, 11, tzinfo=UTC)


def test_version_one_and_what_is_left_out() -> None:
    document = read(
        {
            "version": "https://jsonfeed.org/version/1",
            "author": {"name": "Ann"},
            "items": [
                {"id": 4711, "content_text": "Just text < all", "external_url": "https://e.example/1"},
                {},
                "x",
                None,
            ],
        }
    )
    assert isinstance(document, FeedDocument)
    first, second = document.entries
    assert (first.guid, first.link, first.title, first.body) == ("4711", "https://e.example/1", "", "Just text < all")
    assert (first.author, first.published_at) == ("Ann", None)
    assert (second.guid, second.link) == (None, None)


def test_the_newest_items_are_read() -> None:
    items = [{"id": str(day), "date_published": f"2025-07-{day:02d}T00:00:00Z"} for day in (3, 9, 1, 8, 2)]
    document = read({"version": VERSION, "items": items}, entry_limit=2)
    assert isinstance(document, FeedDocument)
    assert [entry.guid for entry in document.entries] == ["9", "8"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_encoding_of_json_is_read(encoding: str) -> None:
    text = json.dumps({"version": VERSION, "items": [{"id": "1", "title": "Кипр 🌳"}]}, ensure_ascii=False)
    document = read(text.encode(encoding))
    assert isinstance(document, FeedDocument)
    assert document.entries[0].title == "Кипр 🌳"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", "not a feed: it begins with b'{}'"),
        (b'{"items": []}', "not a feed"),
        (b'{"version": 1}', "not a feed"),
        (f'{{"version": "{VERSION}", "items": [{{"id": "1"'.encode(), "not valid JSON: Expecting"),
        (b"{" * 100_000, "not a feed"),
    ],
)
def test_what_is_no_json_feed_is_said_plainly(body: bytes, reason: str) -> None:
    result = read(body)
    assert isinstance(result, UnreadableFeed)
    assert result.reason.startswith(reason)


def test_items_of_another_kind_are_a_fault() -> None:
    assert feed(items="none").fault == "it has no list of items"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = (
    "id",
    "url",
    "title",
    "content_html",
    "content_text",
    "date_published",
    "authors",
    "author",
    "tags",
    "language",
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES), VALUES, VALUES)
@pytest.mark.slow
def test_no_value_raises(item: dict[str, object], title: object, items: object) -> None:
    for value in ({"version": VERSION, "title": title, "items": [item, items]}, {"version": VERSION, "items": items}):
        document = read(value)
        assert isinstance(document, FeedDocument | UnreadableFeed)
        repr(document).encode()
