"""The receivers of the demo with a script: each reply in turn, then the usual one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from firstwire.demo.receivers import ReceiverServer, Seen, SlackServer, WebhookServer

__all__ = ["Answer", "ScriptedSlack", "ScriptedWebhook", "Seen", "SlackServer", "WebhookServer"]


@dataclass(frozen=True)
class Answer:
    """One scripted reply; `reset` cuts the connection after the request was taken instead."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    delay_seconds: float = 0.0
    reset: bool = False


class _Scripted(ReceiverServer):
    def __init__(self, script: Iterable[Answer] = (), *, forever: Answer | None = None, port: int = 0) -> None:
        super().__init__(port)
        self._script = list(script)
        self.forever = forever

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        answer = self._script.pop(0) if self._script else self.forever
        if answer is None:
            return await super().answer(request, seen)
        await asyncio.sleep(answer.delay_seconds)
        if answer.reset:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=answer.status, headers=answer.headers, text=answer.body)


class ScriptedSlack(_Scripted, SlackServer):
    """`ScriptedSlack([Answer(429, {"Retry-After": "1"})])`; `forever` replaces the usual reply."""


class ScriptedWebhook(_Scripted, WebhookServer):
    """`ScriptedWebhook([Answer(500)])`; `forever` replaces the usual reply."""
