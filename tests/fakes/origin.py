"""A feed origin that does as it is told: good feeds and every kind of bad answer, on a real socket of loopback.

It records every request with its headers and time.
"""

from __future__ import annotations

import asyncio
import struct
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self
from xml.sax.saxutils import escape

import brotli
from aiohttp import web
from backports import zstd

Manner = Literal["whole", "cut", "silent", "endless", "drip", "raw"]
"""`cut`: the connection ends before the body; `silent`: no answer; `endless`: the body is repeated for ever; `drip`: it
comes byte by byte; `raw`: the body is all that is sent, headers included."""


@dataclass(frozen=True)
class Answer:
    """One scripted answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = "whole"
    gate: asyncio.Event | None = None
    """Not before this is set."""


@dataclass(frozen=True)
class Asked:
    """One request as it came in. `at` is monotonic, in seconds."""

    path: str
    headers: Mapping[str, str]
    at: float
    moment: datetime
    """By the clock that the origin was given."""


Behavior = Callable[[Asked], Answer]
Taker = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FakeOrigin:
    """`async with FakeOrigin() as origin:` then `url = origin.says("/feed", answer, …)`; the last answer stays.

    `now` is the clock by which requests are recorded.
    """

    def __init__(
        self, host: str = "127.0.0.1", now: Callable[[], datetime] = lambda: datetime.now(UTC), port: int = 0
    ) -> None:
        self.host = host
        self._port = port
        self._now = now
        self._answers: dict[str, list[Answer]] = {}
        self._behaviors: dict[str, Behavior] = {}
        self._takers: dict[str, Taker] = {}
        self._runner: web.AppRunner | None = None
        self._news = asyncio.Condition()
        self.requests: list[Asked] = []
        self.in_flight = 0
        self.most_in_flight = 0

    @property
    def port(self) -> int:
        assert self._port, "only once it is open"
        return self._port

    @property
    def base(self) -> str:
        return f"http://{self.host}:{self.port}"

    def says(self, path: str, *answers: Answer) -> str:
        """Script the answers of a path; returns its URL."""
        self._answers[path] = list(answers)
        return self.base + path

    def behaves(self, path: str, behavior: Behavior) -> str:
        """Let a path answer each request as it deserves; returns its URL."""
        self._behaviors[path] = behavior
        return self.base + path

    def takes(self, path: str, taker: Taker) -> str:
        """Let something else take what is posted to a path; returns its URL."""
        self._takers[path] = taker
        return self.base + path

    def requests_of(self, path: str) -> list[Asked]:
        return [asked for asked in self.requests if asked.path == path]

    async def wait_for(self, path: str, count: int, seconds: float = 20.0) -> list[Asked]:
        """Until a path has been asked for `count` times."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.requests_of(path)) >= count)
        return self.requests_of(path)

    async def wait_until_all_answered(self, seconds: float = 20.0) -> None:
        """Until no request is open."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: self.in_flight == 0)

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        application.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self._port).start()
        self._port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        async with self._news:
            asked = Asked(request.path, dict(request.headers), time.monotonic(), self._now())
            self.requests.append(asked)
            self._news.notify_all()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if request.path in self._behaviors:
                return await self._perform(self._behaviors[request.path](asked), request)
            script = self._answers.get(request.path, [Answer(status=404)])
            return await self._perform(script.pop(0) if len(script) > 1 else script[0], request)
        finally:
            async with self._news:
                self.in_flight -= 1
                self._news.notify_all()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        taker = self._takers.get(request.path)
        return web.Response(status=404) if taker is None else await taker(request)

    async def _perform(self, answer: Answer, request: web.Request) -> web.StreamResponse:
        if answer.gate is not None:
            await answer.gate.wait()
        if answer.manner == "silent":
            await asyncio.Event().wait()
        if answer.manner == "raw":
            assert request.transport is not None
            request.transport.write(answer.body)
            request.transport.close()
            return web.Response()
        if answer.manner == "whole":
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        response = web.StreamResponse(status=answer.status, headers=answer.headers)
        if answer.manner == "cut":
            response.content_length = len(answer.body) + 1_000
        await response.prepare(request)
        while answer.manner == "drip":
            await response.write(b" ")
            await asyncio.sleep(0.2)
        await response.write(answer.body)
        while answer.manner == "endless":
            await response.write(answer.body)
        assert request.transport is not None
        request.transport.close()
        return response


def feed(*items: str, language: str | None = "en", title: str = "A feed", extra: str = "", **headers: str) -> Answer:
    """A good RSS document of items made by `item`. Header names are given with `_` for `-`."""
    declared = f"<language>{language}</language>" if language else ""
    text = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title>{declared}{extra}{''.join(items)}</channel></rss>"
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(text.encode(), headers={"Content-Type": "application/rss+xml; charset=utf-8", **named})


def item(title: str = "A title", **fields: str) -> str:
    """An RSS item: `guid`, `link`, `pubDate`, `description` as given, nothing that is not."""
    parts = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in {"title": title, **fields}.items())
    return f"<item>{parts}</item>"


def status(code: int, **headers: str) -> Answer:
    """An answer without a body."""
    return Answer(status=code, headers={name.replace("_", "-"): value for name, value in headers.items()})


def page() -> Answer:
    """A web page where a feed was expected: what a lapsed domain or a consent wall sends, with status 200."""
    body = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body><p>Accept our cookies</p></body></html>"
    return Answer(body, headers={"Content-Type": "text/html; charset=utf-8"})


def silent() -> Answer:
    """No answer at all."""
    return Answer(manner="silent")


def cut(answer: Answer, at_bytes: int) -> Answer:
    """The first bytes of an answer, then the end of the connection."""
    return Answer(answer.body[:at_bytes], headers=answer.headers, manner="cut")


def endless() -> Answer:
    """A body that has no end."""
    return Answer(b"<rss>" + b" " * 65_536, headers={"Content-Type": "application/rss+xml"}, manner="endless")


def bomb(decoded_bytes: int = 64 * 1024 * 1024) -> Answer:
    """A few kilobytes of gzip that hold much more: one compressed megabyte again and again."""
    megabyte = b" " * 1_048_576
    count, crc = decoded_bytes // len(megabyte), 0
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(megabyte) + packer.flush(zlib.Z_FULL_FLUSH)  # a full flush: nothing in it points back
    for _ in range(count):
        crc = zlib.crc32(megabyte, crc)
    ending = packer.flush() + struct.pack("<LL", crc, count * len(megabyte) % 2**32)
    body = b"\x1f\x8b\x08" + bytes(7) + packed * count + ending
    return Answer(body, headers={"Content-Type": "application/rss+xml", "Content-Encoding": "gzip"})


def brotli_bomb(decoded_bytes: int = 64 * 1024 * 1024) -> Answer:
    """The same in Brotli, where they are some hundred bytes."""
    packer = brotli.Compressor(quality=5)
    return Answer(_in_pieces(packer.process, packer.finish, decoded_bytes), headers=packed_as("br"))


def zstd_bomb(decoded_bytes: int = 64 * 1024 * 1024) -> Answer:
    """The same in zstd."""
    packer = zstd.ZstdCompressor()
    return Answer(_in_pieces(packer.compress, packer.flush, decoded_bytes), headers=packed_as("zstd"))


def _in_pieces(compress: Callable[[bytes], bytes], finish: Callable[[], bytes], decoded_bytes: int) -> bytes:
    """So many spaces compressed, of which a megabyte is in memory at a time."""
    megabyte = b" " * 1_048_576
    return b"".join([*(compress(megabyte) for _ in range(decoded_bytes // len(megabyte))), finish()])


def packed_as(encoding: str) -> dict[str, str]:
    """The headers of a feed that is compressed."""
    return {"Content-Type": "application/rss+xml", "Content-Encoding": encoding}


def drip() -> Answer:
    """A body that comes byte by byte and has no end."""
    return Answer(headers={"Content-Type": "application/rss+xml"}, manner="drip")


def with_raw_header(answer: Answer, line: bytes) -> Answer:
    """An answer with a header line that no library would send."""
    named = b"".join(f"{name}: {value}\r\n".encode() for name, value in answer.headers.items())
    start = b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + named + line + b"\r\n"
    return Answer(start + f"Content-Length: {len(answer.body)}\r\n\r\n".encode() + answer.body, manner="raw")


def not_gzip() -> Answer:
    """A body that is not what its Content-Encoding says."""
    return Answer(b"plain text", headers={"Content-Type": "application/rss+xml", "Content-Encoding": "gzip"})


def redirect(to: str, code: int = 302) -> Answer:
    """A redirect."""
    return Answer(status=code, headers={"Location": to})
