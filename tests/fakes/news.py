"""A feed origin whose feeds grow while it is read: numbered articles, revisions, and recognitions to tell of."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

from aiohttp import web

LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl", "pl")
ACTORS = ("Chad", "Peru", "Norway", "Japan", "Kenya", "Fiji", "Malta", "Nepal", "Oman", "Ghana", "Cuba", "Iceland")
TARGETS = ("Kosovo", "Palestine", "Abkhazia", "South Ossetia", "Somaliland", "Taiwan", "Western Sahara")
WORDS = ("harbor", "market", "council", "river", "budget", "bridge", "winter", "school", "engine", "garden", "museum")


@dataclass(frozen=True)
class Item:
    """One entry of a feed. Two items with one guid are two revisions of one article."""

    guid: str
    title: str
    text: str


@dataclass
class Feed:
    name: str
    language: str
    items: list[Item]
    released: int = 0

    def link(self, item: Item) -> str:
        return f"http://news.test/{self.name}/{item.guid}"

    def document(self) -> bytes:
        newest: dict[str, Item] = {item.guid: item for item in self.items[: self.released]}
        entries = "".join(
            f"<item><guid isPermaLink='false'>{item.guid}</guid><link>{self.link(item)}</link>"
            f"<title>{escape(item.title)}</title><description>{escape(item.text)}</description>"
            f"<pubDate>Thu, 03 Jul 2025 14:02:11 GMT</pubDate></item>"
            for item in reversed(newest.values())
        )
        return (
            f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>{self.name}</title>"
            f"<language>{self.language}</language><link>http://news.test/{self.name}</link>{entries}</channel></rss>"
        ).encode()


def write_feeds(random: Random, feeds: int, articles_each: int) -> list[Feed]:
    """Feeds of distinct articles; about one in a hundred tells of a recognition, one in twenty has a later revision."""
    acts = [f"{actor} formally recognizes {target}" for actor in ACTORS for target in TARGETS]
    random.shuffle(acts)
    written = []
    for number in range(feeds):
        items: list[Item] = []
        for index in range(articles_each):
            guid = f"f{number}-a{index}"
            words = " ".join(random.choices(WORDS, k=40))
            title = f"Report {number}/{index} on {random.choice(WORDS)}"
            if random.random() < 1 / 100 and acts:
                title = acts.pop() if random.random() < 0.7 else random.choice(acts)
            items.append(Item(guid, title, f"{words} {number} {index}."))
            if random.random() < 1 / 20:
                items.append(Item(guid, title, f"Corrected: {words} {number} {index}."))
        written.append(Feed(f"feed{number}", LANGUAGES[number % len(LANGUAGES)], items))
    return written


class NewsOrigin:
    """Serves the feeds on loopback with validators; `release` lets some more of each be seen."""

    def __init__(self, feeds: list[Feed]) -> None:
        self.feeds = {feed.name: feed for feed in feeds}
        self._runner: web.AppRunner | None = None
        self.base = ""

    @property
    def urls(self) -> list[str]:
        return [f"{self.base}/{name}.xml" for name in self.feeds]

    def release(self, share: float) -> None:
        """Every feed shows this share of its items."""
        for feed in self.feeds.values():
            feed.released = max(feed.released, int(len(feed.items) * min(1.0, share)))

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{name}.xml", self._answer)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = self.feeds[request.match_info["name"]].document()
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, headers={"ETag": etag}, content_type="application/rss+xml")
