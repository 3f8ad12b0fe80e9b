"""A single look at a feed, by the poller's own fetcher and parser, without remembering anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from firstwire.config import Configuration, PollerSection
from firstwire.errors import ConfigError
from firstwire.poller.answers import Answer, Failed, Fetched
from firstwire.poller.autodiscovery import FoundFeed, feeds_of_page, usual_addresses
from firstwire.poller.document import FeedDocument
from firstwire.poller.encoding import decoded
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.fetch import BEGINNING_BYTES
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of, is_same_server
from firstwire.poller.parse import Parsed
from firstwire.poller.parse_worker import ReadJob
from firstwire.poller.parts import PollerParts, open_parts


@dataclass(frozen=True)
class Inspection:
    """What is at an address: a document, or why there is none."""

    url: str
    took_seconds: float
    answer: Answer
    found: FeedDocument | str
    feeds: tuple[FoundFeed, ...] = ()
    """The feeds that the page names, if it is one."""
    is_page: bool = False
    """It is a web page, and not a feed that cannot be read."""
    was_slow: bool = False
    """Fetching or reading it takes longer than a visit usually may."""

    @property
    def beginning(self) -> str:
        """How the body of what is no feed begins."""
        if isinstance(self.found, FeedDocument) or not isinstance(self.answer, Fetched | Failed):
            return ""
        body = self.answer.body if isinstance(self.answer, Fetched) else self.answer.beginning
        return body[:BEGINNING_BYTES].decode("utf-8", "replace").strip()

    @property
    def hubs(self) -> tuple[str, ...]:
        """The hubs that push the feed, by its header, or by its document if that names none."""
        of_header = self.answer.hubs if isinstance(self.answer, Fetched) else ()
        return of_header or (self.found.hubs if isinstance(self.found, FeedDocument) else ())


class Inspector:
    """Looks at feeds. Use `open_inspector`."""

    def __init__(self, parts: PollerParts, poller: PollerSection) -> None:
        self._parts = parts
        self._poller = poller

    async def inspect(self, url: str, options: FeedOptions | None = None, *, named_by: str | None = None) -> Inspection:
        """Visit an address once. `named_by`: the page that names it, if nobody has given it."""
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            own_headers = (options or FeedOptions()).request_headers()
        except ConfigError as err:
            return Inspection(url, 0.0, Failed(str(err), "refused"), str(err))
        own_url = named_by or url
        is_private = await self._parts.paces.resolve(host_of(own_url))
        async with self._parts.fetcher.answer(
            url,
            Validators(),
            own_url=own_url,
            is_private=is_private,
            is_slow=True,
            own_headers=own_headers,
            keeps_beginning=True,
        ) as answer:
            took_seconds = clock() - began
            if isinstance(answer, Failed):
                return Inspection(url, took_seconds, answer, answer.reason)
            if not isinstance(answer, Fetched):
                return Inspection(url, took_seconds, answer, "not modified, though nothing was known of it")
            parsed = await self._parsed(answer)
            document, was_slow = parsed.document, parsed.was_slow or answer.was_slow
            if isinstance(document, FeedDocument):
                return Inspection(url, took_seconds, answer, document, was_slow=was_slow)
            feeds: tuple[FoundFeed, ...] = ()
            if document.is_page:
                feeds = feeds_of_page(decoded(answer.body, answer.content_type).text, answer.url)
        return Inspection(url, took_seconds, answer, document.reason, feeds, document.is_page, was_slow)

    async def guessed(self, page: Inspection) -> tuple[FoundFeed, ...]:
        """A feed of the site of a page that names none, where feeds usually are: perhaps not the one that is meant."""
        if not page.is_page or page.feeds or not isinstance(page.answer, Fetched):
            return ()
        for address in usual_addresses(page.answer.url):
            tried = await self.inspect(address, named_by=page.url)
            if isinstance(tried.found, FeedDocument):
                return (FoundFeed(address, tried.found.title or ""),)
        return ()

    async def leads_inside(self, url: str, target: str) -> bool:
        """Whether what an address names is on another server, on a network that the settings allow."""
        return await self._parts.paces.resolve(host_of(target)) and not is_same_server(url, target)

    async def _parsed(self, answer: Fetched) -> Parsed:
        job = ReadJob(
            body=answer.body,
            url=answer.url,
            content_type=answer.content_type,
            entry_limit=self._poller.entry_limit,
            body_limit_bytes=self._poller.body_limit_bytes,
        )
        parsed = await self._parts.parser.read(job)
        if parsed.was_slow and not isinstance(parsed.document, FeedDocument):
            # As the poller does on its next visit
            parsed = await self._parts.parser.read(job, is_slow=True)
            parsed = replace(parsed, was_slow=True)
        return parsed


@asynccontextmanager
async def open_inspector(configuration: Configuration) -> AsyncIterator[Inspector]:
    """An inspector with the poller's settings."""
    poller = configuration.settings.poller
    async with open_parts(poller, lambda: datetime.now(UTC)) as parts:
        yield Inspector(parts, poller)
