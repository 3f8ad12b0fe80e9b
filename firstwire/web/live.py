"""Live streams: every alert to every open page that wants it, by server-sent events, and none that is too slow.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from firstwire.web.board import SeenAlert

STREAMS_AT_MOST = 200
STREAMS_OF_ONE = 32
"""From one address, so that one page that opens streams forever leaves the others theirs."""
WAITING_AT_MOST = 100
"""A page that so many alerts wait for is closed; it asks for the list anew when it connects again."""
BEAT_SECONDS = 15.0
"""Between two comments on an idle stream, so that proxies keep it open and a dead one is noticed."""
WRITE_SECONDS = 10.0
AGAIN_MS = 1_000


@dataclass
class LiveStream:
    """What waits for one page."""

    wants: Callable[[SeenAlert], bool]
    opened_at: str
    """How far the streams were: a page that was made at another place lacks alerts, and reads its list again."""
    waiting: asyncio.Queue[SeenAlert] = field(default_factory=lambda: asyncio.Queue(WAITING_AT_MOST))
    is_cut: bool = False


@dataclass
class LiveStreams:
    """The open streams, and how many each address has."""

    _open: list[LiveStream] = field(default_factory=list)
    _by_address: dict[str, int] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _told: int = 0
    _since: str = field(default_factory=lambda: secrets.token_hex(4))
    """Of this process: another one counts anew."""

    @property
    def at(self) -> str:
        """How far the streams are: the same as long as no alert has come."""
        return f"{self._since}-{self._told}"

    @property
    def count(self) -> int:
        return len(self._open)

    def tell(self, seen: SeenAlert) -> None:
        """Pass an alert to every stream that wants it."""
        self._told += 1
        for stream in self._open:
            if not stream.wants(seen):
                continue
            if stream.waiting.full():
                stream.is_cut = True
            else:
                stream.waiting.put_nowait(seen)

    @contextmanager
    def opened(self, address: str, wants: Callable[[SeenAlert], bool]) -> Iterator[LiveStream | None]:
        """A stream for the body; None if there are too many."""
        count = self._by_address.get(address, 0)
        if len(self._open) >= STREAMS_AT_MOST or count >= STREAMS_OF_ONE:
            yield None
            return
        stream = LiveStream(wants, self.at)
        self._open.append(stream)
        self._by_address[address] = count + 1
        try:
            yield stream
        finally:
            self._open.remove(stream)
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]


async def send_events(
    request: web.Request, streams: LiveStreams, stream: LiveStream, event_of: Callable[[SeenAlert], str]
) -> web.StreamResponse:
    """Answer a request with alerts as they come, until the page goes, falls behind, or the console stops."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    await _write(response, f"retry: {AGAIN_MS}\nevent: at\ndata: {stream.opened_at}\n\n")
    closing = asyncio.ensure_future(streams.closing.wait())
    coming = asyncio.ensure_future(stream.waiting.get())
    try:
        while not (stream.is_cut or streams.closing.is_set()):
            await asyncio.wait({coming, closing}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                seen = coming.result()
                coming = asyncio.ensure_future(stream.waiting.get())
                alert = seen.alert
                await _write(response, _event(f"{alert.alert_id}.{alert.revision}", event_of(seen)))
            else:
                await _write(response, ": still here\n\n")
    except (ConnectionError, TimeoutError):
        pass  # the page is gone
    finally:
        for task in (closing, coming):
            task.cancel()
        await asyncio.gather(closing, coming, return_exceptions=True)
    return response


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(WRITE_SECONDS):
        await response.write(text.encode())


def _event(identity: str, text: str) -> str:
    data = "".join(f"data: {line}\n" for line in text.split("\n"))
    return f"event: alert\nid: {identity}\n{data}\n"
