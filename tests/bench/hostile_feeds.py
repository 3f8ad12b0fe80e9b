"""Good feeds beside hostile ones: `python -m tests.bench.hostile_feeds` prints what they cost the good ones.

A poller with real sockets and worker processes visits twelve good feeds, at first alone, then beside hostile documents
and transports. What counts is the wait between two visits to a good feed, how soon each hostile answer is refused, and
the memory of all processes of the poller.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import structlog

from firstwire.process import keep_memory_whole
from schemas.article import Article
from schemas.feed import FeedState
from tests.fakes.origin import (
    Answer,
    FakeOrigin,
    bomb,
    brotli_bomb,
    drip,
    endless,
    feed,
    item,
    redirect,
    silent,
    with_raw_header,
    zstd_bomb,
)
from tests.fakes.outbox import MemoryOutbox
from tests.support.memory import process_tree, proportional_bytes
from tests.support.polling import polling

GOOD_FEEDS = 12
ANSWER_PATIENCE_SECONDS = 90.0
"""For the first visit to each feed, after the time that is measured."""
INTERVAL_SECONDS = 1.0
GIB = 1024**3
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
QUADRATIC = f'<!ENTITY a "{"x" * 50_000}">'

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Outcome:
    """What was measured; times in seconds, memory in bytes."""

    alone: float
    """The 99th percentile of the waits between two visits to a good feed."""
    beside: float
    refusals: Mapping[str, float]
    """By the name of a hostile answer, from the request until the result was safe."""
    reasons: Mapping[str, str | None]
    """Why it was refused; None if a document was read."""
    unanswered: tuple[str, ...]
    """Hostile feeds whose first visit has not ended."""
    good_articles: int
    most_memory_bytes: int


def documents() -> Mapping[str, bytes]:
    """Hostile documents."""

    def document(inside: str, before: str = "") -> bytes:
        return f'{before}<rss version="2.0"><channel><title>H</title>{inside}</channel></rss>'.encode()

    many = 200_000
    return {
        "billion laughs": document("<item><title>&l9;</title></item>", f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]>'),
        "quadratic entity": document(f"<item><title>{'&a;' * 50_000}</title></item>", f"<!DOCTYPE r [{QUADRATIC}]>"),
        "external entity": document(
            "<item><title>&x;</title></item>", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "parameter entity": document("", '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]>'),
        "nested elements": document("<a>" * many),
        "nested and closed": document("<a>" * many + "</a>" * many),
        "nested items": document("<item>" * many),
        "nested markup": document(f"<item><description>{'&lt;div&gt;' * many}</description></item>"),
        "nested lists": document(f"<item><description>{'&lt;ul&gt;&lt;li&gt;' * many}</description></item>"),
        "nested tables": document(f"<item><description>{'&lt;table&gt;&lt;td&gt;' * many}</description></item>"),
        "author of 40 kB": document(f"<item><author>{'a' * 40_000}</author></item>"),
        "author of 5 MB": document(f"<item><author>{'a@' * 2_500_000}</author></item>"),
        "title of 14 MB": document(f"<item><title>{'x ' * 7_000_000}</title></item>"),
        "channel title of 14 MB": document("").replace(b"<title>H", b"<title>" + b"x" * 14_000_000),
        "many items": document("<item><title>x</title></item>" * 400_000),
        "many categories": document(f"<item>{'<category>a</category>' * 500_000}</item>"),
        "many enclosures": document("<item>" + "<enclosure url='a'/>" * 500_000 + "</item>"),
        "many attributes": ("<rss " + " ".join(f"a{n}='1'" for n in range(many)) + "><channel/></rss>").encode(),
        "many namespaces": document("".join(f"<x{n}:a xmlns:x{n}='u{n}'/>" for n in range(many))),
        "many prefixes": ("<rss " + " ".join(f"xmlns:x{n}='u{n}'" for n in range(many)) + "/>").encode(),
        "ampersands": document(f"<item><title>{'&' * 3_000_000}</title></item>"),
        "less-than signs": document(f"<item><title>{'<' * 3_000_000}</title></item>"),
        "open comments": document("<!-" * 2_000_000),
        "open CDATA": document("<![CDATA[" * 500_000),
        "quotes": document("<item a=" + '"' * 2_000_000 + "></item>"),
        "references": document(f"<item><title>{'&#x110000;' * 1_000_000}</title></item>"),
        "long reference": document(f"<item><title>&#{'9' * 5_000_000};</title></item>"),
        "dates": document("".join(f"<item><pubDate>{'1 ' * 2_000}</pubDate></item>" for _ in range(2_000))),
        "NULs": b"\0" * 10_000_000,
        "UTF-16 of nothing": ("<rss>" + "\ud7ff" * 5_000_000).encode("utf-16"),
        "JSON nested": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 5_000_000,
        "JSON of items": b'{"version":"https://jsonfeed.org/version/1","items":['
        + b'{"id":"1"},' * 1_000_000
        + b"{}]}",
        "unlabeled gzip bomb": gzip.compress(b"<" * 300_000_000, 1),
    }


def transports() -> Mapping[str, Answer]:
    """Answers that are hostile before there is a document."""
    return {
        "gzip bomb": bomb(2 * GIB),
        "Brotli bomb": brotli_bomb(2 * GIB),
        "zstd bomb": zstd_bomb(2 * GIB),
        "drip": drip(),
        "endless body": endless(),
        "silence": silent(),
        "redirects without end": redirect("/loop"),
        "redirect inside": redirect("http://169.254.169.254/latest/meta-data"),
        "header of bytes": with_raw_header(feed(item("x")), b'ETag: "\xfc\xdf"'),
        "header of a megabyte": with_raw_header(feed(item("x")), b"X-Filler: " + b"x" * 1_000_000),
    }


async def _endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Filler: " + b"x" * 1_000 + b"\r\n")
            await writer.drain()


async def _dripping_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        writer.write(b"HTTP/1.1 200 OK\r\nX-Filler: ")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.2)


async def measured(alone_seconds: float, beside_seconds: float) -> Outcome:
    """Visit good feeds alone, then beside the hostile ones."""
    async with AsyncExitStack() as opened:
        good_origin = await opened.enter_async_context(FakeOrigin("127.0.4.1"))
        good = [good_origin.says(f"/{n}", *_news(n)) for n in range(GOOD_FEEDS)]
        await _polled(good, alone_seconds)
        alone = _waits(good_origin)
        good_origin.requests.clear()
        for number in range(GOOD_FEEDS):
            good_origin.says(f"/{number}", *_news(number))
        hostile_origin = await opened.enter_async_context(FakeOrigin("127.0.4.2"))
        answers = {**{name: Answer(body) for name, body in documents().items()}, **transports()}
        hostile = {
            hostile_origin.says(f"/{number}", answer): name for number, (name, answer) in enumerate(answers.items())
        }
        hostile_origin.says("/loop", redirect("/loop"))
        for name, serve in {"endless headers": _endless_headers, "dripping headers": _dripping_headers}.items():
            hostile[await _raw_server(opened, serve)] = name
        told = await _polled([*good, *hostile], beside_seconds)
        asked = {hostile_origin.base + each.path: each.at for each in reversed(hostile_origin.requests)}
        first = {each.url: each for each in reversed(told.saved)}
        return Outcome(
            alone=_percentile(alone),
            beside=_percentile(_waits(good_origin)),
            refusals={hostile[url]: saved.at - asked[url] for url, saved in first.items() if url in asked},
            reasons={hostile[url]: saved.error for url, saved in first.items() if url in hostile},
            unanswered=tuple(name for url, name in hostile.items() if url not in first),
            good_articles=told.articles,
            most_memory_bytes=told.most_memory_bytes,
        )


class Saved(msgspec.Struct, frozen=True):
    """A state that a poller saved, at a moment of the system's monotonic clock, in seconds."""

    url: str
    at: float
    error: str | None


class Told(msgspec.Struct, frozen=True):
    """What the poller's process tells at its end."""

    saved: list[Saved]
    articles: int
    most_memory_bytes: int = 0


async def _polled(urls: list[str], seconds: float) -> Told:
    """Let a poller in a process of its own visit feeds for so long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.hostile_feeds", "--poll", str(seconds), *urls, stdout=asyncio.subprocess.PIPE
    )
    most = [0]
    watching = asyncio.create_task(_watch_memory(process.pid, most))
    output, _ = await process.communicate()
    watching.cancel()
    told = msgspec.json.decode(output.splitlines()[-1], type=Told)
    return msgspec.structs.replace(told, most_memory_bytes=most[0])


class _TimedOutbox(MemoryOutbox):
    """It also keeps when states were saved, and of articles only their number."""

    def __init__(self, urls: frozenset[str]) -> None:
        super().__init__()
        self._unanswered = set(urls)
        self.all_answered = asyncio.Event()
        self.told: list[Saved] = []
        self.count = 0

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        self.count += len(articles)
        return True

    async def save(self, state: FeedState, before: FeedState | None) -> bool:
        self.told.append(Saved(state.url, time.monotonic(), state.last_error))
        self._unanswered.discard(state.url)
        if not self._unanswered:
            self.all_answered.set()
        return True


async def _poll(seconds: float, urls: Sequence[str]) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    keep_memory_whole(one_arena=True)
    outbox = _TimedOutbox(frozenset(urls))
    async with polling(outbox, *urls, interval_seconds=INTERVAL_SECONDS):
        await asyncio.sleep(seconds)
        with suppress(TimeoutError):  # on a busy machine the first visits take longer
            await asyncio.wait_for(outbox.all_answered.wait(), ANSWER_PATIENCE_SECONDS)
    print(msgspec.json.encode(Told(outbox.told, outbox.count)).decode())


def _news(number: int) -> Iterator[Answer]:
    """A feed that has one more entry at each visit."""
    items = [item(f"Item {n}", guid=f"{number}-{n}", description="Some words. " * 50) for n in range(200)]
    return (feed(*items[start : start + 30][::-1]) for start in range(170))


async def _raw_server(opened: AsyncExitStack, serve: Serve) -> str:
    server = await asyncio.start_server(serve, "127.0.4.3", 0)
    opened.callback(server.close)
    return f"http://127.0.4.3:{server.sockets[0].getsockname()[1]}/feed"


def _waits(origin: FakeOrigin) -> list[float]:
    return [
        later.at - earlier.at
        for number in range(GOOD_FEEDS)
        for earlier, later in pairwise(origin.requests_of(f"/{number}"))
    ]


def _percentile(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


async def _watch_memory(pid: int, most: list[int]) -> None:
    while True:
        most[0] = max(most[0], await asyncio.to_thread(lambda: sum(map(proportional_bytes, process_tree(pid)))))
        await asyncio.sleep(0.25)


def main() -> None:
    """Measure for a minute and a half, and print."""
    if sys.argv[1:2] == ["--poll"]:
        asyncio.run(_poll(float(sys.argv[2]), sys.argv[3:]))
        return
    outcome = asyncio.run(measured(20.0, 60.0))
    for name, seconds in sorted(outcome.refusals.items(), key=lambda pair: pair[1]):
        print(f"{seconds:6.2f} s  {name}: {(outcome.reasons[name] or 'read').partition(': ')[2][:90] or 'read'}")
    print(f"without an answer: {', '.join(outcome.unanswered) or 'none'}")
    print(
        f"99 % of waits between two visits to a good feed: {outcome.alone:.2f} s alone, {outcome.beside:.2f} s beside"
    )
    print(f"articles of good feeds: {outcome.good_articles:,}; memory {outcome.most_memory_bytes / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
