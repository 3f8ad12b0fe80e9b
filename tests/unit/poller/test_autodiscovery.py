"""The feeds that a page names."""

from __future__ import annotations

import re

import pytest

from firstwire.config import Configuration, PollerSection, Settings
from firstwire.poller.autodiscovery import FoundFeed, feeds_of_page
from firstwire.poller.feed_accounts import inspection_json, inspection_lines
from firstwire.poller.feed_choice import ChosenFeed, UnclearFeed, chosen_feed
from firstwire.poller.inspection import open_inspector
from schemas.times import format_timestamp
from tests.fakes.origin import Answer, FakeOrigin, feed, item
from tests.support.polling import real_now

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


@pytest.mark.slow
async def test_what_is_guessed_is_only_offered_and_nothing_is_guessed_for_a_broken_feed() -> None:
    settings = Settings(poller=PollerSection(allow_private_addresses=("127.0.0.1/32",)))
    configuration = Configuration(settings=settings, file=None, origins={})
    async with FakeOrigin() as origin:
        other = origin.says("/atom.xml", feed(item(), title="Another"))
        page = origin.says("/", Answer(b"<html><p>No links</html>", headers={"Content-Type": "text/html"}))
        rss = Answer(b'<rss version="2.0"><channel><item', headers={"Content-Type": "text/html"})
        broken = origin.says("/broken.xml", rss)
        of_page = await chosen_feed(configuration, page, {}, format_timestamp(real_now()))
        asked = len(origin.requests)
        of_feed = await chosen_feed(configuration, broken, {}, format_timestamp(real_now()))
        assert len(origin.requests) == asked + 1
    assert of_page == UnclearFeed("a web page, not a feed", (), (FoundFeed(other, "Another"),))
    assert isinstance(of_feed, UnclearFeed)
    assert of_feed.guessed == ()
    assert of_feed.reason.startswith("broken markup before the first entry")


@pytest.mark.slow
async def test_a_look_at_what_is_no_feed_shows_the_answer() -> None:
    settings = Settings(poller=PollerSection(allow_private_addresses=("127.0.0.1/32",)))
    configuration = Configuration(settings=settings, file=None, origins={})
    async with FakeOrigin() as origin, open_inspector(configuration) as inspector:
        kind = {"Content-Type": "text/plain", "Retry-After": "120"}
        busy = await inspector.inspect(origin.says("/busy", Answer(b"Come back later", status=503, headers=kind)))
        text = await inspector.inspect(origin.says("/text", Answer(b"No feed", headers=kind)))
    lines = "\n".join(inspection_lines(busy, format_timestamp(real_now())))
    assert "HTTP 503, text/plain, after" in lines
    assert "its server asks to wait 2m" in lines
    assert re.search(r"begins +Come back later", lines)
    told = inspection_json(busy)
    assert (told["status"], told["retry_after_seconds"], told["beginning"]) == (503, 120.0, "Come back later")
    assert inspection_json(text)["beginning"] == "No feed"


@pytest.mark.slow
async def test_a_page_leads_to_no_other_server_of_ones_own_network() -> None:
    settings = Settings(poller=PollerSection(allow_private_addresses=("127.0.0.1/32",)))
    configuration = Configuration(settings=settings, file=None, origins={})
    async with FakeOrigin() as origin, FakeOrigin() as inside:
        own, other = (server.says("/feed", feed(item())) for server in (origin, inside))
        found = []
        for link in (own, other):
            markup = f'<html><link rel="alternate" type="{RSS}" href="{link}"></html>'.encode()
            page = origin.says("/", Answer(markup, headers={"Content-Type": "text/html"}))
            found.append(await chosen_feed(configuration, page, {}, format_timestamp(real_now())))
        assert inside.requests == []
    assert isinstance(found[0], ChosenFeed)
    assert found[0].address == own
    assert found[1] == UnclearFeed("what it names is on another server of your own network", (FoundFeed(other, ""),))
