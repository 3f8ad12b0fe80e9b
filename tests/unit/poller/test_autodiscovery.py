"""The feeds that a page names."""

from __future__ import annotations

import pytest

from firstwire.poller.autodiscovery import FoundFeed, feeds_of_page

URL = "https://a.example/news/today.html"
RSS = "application/rss+xml"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (f'<link rel="alternate" type="{RSS}" href="/feed" title="News &amp; more">', [("/feed", "News & more")]),
        (f"<LINK REL=Alternate TYPE='{RSS}; charset=utf-8' HREF=feed.xml>", [("/news/feed.xml", "")]),
        (f'<base href="/x/"><link rel="alternate home" type="{RSS}" href="f">', [("/x/f", "")]),
        ('<link rel="alternate" type="application/feed+json" href="f.json">', [("/news/f.json", "")]),
        ('<link rel="feed" type="application/atom+xml" href="/a">', [("/a", "")]),
        (f'<link rel="alternate" type="{RSS}" href="/f"><link rel="alternate" type="{RSS}" href="/f#x">', [("/f", "")]),
        (f'<link rel="alternate" type="{RSS}" href="">', []),
        (f'<link rel="stylesheet" type="{RSS}" href="/f">', []),
        (f'<link rel="alternate" type="{RSS}" href="javascript:x()">', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', []),
        ('<link rel="alternate" hreflang="de" href="/de/">', []),
        ("<p>No links <a href='/feed'>but this</a>", []),
        ("<<<link rel=alternate", []),
    ],
)
def test_what_a_page_names_is_found(markup: str, found: list[tuple[str, str]]) -> None:
    expected = tuple(FoundFeed(f"https://a.example{path}", title) for path, title in found)
    assert feeds_of_page(markup, URL) == expected
