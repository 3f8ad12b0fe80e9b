"""Articles that are pushed: checked, numbered and published, by lines and through a real HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from firstwire.core.stories.identity import page_id
from firstwire.poller.push_door import PATH, add_push_door
from firstwire.poller.pushed import TAKEN_TOGETHER, lines_at_hand, push
from schemas.article import Article

BODY_LIMIT_BYTES = 512 * 1024
"""Of the console, which has the door."""
NOW = datetime(2025, 7, 3, 14, 2, 11, tzinfo=UTC)


class Kept:
    """Keeps what is published; `is_open` is what it answers."""

    def __init__(self, is_open: bool = True) -> None:
        self.articles: list[Article] = []
        self.keys: dict[str, str] = {}
        self.is_open = is_open

    async def publish(self, articles: Sequence[Article], keys: Mapping[str, str]) -> bool:
        self.articles += articles
        self.keys |= keys
        return self.is_open


def line(**fields: Any) -> bytes:
    return orjson.dumps(fields)


async def test_an_article_is_of_now_unless_it_says_when_it_was_fetched() -> None:
    kept = Kept()
    url, earlier = "https://wire.example/1", "2025-07-02T00:00:00Z"
    lines = [line(title="Rain", url=url, language="en"), line(title="Snow", id="x", language="ru", fetched_at=earlier)]
    pushed = await push(enumerate(lines, start=1), kept, NOW)
    assert (pushed.taken, pushed.refused, pushed.is_whole) == (2, (), True)
    assert [(each.article_id, each.fetched_at) for each in kept.articles] == [
        (page_id(url), "2025-07-03T14:02:11.000Z"),
        ("x", "2025-07-02T00:00:00.000Z"),
    ]
    assert kept.keys == {page_id(url): "en", "x": "ru"}


async def test_what_cannot_be_read_is_named_by_its_line_and_stops_nothing() -> None:
    kept = Kept()
    lines = [(4, b"{"), (5, line(url="https://wire.example/1")), (7, line(title="Rain", id="r")), (9, b"[1]")]
    pushed = await push(lines, kept, NOW)
    assert [(each.line, each.reason.split(":")[0]) for each in pushed.refused] == [
        (4, "not JSON"),
        (5, "no title"),
        (9, "not an object"),
    ]
    assert [each.title for each in kept.articles] == ["Rain"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": "javascript:alert(1)"}, "url: scheme 'javascript' is not http or https"),
        ({"url": "https:///path"}, "url: the address has no host"),
        ({"language": "english, mostly"}, "language is no tag such as en or pt-br: 'english, mostly'"),
        ({"fetched_at": "2025-07-03T14:08:00Z"}, "fetched_at is in the future: 2025-07-03T14:08:00.000Z"),
    ],
)
async def test_what_a_feed_could_not_bring_is_refused_here_too(fields: dict[str, str], reason: str) -> None:
    kept = Kept()
    lines = [line(title="Rain", id="r", **fields), line(title="Rain", id="s", fetched_at="2025-07-03T14:06:00Z")]
    pushed = await push(enumerate(lines, start=1), kept, NOW)
    assert [(each.article_id, each.reason) for each in pushed.refused] == [("r", reason)]
    assert [each.article_id for each in kept.articles] == ["s"]


def test_lines_are_given_as_they_come_and_numbered_through() -> None:
    chunks: Iterator[bytes] = iter([b"a\nb", b"c\n\n", b"d\n" * (TAKEN_TOGETHER + 1), b"end", b""])
    together = list(lines_at_hand(lambda size: next(chunks)))
    assert together[:2] == [[(1, b"a")], [(2, b"bc")]]
    assert [len(each) for each in together[2:]] == [TAKEN_TOGETHER, 1, 1]
    assert together[-1] == [(3 + TAKEN_TOGETHER + 2, b"end")]


@asynccontextmanager
async def door(kept: Kept) -> AsyncIterator[str]:
    app = web.Application(client_max_size=BODY_LIMIT_BYTES)
    add_push_door(app, kept, lambda request: request.headers.get("Authorization") == "Bearer t", lambda: NOW)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    finally:
        await runner.cleanup()


async def sent(address: str, body: bytes, token: str = "t") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.post(address, data=BytesIO(body), headers=headers) as answer:
        return answer.status, await (answer.json() if answer.content_type == "application/json" else answer.text())


@pytest.mark.parametrize(
    "body",
    [
        line(title="Rain", id="r"),
        orjson.dumps([{"title": "Rain", "id": "r"}]),
        line(title="Rain", id="r") + b"\n",
        b"\n" + line(title="Rain", id="r") + b"\n{\n",
    ],
    ids=["one", "array", "line", "lines"],
)
async def test_one_article_an_array_or_lines_may_be_posted(body: bytes) -> None:
    kept = Kept()
    async with door(kept) as address:
        status, answer = await sent(address, body)
    assert (status, answer["taken"], [each.title for each in kept.articles]) == (202, 1, ["Rain"])
    assert [each["line"] for each in answer["refused"]] == ([3] if body.endswith(b"{\n") else [])


async def test_a_request_that_may_not_or_cannot_be_taken_is_refused_with_the_reason() -> None:
    kept, closed = Kept(), Kept(is_open=False)
    rain = line(title="Rain", id="r")
    async with door(kept) as address:
        assert (await sent(address, rain, token="other"))[0] == 401
        assert await sent(address, b"{}") == (
            400,
            {"taken": 0, "refused": [{"line": 1, "id": "line-1", "reason": "no title"}]},
        )
        assert (await sent(address, b"\n".join([rain] * (TAKEN_TOGETHER + 1))))[0] == 413
        assert (await sent(address, b" " * (BODY_LIMIT_BYTES + 1)))[0] == 413
    assert kept.articles == []
    async with door(closed) as address:
        status, answer = await sent(address, rain)
    assert (status, "send it again" in answer["error"]) == (503, True)
