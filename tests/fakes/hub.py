"""A WebSub hub on a server of feeds: takes subscriptions, has them confirmed, and pushes what is published, signed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from tests.fakes.origin import FakeOrigin

CHALLENGE = "c9f1a3-<b>challenge</b>"


@dataclass
class HubRequest:
    """What somebody asked the hub for, and what his callback said to the question whether he wants it."""

    form: dict[str, str]
    confirmed: tuple[int, str] | None = None


@dataclass
class HubManners:
    """How the hub behaves."""

    status: int = 202
    body: str = ""
    """In this and in `denies` `{form}` is what it was asked: our address and the secret."""
    location: str = ""
    retry_after: str = ""
    lease_seconds: str | None = "864000"
    topic: str | None = None
    """The topic in the question whether it is wanted, if another."""
    denies: str | None = None
    """The reason, if it denies."""
    confirms: bool = True
    signs: str | None = "sha256"
    secret: str | None = None
    """With which it signs, if another."""


class FakeHub:
    """`async with FakeHub(origin) as hub:` then `hub.url`, and `await hub.publish(topic, body)`.

    On a network of one's own a hub must be on the server of the feed, so it is a path of that.
    """

    def __init__(self, origin: FakeOrigin, path: str = "/hub") -> None:
        self.url = origin.takes(path, self._take)
        self.manners = HubManners()
        self.requests: list[HubRequest] = []
        self.subscribers: dict[tuple[str, str], str] = {}
        """Secrets by topic and callback."""
        self._client: aiohttp.ClientSession | None = None
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._client is not None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def asked(self, count: int = 1, seconds: float = 20.0) -> list[HubRequest]:
        """The requests once there are so many whose callback was asked, or that were refused."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: len(self.requests) >= count)
        return self.requests

    async def confirmed(self, count: int = 1, seconds: float = 20.0) -> list[HubRequest]:
        """The requests once so many were confirmed."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: sum(each.confirmed is not None for each in self.requests) >= count)
        return [each for each in self.requests if each.confirmed is not None]

    async def publish(self, topic: str, body: bytes, **headers: str) -> list[int]:
        """Push a document to all subscribers of a topic; what they answered. Who says "gone" is asked no more."""
        found = []
        if self._tasks:
            # Whoever is subscribing now is to have it too
            await asyncio.wait(set(self._tasks))
        for (of, callback), secret in list(self.subscribers.items()):
            if of != topic:
                continue
            status = await self.push(callback, secret, body, **headers)
            if status == 410:
                del self.subscribers[of, callback]
            found.append(status)
        return found

    async def push(self, callback: str, secret: str, body: bytes, **headers: str) -> int:
        """Push a document to one callback."""
        assert self._client is not None
        signs = self.manners.signs
        given = {
            "Content-Type": "application/rss+xml",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if signs is not None:
            digest = hmac.new((self.manners.secret or secret).encode(), body, getattr(hashlib, signs, hashlib.sha256))
            given["X-Hub-Signature"] = f"{signs}={digest.hexdigest()}"
        async with self._client.post(callback, data=body, headers=given) as response:
            return response.status

    async def ask(self, callback: str, **query: str) -> tuple[int, str]:
        """Ask a callback something, `hub.` before each name; its answer."""
        assert self._client is not None
        given = {f"hub.{name}": text for name, text in query.items()}
        async with self._client.get(callback, params=given) as response:
            return response.status, await response.text()

    async def _take(self, request: web.Request) -> web.Response:
        form = {name: str(text) for name, text in (await request.post()).items()}
        asked = HubRequest(form)
        manners = self.manners
        async with self._news:
            self.requests.append(asked)
            self._news.notify_all()
        if manners.status == 202 and manners.confirms:
            task = asyncio.create_task(self._confirm(asked))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        given = {"Location": manners.location, "Retry-After": manners.retry_after}
        headers = {name: text for name, text in given.items() if text}
        return web.Response(status=manners.status, text=_repeating(manners.body, form), headers=headers)

    async def _confirm(self, asked: HubRequest) -> None:
        manners, form = self.manners, asked.form
        topic, callback = form["hub.topic"], form["hub.callback"]
        if manners.denies is not None:
            answer = await self.ask(callback, mode="denied", topic=topic, reason=_repeating(manners.denies, form))
        else:
            lease = {} if manners.lease_seconds is None else {"lease_seconds": manners.lease_seconds}
            answer = await self.ask(
                callback, mode="subscribe", topic=manners.topic or topic, challenge=CHALLENGE, **lease
            )
            if answer == (200, CHALLENGE):
                self.subscribers[topic, callback] = form.get("hub.secret", "")
        async with self._news:
            asked.confirmed = answer
            self._news.notify_all()


def _repeating(words: str, form: Mapping[str, str]) -> str:
    return words.replace("{form}", f"{form['hub.callback']} {form.get('hub.secret', '')}")
