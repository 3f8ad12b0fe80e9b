"""`POST /api/v1/articles`: the door for scrapers and wires that have no feed, to be added to the console."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

import orjson
from aiohttp import web

from firstwire.poller.pushed import TAKEN_TOGETHER, ArticlePublisher, Pushed, push

PATH = "/api/v1/articles"
ANSWER_LIMIT_SECONDS = 20.0
"""How long a caller waits for Kafka. After that he is told to send again; what was taken twice ends as a duplicate."""


def add_push_door(
    app: web.Application,
    publisher: ArticlePublisher,
    is_allowed: Callable[[web.Request], bool],
    now: Callable[[], datetime],
) -> None:
    """Add the door. `is_allowed`: whether a request has a token that may write.

    The body, as large as the application takes, is one article as JSON, an array of them, or a line for each; fields as
    in the files of `firstwire replay`. Answers 202 with `{"taken": 2, "refused": [{"line": 3, "id": …, "reason": …}]}`
    once what was taken is safe, 400 if nothing was taken, 401 without a token, 413 for too much at a time, 503 if Kafka
    does not answer.
    """

    async def take(request: web.Request) -> web.Response:
        if not is_allowed(request):
            return _fault(401, "give a token that may write: Authorization: Bearer …")
        lines = list(_lines(await request.read()))
        if len(lines) > TAKEN_TOGETHER:
            return _fault(413, f"at most {TAKEN_TOGETHER} articles at a time")
        try:
            async with asyncio.timeout(ANSWER_LIMIT_SECONDS):
                pushed = await push(lines, publisher, now())
        except TimeoutError:
            pushed = Pushed(0, (), is_whole=False)
        if not pushed.is_whole:
            return _fault(503, "Kafka does not answer; send it again, what was taken already is not taken twice")
        refused = [{"line": each.line, "id": each.article_id, "reason": each.reason} for each in pushed.refused]
        status = 202 if pushed.taken else 400
        return web.json_response({"taken": pushed.taken, "refused": refused}, status=status)

    app.router.add_post(PATH, take)


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Each article as a line with its number, from 1."""
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        whole = None
    if isinstance(whole, list):
        yield from ((number, orjson.dumps(each)) for number, each in enumerate(whole, start=1))
    elif whole is not None:
        yield 1, body
    else:
        yield from ((number, line) for number, line in enumerate(body.splitlines(), start=1) if line.strip())


def _fault(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
