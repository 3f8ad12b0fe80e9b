"""Which hubs a header or a document names."""

from __future__ import annotations

import json

import pytest

from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_reader import read_document
from firstwire.poller.hub_links import HUBS_KEPT, HubLinks, hub_links_of_header

URL = "https://news.example/feeds/rss"
HUB, SELF = "https://hub.example/", "https://news.example/rss"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], HubLinks()),
        ([f'<{HUB}>; rel="hub"', f'<{SELF}>; rel="self"'], HubLinks((HUB,), SELF)),
        ([f'<{HUB}>; rel="hub", <{SELF}>; rel="self"'], HubLinks((HUB,), SELF)),
        ([f"<{HUB}>;rel=hub,<{SELF}>;rel=self"], HubLinks((HUB,), SELF)),
        ([f'<{HUB}>; title="a, b; <c>"; REL="Hub other"'], HubLinks((HUB,), None)),
        (['</hub>; rel="hub"', '<../rss>; rel="self"'], HubLinks(("https://news.example/hub",), SELF)),
        ([f'<{HUB}>; rel="hub", <https://b.example/>; rel="hub"'], HubLinks((HUB, "https://b.example/"))),
        ([f'<{HUB}>; rel="hub", <{HUB}>; rel="hub"'], HubLinks((HUB,))),
        ([f'<{HUB}>; rel="hubs"', f'<{SELF}>; rel="alternate"'], HubLinks()),
        (['<file:///etc/passwd>; rel="hub", <javascript:x>; rel="self"'], HubLinks()),
        ([f'<{HUB}>; rel="hub'], HubLinks()),
        (["<" * 50_000, '<a>; rel="' * 5_000], HubLinks()),
        (
            [f"<https://h{n}.example/>; rel=hub" for n in range(9)],
            HubLinks(tuple(f"https://h{n}.example/" for n in range(3))),
        ),
    ],
)
def test_link_headers(lines: list[str], expected: HubLinks) -> None:
    assert hub_links_of_header(lines, URL) == expected
    assert HUBS_KEPT == 3


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link rel="hub" href="{HUB}"/>
<link rel="self" href="{SELF}"/>
<entry><title>One</title><id>1</id><link rel="hub" href="https://no.example/"/></entry></feed>"""
RSS = f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>A</title>
<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{SELF}"/>
<item><title>One</title></item></channel></rss>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "A",
        "feed_url": SELF,
        "hubs": [{"type": "rssCloud", "url": "https://no.example/"}, {"type": "WebSub", "url": HUB}, "x", {}],
        "items": [{"id": "1", "title": "One"}],
    }
)


@pytest.mark.parametrize("text", [ATOM, RSS, JSON], ids=["Atom", "RSS", "JSON Feed"])
def test_documents(text: str) -> None:
    document = read_document(text.encode(), url=URL, content_type="", entry_limit=10)
    assert isinstance(document, FeedDocument)
    assert (document.hubs, document.topic) == ((HUB,), SELF)
