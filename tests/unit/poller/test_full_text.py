"""The whole text of articles from their pages, with a real server: what is read, what not and why, and never a loss."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import msgspec
import pytest
from prometheus_client import CollectorRegistry

from firstwire.config import networks
from firstwire.poller import article_pages
from firstwire.poller.article_pages import ArticlePages, CompletedArticles, PageTurn
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.fetch import PAGE_LIMIT_BYTES
from firstwire.poller.page_text import PageText
from firstwire.poller.parse import Parser
from firstwire.poller.parse_worker import PageJob
from firstwire.poller.turns import PAGES_AT_ONCE
from schemas.article import Article
from schemas.feed import FeedState
from schemas.times import format_timestamp
from tests.fakes.hub import FakeHub
from tests.fakes.origin import Answer, FakeOrigin, feed, item, redirect, silent, status
from tests.fakes.outbox import MemoryOutbox
from tests.support.networks import count_as_public
from tests.support.polling import polling, real_now
from tests.support.pushing import pushing, state_once
from tests.support.waiting import until

pytestmark = pytest.mark.slow

FULL = FeedOptions(full_text=True)
TITLE = "Harbor opens after the storm"
TEASER = "The harbor of Greyport opens again."
STORY = [
    f"Paragraph {n} of the story about the harbor of Greyport, which opens again after the storm had closed it for "
    f"{n} days, said its master, who had waited for calm seas since the first of the month."
    for n in range(1, 9)
]


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        fake.says("/robots.txt", status(404))
        yield fake


def html(text: str, kind: str = "text/html; charset=utf-8") -> Answer:
    return Answer(text.encode(), headers={"Content-Type": kind})


def page(*paragraphs: str, title: str = TITLE) -> Answer:
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return html(
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body>"
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/b'>Sports</a></li></ul></nav>"
        f"<article><h1>{title}</h1>{inside}<script>alert('x')</script></article>"
        "<footer>All rights reserved</footer></body></html>"
    )


def teaser(origin: FakeOrigin, number: int = 1, text: str = TEASER, path: str = "/story") -> str:
    return item(TITLE, guid=f"{number}", link=f"{origin.base}{path}{number}", description=text)


def subscribed(origin: FakeOrigin, *items: str) -> str:
    return origin.says("/feed", feed(*items, ETag='"1"'), status(304))


async def visited(url: str, **given: object) -> tuple[MemoryOutbox, FeedState]:
    """A poller's first visit."""
    outbox = MemoryOutbox()
    async with polling(outbox, url, interval_seconds=3_600.0, **{"options": FULL, **given}):  # type: ignore[arg-type]
        state = await outbox.saved_once(url)
    return outbox, state


async def test_a_short_article_has_the_text_of_its_page_and_is_published_once(origin: FakeOrigin) -> None:
    origin.says("/story1", page(*STORY))
    url = origin.says("/feed", feed(teaser(origin), ETag='"1"'), feed(teaser(origin), ETag='"2"', extra="<x/>"))
    outbox, registry = MemoryOutbox(), CollectorRegistry()
    async with polling(outbox, url, interval_seconds=0.3, options=FULL, registry=registry):
        await outbox.saved_once(url, 3)
    (article,) = outbox.articles
    assert article.body == "\n".join(STORY)
    assert (article.title, article.summary) == (TITLE, TEASER)
    assert outbox.states[url].full_text_fault is None
    assert [asked.path for asked in origin.requests[:3]] == ["/feed", "/robots.txt", "/story1"]
    assert "text/html" in origin.requests_of("/story1")[0].headers["Accept"]
    assert registry.get_sample_value("firstwire_full_texts_total", {"result": "read"}) == 1


async def test_without_the_setting_or_with_enough_text_no_page_is_asked_for(origin: FakeOrigin) -> None:
    await visited(subscribed(origin, teaser(origin)), options=FeedOptions())
    outbox, state = await visited(subscribed(origin, teaser(origin, text="Enough. " * 300)))
    assert {asked.path for asked in origin.requests} == {"/feed"}
    assert (len(outbox.articles), state.full_text_fault) == (1, None)


ROBOTS = "User-agent: *\nDisallow: /*1$\n\nUser-agent: firstwire-test\nDisallow: /private*\nAllow: /private2\n"


async def test_robots_txt_is_obeyed_and_asked_for_once_a_day(origin: FakeOrigin) -> None:
    origin.says("/robots.txt", html(ROBOTS, "text/plain"))
    for path in ("/story1", "/private1", "/private2"):
        origin.says(path, page(*STORY))
    items = [teaser(origin, 1), teaser(origin, 2, path="/private")]
    forbidden = item("Forbidden", guid="3", link=f"{origin.base}/private1", description=TEASER)
    url = origin.says("/feed", feed(*items, ETag='"1"'), feed(forbidden, *items, ETag='"2"'), status(304))
    outbox = MemoryOutbox()
    async with polling(outbox, url, interval_seconds=0.3, options=FULL):
        state = await outbox.saved_once(url, 2)
    assert [len(article.body) > 500 for article in outbox.articles] == [True, True, False]
    assert state.full_text_fault == "robots.txt forbids its page"
    assert len(origin.requests_of("/robots.txt")) == 1
    assert origin.requests_of("/private1") == []


@pytest.mark.parametrize(
    ("robots", "is_read", "fault"),
    [
        (status(403), True, None),
        (status(404), True, None),
        (html("", "text/plain"), True, None),
        (html("<html>not found</html>"), True, None),
        (Answer(bytes(range(256)) * 100), True, None),
        (status(500), False, "robots.txt: HTTP 500 Internal Server Error"),
        (status(429), False, "robots.txt: HTTP 429 Too Many Requests"),
        (
            redirect("http://169.254.169.254/robots.txt"),
            False,
            "robots.txt: redirected to an address that is neither public nor the feed's own server: refused by policy",
        ),
        (html("User-agent: *\nDisallow: /", "text/plain"), False, "robots.txt forbids its page"),
        (html("User-agent: *\nDisallow: /" + "*a" * 200_000, "text/plain"), True, None),
    ],
)
async def test_what_a_site_says_to_robots(origin: FakeOrigin, robots: Answer, is_read: bool, fault: str | None) -> None:
    origin.says("/robots.txt", robots)
    origin.says("/story1", page(*STORY))
    outbox, state = await visited(subscribed(origin, teaser(origin)))
    (article,) = outbox.articles
    assert (len(article.body) > 500) == is_read
    assert (state.full_text_fault or "").startswith(fault or "")
    assert (state.full_text_fault is None) == (fault is None)
    assert bool(origin.requests_of("/story1")) == is_read


@pytest.mark.parametrize(
    ("robots", "fault"),
    [
        (html("User-agent: *\nDisallow: /story", "text/plain"), "robots.txt forbids where its page leads"),
        (status(500), "where its page leads: robots.txt: HTTP 500 Internal Server Error"),
        (html("User-agent: *\nDisallow: /other", "text/plain"), None),
    ],
)
async def test_where_a_page_leads_robots_txt_is_obeyed_too(
    origin: FakeOrigin, robots: Answer, fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_as_public(monkeypatch, "127.0.0.3")
    async with FakeOrigin("127.0.0.3") as other:
        other.says("/robots.txt", robots)
        origin.says("/story1", redirect(other.says("/story1", page(*STORY))))
        outbox, state = await visited(subscribed(origin, teaser(origin)))
        assert len(other.requests_of("/robots.txt")) == 1
    (article,) = outbox.articles
    assert article.body == ("\n".join(STORY) if fault is None else "")
    assert state.full_text_fault == fault


async def test_a_page_that_leads_to_a_forbidden_one_of_its_own_site_is_not_used(origin: FakeOrigin) -> None:
    origin.says("/robots.txt", html("User-agent: *\nDisallow: /private", "text/plain"))
    origin.says("/story1", redirect(origin.says("/private1", page(*STORY))))
    outbox, state = await visited(subscribed(origin, teaser(origin)))
    assert [article.body for article in outbox.articles] == [""]
    assert state.full_text_fault == "robots.txt forbids where its page leads"


CONSENT = [
    "We and our partners store cookies and personal identifiers on your device. Choose which purposes you accept.",
    "You can change your mind at any time with the link at the foot of every page. Precise location data may be used.",
]
DEEP = html("<html><body>" + "<div>" * 200_000 + "x")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (status(404), "its page: HTTP 404 Not Found"),
        (status(403), "its page: HTTP 403 Forbidden"),
        (page(*CONSENT, title="Before you continue"), "the page says nothing of what the feed says"),
        (page(TEASER[:20]), "its page says no more than the feed"),
        (html(""), "no article was found on the page"),
        (html("%PDF-1.7", "application/pdf"), "its page is application/pdf"),
        (html("<p>" + "x" * PAGE_LIMIT_BYTES), f"its page: the body is larger than {PAGE_LIMIT_BYTES:,} bytes"),
        (DEEP, ""),
        (
            redirect("http://10.0.0.1/"),
            "its page: redirected to an address that is neither public nor the feed's own server: refused by policy",
        ),
        (redirect("/loop"), "its page: more than 5 redirects"),
        (redirect("file:///etc/passwd"), "its page: HTTP 302 to no web address"),
    ],
)
async def test_an_article_without_its_page_has_the_feeds_text_and_the_reason_is_told(
    origin: FakeOrigin, answer: Answer, fault: str
) -> None:
    origin.says("/story1", answer)
    origin.says("/loop", redirect("/loop"))
    began = time.monotonic()
    outbox, state = await visited(subscribed(origin, teaser(origin)))
    assert time.monotonic() - began < 10.0
    (article,) = outbox.articles
    assert (article.summary, article.body) == (TEASER, "")
    assert state.full_text_fault is not None
    assert state.full_text_fault.startswith(fault)


@pytest.mark.parametrize(
    ("refusal", "said", "wait"),
    [
        (status(403), "HTTP 403 Forbidden", timedelta(hours=4)),
        (status(503, cf_mitigated="challenge"), "a test whether we are a browser", timedelta(hours=4)),
        (status(503, Retry_After="600"), "HTTP 503 Service Unavailable", timedelta(minutes=10)),
        (status(429, Retry_After="864000"), "HTTP 429 Too Many Requests", timedelta(days=1)),
    ],
)
async def test_a_site_that_refuses_its_pages_is_left_alone_for_a_time(
    origin: FakeOrigin, refusal: Answer, said: str, wait: timedelta
) -> None:
    paths = [f"/story{number}" for number in range(1, 4)]
    origin.says(paths[0], refusal)
    for path in paths[1:]:
        origin.says(path, page(*STORY))
    items = [teaser(origin, number) for number in range(1, 4)]
    url = origin.says("/feed", *(feed(*reversed(items[:count])) for count in range(1, 4)))
    began = real_now()
    moment, outbox = [began], MemoryOutbox()
    async with polling(
        outbox, url, interval_seconds=1.0, options=FULL, now=lambda: moment[0], longest_sleep_seconds=0.05
    ) as poller:

        async def visited_at(at: datetime, count: int) -> FeedState:
            moment[0] = at
            poller.subscribe(msgspec.structs.replace(poller.subscriptions[url], decided_at=format_timestamp(at)))
            await origin.wait_for("/feed", count)
            return await outbox.saved_once(url, count)

        first = await visited_at(began, 1)
        later = await visited_at(began + wait - timedelta(seconds=1), 2)
        assert [len(origin.requests_of(path)) for path in paths] == [1, 0, 0]
        assert first.full_text_fault == later.full_text_fault
        assert said in (later.full_text_fault or "")
        assert f"its site is not asked before {began + wait:%Y-%m-%d %H:%M} UTC" in (later.full_text_fault or "")
        last = await visited_at(began + wait + timedelta(seconds=1), 3)
    assert last.full_text_fault is None
    assert [len(origin.requests_of(path)) for path in paths] == [1, 0, 1]
    assert [len(article.body) > 500 for article in outbox.articles] == [False, False, True]


async def test_of_more_sites_that_refuse_than_are_remembered_the_last_are(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_pages, "REFUSALS_KEPT", 1)
    count_as_public(monkeypatch, "127.0.0.3")
    async with FakeOrigin("127.0.0.3") as other:
        sites = (origin, other)
        for site in sites:
            site.behaves("/story1", lambda _: status(403))
            site.behaves("/story2", lambda _: status(403))
        first = [teaser(site, 1) for site in sites]
        second = [item("Later", guid="2", link=f"{site.base}/story2", description=TEASER) for site in sites]
        url = origin.says("/feed", feed(*first, ETag='"1"'), feed(*second, *first, ETag='"2"'), status(304))
        outbox = MemoryOutbox()
        async with polling(outbox, url, interval_seconds=0.3, options=FULL):
            await outbox.saved_once(url, 2)
        asked = [len(site.requests_of("/story1") + site.requests_of("/story2")) for site in sites]
    assert sorted(asked) == [1, 2]


async def test_who_refuses_where_a_page_leads_is_not_its_site(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_as_public(monkeypatch, "127.0.0.3")
    async with FakeOrigin("127.0.0.3") as other:
        origin.says("/story2", redirect(other.says("/story2", status(403))))
        origin.says("/story1", page(*STORY))
        outbox, state = await visited(subscribed(origin, teaser(origin, 2), teaser(origin, 1)))
    assert [len(article.body) > 500 for article in outbox.articles] == [True, False]
    assert state.full_text_fault == "its page: HTTP 403 Forbidden"


async def test_no_article_waits_for_longer_than_it_may(origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch) -> None:
    count_as_public(monkeypatch, "127.0.0.3")
    origin.says("/story1", silent())
    origin.says("/story2", page(*STORY))
    async with FakeOrigin("127.0.0.3") as other:
        other.says("/robots.txt", status(404))
        other.says("/story2", page(*STORY))
        began = time.monotonic()
        outbox, state = await visited(subscribed(origin, teaser(origin, 1), teaser(other, 2)), page_wait_seconds=3.5)
        assert time.monotonic() - began < 12.0
    assert sorted(len(article.body) > 500 for article in outbox.articles) == [False, True]
    assert state.full_text_fault == "its page did not come within 3.5 s"


async def test_a_page_that_is_given_up_as_its_turn_comes_ends_nothing_and_keeps_no_place(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def given_up(
        pages: ArticlePages, articles: Sequence[Article], *, turn: PageTurn, **given: object
    ) -> CompletedArticles:
        async def read() -> None:
            async with turn(url, 0.0):
                await asyncio.sleep(60.0)

        # The loop takes some steps until it gives the turn: in one of them it finds one that was just given up
        for steps in [number for number in range(12) for _ in range(3)]:
            reading = asyncio.create_task(read())
            for _ in range(steps):
                await asyncio.sleep(0)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        async with asyncio.timeout(5.0), turn(url, 0.0):
            return CompletedArticles(tuple(articles))

    monkeypatch.setattr(ArticlePages, "completed", given_up)
    url = subscribed(origin, teaser(origin))
    outbox, _ = await visited(url)
    assert [article.title for article in outbox.articles] == [TITLE]


async def test_the_delay_that_a_site_asks_for_holds_from_one_visit_to_the_next(origin: FakeOrigin) -> None:
    origin.says("/robots.txt", html("User-agent: *\nCrawl-delay: 4", "text/plain"))
    for number in (1, 2):
        origin.says(f"/story{number}", page(*STORY))
    urls = [origin.says(f"/feed{number}", feed(teaser(origin, number), ETag='"1"')) for number in (1, 2)]
    outbox = MemoryOutbox()
    async with polling(outbox, *urls, interval_seconds=3_600.0, options=FULL):
        for url in urls:
            await outbox.saved_once(url)
    assert [len(article.body) > 500 for article in outbox.articles] == [True, True]
    first, second = sorted(asked.at for number in (1, 2) for asked in origin.requests_of(f"/story{number}"))
    # The server may notice the first late
    assert second - first > 2.0


async def test_only_so_many_pages_are_in_memory_as_may_be_while_they_wait_to_be_read(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = [f"127.0.5.{number}" for number in range(1, PAGES_AT_ONCE + 5)]
    count_as_public(monkeypatch, *hosts)
    waiting, gate, read = 0, asyncio.Event(), Parser.read_page

    async def read_later(parser: Parser, job: PageJob) -> PageText | UnreadableFeed:
        nonlocal waiting
        waiting += 1
        await gate.wait()
        return await read(parser, job)

    async def are_all_waiting() -> bool:
        return waiting >= PAGES_AT_ONCE

    monkeypatch.setattr(Parser, "read_page", read_later)
    async with AsyncExitStack() as opened:
        others = [await opened.enter_async_context(FakeOrigin(host)) for host in hosts]
        for number, other in enumerate(others):
            other.says("/robots.txt", status(404))
            other.says(f"/story{number}", page(*STORY))
        url = subscribed(origin, *(teaser(other, number) for number, other in enumerate(others)))
        outbox = MemoryOutbox()
        async with polling(outbox, url, interval_seconds=3_600.0, options=FULL, page_wait_seconds=60.0):
            await until(are_all_waiting, "pages wait to be read")
            # What is not bounded is there by then
            await asyncio.sleep(0.5)
            assert waiting == PAGES_AT_ONCE
            gate.set()
            await outbox.saved_once(url, seconds=60.0)
    assert [len(article.body) > 500 for article in outbox.articles] == [True] * len(hosts)


async def test_a_page_on_a_network_of_ones_own_is_asked_for_on_the_feeds_server_alone(origin: FakeOrigin) -> None:
    origin.says("/story1", page(*STORY))
    async with FakeOrigin() as inside:
        inside.says("/story2", page(*STORY))
        outbox, state = await visited(subscribed(origin, teaser(origin, 1), teaser(inside, 2)))
        assert inside.requests == []
    assert sorted(len(article.body) > 500 for article in outbox.articles) == [False, True]
    assert state.full_text_fault == (
        "robots.txt: at an address that is neither public nor the feed's own server: "
        "refused by policy: address 127.0.0.1 is loopback"
    )


async def test_a_public_feeds_page_is_never_asked_for_at_a_private_address(origin: FakeOrigin) -> None:
    async with FakeOrigin("127.0.0.9") as inside:
        inside.says("/story1", page(*STORY))
        # The feed counts as public, though loopback is permitted
        outbox, state = await visited(subscribed(origin, teaser(inside)), own=False, allow=networks(("127.0.0.0/8",)))
        assert inside.requests == []
    assert len(outbox.articles) == 1
    assert state.full_text_fault == (
        "robots.txt: at an address that is not public: refused by policy: address 127.0.0.9 is loopback"
    )


async def test_what_a_hub_pushes_has_the_text_of_its_page_too(origin: FakeOrigin) -> None:
    origin.says("/story1", page(*STORY))
    async with FakeHub(origin) as hub:
        topic = "https://news.example/"
        url = origin.says(
            "/feed", feed(item("Old", guid="0"), Link=f'<{hub.url}>; rel="hub", <{topic}>; rel="self"', ETag='"1"')
        )
        outbox = MemoryOutbox()
        async with pushing(outbox, url, interval_seconds=3_600.0, options=FULL) as (poller, _):
            await state_once(poller, url, lambda state: state.push is not None and state.push.lease_until is not None)
            assert await hub.publish(topic, feed(teaser(origin)).body) == [204]
    assert outbox.articles[-1].body == "\n".join(STORY)
