"""A day of a publisher's server, by its own log: every kind of answer, with two restarts of the poller.

The sockets, worker processes and bytes are real; only the clock is moved on as soon as nothing is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from schemas.feed import FeedState
from tests.fakes.origin import Answer, Asked, Behavior, FakeOrigin, feed, item, page, status, with_raw_header
from tests.fakes.outbox import MemoryOutbox
from tests.support.polling import VirtualClock, polling

pytestmark = pytest.mark.slow

START = datetime(2025, 7, 3, 0, 0, 0, tzinfo=UTC)  # a Thursday
MINUTE, HOUR = 60.0, 3600.0
JITTER = 1.1
KINDS: dict[str, tuple[Callable[[], Behavior], Kind]] = {}


@dataclass(frozen=True)
class Kind:
    """What is expected of a feed: the waits between its requests, and what these contain."""

    wait_seconds: float = 15 * MINUTE
    """The shortest wait; the longest is a tenth more unless `longest_seconds` says otherwise."""
    longest_seconds: float | None = None
    sends: tuple[str | None, str | None] | None = None
    """If-None-Match and If-Modified-Since of all requests but the first; None for any."""
    requests: int | None = None
    health: str = "ok"


def kind(name: str, behavior: Callable[[], Behavior], **expected: object) -> None:
    KINDS[name] = (behavior, Kind(**expected))  # type: ignore[arg-type]


def always(answer: Answer) -> Callable[[], Behavior]:
    return lambda: lambda asked: answer


def good(extra: str = "", **headers: str) -> Answer:
    return feed(item("One", guid="1"), item("Two", guid="2"), extra=extra, **headers)


def cached(extra: str = "", not_modified: Mapping[str, str] | None = None, **headers: str) -> Callable[[], Behavior]:
    """A server that honors its validators."""
    full = good(extra, **headers)
    sent = (full.headers.get("ETag"), full.headers.get("Last-Modified"))

    def behave(asked: Asked) -> Answer:
        if (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since")) == sent:
            return Answer(status=304, headers=not_modified or {})
        return full

    return lambda: behave


def scripted(*answers: Answer) -> Callable[[], Behavior]:
    """One answer after the other; the last one stays."""

    def start() -> Behavior:
        left = list(answers)
        return lambda asked: left.pop(0) if len(left) > 1 else left[0]

    return start


LM = "Thu, 03 Jul 2025 00:00:00 GMT"
kind("etag", cached(ETag='"a"'), sends=('"a"', None))
kind("weak etag", cached(ETag='W/"a b;c"'), sends=('W/"a b;c"', None))
kind("bare etag", cached(ETag="abc-gzip"), sends=("abc-gzip", None))
kind("etag of umlauts", cached(ETag='"ü"'), sends=('"ü"', None))
kind("etag of 1 kB", cached(ETag='"' + "x" * 1_000 + '"'), sends=('"' + "x" * 1_000 + '"', None))
kind("last-modified", cached(Last_Modified=LM), sends=(None, LM))
kind("odd last-modified", cached(Last_Modified="3 July 2025, early"), sends=(None, "3 July 2025, early"))
kind("both", cached(ETag='"a"', Last_Modified=LM), sends=('"a"', LM))
kind("expires 0", always(good(ETag='"a"', Last_Modified=LM, Expires="0")), sends=(None, None), wait_seconds=HOUR)
kind("no validators", always(good()), sends=(None, None), wait_seconds=HOUR)
kind("validators that are ignored", always(good(ETag='"a"')), sends=('"a"', None))
kind("max-age below", cached(ETag='"a"', Cache_Control="max-age=60"))
kind("max-age above", cached(ETag='"a"', Cache_Control="max-age=1800"), wait_seconds=30 * MINUTE)
kind("max-age quoted", cached(ETag='"a"', Cache_Control='public, max-age="2700"'), wait_seconds=45 * MINUTE)
kind("max-age of a year", cached(ETag='"a"', Cache_Control="max-age=31536000"), wait_seconds=24 * HOUR, requests=1)
kind("no-cache", cached(ETag='"a"', Cache_Control="no-cache, max-age=7200"))
kind("no-store", cached(ETag='"a"', Cache_Control="no-store, max-age=7200"))
kind(
    "cache-control before expires", cached(ETag='"a"', Cache_Control="public", Expires="Fri, 04 Jul 2025 00:00:00 GMT")
)
kind("expires past", cached(ETag='"a"', Expires="Wed, 02 Jul 2025 00:00:00 GMT"))
kind("ttl below", cached("<ttl>1</ttl>", ETag='"a"'))
kind("ttl above", cached("<ttl>60</ttl>", ETag='"a"'), wait_seconds=HOUR)
kind("ttl of a year", cached("<ttl>525600</ttl>", ETag='"a"'), wait_seconds=24 * HOUR, requests=1)
SY = "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>{}</sy:updatePeriod>"
OFTEN = "<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>{}</sy:updateFrequency>"
kind("update period", cached(SY.format("hourly"), ETag='"a"'), wait_seconds=HOUR)
kind("update frequency", cached(SY.format("hourly") + OFTEN.format(2), ETag='"a"'), wait_seconds=30 * MINUTE)
kind("update daily", cached(SY.format("daily"), ETag='"a"'), wait_seconds=24 * HOUR, requests=1)
kind("skip all hours", cached(f"<skipHours>{''.join(f'<hour>{h}</hour>' for h in range(24))}</skipHours>", ETag='"a"'))
kind(
    "skip hours", cached("<skipHours><hour>3</hour><hour>4</hour></skipHours>", ETag='"a"'), longest_seconds=2.3 * HOUR
)
kind("skip days", cached("<skipDays><day>Thursday</day></skipDays>", ETag='"a"'), requests=1)
kind(
    "not modified with max-age",
    cached(not_modified={"Cache-Control": "max-age=2400"}, ETag='"a"'),
    longest_seconds=44 * MINUTE,
)
kind("status 203", lambda: lambda asked: Answer(good().body, 203, {"ETag": '"a"'}), sends=('"a"', None))
for code in (400, 401, 404, 405, 406, 418, 451, 500, 502, 504, 599):
    kind(f"status {code}", always(status(code)), longest_seconds=24 * HOUR, health="failing")
kind("gone", always(status(410)), requests=1, health="gone")
kind("forbidden", always(status(403)), wait_seconds=4 * HOUR, longest_seconds=24 * HOUR, health="blocked")
kind(
    "challenge",
    always(status(503, cf_mitigated="challenge")),
    wait_seconds=4 * HOUR,
    longest_seconds=24 * HOUR,
    health="blocked",
)
kind("page", always(page()), longest_seconds=24 * HOUR, health="failing")
kind("empty", always(status(200)), longest_seconds=24 * HOUR, health="failing")
kind("unasked 304", always(status(304)), longest_seconds=24 * HOUR, health="failing")
kind("no feed", always(Answer(b"hello")), longest_seconds=24 * HOUR, health="failing")
kind(
    "fails and comes back",
    scripted(good(ETag='"a"'), status(500), status(500), good(ETag='"b"')),
    longest_seconds=40 * MINUTE,
)
kind(
    "loses its validators",
    scripted(good(ETag='"a"'), good("<x/>")),
    wait_seconds=15 * MINUTE,
    longest_seconds=66 * MINUTE,
)
kind("etag of bytes", always(with_raw_header(good(Last_Modified=LM), b'ETag: "\xfc\xdf"')), sends=(None, LM))
kind("etag too long", always(good(ETag='"' + "x" * 5_000 + '"', Last_Modified=LM)), sends=(None, LM))

kind("names a hub", cached(ETag='"a"', Link='<https://hub.example/>; rel="hub"'), sends=('"a"', None))
kind("expires soon", cached(ETag='"a"', Expires="Thu, 03 Jul 2025 00:05:00 GMT"))
kind("age does not count", cached(ETag='"a"', Cache_Control="max-age=1800", Age="1700"), wait_seconds=30 * MINUTE)
kind("s-maxage alone", cached(ETag='"a"', Cache_Control="s-maxage=7200"))
kind("must-revalidate", cached(ETag='"a"', Cache_Control="max-age=0, must-revalidate"))
kind("no body but a length", always(Answer(b"", headers={"ETag": '"a"'})), longest_seconds=24 * HOUR, health="failing")
kind("validators of 304 replace the old ones", cached(ETag='"a"', not_modified={"ETag": '"a"'}), sends=('"a"', None))
kind("sets a cookie", cached(ETag='"a"', Set_Cookie="s=1; Path=/"), sends=('"a"', None))

BUSY = {
    "429 seconds": (status(429, Retry_After="7200"), 2 * HOUR),
    "429 date": (None, 3 * HOUR),
    "429 alone": (status(429), HOUR),
    "503 seconds": (status(503, Retry_After="5400"), 1.5 * HOUR),
    "503 long": (status(503, Retry_After=str(88 * 3600)), 24 * HOUR),
}


def states_of(outbox: MemoryOutbox) -> dict[str, FeedState]:
    return dict(outbox.states)


@dataclass
class Day:
    """A day lived through in three parts: the poller is started anew after each."""

    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START))

    async def live(self, *urls: str, until_hour: float = 24.0, own: bool = False) -> None:
        for hour in (until_hour / 3, 2 * until_hour / 3, until_hour):
            async with polling(
                self.outbox,
                *urls,
                interval_seconds=15 * MINUTE,
                states=states_of(self.outbox),
                now=self.clock.now,
                longest_sleep_seconds=0.001,
                own=own,
            ) as poller:
                await self.clock.until(START + timedelta(hours=hour), poller)


def hosts() -> Iterator[str]:
    return (f"127.0.1.{number}" for number in range(1, 250))


def waits(requests: list[Asked]) -> list[float]:
    return [(later.moment - earlier.moment).total_seconds() for earlier, later in pairwise(requests)]


@pytest.mark.timeout(600)
async def test_a_day_of_every_kind_of_server_by_its_own_log() -> None:
    day, origins = Day(), {}
    for (name, (behavior, _)), host in zip(KINDS.items(), hosts(), strict=False):
        origins[name] = FakeOrigin(host, now=day.clock.now)
        await origins[name].__aenter__()
        origins[name].behaves("/feed", behavior())
    try:
        await day.live(*(f"{origin.base}/feed" for origin in origins.values()))
    finally:
        for origin in origins.values():
            await origin.__aexit__(None, None, None)
    faults = [
        f"{name}: {fault}" for name, (_, expected) in KINDS.items() for fault in faults_of(origins[name], expected, day)
    ]
    assert not faults, "\n".join(faults)


def faults_of(origin: FakeOrigin, expected: Kind, day: Day) -> Iterator[str]:
    requests = origin.requests_of("/feed")
    found = waits(requests)
    # Past the ends of the day nothing is known
    least, most = expected.wait_seconds, expected.longest_seconds or expected.wait_seconds * JITTER
    if expected.requests is not None and len(requests) != expected.requests:
        yield f"{len(requests)} requests"
    if expected.requests is None and len(requests) < 2:
        yield "asked once"
    if any(wait < least - 0.001 for wait in found):
        yield f"asked early: after {min(found):.0f} s"
    if any(wait > most + 0.001 for wait in found):
        yield f"asked late: after {max(found):.0f} s"
    if any("Cookie" in asked.headers for asked in requests):
        yield "sent a cookie of another visit"
    for asked in requests[1:]:
        sent = (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since"))
        if expected.sends is not None and sent != expected.sends:
            yield f"sent {sent}"
            break
    health = day.outbox.states[f"{origin.base}/feed"].health
    if health != expected.health:
        yield f"health {health}"


@pytest.mark.parametrize("name", BUSY)
async def test_a_server_that_asks_to_wait_is_left_alone_over_restarts_with_all_its_feeds(name: str) -> None:
    day = Day()
    answer, wait_seconds = BUSY[name]
    async with FakeOrigin("127.0.2.1", now=day.clock.now) as origin:

        def busy(asked: Asked) -> Answer:
            date = format_datetime(asked.moment + timedelta(seconds=wait_seconds), usegmt=True)
            return answer or status(429, Retry_After=date)

        busy_feed = origin.behaves("/busy", busy)
        others = [origin.behaves(f"/{number}", cached(ETag='"a"')()) for number in range(5)]
        await day.live(busy_feed, *others)
        asked_at = [asked.moment for asked in origin.requests_of("/busy")]
        inside = [
            asked.path
            for asked in origin.requests
            for moment in asked_at
            # Requests that were under way when the answer came had begun in the same moment
            if moment < asked.moment < moment + timedelta(seconds=wait_seconds - 1)
        ]
    assert inside == []
    assert asked_at
    assert len(origin.requests) >= 6


async def test_a_host_with_many_feeds_gets_one_start_every_five_seconds() -> None:
    day = Day()
    async with FakeOrigin("127.0.2.2", now=day.clock.now) as origin:
        urls = [origin.behaves(f"/{number}", cached(ETag='"a"')()) for number in range(40)]
        await day.live(*urls, until_hour=2.0)
        starts = sorted(asked.moment for asked in origin.requests)
    assert min((later - earlier).total_seconds() for earlier, later in pairwise(starts)) >= 5.0
    assert all(len(origin.requests_of(f"/{number}")) >= 6 for number in range(40))
    assert origin.most_in_flight <= 2


async def test_a_poller_that_is_started_anew_keeps_the_gap_from_the_visits_before() -> None:
    day = Day()
    async with FakeOrigin("127.0.2.4", now=day.clock.now) as origin:
        urls = [origin.behaves(f"/{number}", cached(ETag='"a"')()) for number in range(10)]
        for seconds in (1.5, 6.5, 11.5, 60.0):
            async with polling(
                day.outbox,
                *urls,
                states=states_of(day.outbox),
                now=day.clock.now,
                longest_sleep_seconds=0.001,
                own=False,
            ) as poller:
                await day.clock.until(START + timedelta(seconds=seconds), poller)
        starts = sorted(asked.moment for asked in origin.requests)
    assert [round(wait, 3) for wait in waits(origin.requests)] == [5.0] * 9, starts


@pytest.mark.parametrize(
    ("codes", "asked_directly"),
    [((301,), True), ((308,), True), ((301, 308), True), ((302,), False), ((301, 307), False)],
)
async def test_a_permanent_redirect_is_remembered_after_three_visits(
    codes: tuple[int, ...], asked_directly: bool
) -> None:
    day = Day()
    async with FakeOrigin("127.0.2.3", now=day.clock.now) as origin:
        for hop, code in enumerate(codes):
            target = f"/{hop + 1}" if hop + 1 < len(codes) else "/new"
            origin.behaves(f"/{hop}", always(Answer(status=code, headers={"Location": target}))())
        origin.behaves("/new", cached(ETag='"a"')())
        await day.live(f"{origin.base}/0", until_hour=3.0, own=True)
        asked_old, asked_new = len(origin.requests_of("/0")), len(origin.requests_of("/new"))
        conditional = [asked.headers.get("If-None-Match") for asked in origin.requests_of("/new")]
    assert asked_new >= 10
    assert asked_old == (3 if asked_directly else asked_new)
    assert conditional[1:] == ['"a"'] * (asked_new - 1)
    assert day.outbox.states.keys() == {f"{origin.base}/0"}
    assert len({article.article_id for article in day.outbox.articles}) == len(day.outbox.articles) == 2


async def test_after_half_a_day_without_network_all_feeds_are_asked_within_minutes() -> None:
    day = Day()
    origins = [FakeOrigin(host, now=day.clock.now) for host, _ in zip(hosts(), range(8), strict=False)]
    for origin in origins:
        await origin.__aenter__()
    urls = [origin.behaves("/feed", cached(ETag='"a"')()) for origin in origins]
    async with polling(
        day.outbox, *urls, interval_seconds=15 * MINUTE, now=day.clock.now, longest_sleep_seconds=0.001
    ) as poller:
        await day.clock.until(START + timedelta(hours=1), poller)
        ports = [origin.port for origin in origins]
        for origin in origins:
            await origin.__aexit__(None, None, None)
        await day.clock.until(START + timedelta(hours=13), poller)
        back = [
            FakeOrigin(origin.host, now=day.clock.now, port=port) for origin, port in zip(origins, ports, strict=True)
        ]
        for origin in back:
            await origin.__aenter__()
            origin.behaves("/feed", cached(ETag='"a"')())
        await day.clock.until(START + timedelta(hours=13, minutes=5), poller)
        states = [poller.states[url] for url in urls]
        for origin in back:
            await origin.__aexit__(None, None, None)
    assert all(origin.requests for origin in back)
    assert [(state.health, state.failures) for state in states] == [("ok", 0)] * 8
