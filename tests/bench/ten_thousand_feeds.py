"""Ten thousand feeds on five thousand hosts: `python -m tests.bench.ten_thousand_feeds [FEEDS] [SECONDS]`.

Broker, poller and publishers are processes of their own; each host is an address of loopback. Measured are the first
round, in which every document is read; a burst, in which all are asked whether they have changed; and the usual case,
visits every quarter of an hour, of which some find news: processor time, memory, how late visits begin, and how long
the poller's event loop is busy at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import msgspec
import structlog

from firstwire.broker.producer import Message
from firstwire.broker.topics import FEED_STATES, create_missing_topics, topic_name
from firstwire.config import Configuration, KafkaSection, PollerSection, Settings
from firstwire.poller.feed_partitions import feed_partition
from firstwire.poller.service import poll
from schemas.codec import decode, encode
from schemas.feed import FeedState
from schemas.times import format_timestamp
from tests.support.kafka import embedded_broker, records, send_all
from tests.support.memory import process_tree, proportional_bytes
from tests.support.pushing import free_port

FEEDS, SECONDS = 10_000, 300.0
FEEDS_OF_A_HOST = 2
ENTRIES = 30
WITH_NEWS = 0.1
"""Of the visits in the usual case."""

INTERVAL = timedelta(minutes=15)
PARTITIONS = 4
PREFIX = "many"
LAG_EVERY_SECONDS = 0.005
TICKS = os.sysconf("SC_CLK_TCK")


class Round(msgspec.Struct, frozen=True):
    """What a poller's process tells at its end. Times in seconds, memory in bytes."""

    cpu_seconds: float
    seconds: float
    most_memory_bytes: int
    lag_p99: float
    lag_most: float


class Asked(msgspec.Struct, frozen=True):
    """A request as the publishers saw it; `at` is in seconds since 1970."""

    at: float
    feed: int
    is_conditional: bool


@dataclass(frozen=True)
class Publishers:
    """The publishers' process."""

    process: asyncio.subprocess.Process
    port: int

    def url(self, number: int) -> str:
        return f"http://{_host(number)}:{self.port}/{number}"

    async def asked(self) -> list[Asked]:
        """The requests since the last time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        await self.process.stdin.drain()
        return msgspec.json.decode(await self.process.stdout.readline(), type=list[Asked])


async def _main(feeds: int, seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_broker(Path(folder) / "kafka") as broker, _publishers(feeds) as publishers:
            bootstrap = broker.bootstrap_servers
            await create_missing_topics(bootstrap, KafkaSection(topic_prefix=PREFIX, partitions=PARTITIONS))
            urls = [publishers.url(number) for number in range(feeds)]
            opml = Path(folder) / "feeds.opml"
            outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in urls)
            opml.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
            print(
                f"{feeds:,} feeds on {feeds // FEEDS_OF_A_HOST:,} hosts, {len(_document(0, 0)):,} bytes each; {_load()}"
            )
            first = await _polled(bootstrap, opml, publishers, until=feeds)
            _print_round("first round, all documents read", *first)
            await _plan(bootstrap, lambda number: None)
            burst = await _polled(bootstrap, opml, publishers, until=feeds)
            _print_round("burst of conditional requests", *burst)
            begin = datetime.now(UTC) + timedelta(seconds=30)
            due = await _plan(bootstrap, lambda number: begin + INTERVAL * (number / feeds))
            usual = await _polled(bootstrap, opml, publishers, seconds=seconds + 30)
            _print_usual(*usual, due)


def _print_round(name: str, outcome: Round, asked: Sequence[Asked]) -> None:
    took = max(each.at for each in asked) - min(each.at for each in asked)
    conditional = sum(each.is_conditional for each in asked)
    print(
        f"{name}: {len(asked):,} requests, {conditional:,} of them conditional, "
        f"in {took:.1f} s: {len(asked) / took:,.0f}/s; {outcome.cpu_seconds:.1f} s of processor time; "
        f"{outcome.most_memory_bytes / 1e6:,.0f} MB; {_load()}"
    )


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _print_usual(outcome: Round, asked: Sequence[Asked], due: dict[int, datetime]) -> None:
    first: dict[int, float] = {}
    for each in asked:
        first.setdefault(each.feed, each.at)
    delays = sorted(at - due[feed].timestamp() for feed, at in first.items())
    print(
        f"every 15 minutes: {len(asked) / outcome.seconds:.1f} requests/s; "
        f"{outcome.cpu_seconds / outcome.seconds:.2f} cores; {outcome.most_memory_bytes / 1e6:,.0f} MB; "
        f"start delay p99 {delays[int(0.99 * len(delays))]:.2f} s, most {delays[-1]:.2f} s; "
        f"event loop lag p99 {1000 * outcome.lag_p99:.1f} ms, most {1000 * outcome.lag_most:.0f} ms; {_load()}"
    )


async def _plan(bootstrap: str, due_of: Callable[[int], datetime | None]) -> dict[int, datetime]:
    """Set when each feed is due, as a long run would have left it; None: now."""
    found = await records(bootstrap, PREFIX, FEED_STATES)
    states = {record.key: decode(record.value, FeedState) for record in found if record.value is not None}
    planned: dict[int, datetime] = {}
    messages = []
    for url, state in states.items():
        number = int(url.rpartition("/")[2])
        due = due_of(number)
        if due is not None:
            planned[number] = due
        changed = msgspec.structs.replace(state, next_poll_at=None if due is None else format_timestamp(due))
        messages.append(
            Message(topic_name(PREFIX, FEED_STATES), url, encode(changed), partition=feed_partition(url, PARTITIONS))
        )
    await send_all(bootstrap, messages)
    return planned


async def _polled(
    bootstrap: str, opml: Path, publishers: Publishers, *, until: int = 0, seconds: float = 0.0
) -> tuple[Round, list[Asked]]:
    """Let a poller work until so many requests were made, or for so long; what it cost, and the requests."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.ten_thousand_feeds",
        "--poll",
        bootstrap,
        str(opml),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    watching = _Watch(process.pid)
    asked: list[Asked] = []
    began = time.monotonic()
    quiet_since = began
    while time.monotonic() - began < (seconds or 600.0):
        await asyncio.sleep(1.0)
        watching.look()
        new = await publishers.asked()
        asked += new
        if new:
            quiet_since = time.monotonic()
        if until and len({each.feed for each in asked}) >= until and time.monotonic() - quiet_since >= 3.0:
            break
    took = time.monotonic() - began
    watching.look()
    output, _ = await process.communicate(b"\n")
    lags = json.loads(output.splitlines()[-1])
    outcome = Round(watching.cpu_seconds, took, watching.most_memory_bytes, lags[int(0.99 * len(lags))], lags[-1])
    return outcome, asked


class _Watch:
    """Processor time and memory of a process and all below it, by looking now and then."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._used: dict[int, float] = {}
        self.most_memory_bytes = 0

    @property
    def cpu_seconds(self) -> float:
        return sum(self._used.values())

    def look(self) -> None:
        pids = list(process_tree(self._pid))
        for pid in pids:
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._used[pid] = (int(fields[11]) + int(fields[12])) / TICKS
        self.most_memory_bytes = max(self.most_memory_bytes, sum(map(proportional_bytes, pids)))


async def _poll(bootstrap: str, opml: str) -> None:
    # On a busy machine the broker must not lose its own leases for want of a processor
    os.nice(5)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    settings = Settings(
        kafka=KafkaSection(topic_prefix=PREFIX),
        poller=PollerSection(subscriptions=(opml,), allow_private_addresses=("127.0.0.0/8",)),
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    lags: list[float] = []
    sampling = asyncio.create_task(_sample_lag(lags))
    await poll(Configuration(settings=settings, file=None, origins={}), bootstrap, stop=stop)
    sampling.cancel()
    print(json.dumps(sorted(lags)))


async def _sample_lag(lags: list[float]) -> None:
    """How much later than asked for the event loop comes back."""
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        await asyncio.sleep(LAG_EVERY_SECONDS)
        lags.append(clock() - began - LAG_EVERY_SECONDS)


@contextlib.asynccontextmanager
async def _publishers(feeds: int) -> AsyncIterator[Publishers]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.ten_thousand_feeds",
        "--publish",
        str(feeds),
        str(port),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 30,
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield Publishers(process, port)
    finally:
        process.kill()
        await process.wait()


def _host(number: int) -> str:
    host = number // FEEDS_OF_A_HOST
    return f"127.11.{host // 250}.{host % 250 + 1}"


def _document(number: int, edition: int) -> bytes:
    """A feed of 30 entries, three of them of today; each edition has one more."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>Feed {number} reports on event number {n}</title><link>https://f{number}.example/{n}</link>"
        f"<guid isPermaLink='false'>{number}-{n}</guid>"
        f"<pubDate>{format_datetime(now - timedelta(hours=9 * (ENTRIES + edition - n)), usegmt=True)}</pubDate>"
        f"<description>&lt;p&gt;The harbor of town {n} was opened again on Monday, said its master to reporters."
        "&lt;/p&gt;</description></item>"
        for n in range(ENTRIES + edition, edition, -1)
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        f"<title>Feed {number}</title><link>https://f{number}.example/</link><language>en</language>{items}</channel></rss>"
    ).encode()


class _Publisher(asyncio.Protocol):
    """One connection: as much of HTTP as the poller needs."""

    editions: dict[int, int] = {}  # noqa: RUF012 - of the process
    asked: list[Asked] = []  # noqa: RUF012

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        number = int(data[5 : data.index(b" ", 5)])
        edition = self.editions.get(number, 0)
        at = data.find(b"If-None-Match: ")
        self.asked.append(Asked(time.time(), number, at >= 0))
        if at >= 0 and hash((number, len(self.asked))) % 1_000 < WITH_NEWS * 1_000:
            edition = self.editions[number] = edition + 1
        if at >= 0 and data.startswith(b'"%d"' % edition, at + 15):
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")
            return
        body = _document(number, edition)
        self._transport.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "%d"\r\nContent-Length: %d\r\n\r\n'
            % (edition, len(body))
        )
        self._transport.write(body)


async def _publish(feeds: int, port: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    loop = asyncio.get_running_loop()
    for host in sorted({_host(number) for number in range(feeds)}):
        await loop.create_server(_Publisher, host, port)
    print("ready", flush=True)

    def tell() -> None:
        if not sys.stdin.buffer.readline():
            loop.stop()
            return
        print(msgspec.json.encode(_Publisher.asked).decode(), flush=True)
        _Publisher.asked.clear()

    loop.add_reader(sys.stdin, tell)
    await asyncio.Event().wait()


def main() -> None:
    """Run the part that the arguments name."""
    if sys.argv[1:2] == ["--poll"]:
        asyncio.run(_poll(*sys.argv[2:4]))
    elif sys.argv[1:2] == ["--publish"]:
        asyncio.run(_publish(int(sys.argv[2]), int(sys.argv[3])))
    else:
        given = sys.argv[1:]
        asyncio.run(_main(int(given[0]) if given else FEEDS, float(given[1]) if given[1:] else SECONDS))


if __name__ == "__main__":
    main()
