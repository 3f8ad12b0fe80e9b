"""Fetching from a hostile origin: every bad answer becomes a plain reason, nothing is read beyond its limit."""

from __future__ import annotations

import asyncio
import resource
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
from backports import zstd

from firstwire.config import networks
from firstwire.poller import fetch
from firstwire.poller.answers import Answer, Failed, Fetched, NotModified
from firstwire.poller.failures import FORBIDDEN_SECONDS, TOO_MANY_SECONDS
from firstwire.poller.fetch import Fetcher, FetchLimits, open_fetcher
from firstwire.poller.headers import Validators
from tests.fakes.origin import Answer as Scripted
from tests.fakes.origin import (
    FakeOrigin,
    bomb,
    brotli_bomb,
    cut,
    drip,
    endless,
    feed,
    item,
    not_gzip,
    packed_as,
    redirect,
    silent,
    status,
    zstd_bomb,
)
from tests.support.networks import count_as_public

RSS = b"<rss version='2.0'><channel><title>A feed</title></channel></rss>"
NOW = datetime(2025, 7, 3, 14, 2, tzinfo=UTC)
NONE = Validators()


async def fetched(
    fetcher: Fetcher,
    url: str,
    validators: Validators,
    *,
    own_url: str | None = None,
    is_private: bool = False,
    is_slow: bool = False,
    is_page: bool = False,
) -> Answer:
    async with fetcher.answer(
        url, validators, own_url=own_url or url, is_private=is_private, is_slow=is_slow, is_page=is_page
    ) as answer:
        return answer


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        yield fake


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with open_fetcher(
        allow=networks(("127.0.0.1/32",)),
        limits=FetchLimits(timeout_seconds=2.0, body_bytes=1_000_000),
        user_agent="firstwire-test/1 (+https://firstwire.example)",
        now=lambda: NOW,
    ) as opened:
        yield opened


async def test_validators_come_back_byte_for_byte(origin: FakeOrigin, fetcher: Fetcher) -> None:
    odd = {"ETag": 'W/"a b;c\'"', "Last-Modified": "Thu, 3 Jul 2025 14:02:11 +0000 (odd)"}
    url = origin.says("/feed", Scripted(b"<rss/>", headers=odd), Scripted(status=304, headers={"ETag": '"new"'}))
    first = await fetched(fetcher, url, NONE)
    assert isinstance(first, Fetched)
    second = await fetched(fetcher, url, first.validators)
    assert second == NotModified(Validators(etag='"new"'))
    plain, conditional = origin.requests_of("/feed")
    assert "If-None-Match" not in plain.headers
    assert conditional.headers["If-None-Match"] == odd["ETag"]
    assert conditional.headers["If-Modified-Since"] == odd["Last-Modified"]


async def test_a_request_says_who_we_are_and_what_we_want(origin: FakeOrigin, fetcher: Fetcher) -> None:
    url = origin.says("/feed", Scripted(b"<rss/>", headers={"Set-Cookie": "id=1"}))
    await fetched(fetcher, url, NONE)
    await fetched(fetcher, url, NONE)
    headers = origin.requests_of("/feed")[1].headers
    assert headers["User-Agent"].startswith("firstwire-test/1")
    assert "application/rss+xml" in headers["Accept"]
    assert "Cookie" not in headers
    assert "Referer" not in headers


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(404), "HTTP 404 Not Found"),
        (status(500), "HTTP 500 Internal Server Error"),
        (status(599), "HTTP 599"),
        (status(206), "HTTP 206 Partial Content"),
        (cut(feed(item()), 60), "the body is truncated or badly encoded"),
        (not_gzip(), "the body is truncated or badly encoded"),
        (endless(), "the body is larger than 1,000,000 bytes"),
        (redirect("ftp://elsewhere.example/"), "HTTP 302 to no web address"),
        (redirect("/again"), "HTTP 404 Not Found"),
        (redirect("http://10.0.0.1/secret"), "refused by policy: address 10.0.0.1 is private"),
        (redirect("http://169.254.169.254/latest/meta-data"), "is link-local (metadata services)"),
        (redirect("http://[::1]/"), "refused by policy: address ::1 is loopback"),
    ],
)
async def test_a_bad_answer_is_a_plain_reason(
    origin: FakeOrigin, fetcher: Fetcher, answer: Scripted, reason: str
) -> None:
    result = await fetched(fetcher, origin.says("/feed", answer), NONE, is_private=True)
    assert isinstance(result, Failed)
    assert reason in result.reason
    assert not result.gone


async def test_gone_is_for_ever(origin: FakeOrigin, fetcher: Fetcher) -> None:
    url = origin.says("/feed", status(410))
    result = await fetched(fetcher, url, NONE)
    assert isinstance(result, Failed)
    assert replace(result, content_type="") == Failed("HTTP 410 Gone", host="127.0.0.1", gone=True, status=410, url=url)


@pytest.mark.parametrize(
    ("answer", "kind", "seconds", "is_for_domain"),
    [
        (status(429, Retry_After="120"), "blocked", 120.0, True),
        (status(429, Retry_After=format_datetime(NOW + timedelta(hours=2), usegmt=True)), "blocked", 7200.0, True),
        (status(429, Retry_After="soon"), "blocked", TOO_MANY_SECONDS, True),
        (status(429, Retry_After="-5"), "blocked", TOO_MANY_SECONDS, True),
        (status(429), "blocked", TOO_MANY_SECONDS, True),
        (status(503, Retry_After="60"), "answer", 60.0, True),
        (status(503), "answer", None, False),
        (status(503, cf_mitigated="challenge"), "blocked", FORBIDDEN_SECONDS, False),
        (status(403), "blocked", FORBIDDEN_SECONDS, False),
        (status(403, Retry_After="60"), "blocked", 60.0, True),
        (status(404), "answer", None, False),
    ],
)
async def test_a_refusal_says_how_long_to_wait_and_who(
    origin: FakeOrigin, fetcher: Fetcher, answer: Scripted, kind: str, seconds: float | None, is_for_domain: bool
) -> None:
    result = await fetched(fetcher, origin.says("/feed", answer), NONE)
    assert isinstance(result, Failed)
    assert (result.kind, result.retry_after_seconds, result.is_for_domain) == (kind, seconds, is_for_domain)
    assert result.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("codes", "moved"), [((301,), True), ((308, 301), True), ((301, 302), False), ((307,), False), ((303, 308), False)]
)
async def test_a_feed_has_moved_if_all_redirects_are_for_good(
    origin: FakeOrigin, fetcher: Fetcher, codes: tuple[int, ...], moved: bool
) -> None:
    for hop, code in enumerate(codes):
        origin.says(f"/{hop}", redirect(f"/{hop + 1}", code))
    last = origin.says(f"/{len(codes)}", Scripted(RSS), status(304))
    for validators in (NONE, Validators(etag='"1"')):
        result = await fetched(fetcher, f"{origin.base}/0", validators, is_private=True)
        assert isinstance(result, Fetched | NotModified)
        assert result.moved_to == (last if moved else None)
    plain = await fetched(fetcher, last, NONE, is_private=True)
    assert isinstance(plain, Failed)


async def test_a_login_is_not_left_behind_for_good(origin: FakeOrigin, fetcher: Fetcher) -> None:
    origin.says("/feed", redirect("/moved", 301))
    origin.says("/moved", Scripted(RSS))
    url = f"{origin.base.replace('//', '//name:password@')}/feed"
    result = await fetched(fetcher, url, NONE, is_private=True)
    assert isinstance(result, Fetched)
    assert result.moved_to is None


async def test_a_refused_address_names_the_setting(origin: FakeOrigin, fetcher: Fetcher) -> None:
    result = await fetched(fetcher, "http://10.0.0.1/feed", NONE)
    assert isinstance(result, Failed)
    assert result.kind == "refused"
    assert "address 10.0.0.1 is private; poller.allow_private_addresses permits" in result.reason
    large = await fetched(fetcher, origin.says("/feed", endless()), NONE)
    assert isinstance(large, Failed)
    assert large.kind == "refused"
    assert "poller.body_limit_bytes" in large.reason


async def test_a_silent_server_is_left_after_the_timeout(origin: FakeOrigin) -> None:
    limits = FetchLimits(timeout_seconds=0.2, body_bytes=1_000)
    async with open_fetcher(
        allow=networks(("127.0.0.0/8",)), limits=limits, user_agent="t", now=lambda: NOW
    ) as fetcher:
        result = await fetched(fetcher, origin.says("/feed", silent()), NONE)
    assert result == Failed("no complete answer within 0.2 s", kind="slow", was_slow=True, is_silent=True)


@pytest.mark.slow
async def test_waiting_for_other_large_bodies_makes_no_server_slow(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "FAST_VISIT_SECONDS", 1.0)
    url = origin.says("/feed", Scripted(b"x" * (fetch.LARGE_BODY_BYTES + 1)))
    limits = FetchLimits(timeout_seconds=30.0, body_bytes=2 * fetch.LARGE_BODY_BYTES)
    async with open_fetcher(
        allow=networks(("127.0.0.0/8",)), limits=limits, user_agent="t", now=lambda: NOW
    ) as fetcher:
        async with fetcher.answer(url, NONE, own_url=url, is_slow=True) as first:
            second = asyncio.create_task(fetched(fetcher, url, NONE, is_slow=True))
            await origin.wait_for("/feed", 2)
            # Longer than a visit in the fast lane may take
            await asyncio.sleep(1.5)
            assert not second.done()
        answers = [first, await second]
    assert [isinstance(answer, Fetched) and not answer.was_slow for answer in answers] == [True, True]


@pytest.mark.parametrize("packed", [bomb, brotli_bomb, zstd_bomb])
async def test_a_bomb_is_not_unpacked(origin: FakeOrigin, fetcher: Fetcher, packed: Callable[[int], Scripted]) -> None:
    url = origin.says("/feed", packed(128 * 1024 * 1024))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = await fetched(fetcher, url, NONE)
    assert result == Failed(
        "the body is larger than 1,000,000 bytes; poller.body_limit_bytes is the limit", kind="refused"
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # kilobytes


@pytest.mark.slow
@pytest.mark.parametrize("is_slow", [False, True])
async def test_a_body_that_trickles_is_given_up(origin: FakeOrigin, is_slow: bool) -> None:
    limits = FetchLimits(timeout_seconds=30.0, body_bytes=1_000_000)
    async with open_fetcher(
        allow=networks(("127.0.0.0/8",)), limits=limits, user_agent="t", now=lambda: NOW
    ) as fetcher:
        began = time.monotonic()
        result = await fetched(fetcher, origin.says("/feed", drip()), NONE, is_slow=is_slow)
    assert isinstance(result, Failed)
    assert result.reason.startswith("the body trickles: ")
    assert (result.kind, result.was_slow) == ("slow", True)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("answer", "is_partial"),
    [
        (Scripted(RSS, headers={"Content-Security-Policy": "x" * 60_000}), False),
        (Scripted(RSS, status=203), False),
        (Scripted(RSS, status=226, headers={"IM": "feed"}), True),
        (Scripted(zlib.compress(RSS), headers=packed_as("deflate")), False),
        (Scripted(brotli.compress(RSS), headers=packed_as("br")), False),
        (Scripted(zstd.compress(RSS), headers=packed_as("zstd")), False),
    ],
)
async def test_unusual_answers_with_a_feed_are_read(
    origin: FakeOrigin, fetcher: Fetcher, answer: Scripted, is_partial: bool
) -> None:
    result = await fetched(fetcher, origin.says("/feed", answer), NONE)
    assert isinstance(result, Fetched)
    assert (result.body, result.is_partial) == (RSS, is_partial)


async def test_headers_without_end_are_not_read(fetcher: Fetcher) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"X-Filler: " + b"x" * 60_000 + b"\r\n")
                await writer.drain()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    async with server:
        result = await fetched(fetcher, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed", NONE)
    assert isinstance(result, Failed)
    assert "not valid HTTP" in result.reason


async def test_cookies_last_for_one_visit(origin: FakeOrigin, fetcher: Fetcher) -> None:
    wall = Scripted(status=302, headers={"Location": "/feed", "Set-Cookie": "consent=yes; Path=/"})
    url = origin.says("/feed", wall, Scripted(RSS), Scripted(RSS))
    assert isinstance(await fetched(fetcher, url, NONE, is_private=True), Fetched)
    assert isinstance(await fetched(fetcher, url, NONE, is_private=True), Fetched)
    assert [asked.headers.get("Cookie") for asked in origin.requests_of("/feed")] == [None, "consent=yes", None]


async def test_cookies_stay_with_their_host(monkeypatch: pytest.MonkeyPatch) -> None:
    count_as_public(monkeypatch, "127.0.0.2")
    async with FakeOrigin() as origin, FakeOrigin("127.0.0.2") as other:
        elsewhere = other.says("/feed", Scripted(RSS))
        url = origin.says("/feed", Scripted(status=302, headers={"Location": elsewhere, "Set-Cookie": "id=1"}))
        async with open_fetcher(
            allow=networks(("127.0.0.0/8",)), limits=FetchLimits(2.0, 1_000_000), user_agent="t", now=lambda: NOW
        ) as open_to_both:
            assert isinstance(await fetched(open_to_both, url, NONE, is_private=True), Fetched)
        assert "Cookie" not in other.requests_of("/feed")[0].headers


async def test_nobody_listening_is_a_plain_reason(fetcher: Fetcher) -> None:
    async with FakeOrigin() as origin:
        url = origin.says("/feed", status(200))
    result = await fetched(fetcher, url, NONE)
    assert isinstance(result, Failed)
    assert result.reason.startswith("cannot connect: ")


async def test_redirects_are_followed_five_times_and_no_more(origin: FakeOrigin, fetcher: Fetcher) -> None:
    for hop in range(6):
        origin.says(f"/{hop}", redirect(f"/{hop + 1}", 301 + hop % 2))
    origin.says("/6", Scripted(b"<rss/>"))
    reached = await fetched(fetcher, origin.base + "/1", NONE, is_private=True)
    assert isinstance(reached, Fetched)
    assert reached.url == origin.base + "/6"
    assert await fetched(fetcher, origin.base + "/0", NONE, is_private=True) == Failed("more than 5 redirects")


async def test_a_public_feed_is_not_led_to_an_allowed_private_address(origin: FakeOrigin, fetcher: Fetcher) -> None:
    result = await fetched(fetcher, origin.says("/feed", redirect("/inside")), NONE, is_private=False)
    assert isinstance(result, Failed)
    assert "127.0.0.1 is loopback" in result.reason
    assert origin.requests_of("/inside") == []


@pytest.mark.parametrize("way", ["redirect", "moved", "page", "page that redirects"])
async def test_a_feed_on_a_network_of_ones_own_leads_to_no_other_server_there(
    origin: FakeOrigin, fetcher: Fetcher, way: str
) -> None:
    url = origin.says("/feed", Scripted(RSS))
    # Of the same address, another port: the settings permit both
    async with FakeOrigin() as other:
        inside = other.says("/inside", Scripted(RSS))
        asked = origin.says("/asked", redirect(inside)) if "redirect" in way else inside
        led = await fetched(fetcher, asked, NONE, own_url=url, is_private=True, is_page="page" in way)
        assert other.requests == []
    assert isinstance(led, Failed)
    assert "neither public nor the feed's own server: refused by policy: address 127.0.0.1 is loopback" in led.reason
    assert led.kind == "answer"
    own = origin.says("/own", Scripted(RSS))
    asked = origin.says("/asked", redirect(own)) if "redirect" in way else own
    assert isinstance(await fetched(fetcher, asked, NONE, own_url=url, is_private=True, is_page="page" in way), Fetched)


async def test_no_reason_holds_a_secret_of_the_url(origin: FakeOrigin, fetcher: Fetcher) -> None:
    hidden = "opensesame"
    for answer in (status(500), not_gzip(), redirect(f"ftp://x.example/?token={hidden}")):
        origin.says("/feed", answer)
        url = f"{origin.base.replace('//', f'//user:{hidden}@')}/feed?token={hidden}"
        result = await fetched(fetcher, url, NONE)
        assert isinstance(result, Failed)
        assert hidden not in result.reason
    assert origin.requests_of("/feed")[0].headers["Authorization"].startswith("Basic ")


async def test_headers_of_a_feed_go_to_its_own_server_alone(
    origin: FakeOrigin, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_as_public(monkeypatch, "127.0.0.2")
    own = {"X-Key": "k3y", "Authorization": "Basic bmFtZTpw"}
    async with FakeOrigin("127.0.0.2") as other:
        elsewhere = other.says("/there", Scripted(RSS))
        origin.says("/here", redirect(elsewhere))
        url = origin.says("/feed", redirect("/here"))
        async with fetcher.answer(url, NONE, own_url=url, is_private=True, own_headers=own) as answer:
            assert isinstance(answer, Fetched)
        (asked,) = other.requests
    assert [own.items() <= request.headers.items() for request in origin.requests] == [True, True]
    assert own.keys() & asked.headers.keys() == set()


async def test_a_large_page_that_waits_to_be_read_keeps_no_large_feed_waiting(origin: FakeOrigin) -> None:
    url = origin.says("/large", Scripted(RSS + b" " * 1_200_000))
    limits = FetchLimits(timeout_seconds=2.0, body_bytes=4_000_000)
    async with (
        open_fetcher(
            allow=networks(("127.0.0.1/32",)), limits=limits, user_agent="firstwire-test/1", now=lambda: NOW
        ) as fetcher,
        fetcher.answer(url, NONE, own_url=url, is_private=True, is_page=True) as page,
        asyncio.timeout(5.0),
    ):
        assert isinstance(page, Fetched)
        assert isinstance(await fetched(fetcher, url, NONE, is_private=True), Fetched)


@pytest.mark.slow
async def test_waiting_for_other_large_bodies_is_not_the_servers_slowness(origin: FakeOrigin) -> None:
    url = origin.says("/large", Scripted(RSS + b" " * 1_200_000))
    limits = FetchLimits(timeout_seconds=1.0, body_bytes=4_000_000)
    async with open_fetcher(
        allow=networks(("127.0.0.1/32",)), limits=limits, user_agent="firstwire-test/1", now=lambda: NOW
    ) as fetcher:
        is_held = asyncio.Event()

        async def held(seconds: float) -> Answer:
            async with fetcher.answer(url, NONE, own_url=url, is_private=True) as answer:
                is_held.set()
                await asyncio.sleep(seconds)
                return answer

        first = asyncio.create_task(held(1.5))
        await is_held.wait()
        second = await held(0.0)
        assert isinstance(await first, Fetched)
    assert isinstance(second, Fetched)
    assert not second.was_slow
