"""Where hubs reach us (WebSub): they ask whether we want what they are to push, and push it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from aiohttp import web

from firstwire.errors import ConfigError
from firstwire.poller.loop import PUSHES_AT_ONCE
from firstwire.poller.subscriber import Subscriber, Taken

BODY_SECONDS = 20.0
"""How long a hub may take to send a document."""

TAKEN_SECONDS = 20.0
"""How long until what a hub sends or says is safe in Kafka; after that it is told to send it again."""

SLOT_SECONDS = 2.0
"""How long a hub waits until there is room for its document; after that it is told to send it again."""

CHALLENGE_LIMIT_CHARACTERS = 4_096
SOON = {"Retry-After": "60"}
SHUTDOWN_SECONDS = 1.0

STATUS: dict[Taken, HTTPStatus] = {
    "news": HTTPStatus.NO_CONTENT,
    "unchanged": HTTPStatus.NO_CONTENT,
    "unreadable": HTTPStatus.NO_CONTENT,
    # As WebSub wants it, 7.1.2: whoever guesses learns nothing
    "unsigned": HTTPStatus.ACCEPTED,
    "too large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too many": HTTPStatus.TOO_MANY_REQUESTS,
    "not taken": HTTPStatus.SERVICE_UNAVAILABLE,
}


@asynccontextmanager
async def listening_to_hubs(subscriber: Subscriber, listen: str, body_limit_bytes: int) -> AsyncIterator[str]:
    """Listen at `host:port` for the body, which gets the address with the real port.

    Raises ConfigError if the address cannot be listened on.
    """
    host, _, port = listen.rpartition(":")
    # A signature is of what was sent, and bombs are the business of the processes that read documents
    runner = web.AppRunner(
        callbacks(subscriber, body_limit_bytes),
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        auto_decompress=False,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except (OSError, OverflowError, ValueError) as err:
            raise ConfigError(f"cannot listen on {listen!r}: {err}", place="websub.listen") from err
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def callbacks(subscriber: Subscriber, body_limit_bytes: int) -> web.Application:
    """The application: any path, whose last part says which feed is meant, so that a proxy may change the rest."""
    slots = asyncio.Semaphore(PUSHES_AT_ONCE)
    sending: set[str] = set()
    settling: dict[str, asyncio.Task[bool | None]] = {}

    async def settled(token: str, question: Coroutine[Any, Any, bool | None]) -> bool | None:
        """What becomes of a question; None: ask again later. Its change goes on, since it may be in Kafka already."""
        task = settling[token] = asyncio.create_task(question)
        task.add_done_callback(lambda _: settling.pop(token))
        try:
            async with asyncio.timeout(TAKEN_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError:
            return None

    async def end(_: web.Application) -> None:
        left = list(settling.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def asks(request: web.Request) -> web.Response:
        token, said = _token(request), request.query
        mode, topic = said.get("hub.mode", ""), said.get("hub.topic", "")
        if subscriber.feed_of(token) is None:
            return _unknown(subscriber)
        if subscriber.is_too_many(token):
            return _later(HTTPStatus.TOO_MANY_REQUESTS)
        if token in settling:
            return _later()
        if mode == "denied":
            is_ours = await settled(token, subscriber.deny(token, topic, said.get("hub.reason", "")))
            if is_ours is None:
                return _later()
            return _plain("" if is_ours else "no such topic", HTTPStatus.OK if is_ours else HTTPStatus.NOT_FOUND)
        challenge, lease_text = said.get("hub.challenge", ""), said.get("hub.lease_seconds")
        if mode != "subscribe" or not challenge or len(challenge) > CHALLENGE_LIMIT_CHARACTERS:
            return _plain("not asked for", HTTPStatus.NOT_FOUND)
        lease_seconds = None if lease_text is None else _lease(lease_text)
        if lease_text is not None and lease_seconds is None:
            return _plain("hub.lease_seconds is no number of seconds", HTTPStatus.BAD_REQUEST)
        is_wanted = await settled(token, subscriber.confirm(token, topic, lease_seconds))
        if is_wanted is None:
            return _later()
        return _plain(challenge, HTTPStatus.OK) if is_wanted else _plain("not asked for", HTTPStatus.NOT_FOUND)

    async def pushes(request: web.Request) -> web.Response:
        token = _token(request)
        if subscriber.feed_of(token) is None:
            return _unknown(subscriber)
        # One that sends slowly keeps no other feed waiting
        if subscriber.is_too_many(token) or token in sending:
            return _answer(subscriber, "too many")
        sending.add(token)
        try:
            async with _slot(slots) as has_room:
                return await pushed(request, token) if has_room else _answer(subscriber, "not taken")
        finally:
            sending.discard(token)

    async def pushed(request: web.Request, token: str) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return _plain("the body takes too long", HTTPStatus.REQUEST_TIMEOUT)
        except web.HTTPRequestEntityTooLarge:
            subscriber.left(token, f"it is larger than {body_limit_bytes:,} bytes")
            return _answer(subscriber, "too large")
        content_type, signature = request.headers.get("Content-Type", ""), request.headers.get("X-Hub-Signature")
        try:
            async with asyncio.timeout(TAKEN_SECONDS):
                taken = await subscriber.take(token, body, content_type, signature)
        except TimeoutError:
            taken = "not taken"
        return _answer(subscriber, taken)

    app = web.Application(client_max_size=body_limit_bytes)
    app.on_cleanup.append(end)
    app.router.add_get("/{path:.*}", asks, allow_head=False)
    app.router.add_post("/{path:.*}", pushes)
    return app


@asynccontextmanager
async def _slot(slots: asyncio.Semaphore) -> AsyncIterator[bool]:
    """Room for a document; False if there is none for too long."""
    try:
        async with asyncio.timeout(SLOT_SECONDS):
            await slots.acquire()
    except TimeoutError:
        yield False
        return
    try:
        yield True
    finally:
        slots.release()


def _token(request: web.Request) -> str:
    return request.path.rpartition("/")[2]


def _unknown(subscriber: Subscriber) -> web.Response:
    """What a hub hears of a feed that is not pushed here: that it is gone, which ends its pushes, if that is known."""
    return _plain("not asked for", HTTPStatus.GONE) if subscriber.is_ready else _later()


def _answer(subscriber: Subscriber, taken: Taken) -> web.Response:
    subscriber.count(taken)
    status = STATUS[taken]
    is_later = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return web.Response(status=status, headers=SOON if is_later else None)


def _later(status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE) -> web.Response:
    return web.Response(status=status, headers=SOON)


def _plain(text: str, status: HTTPStatus) -> web.Response:
    """Text that no browser takes for a page: a hub chooses what we repeat."""
    return web.Response(text=text, status=status, headers={"X-Content-Type-Options": "nosniff"})


def _lease(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 and int(text) > 0 else None
