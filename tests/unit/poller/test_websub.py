"""Feeds that hubs push (WebSub), with a real hub: what it asks, confirms, denies and sends, and what attackers send."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from firstwire.poller import callbacks, loop
from firstwire.poller import subscriber as subscriber_module
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.hub_client import open_hub_client
from firstwire.poller.loop import Poller
from firstwire.poller.subscriptions import Subscription
from firstwire.poller.visit import Visit
from firstwire.poller.visitor import Visitor
from schemas.article import Article
from schemas.feed import FeedState, HubSubscription
from schemas.times import format_timestamp, parse_timestamp
from tests.bench.hostile_feeds import documents
from tests.fakes.hub import CHALLENGE, FakeHub, HubManners
from tests.fakes.origin import Answer, FakeOrigin, feed, item, status
from tests.fakes.outbox import MemoryOutbox
from tests.support.networks import count_as_public
from tests.support.polling import LOOPBACK, polling, real_now
from tests.support.pushing import free_port, pushing, state_once
from tests.support.waiting import found_once, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        yield fake


@pytest.fixture
async def hub(origin: FakeOrigin) -> AsyncIterator[FakeHub]:
    async with FakeHub(origin) as fake:
        yield fake


TOPIC = "https://news.example/feed.xml"


def hubbed(hub: FakeHub, *items: str, topic: str = TOPIC, in_header: bool = False) -> Answer:
    """A feed that names its hub."""
    if in_header:
        return feed(*items, Link=f'<{hub.url}>; rel="hub", <{topic}>; rel="self"', ETag='"1"')
    links = (
        f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
        f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{topic}"/>'
    )
    return feed(*items, extra=links, ETag='"1"')


def renewed_feed(origin: FakeOrigin, hub: FakeHub) -> tuple[str, str]:
    """The URL of a feed with one entry, "Old", and another at the second visit, "New"; and the latter."""
    old, new = item("Old", guid="1"), item("New", guid="2")
    return origin.says("/feed", hubbed(hub, old), hubbed(hub, new, old)), new


def is_confirmed(state: FeedState) -> bool:
    return state.push is not None and state.push.lease_until is not None


def body(*items: str) -> bytes:
    return feed(*items).body


def ask_anew(poller: Poller, url: str, now: datetime) -> None:
    """Have a feed visited at once, as somebody who decides on it now."""
    poller.subscribe(msgspec.structs.replace(poller.subscriptions[url], decided_at=format_timestamp(now)))


SLOW = {"interval_seconds": 3_600.0}
"""So that only the first visit is made."""


@pytest.mark.parametrize("in_header", [False, True])
async def test_what_a_hub_pushes_is_published_at_once_and_a_visit_finds_nothing_new(
    origin: FakeOrigin, hub: FakeHub, in_header: bool
) -> None:
    outbox = MemoryOutbox()
    old, new = (
        item("Old", guid="1", link="https://news.example/1"),
        item("New", guid="2", link="https://news.example/2"),
    )
    url = origin.says("/feed", hubbed(hub, old, in_header=in_header), hubbed(hub, new, old, in_header=in_header))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        (asked,) = await hub.confirmed()
        assert asked.confirmed == (200, CHALLENGE)
        assert (asked.form["hub.mode"], asked.form["hub.topic"]) == ("subscribe", TOPIC)
        assert len(asked.form["hub.callback"].rpartition("/")[2]) >= 32
        assert 40 <= len(asked.form["hub.secret"]) < 200
        await state_once(poller, url, is_confirmed)
        began = time.monotonic()
        assert await hub.publish(TOPIC, body(new)) == [204]
        assert time.monotonic() - began < 2.0
        assert [article.title for article in outbox.articles] == ["Old", "New"]
        assert await hub.publish(TOPIC, body(new)) == [204]
        poller.visit_soon(url)
        ask_anew(poller, url, real_now())
        await origin.wait_for("/feed", 2)
        state = await state_once(poller, url, lambda state: len(origin.requests) == 2 and poller.is_idle)
    assert [article.title for article in outbox.articles] == ["Old", "New"]
    assert (state.health, state.gaps) == ("ok", 0)
    assert state.push is not None and state.push.is_trusted


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_signing_is_known(origin: FakeOrigin, hub: FakeHub, method: str) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    hub.manners.signs = method
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        assert await hub.publish(TOPIC, body(item("New", guid="2"))) == [204]
    assert [article.title for article in outbox.articles] == ["Old", "New"]


@pytest.mark.parametrize(
    "manners",
    [
        HubManners(signs=None),
        HubManners(signs="md5"),
        HubManners(secret="another"),
    ],
    ids=["no signature", "an unknown method", "a wrong signature"],
)
async def test_what_the_hub_has_not_signed_is_dropped_and_counted(
    origin: FakeOrigin, hub: FakeHub, manners: HubManners
) -> None:
    outbox, url, registry = (
        MemoryOutbox(),
        origin.says("/feed", hubbed(hub, item("Old", guid="1"))),
        CollectorRegistry(),
    )
    async with pushing(outbox, url, registry=registry, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        hub.manners = manners
        assert await hub.publish(TOPIC, body(item("Forged", guid="2"))) == [202]
    assert [article.title for article in outbox.articles] == ["Old"]
    assert registry.get_sample_value("firstwire_feed_pushes_total", {"result": "unsigned"}) == 1


async def test_only_what_was_asked_for_is_confirmed(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        (asked,) = await hub.confirmed()
        callback = asked.form["hub.callback"]
        wanted = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc", "lease_seconds": "1000"}
        answers = {
            "the same again": await hub.ask(callback, **wanted),
            "another topic": await hub.ask(callback, **{**wanted, "topic": TOPIC + "?"}),
            "to end it": await hub.ask(callback, **{**wanted, "mode": "unsubscribe"}),
            "no challenge": await hub.ask(callback, **{**wanted, "challenge": ""}),
            "a lease of letters": await hub.ask(callback, **{**wanted, "lease_seconds": "x"}),
            "no lease at all": await hub.ask(callback, **{**wanted, "lease_seconds": "0"}),
            "another address": await hub.ask(callback[:-1] + ("a" if callback[-1] != "a" else "b"), **wanted),
            "a denial of another": await hub.ask(callback, mode="denied", topic="https://b.example/"),
        }
        push = poller.states[url].push
    assert {name: answer[0] for name, answer in answers.items()} == {
        "the same again": 200,
        "another topic": 404,
        "to end it": 404,
        "no challenge": 404,
        "a lease of letters": 400,
        "no lease at all": 400,
        "another address": 410,
        "a denial of another": 404,
    }
    assert answers["the same again"][1] == "abc"
    assert push is not None and push.fault is None


async def test_a_hub_that_asks_for_another_feed_is_not_answered(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    hub.manners.topic = "https://other.example/"
    async with pushing(outbox, url, **SLOW) as (poller, _):
        (asked,) = await hub.confirmed()
        assert asked.confirmed == (404, "not asked for")
        assert not is_confirmed(poller.states[url])


async def test_a_lease_is_renewed_before_it_ends_with_the_same_address_and_secret(
    origin: FakeOrigin, hub: FakeHub
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    hub.manners.lease_seconds = "10000"
    moment = [real_now()]
    began = moment[0]
    async with pushing(outbox, url, now=lambda: moment[0], **SLOW) as (poller, _):
        await hub.confirmed()
        state = await state_once(poller, url, is_confirmed)
        assert state.push is not None
        renewed_at = parse_timestamp(state.push.ask_at) - began
        assert timedelta(seconds=6_999) <= renewed_at <= timedelta(seconds=9_001)
        moment[0] = began + renewed_at - timedelta(seconds=1)
        await asyncio.sleep(0.2)
        assert len(hub.requests) == 1
        moment[0] = began + renewed_at + timedelta(seconds=1)
        first, second = await hub.confirmed(2)
        assert first.form == second.form
        later = await state_once(
            poller, url, lambda found: found.push.lease_until > format_timestamp(moment[0] + timedelta(seconds=9_000))
        )
    assert later.push is not None and later.push.secret == state.push.secret


async def test_subscriptions_survive_a_restart(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    port = free_port()
    monkeypatch.setattr("tests.support.pushing.free_port", lambda: port)
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
    async with pushing(outbox, url, states=outbox.states, **SLOW):
        assert await hub.publish(TOPIC, body(item("New", guid="2"))) == [204]
        await asyncio.sleep(0.2)
    assert [article.title for article in outbox.articles] == ["Old", "New"]
    assert len(hub.requests) == 1


async def test_another_callback_address_is_told_to_the_hub(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    for count in (1, 2):
        async with pushing(outbox, url, states=outbox.states, **SLOW) as (poller, _):
            await hub.confirmed(count)
            await state_once(poller, url, is_confirmed)
    first, second = hub.requests
    assert first.form["hub.callback"].rpartition("/")[2] != second.form["hub.callback"].rpartition("/")[2]
    assert first.form["hub.secret"] != second.form["hub.secret"]


async def test_while_the_feeds_of_a_poller_are_not_known_a_hub_is_asked_to_come_again(
    origin: FakeOrigin, hub: FakeHub
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        (asked,) = await hub.confirmed()
        callback = asked.form["hub.callback"]
        await poller.pause(0.1)
        paused = [await hub.push(callback + "x", "", b""), *(await hub.publish(TOPIC, body(item("New", guid="2"))))]
        poller.resume()
        unknown = await hub.push(callback + "x", "", b"")
        again = await hub.publish(TOPIC, body(item("New", guid="2")))
        poller.unsubscribe(url)
        removed = await hub.publish(TOPIC, body(item("Newer", guid="3")))
    assert (paused, unknown, again, removed) == ([503, 503], 410, [204], [410])
    assert hub.subscribers == {}


@pytest.mark.parametrize(
    ("manners", "fault"),
    [
        (HubManners(denies="no such feed"), "denied: no such feed"),
        (HubManners(status=403, body="go away"), "HTTP 403 Forbidden: go away"),
        (HubManners(status=500), "HTTP 500 Internal Server Error"),
        (HubManners(status=307), "HTTP 307 Temporary Redirect to no web address"),
    ],
)
async def test_a_hub_that_denies_or_fails_is_told_and_asked_again_later(
    origin: FakeOrigin, hub: FakeHub, manners: HubManners, fault: str
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    hub.manners = manners
    moment = [real_now()]
    async with pushing(outbox, url, now=lambda: moment[0], **SLOW) as (poller, _):
        state = await state_once(poller, url, lambda state: state.push is not None and state.push.fault is not None)
        assert state.push is not None
        assert state.push.fault == fault
        wait = parse_timestamp(state.push.ask_at) - parse_timestamp(format_timestamp(moment[0]))
        assert wait == (timedelta(days=1) if manners.denies else timedelta(minutes=5))
        if manners.denies is None:
            for count in (2, 3):
                moment[0] += timedelta(hours=1)
                await state_once(poller, url, lambda state, count=count: state.push.failures == count)
        moment[0] += timedelta(seconds=1)
        ask_anew(poller, url, moment[0])
        await state_once(poller, url, lambda state: state.health == "unpushed")
        hub.manners = HubManners()
        moment[0] += timedelta(days=1, seconds=1)
        await state_once(poller, url, lambda state: is_confirmed(state) and state.push.fault is None)


async def test_until_when_a_hub_wants_to_be_left_alone_is_reckoned_by_the_clock_that_is_given(
    origin: FakeOrigin, hub: FakeHub
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    moment = real_now().replace(microsecond=0) + timedelta(days=100)
    until = moment + timedelta(hours=2)
    hub.manners = HubManners(status=503, retry_after=format_datetime(until, usegmt=True))
    async with pushing(outbox, url, now=lambda: moment, **SLOW) as (poller, _):
        state = await state_once(poller, url, lambda state: state.push is not None and state.push.failures == 1)
    assert state.push is not None
    assert parse_timestamp(state.push.ask_at) == until


async def test_what_a_hub_asks_is_answered_by_what_holds_once_it_is_its_turn(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = HeldOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))

    def moved(state: FeedState) -> FeedState:
        return msgspec.structs.replace(state, topic=f"{TOPIC}?moved")

    async with pushing(outbox, url, **SLOW) as (poller, subscriber):
        state = await state_once(poller, url, is_confirmed)
        assert state.push is not None
        token = state.push.callback.rpartition("/")[2]
        outbox.is_back.clear()
        # Holds what is known of the feed until it is safe, and the hub's question waits for that
        change = asyncio.create_task(poller.change(url, moved))
        asked = asyncio.create_task(subscriber.confirm(token, TOPIC, 1_000.0))
        await asyncio.sleep(0)
        outbox.is_back.set()
        assert await change
        assert await asked is False


async def test_a_denial_that_cannot_be_saved_is_to_be_sent_again(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = HeldOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        await hub.confirmed()
        (callback,) = [address for _, address in hub.subscribers]
        outbox.is_stopped = True
        lost, _ = await hub.ask(callback, mode="denied", topic=TOPIC, reason="no")
        outbox.is_stopped = False
        safe, _ = await hub.ask(callback, mode="denied", topic=TOPIC, reason="no")
        assert (lost, safe) == (503, 200)
        assert not is_confirmed(poller.states[url])


async def test_a_push_of_a_feed_that_is_removed_meanwhile_is_not_taken(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        read = Visitor.pushed

        async def read_as_it_is_removed(visitor: Visitor, *given: Any) -> Visit | UnreadableFeed:
            visit = await read(visitor, *given)
            poller.unsubscribe(url)
            return visit

        monkeypatch.setattr(Visitor, "pushed", read_as_it_is_removed)
        assert await hub.publish(TOPIC, b"hello") == [503]
    assert [article.title for article in outbox.articles] == ["Old"]


async def test_a_feed_that_is_removed_and_added_during_a_push_has_its_entries_published_once(
    origin: FakeOrigin, hub: FakeHub
) -> None:
    outbox = HeldOutbox()
    url, new = renewed_feed(origin, hub)
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        outbox.is_back.clear()
        pushed = asyncio.create_task(hub.publish(TOPIC, body(new)))
        await until(outbox.is_waiting, "what is pushed is being sent")
        subscription, state = poller.subscriptions[url], poller.unsubscribe(url)
        poller.subscribe(msgspec.structs.replace(subscription, decided_at=format_timestamp(real_now())), state)
        await origin.wait_for("/feed", 2)
        await origin.wait_until_all_answered()
        # A visit that does not wait for the push has read the document by then
        await asyncio.sleep(0.3)
        outbox.is_back.set()
        assert await pushed == [204]
        await state_once(poller, url, lambda found: found.checked_at != state.checked_at)
    assert [article.title for article in outbox.articles] == ["Old", "New"]


@pytest.mark.parametrize("work", ["a push", "a visit", "a hub's question"])
async def test_what_is_not_safe_when_feeds_move_is_given_up_and_left_to_their_next_poller(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    monkeypatch.setattr(loop, "GRACE_SECONDS", 0.1)
    outbox = HeldOutbox()
    url, new = renewed_feed(origin, hub)
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        await hub.confirmed()
        (callback,) = [address for _, address in hub.subscribers]
        outbox.is_back.clear()
        if work == "a visit":
            ask_anew(poller, url, real_now())
        question = {"mode": "subscribe", "topic": TOPIC, "challenge": "x"}
        asked = {
            "a push": partial(hub.publish, TOPIC, body(new)),
            "a hub's question": partial(hub.ask, callback, **question),
        }.get(work)
        answer = None if asked is None else asyncio.create_task(asked())
        await until(outbox.is_waiting, "something is being sent")
        await poller.pause(0.1)
        assert not outbox.waiting
        if answer is not None:
            assert await answer == ([503] if work == "a push" else (503, ""))
        # It comes back as another poller has left it
        theirs = msgspec.structs.replace(poller.unsubscribe(url), gaps=7)
        saved = len(outbox.saved)
        poller.subscribe(Subscription(url=url, place="test"), theirs)
        outbox.is_back.set()
        poller.resume()
        assert await hub.publish(TOPIC, body(new)) == [204]
    assert [article.title for article in outbox.articles] == ["Old", "New"]
    assert {state.gaps for state in outbox.saved[saved:]} == {7}


async def test_what_was_pushed_to_the_former_poller_of_a_feed_is_found_by_a_visit_soon(
    origin: FakeOrigin, hub: FakeHub
) -> None:
    outbox = MemoryOutbox()
    url, _ = renewed_feed(origin, hub)
    moment = [real_now()]
    given = {"now": lambda: moment[0], "longest_sleep_seconds": 0.05, **SLOW}
    async with pushing(outbox, url, **given) as (poller, _):
        await state_once(poller, url, is_confirmed)
    async with pushing(outbox, url, states=outbox.states, **given) as (poller, _):
        await hub.confirmed(2)
        assert len(origin.requests) == 1
        moment[0] += timedelta(minutes=5, seconds=1)
        await origin.wait_for("/feed", 2)
        visited_at = format_timestamp(moment[0])
        await state_once(poller, url, lambda state: state.changed_at >= visited_at)
    assert [article.title for article in outbox.articles] == ["Old", "New"]


@pytest.mark.parametrize("denies", [False, True])
async def test_what_a_hub_repeats_of_our_secrets_is_hidden(
    origin: FakeOrigin, hub: FakeHub, capsys: pytest.CaptureFixture[str], denies: bool
) -> None:
    hub.manners = HubManners(denies="{form}") if denies else HubManners(status=400, body="not valid: {form}")
    url = origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(MemoryOutbox(), url, **SLOW) as (poller, _):
        state = await state_once(poller, url, lambda state: state.push is not None and state.push.fault is not None)
    assert state.push is not None
    words = f"{state.push.callback.rpartition('/')[0]}/*** ***"
    said = f"denied: {words}" if denies else f"HTTP 400 Bad Request: not valid: {words}"
    assert state.push.fault == said
    logged = capsys.readouterr().out
    assert words in logged
    assert state.push.secret not in logged
    assert state.push.callback not in logged


async def test_a_redirect_of_a_hub_is_followed(origin: FakeOrigin, hub: FakeHub) -> None:
    async with FakeHub(origin, "/another") as other:
        hub.manners = HubManners(status=308, location=other.url)
        outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
        async with pushing(outbox, url, **SLOW) as (poller, _):
            await other.confirmed()
            await state_once(poller, url, is_confirmed)


async def test_after_a_failure_the_next_of_several_hubs_is_asked(origin: FakeOrigin, hub: FakeHub) -> None:
    async with FakeHub(origin, "/broken") as broken:
        broken.manners.status = 500
        links = f'<{broken.url}>; rel="hub", <{hub.url}>; rel=hub, <{TOPIC}>; rel="self"'
        outbox, url = MemoryOutbox(), origin.says("/feed", feed(item("Old", guid="1"), Link=links))
        moment = [real_now()]
        async with pushing(outbox, url, now=lambda: moment[0], **SLOW) as (poller, _):
            await state_once(poller, url, lambda state: state.push is not None and state.push.failures == 1)
            moment[0] += timedelta(hours=1)
            await state_once(poller, url, is_confirmed)
    assert (len(broken.requests), len(hub.requests)) == (1, 1)


@pytest.mark.parametrize("way", ["direct", "by name", "redirected"])
@pytest.mark.parametrize("is_private", [False, True])
async def test_a_hub_is_never_asked_at_a_private_address_unless_that_is_its_feeds_own_server(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch, way: str, is_private: bool
) -> None:
    async def led(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": hub.url})

    if not is_private:
        count_as_public(monkeypatch, "127.0.0.2")
    async with FakeOrigin("127.0.0.2") as server:
        place = {
            "direct": hub.url,
            "by name": hub.url.replace("127.0.0.1", "localhost"),
            "redirected": server.takes("/hub", led),
        }[way]
        push = HubSubscription(
            hub=place, topic=TOPIC, callback="https://c.example/abc123", secret="def456", asked_at="", ask_at=""
        )
        resolver = aiohttp.AsyncResolver()
        async with open_hub_client(allow=LOOPBACK, resolver=resolver, user_agent="test", now=real_now) as client:
            refusal = await client.ask(push, 1_000, own_url=f"{server.base}/feed" if is_private else None)
        await resolver.close()
    assert refusal is not None
    assert "address 127.0.0.1 is loopback" in refusal.reason or "::1 is loopback" in refusal.reason
    assert hub.requests == []


async def test_a_document_that_is_too_large_is_refused_and_the_feed_visited(origin: FakeOrigin, hub: FakeHub) -> None:
    new = item("New", guid="2")
    outbox = MemoryOutbox()
    url = origin.says("/feed", hubbed(hub, item("Old", guid="1")), hubbed(hub, new, item("Old", guid="1")))
    async with pushing(outbox, url, interval_seconds=0.5, body_limit_bytes=10_000) as (poller, _):
        await state_once(poller, url, is_confirmed)
        assert await hub.publish(TOPIC, body(item("x" * 20_000, guid="2"))) == [413]
        await outbox.saved_once(url, 4)
    assert [article.title for article in outbox.articles] == ["Old", "New"]


@pytest.mark.parametrize("sent", [b"", b"hello", b"<rss", b"\0" * 1_000])
async def test_what_cannot_be_read_makes_the_feed_due(origin: FakeOrigin, hub: FakeHub, sent: bytes) -> None:
    outbox = MemoryOutbox()
    url, _ = renewed_feed(origin, hub)
    moment = [real_now()]
    async with pushing(outbox, url, now=lambda: moment[0], longest_sleep_seconds=0.05, own=False, **SLOW) as (
        poller,
        _,
    ):
        await state_once(poller, url, lambda state: state.push is not None)
    # A public feed on a network that is allowed is not asked: so its state is made here
    state = msgspec.structs.replace(outbox.states[url], push=None)
    async with pushing(outbox, url, states={url: state}, now=lambda: moment[0], longest_sleep_seconds=0.05, **SLOW) as (
        poller,
        _,
    ):
        await state_once(poller, url, is_confirmed)
        assert await hub.publish(TOPIC, sent) == [204]
        moment[0] += timedelta(minutes=5, seconds=1)
        await origin.wait_for("/feed", 2)
        await outbox.saved_once(url, 5)
    assert [article.title for article in outbox.articles] == ["Old", "New"]


async def test_a_hub_that_pushes_without_end_is_told_to_wait(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber_module, "REQUESTS_A_MINUTE", 4)
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        # With its question whether the feed is wanted
        found = [(await hub.publish(TOPIC, body(item(f"{n}", guid=f"{n}"))))[0] for n in range(5)]
        (callback,) = [address for _, address in hub.subscribers]
        questions = [await hub.ask(callback, mode=mode, topic="", challenge="x") for mode in ("subscribe", "denied")]
    assert found == [204, 204, 204, 429, 429]
    assert [status for status, _ in questions] == [429, 429]


async def test_while_kafka_is_away_a_hub_that_asks_or_denies_is_told_to_come_again(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "TAKEN_SECONDS", 0.2)
    outbox = HeldOutbox()
    url = origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await hub.confirmed()
        (callback,) = [address for _, address in hub.subscribers]

        async def status_of(mode: str) -> int:
            return (await hub.ask(callback, mode=mode, topic=TOPIC, challenge="x", reason="no"))[0]

        for mode in ("subscribe", "denied"):
            outbox.is_back.clear()
            async with asyncio.timeout(5.0):
                assert [await status_of(mode), await status_of(mode)] == [503, 503]
            outbox.is_back.set()
            await found_once(partial(status_of, mode), lambda status: status == 200, f"{mode} is answered")
        assert not is_confirmed(poller.states[url])


async def test_a_hub_that_sends_slowly_has_one_document_of_a_feed_under_way_and_others_do_not_wait(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "SLOT_SECONDS", 0.2)
    outbox, gate = MemoryOutbox(), asyncio.Event()
    topics = [f"{TOPIC}?{number}" for number in range(5)]
    urls = [
        origin.says(f"/feed{number}", hubbed(hub, item("Old", guid=f"{number}"), topic=topic))
        for number, topic in enumerate(topics)
    ]

    async def slow() -> AsyncIterator[bytes]:
        yield b"<rss>"
        await gate.wait()

    async with pushing(outbox, *urls, **SLOW) as (poller, _), aiohttp.ClientSession() as session:
        for url in urls:
            await state_once(poller, url, is_confirmed)
        await hub.confirmed(len(urls))
        addresses = dict(hub.subscribers.keys())

        async def send_slowly(topic: str) -> int:
            async with session.post(addresses[topic], data=slow()) as response:
                return response.status

        async def is_sending(topic: str) -> bool:
            return await hub.push(addresses[topic], "another", b"") == 429

        begun = []
        for topic in topics[:4]:
            begun.append(asyncio.create_task(send_slowly(topic)))
            await until(partial(is_sending, topic), "a second document is refused", patience=5.0)
            if topic == topics[0]:
                assert await hub.publish(topics[4], body(item("New", guid="new"))) == [204]
        assert await hub.publish(topics[4], body(item("Newer", guid="newer"))) == [503]
        gate.set()
        assert await asyncio.gather(*begun) == [202] * 4
        assert await hub.publish(topics[4], body(item("Newer", guid="newer"))) == [204]
        assert await hub.publish(topics[0], body(item("Newest", guid="newest"))) == [204]


class HeldOutbox(MemoryOutbox):
    """Nothing becomes safe while `is_back` is not set, as if Kafka were away; no state once it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.is_back = asyncio.Event()
        self.is_back.set()
        self.waiting = 0
        self.is_stopped = False

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        self.waiting += 1
        try:
            await self.is_back.wait()
        finally:
            self.waiting -= 1
        return await super().publish(articles, keys)

    async def save(self, state: FeedState, before: FeedState | None) -> bool:
        self.waiting += 1
        try:
            await self.is_back.wait()
        finally:
            self.waiting -= 1
        return not self.is_stopped and await super().save(state, before)

    async def is_empty(self) -> bool:
        return self.waiting == 0

    async def is_waiting(self) -> bool:
        return self.waiting > 0


async def test_while_kafka_is_away_no_more_pushes_are_held_than_may_be(
    origin: FakeOrigin, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "TAKEN_SECONDS", 0.2)
    outbox = HeldOutbox()
    topics = [f"{TOPIC}?{number}" for number in range(6)]
    urls = [
        origin.says(f"/feed{number}", hubbed(hub, item("Old", guid=f"{number}"), topic=topic))
        for number, topic in enumerate(topics)
    ]
    async with pushing(outbox, *urls, **SLOW) as (poller, _):
        for url in urls:
            await state_once(poller, url, is_confirmed)
        outbox.is_back.clear()
        for topic in [*topics, *topics]:
            assert await hub.publish(topic, body(item("New", guid=topic))) == [503]
        assert outbox.waiting == 4
        outbox.is_back.set()
        await until(outbox.is_empty, "what waited is safe")
        assert [await hub.publish(topic, body(item("New", guid=topic))) for topic in topics] == [[204]] * 6
    assert sorted(article.title for article in outbox.articles) == ["New"] * 6 + ["Old"] * 6


async def test_a_hostile_document_costs_what_it_costs_in_a_visit(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    hostile = documents()["billion laughs"], documents()["nested elements"]
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        for document in hostile:
            began = time.monotonic()
            assert await hub.publish(TOPIC, document) == [204]
            assert time.monotonic() - began < 5.0
        assert await hub.publish(TOPIC, body(item("New", guid="2"))) == [204]
    assert "New" in [article.title for article in outbox.articles]


async def test_a_push_and_a_visit_at_once_publish_an_entry_once(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox = MemoryOutbox()
    old, new = item("Old", guid="1"), item("New", guid="2")
    gate = asyncio.Event()
    held = hubbed(hub, new, old)
    url = origin.says("/feed", hubbed(hub, old), Answer(held.body, headers=held.headers, gate=gate), status(304))
    async with pushing(outbox, url, interval_seconds=0.3) as (poller, _):
        await state_once(poller, url, is_confirmed)
        await origin.wait_for("/feed", 2)
        assert await hub.publish(TOPIC, body(new)) == [204]
        checked = poller.states[url].checked_at
        gate.set()
        await state_once(poller, url, lambda state: state.checked_at != checked)
    assert [article.title for article in outbox.articles] == ["Old", "New"]


async def test_a_visit_that_is_behind_the_hub_forgets_nothing(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox = MemoryOutbox()
    old, other, new = item("Old", guid="1"), item("Other", guid="3"), item("New", guid="2")
    late = [hubbed(hub, old), hubbed(hub, other, old), hubbed(hub, new, other, old), status(304)]
    url = origin.says("/feed", *late)
    async with pushing(outbox, url, **SLOW) as (poller, _):
        await state_once(poller, url, is_confirmed)
        assert await hub.publish(TOPIC, body(new)) == [204]
        for count in (2, 3, 4):
            ask_anew(poller, url, real_now())
            await origin.wait_for("/feed", count)
            state = await state_once(poller, url, lambda state: poller.is_idle)
    assert [article.title for article in outbox.articles] == ["Old", "New", "Other"]
    assert state.push is not None
    # "Other" was not pushed: the hub is not relied on
    assert not state.push.is_trusted


async def test_feeds_whose_news_are_pushed_are_visited_less(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox = MemoryOutbox()
    url = origin.says("/feed", hubbed(hub, item("Old", guid="1")), status(304))
    async with pushing(outbox, url, interval_seconds=0.3) as (poller, _):
        await state_once(poller, url, is_confirmed)
        assert await hub.publish(TOPIC, body(item("New", guid="2"))) == [204]
        checked = poller.states[url].checked_at
        state = await state_once(poller, url, lambda state: state.checked_at != checked)
        wait = parse_timestamp(state.next_poll_at or "") - real_now()
    assert timedelta(minutes=59) < wait < timedelta(minutes=67)


async def test_without_the_setting_no_hub_is_asked(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with polling(outbox, url, interval_seconds=0.1):
        state = await outbox.saved_once(url, 3)
    assert (state.hubs, state.topic, state.push) == ((hub.url,), TOPIC, None)
    assert hub.requests == []


async def test_a_feed_that_was_read_before_hubs_were_is_read_whole_once(origin: FakeOrigin, hub: FakeHub) -> None:
    outbox, url = MemoryOutbox(), origin.says("/feed", hubbed(hub, item("Old", guid="1")))
    async with polling(outbox, url, interval_seconds=0.1):
        before = await outbox.saved_once(url, 1)
    known = msgspec.structs.replace(before, hubs=None, topic=None, next_poll_at=None)
    async with pushing(outbox, url, states={url: known}, interval_seconds=0.1) as (poller, _):
        await state_once(poller, url, is_confirmed)
    assert [article.title for article in outbox.articles] == ["Old"]
