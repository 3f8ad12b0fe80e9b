"""A feed origin on loopback: serves the sample feeds like a careful publisher, with validators and 304.

Only ever listens on loopback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from types import TracebackType
from typing import Self

from aiohttp import web

from firstwire.demo.sample import Sample, SampleArticle, SampleFeed
from firstwire.demo.syndication import CONTENT_TYPES, document_of

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A feed's document with its validators."""

    body: bytes
    content_type: str
    etag: str
    last_modified: str


class DemoOrigin:
    """`async with DemoOrigin(sample, now=…) as origin:` serves the sample's feeds at `origin.urls`."""

    def __init__(self, sample: Sample, *, now: Callable[[], datetime], port: int = 0) -> None:
        self._feeds = {feed.name: feed for feed in sample.feeds}
        self._articles: dict[str, SampleArticle] = {article.guid: article for article in sample.articles}
        self._now = now
        self._port = port
        self._base = ""
        self._served: dict[str, Served] = {}
        self._runner: web.AppRunner | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """The address of every feed, in the sample's order."""
        return tuple(self.url_of(name) for name in self._feeds)

    def url_of(self, name: str) -> str:
        """The address of one feed."""
        return f"{self._base}/{name}.xml"

    async def publish_update(self, guid: str) -> str:
        """Replace an article with its later revision, under the same guid; return its feed's address.

        Raises KeyError if there is no such article. Its feed gets new validators.
        """
        self._articles[guid] = self._articles[guid].revised()
        name = self._articles[guid].feed
        self._served[name] = self._edition(self._feeds[name])
        return self.url_of(name)

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{name}.xml", self._answer)
        # No access log: the screen is for the demonstration itself
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, self._port)
        await site.start()
        self._runner = runner
        self._base = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        self._served = {name: self._edition(feed) for name, feed in self._feeds.items()}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def _edition(self, feed: SampleFeed) -> Served:
        articles = [article for article in self._articles.values() if article.feed == feed.name]
        body = document_of(feed, articles, self.url_of(feed.name))
        return Served(
            body=body,
            content_type=CONTENT_TYPES[feed.format],
            etag=f'"{blake2b(body, digest_size=12).hexdigest()}"',
            last_modified=format_datetime(self._now().astimezone(UTC), usegmt=True),
        )

    async def _answer(self, request: web.Request) -> web.Response:
        served = self._served.get(request.match_info["name"])
        if served is None:
            raise web.HTTPNotFound(text="no such feed")
        validators = {"ETag": served.etag, "Last-Modified": served.last_modified}
        # RFC 9110 13.2.2: If-Modified-Since only applies without If-None-Match
        known = request.headers.get("If-None-Match")
        fresh = (
            known == served.etag
            if known is not None
            else request.headers.get("If-Modified-Since") == served.last_modified
        )
        if fresh:
            return web.Response(status=304, headers=validators)
        return web.Response(body=served.body, headers=validators, content_type=served.content_type, charset="utf-8")
