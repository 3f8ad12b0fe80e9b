"""Feeds on the console: a look says what would be added; what is polled already is not added again."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from firstwire.config import PollerSection
from firstwire.web.access import Person
from firstwire.web.changes import Asked
from firstwire.web.pages.feeds import plan_addition, plan_pause, plan_resumption
from schemas.subscription import SubscriptionChange
from tests.fakes.origin import Answer, FakeOrigin, feed, item
from tests.support.console import ServedConsole, serving_console

ADDRESS = "https://news.example/rss"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    async with serving_console(tmp_path) as console:
        held = console.console.configuration
        poller = PollerSection(subscriptions=(), allow_private_addresses=("127.0.0.1/32",))
        settings = msgspec.structs.replace(held.settings, poller=poller)
        console.console.configuration = msgspec.structs.replace(held, settings=settings)
        console.console.board.note_subscription(
            SubscriptionChange(url=ADDRESS, decision="add", decided_at="2025-07-03T00:00:00.000Z")
        )
        yield console


def asked(served: ServedConsole, **fields: str) -> Asked:
    return Asked(served.console, Person("desk", "write", "session 1"), fields, {})


async def test_what_is_polled_already_is_not_added_again(served: ServedConsole) -> None:
    again = await plan_addition(asked(served, url=ADDRESS, no_check="yes"))
    assert again.what == f"{ADDRESS}: already subscribed, with these settings; it is visited now"
    other = await plan_addition(asked(served, url=ADDRESS, no_check="yes", interval="1h"))
    assert other.what == f"{ADDRESS}: interval not set → 1h"
    new = await plan_addition(asked(served, url="https://other.example/rss", no_check="yes"))
    assert new.what == "added https://other.example/rss"


async def test_a_change_leads_back_to_where_it_was_asked_for(served: ServedConsole) -> None:
    assert (
        await plan_pause(asked(served, url=ADDRESS, then="/feeds?health=ok#feed-3"))
    ).then == "/feeds?health=ok#feed-3"
    assert (await plan_pause(asked(served, url=ADDRESS, then="https://evil.example"))).then == "/"


async def test_a_feed_that_was_added_by_hand_says_so(served: ServedConsole) -> None:
    async with aiohttp.ClientSession() as client, client.get(f"{served.url}/feeds?words=news") as found:
        page = await found.text()
    assert "added by hand" in page and 'value="/feeds?words=news#feed-1"' in page


async def test_a_feed_of_a_file_that_was_removed_by_hand_is_shown_and_resumed(served: ServedConsole) -> None:
    held = served.console.configuration
    poller = PollerSection(subscriptions=(ADDRESS,))
    settings = msgspec.structs.replace(held.settings, poller=poller)
    served.console.configuration = msgspec.structs.replace(held, settings=settings)
    removal = SubscriptionChange(url=ADDRESS, decision="remove", decided_at="2025-07-03T01:00:00.000Z")
    served.console.board.note_subscription(removal)
    async with aiohttp.ClientSession() as client, client.get(f"{served.url}/feeds?health=removed") as found:
        page = await found.text()
    assert ADDRESS in page and "removed by hand" in page and "/feeds/resume" in page
    resumed = await plan_resumption(asked(served, url=ADDRESS))
    assert resumed.what == f"resumed {ADDRESS}; it is visited now"


async def test_a_look_at_a_page_says_what_would_be_added(served: ServedConsole) -> None:
    async with FakeOrigin() as origin, aiohttp.ClientSession() as client:
        own = origin.says("/feed", feed(item()))
        markup = f'<html><link rel="alternate" type="application/rss+xml" href="{own}"></html>'.encode()
        site = origin.says("/", Answer(markup, headers={"Content-Type": "text/html"}))
        async with client.get(f"{served.url}/feeds/check", params={"url": site}) as found:
            page = html.unescape(re.sub(r"<[^>]+>", "", await found.text()))
        async with client.get(f"{served.url}/api/v1/feeds/check", params={"url": site}) as found:
            assert (await found.json())["would_add"] == own
    assert "A page that leads to a feed" in page and f"Add would take {own}" in page and "Add it" in page


async def looked_at(served: ServedConsole, **fields: str) -> str:
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{served.url}/api/v1/session") as session:
            headers = {"X-CSRF-Token": (await session.json())["csrf"]}
        async with client.post(f"{served.url}/feeds/check", data=fields, headers=headers) as found:
            return html.unescape(await found.text())


async def test_what_was_written_beside_an_address_is_added_with_it_after_a_look(served: ServedConsole) -> None:
    written = {"name": "Radio Kivu", "tags": "africa, business", "language": "fr", "interval": "1h"}
    async with FakeOrigin() as origin, aiohttp.ClientSession() as client:
        page = await looked_at(served, url=origin.says("/feed", feed(item())), **written)
        back = re.search(r'<a href="(/feeds\?[^"]+)">Back', page)
        assert back is not None
        async with client.get(served.url + back[1]) as found:
            form = html.unescape(await found.text())
    for name, value in written.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
        assert re.search(rf'<input id="{name}" [^>]*value="{value}"', form)


async def test_an_address_with_a_secret_is_not_added_as_it_is_shown(served: ServedConsole) -> None:
    async with FakeOrigin() as origin:
        url = origin.says("/feed", feed(item())) + "?token=abc"
        page = await looked_at(served, url=url)
    assert "A feed at" in page and "The address holds a secret" in page
    assert "Add it" not in page and 'value="' + url.replace("abc", "***") not in page and "abc" not in page
    assert "url=" not in page.split("Back to the feeds")[0].rpartition("<a ")[2]


async def test_a_look_at_a_page_that_names_no_feed_is_one_request(served: ServedConsole) -> None:
    async with FakeOrigin() as origin:
        site = origin.says("/", Answer(b"<html><p>News</p></html>", headers={"Content-Type": "text/html"}))
        page = await looked_at(served, url=site)
        assert [each.path for each in origin.requests if each.path != "/robots.txt"] == ["/"]
    assert "No feed at" in page
