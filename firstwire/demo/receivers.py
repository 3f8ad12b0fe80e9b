"""A Slack and a webhook receiver on this host: real HTTP servers that keep the requests they receive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `at` is the loop's clock in seconds."""

    at: float
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ReceiverServer:
    """`async with` it; then `url` accepts POSTs, and `requests` has them in order of arrival."""

    path = "/"

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Seen] = []
        self.port = port
        self._arrived = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{self.path}"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{rest:.*}", self._take)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def wait_for(self, count: int, timeout_seconds: float = 20.0) -> list[Seen]:
        """The requests, once at least `count` have arrived. Raises TimeoutError if they do not."""
        async with asyncio.timeout(timeout_seconds), self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)
        return list(self.requests)

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        """The server's reply."""
        return web.Response(status=204)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        seen = Seen(asyncio.get_running_loop().time(), request.path, dict(request.headers), body)
        async with self._arrived:
            self.requests.append(seen)
            self._arrived.notify_all()
        return await self.answer(request, seen)


class SlackServer(ReceiverServer):
    """An incoming webhook like Slack's: `ok`, or 400 for anything but a message."""

    path = "/services/T00000000/B00000000/hush-hush-hush"

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        try:
            message = seen.json
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if not isinstance(message, dict) or not (message.get("text") or message.get("blocks")):
            return web.Response(status=400, text="no_text")
        return web.Response(text="ok")


class WebhookServer(ReceiverServer):
    """A webhook that accepts everything with 204."""

    path = "/hooks/hush-hush-hush"
