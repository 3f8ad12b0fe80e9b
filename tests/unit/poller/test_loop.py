"""The polling loop with real servers: whatever one feed does, the others are visited as if it were not there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from prometheus_client import CollectorRegistry

from firstwire.poller import fetch
from firstwire.poller.loop import Poller
from schemas.feed import FeedState
from tests.fakes.origin import Answer, Asked, FakeOrigin, feed, item, page, silent, status, with_raw_header
from tests.fakes.outbox import MemoryOutbox
from tests.support.polling import polling
from tests.support.waiting import found_once

pytestmark = pytest.mark.slow


@pytest.fixture
async def origin() -> AsyncIterator[FakeOrigin]:
    async with FakeOrigin() as fake:
        yield fake


TAG = f"<category>{'x' * 1_000}</category>"

HARMFUL = {
    "a validator that is not UTF-8": with_raw_header(feed(item("Harm", guid="1")), b'ETag: "\xfc\xdf"'),
    "a validator of 2 kB": feed(item("Harm", guid="1"), ETag='"' + "x" * 2_000 + '"'),
    "a title of 950 kB": feed(item("Harm", guid="1"), title="T" * 950_000),
    "an author of 900 kB": feed(item("Harm", guid="1", author="A" * 900_000)),
    "a guid of 900 kB": feed(item("Harm", guid="G" * 900_000)),
    "a language of 900 kB": feed(item("Harm", guid="1"), language="x" * 900_000),
    "a link of 900 kB": feed(item("Harm", guid="1", link="https://a.example/" + "x" * 900_000)),
    "a date of 900 kB": feed(item("Harm", guid="1", pubDate="Thu, 03 Jul 2025 " * 50_000)),
    "a thousand tags of 1 kB": feed(f"<item><title>Harm</title>{TAG * 1_000}</item>"),
}


@pytest.mark.parametrize("answer", HARMFUL.values(), ids=HARMFUL)
async def test_what_one_feed_sends_ends_no_poller_and_is_read(origin: FakeOrigin, answer: Answer) -> None:
    outbox = MemoryOutbox()
    bad, good = origin.says("/bad", answer), origin.says("/good", feed(item("Good", guid="1")))
    async with polling(outbox, bad, good):
        await outbox.saved_once(bad, 2)
        await outbox.saved_once(good, 2)
    assert outbox.states[bad].health == "ok"
    assert {article.title for article in outbox.articles} == {"Harm", "Good"}


async def test_a_bug_in_one_visit_is_that_feeds_failure(origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = MemoryOutbox()
    save = outbox.save
    bad, good = origin.says("/bad", feed(item("Bad", guid="1"))), origin.says("/good", feed(item("Good", guid="1")))

    async def refusing(state: FeedState, before: FeedState | None) -> bool:
        if state.url == bad:
            raise ValueError("cannot be saved")
        return await save(state, before)

    monkeypatch.setattr(outbox, "save", refusing)
    async with polling(outbox, bad, good) as poller:
        await outbox.saved_once(good, 3)
        await origin.wait_for("/bad", 2)
        assert poller.states[bad].last_error == f"{bad}: internal error: ValueError"
    assert bad not in outbox.states


async def test_slow_servers_take_no_turn_from_the_others(origin: FakeOrigin) -> None:
    outbox = MemoryOutbox()
    slow = [origin.says(f"/slow{number}", silent()) for number in range(6)]
    state = {url: FeedState(url=url, lane="slow") for url in slow}
    good = origin.says("/good", feed(item("Good", guid="1"), ETag='"1"'), status(304))
    async with FakeOrigin("127.0.0.2") as other:
        elsewhere = other.says("/good", feed(item("Good", guid="1"), ETag='"1"'), status(304))
        async with polling(outbox, *slow, good, elsewhere, states=state, concurrency=1, interval_seconds=0.05):
            await outbox.saved_once(elsewhere, 10)
    assert origin.most_in_flight <= 2


async def test_entries_that_came_and_went_between_two_visits_are_reported_and_the_interval_shrinks(
    origin: FakeOrigin,
) -> None:
    outbox = MemoryOutbox()
    windows = [feed(*(item(f"{n}", guid=f"{n}") for n in range(start, start + 5))) for start in (0, 20, 22)]
    url = origin.says("/feed", *windows)
    async with polling(outbox, url, interval_seconds=0.8):
        await outbox.saved_once(url, 4)
    assert [state.gaps for state in outbox.saved[:3]] == [0, 1, 1]
    assert [state.health for state in outbox.saved[:3]] == ["undated", "gapped", "gapped"]
    asked = [request.at for request in origin.requests_of("/feed")]
    assert asked[2] - asked[1] < 0.5 < asked[1] - asked[0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(304), "HTTP 304 Not Modified, to a request without validators"),
        (status(200), "the answer is empty"),
        (page(), "a web page, not a feed"),
    ],
)
async def test_what_is_no_answer_is_no_success(origin: FakeOrigin, answer: Answer, reason: str) -> None:
    outbox = MemoryOutbox()
    url = origin.says("/feed", answer)
    async with polling(outbox, url):
        state = await outbox.saved_once(url)
    assert (state.health, state.last_error) == ("failing", f"{url}: {reason}")


async def test_a_new_feed_publishes_its_newest_entries_and_remembers_the_others(origin: FakeOrigin) -> None:
    outbox = MemoryOutbox()
    today = format_datetime(datetime.now(UTC))
    old, new = item("Old", guid="1", pubDate="Thu, 03 Jul 2025 10:00:00 GMT"), item("New", guid="2", pubDate=today)
    later = item("Later", guid="3", pubDate="Wed, 02 Jul 2025 10:00:00 GMT")
    url = origin.says("/feed", feed(new, old), feed(later, new, old), status(404))
    async with polling(outbox, url, first_poll_seconds=3600.0):
        await outbox.saved_once(url, 3)
    assert [article.title for article in outbox.articles] == ["New", "Later"]


async def test_a_feed_whose_host_does_not_resolve_is_visited_fails_and_waits(origin: FakeOrigin) -> None:
    outbox = MemoryOutbox()
    # A name that resolvers refuse without asking anyone (RFC 7686)
    lost, good = "http://nowhere.onion/feed", origin.says("/feed", feed(item("Good", guid="1")))
    async with polling(outbox, lost, good, interval_seconds=3600.0) as poller:
        state = await outbox.saved_once(lost)
        await outbox.saved_once(good)
        await found_once(idle_of(poller), bool)
        assert (poller.seconds_to_next or 0.0) > 3000
    assert (state.health, state.failures) == ("failing", 1)
    assert (state.last_error or "").startswith(f"{lost}: the host name cannot be resolved: ")


async def test_a_server_that_is_always_slow_stays_in_the_slow_lane(
    origin: FakeOrigin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "FAST_VISIT_SECONDS", 0.3)
    whole = feed(item("One", guid="1"), ETag='"1"')

    def behave(asked: Asked) -> Answer:
        gate = asyncio.Event()
        asyncio.get_running_loop().call_later(0.8, gate.set)
        if "If-None-Match" in asked.headers:
            return Answer(status=304, gate=gate)
        return Answer(whole.body, headers=whole.headers, gate=gate)

    outbox, url = MemoryOutbox(), origin.behaves("/feed", behave)
    async with polling(outbox, url):
        await outbox.saved_once(url, 4)
    assert [(state.lane, state.health) for state in outbox.saved[:4]] == [("slow", "failing"), *[("slow", "ok")] * 3]


async def test_what_our_settings_refused_is_asked_at_once_when_they_change(origin: FakeOrigin) -> None:
    outbox = MemoryOutbox()
    url = origin.says("/feed", feed(item("One", guid="1")))
    async with polling(outbox, url, interval_seconds=3600.0, allow=(), policy="strict"):
        refused = await outbox.saved_once(url)
    assert refused.health == "refused"
    assert "poller.allow_private_addresses" in (refused.last_error or "")
    async with polling(outbox, url, interval_seconds=3600.0, states=outbox.states, allow=(), policy="strict") as poller:

        async def planned() -> float | None:
            return poller.seconds_to_next

        assert await found_once(planned, lambda found: found is not None) > 3000
    async with polling(outbox, url, interval_seconds=3600.0, states=outbox.states, policy="open"):
        read = await outbox.saved_once(url, 2)
    assert (read.health, read.policy) == ("ok", None)


async def test_visits_and_healths_are_counted(origin: FakeOrigin) -> None:
    outbox, registry = MemoryOutbox(), CollectorRegistry()
    good = origin.says("/good", feed(item("Good", guid="1"), ETag='"1"'), status(304))
    bad = origin.says("/bad", status(404))

    def value(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(f"firstwire_{name}", labels)

    async with polling(outbox, good, bad, registry=registry) as poller:
        await outbox.saved_once(good, 3)
        await outbox.saved_once(bad, 1)
        await found_once(counted_of(lambda: value("feed_visits_total", result="unchanged")), lambda found: found >= 2)
        assert (value("feeds", health="ok"), value("feeds", health="failing"), value("feeds", health="new")) == (
            1,
            1,
            0,
        )
        assert value("articles_published_total") == value("feed_visits_total", result="news") == 1
        poller.unsubscribe(bad)
        assert value("feeds", health="failing") == 0
    assert (value("feed_visit_delay_seconds_count") or 0) >= 2


def counted_of(value: Callable[[], float | None]) -> Callable[[], Awaitable[float]]:
    async def count() -> float:
        return value() or 0.0

    return count


async def test_feeds_that_are_no_longer_well_are_told_once_over_restarts(origin: FakeOrigin) -> None:
    outbox = MemoryOutbox()
    gone, good = origin.says("/gone", status(410)), origin.says("/good", feed(item("Good", guid="1")))
    for _ in range(2):
        async with polling(outbox, gone, good, states=outbox.states) as poller:
            await outbox.saved_once(gone)
            await found_once(idle_of(poller), bool)
            await poller.tell_health()
            await poller.tell_health()
    assert [alert.headline.partition(":")[0] for alert in outbox.alerts] == ["A feed is gone"]
    assert outbox.states[gone].told_health == "gone"


async def test_every_state_that_is_written_is_counted(origin: FakeOrigin) -> None:
    outbox, registry = MemoryOutbox(), CollectorRegistry()
    gone = origin.says("/gone", status(410))
    async with polling(outbox, gone, registry=registry) as poller:
        await outbox.saved_once(gone)
        await found_once(idle_of(poller), bool)
        await poller.tell_health()
    assert len(outbox.saved) == 2
    assert registry.get_sample_value("firstwire_feed_states_written_total") == 2


def idle_of(poller: Poller) -> Callable[[], Awaitable[bool]]:
    async def idle() -> bool:
        return poller.is_idle

    return idle


async def test_a_clock_that_is_set_back_lets_no_feed_wait_for_that_time_again(origin: FakeOrigin) -> None:
    outbox, behind = MemoryOutbox(), timedelta(0)
    url = origin.says("/feed", feed(item("First", guid="1")))
    async with polling(outbox, url, now=lambda: datetime.now(UTC) - behind, longest_sleep_seconds=0.05):
        await outbox.saved_once(url, 1)
        behind = timedelta(hours=1)
        await origin.wait_for("/feed", 4)
