"""The receivers of the demo with a script: each reply in turn, then the usual one."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from firstwire.demo.receivers import ReceiverServer, Seen, SlackServer, WebhookServer

__all__ = [
    "Answer",
    "FlakySlack",
    "FlakyWebhook",
    "ScriptedSlack",
    "ScriptedSlackApi",
    "ScriptedWebhook",
    "Seen",
    "SlackServer",
    "WebhookServer",
]


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

    def script(self, answers: Iterable[Answer]) -> None:
        """More replies, from the next request on."""
        self._script += answers

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


class ScriptedSlackApi(_Scripted):
    """Slack's Web API with the channel `C1` for the token `TOKEN`: messages are posted, answered in threads, edited."""

    path = "/api"
    TOKEN = "xoxb-hush-hush-hush"

    def __init__(self, script: Iterable[Answer] = (), *, forever: Answer | None = None) -> None:
        super().__init__(script, forever=forever)
        self.messages: dict[str, dict[str, Any]] = {}
        """By `ts`, as they are now."""

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        if self._script or self.forever is not None:
            return await super().answer(request, seen)
        answer: dict[str, Any]
        message = seen.json
        ts = message.get("ts", f"1751551360.{len(self.requests):06}")
        if seen.headers.get("Authorization") != f"Bearer {self.TOKEN}":
            answer = {"ok": False, "error": "invalid_auth"}
        elif message.get("channel") != "C1":
            answer = {"ok": False, "error": "channel_not_found"}
        elif seen.path == "/api/chat.update" and ts not in self.messages:
            answer = {"ok": False, "error": "message_not_found"}
        elif message.get("thread_ts", ts) not in {ts, *self.messages}:
            answer = {"ok": False, "error": "thread_not_found"}
        else:
            self.messages[ts] = {**self.messages.get(ts, {}), **message}
            answer = {"ok": True, "channel": "C1", "ts": ts, "message": message}
        return web.json_response(answer)


class ScriptedWebhook(_Scripted, WebhookServer):
    """`ScriptedWebhook([Answer(500)])`; `forever` replaces the usual reply."""


class _Flaky(ReceiverServer):
    """Fails a share of the requests in every way, by a seed, until it is `mended`."""

    FAILURES = (
        Answer(500),
        Answer(502),
        Answer(503, {"Retry-After": "1"}),
        Answer(429, {"Retry-After": "1"}),
        Answer(302, {"Location": "/elsewhere"}),
        Answer(400),
        Answer(404),
        Answer(410),
        Answer(reset=True),
        Answer(delay_seconds=1.5),
    )
    """The last is slower than the time limit that the tests set."""

    def __init__(self, seed: int, share: float) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._share = share
        self.failures: tuple[Answer, ...] = self.FAILURES
        self._closed_until = 0.0
        self.mended = False
        self.accepted: list[Seen] = []
        self.too_early = 0
        """Requests before the end of a pause that was asked for."""

    def fail_always(self, how: Answer) -> None:
        """Fail every request in this way from now on, until it is `mended` again."""
        self.mended, self._share, self.failures = False, 1.0, (how,)

    def forget_pause(self) -> None:
        """Count no request as too early until a pause is asked for again."""
        self._closed_until = 0.0

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        self.too_early += seen.at < self._closed_until
        if self.mended or self._random.random() >= self._share:
            self.accepted.append(seen)
            return await super().answer(request, seen)
        failure = self._random.choice(self.failures)
        if "Retry-After" in failure.headers:
            self._closed_until = max(self._closed_until, seen.at + float(failure.headers["Retry-After"]))
        await asyncio.sleep(failure.delay_seconds)
        if failure.reset and request.transport is not None:  # else the notifier has hung up, or was killed
            request.transport.abort()
        return web.Response(status=failure.status, headers=failure.headers)


class FlakyWebhook(_Flaky, WebhookServer):
    """A webhook that fails."""


class FlakySlack(_Flaky, SlackServer):
    """Slack that fails."""
