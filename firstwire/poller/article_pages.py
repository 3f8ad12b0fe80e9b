"""The whole text of articles whose feed has only the beginning, from their pages, if robots.txt permits that.

An article never waits for longer than it may, and is never lost: without its page it has the feed's text.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter, OrderedDict, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec

from firstwire.poller.answers import Answer, Failed, Fetched, NotModified
from firstwire.poller.document import UnreadableFeed
from firstwire.poller.domains import registrable_domain
from firstwire.poller.fetch import PAGE_LIMIT_BYTES, Fetcher
from firstwire.poller.headers import Validators
from firstwire.poller.links import host_of
from firstwire.poller.page_text import RobotsAnswer
from firstwire.poller.parse import Parser
from firstwire.poller.parse_worker import PageJob, RobotsJob
from firstwire.poller.schedule import wait_asked
from schemas.article import Article

SHORT_CHARACTERS = 1_500
"""A text below that is taken for the beginning of an article: teasers have some hundred, whole ones thousands."""

LEAST_CHARACTERS, LEAST_TIMES = 400, 1.2
"""A text of a page is so long at least, and so many times as long as the feed's: where a story is for subscribers,
what is found is its beginning among the names of sections."""

ROBOTS_KEPT_FOR = timedelta(hours=24)
"""As RFC 9309 has it, 2.4."""

ROBOTS_FAILURE_KEPT_FOR = timedelta(hours=1)
ROBOTS_LIMIT_BYTES = 512 * 1024
"""What is read of one (RFC 9309, 2.5)."""

ROBOTS_KEPT_BYTES = 8 * 1024 * 1024
"""Of all together, compressed."""

REFUSALS_KEPT = 10_000
"""Sites of which is remembered that they do not want to be asked, some hundred bytes each."""

PageTurn = Callable[[str, float], AbstractAsyncContextManager[Callable[[Answer], None]]]
"""Waits until an address may be asked, so many seconds after the last page of its host. Its body is in memory until the
block ends, and only few turns are open at a time. The value is told of the answer: the host has done its part then, and
may want to be left alone."""


@dataclass(frozen=True)
class CompletedArticles:
    """Articles, of which some have the text of their page; the reasons why the others have not, with their numbers."""

    articles: tuple[Article, ...]
    read: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)

    @property
    def fault(self) -> str | None:
        """The most frequent reason."""
        return max(self.faults, key=lambda reason: self.faults[reason], default=None)


@dataclass(frozen=True)
class _Robots:
    """What a host has said. `packed`: None if nothing may be fetched."""

    packed: bytes | None
    until: datetime
    reason: str = ""


@dataclass(frozen=True)
class _Refusal:
    """That a site is not asked for pages, and why."""

    reason: str
    until: datetime


class ArticlePages:
    """Reads pages. `product` is the name of the program, as robots.txt files know it."""

    def __init__(self, fetcher: Fetcher, parser: Parser, *, product: str, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._product = product
        self._now = now
        self._robots: OrderedDict[str, _Robots] = OrderedDict()
        self._kept_bytes = 0
        self._refusals: OrderedDict[str, _Refusal] = OrderedDict()

    async def completed(
        self,
        articles: Sequence[Article],
        *,
        wait_seconds: float,
        own_url: str,
        is_private: bool,
        turn: PageTurn,
    ) -> CompletedArticles:
        """The articles, those that are short with the text of their pages if these come within so many seconds.

        `own_url`: where the feed is subscribed. `is_private`: it is on a network that the settings allow, so its pages
        may be on its server too. The newest articles, which are the last, come first.
        """
        texts: dict[str, str] = {}
        faults: dict[str, str] = {}
        by_site: defaultdict[str, list[Article]] = defaultdict(list)
        for article in reversed(articles):
            if is_short(article) and article.url is not None:
                by_site[_site(article.url)].append(article)
                faults[article.article_id] = f"its page did not come within {wait_seconds:g} s"
        visit = _SiteVisit(own_url, is_private, turn, texts, faults)
        reading = [asyncio.create_task(self._read_site(site, found, visit)) for site, found in by_site.items()]
        try:
            if reading:
                await asyncio.wait(reading, timeout=wait_seconds)
        finally:
            for task in reading:
                task.cancel()
            ended = await asyncio.gather(*reading, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        return CompletedArticles(
            articles=tuple(
                msgspec.structs.replace(article, body=texts.get(article.article_id, article.body))
                for article in articles
            ),
            read=len(texts),
            faults=Counter(faults.values()),
        )

    async def _read_site(self, site: str, articles: Sequence[Article], visit: _SiteVisit) -> None:
        refusal = self._refusals.get(site)
        if refusal is not None and self._now() < refusal.until:
            visit.faults.update((article.article_id, refusal.reason) for article in articles)
            return
        urls = tuple(article.url or "" for article in articles)
        permitted = await self._permitted(site, urls, visit)
        if isinstance(permitted, str):
            visit.faults.update((article.article_id, permitted) for article in articles)
            return
        wanted = []
        for article, is_allowed in zip(articles, permitted.allowed, strict=True):
            if is_allowed:
                wanted.append(article)
            else:
                visit.faults[article.article_id] = "robots.txt forbids its page"
        for number, article in enumerate(wanted):
            found = await self._text(article, permitted.delay_seconds, visit)
            if isinstance(found, str):
                visit.texts[article.article_id] = found
                del visit.faults[article.article_id]
                continue
            visit.faults[article.article_id] = found.reason
            if found.is_for_all:
                visit.faults.update((each.article_id, found.reason) for each in wanted[number:])
                return

    async def _permitted(self, site: str, urls: tuple[str, ...], visit: _SiteVisit) -> RobotsAnswer | str:
        """What the site's robots.txt says, or why nothing is permitted."""
        robots = self._robots.get(site)
        if robots is None or self._now() >= robots.until:
            robots = await self._asked_robots(site, visit)
            self._keep(site, robots)
        if robots.packed is None:
            return robots.reason
        if not robots.packed:
            return RobotsAnswer((True,) * len(urls))
        answer = await self._parser.read_robots(RobotsJob(zlib.decompress(robots.packed), urls, self._product))
        return f"robots.txt: {answer.reason}" if isinstance(answer, UnreadableFeed) else answer

    async def _asked_robots(self, site: str, visit: _SiteVisit) -> _Robots:
        async with self._asked(f"{site}/robots.txt", 0.0, visit) as answer:
            now = self._now()
            if isinstance(answer, Fetched):
                packed = zlib.compress(answer.body[:ROBOTS_LIMIT_BYTES], 1) if answer.body else b""
                return _Robots(packed, now + ROBOTS_KEPT_FOR)
        if answer.status is not None and _means_none(answer.status):
            return _Robots(b"", now + ROBOTS_KEPT_FOR)
        # A site that cannot say what it permits is taken to permit nothing (RFC 9309, 2.3.1.4)
        kept_for = max(ROBOTS_FAILURE_KEPT_FOR, wait_asked(answer.retry_after_seconds) or timedelta(0))
        return _Robots(None, now + kept_for, f"robots.txt: {answer.reason}")

    def _keep(self, site: str, robots: _Robots) -> None:
        before = self._robots.pop(site, None)
        self._kept_bytes += len(robots.packed or b"") - len((before.packed if before else None) or b"")
        self._robots[site] = robots
        while self._kept_bytes > ROBOTS_KEPT_BYTES or len(self._robots) > ROBOTS_KEPT_BYTES // 1024:
            _, oldest = self._robots.popitem(last=False)
            self._kept_bytes -= len(oldest.packed or b"")

    async def _text(self, article: Article, delay_seconds: float, visit: _SiteVisit) -> str | _NoText:
        """The text of an article's page, or why there is none."""
        url = article.url or ""
        async with self._asked(url, delay_seconds, visit) as answer:
            if isinstance(answer, Failed):
                return self._without(answer, url)
            found, leads_to = await self._read(answer, article), answer.url
        if isinstance(found, _NoText) or leads_to == url:
            return found
        # Without a turn of its own: the robots.txt of where it leads may need one
        permitted = await self._permitted(_site(leads_to), (leads_to,), visit)
        if isinstance(permitted, str):
            return _NoText(f"where its page leads: {permitted}")
        return found if all(permitted.allowed) else _NoText("robots.txt forbids where its page leads")

    def _without(self, failure: Failed, url: str) -> _NoText:
        """Why there is no page. A site that refuses it, or wants to be left alone, is asked for no other for a time."""
        reason = f"its page: {failure.reason}"
        if failure.host is not None and registrable_domain(failure.host) != registrable_domain(host_of(url)):
            # It led to somebody else, where the others may not lead
            return _NoText(reason)
        wait = wait_asked(failure.retry_after_seconds)
        if wait is None:
            return _NoText(reason, failure.kind in ("unreachable", "slow"))
        site, until = _site(url), self._now() + wait
        reason = f"{reason}; its site is not asked before {until:%Y-%m-%d %H:%M} UTC"
        self._refusals.pop(site, None)
        self._refusals[site] = _Refusal(reason, until)
        if len(self._refusals) > REFUSALS_KEPT:
            self._refusals.popitem(last=False)
        return _NoText(reason, is_for_all=True)

    async def _read(self, answer: Fetched, article: Article) -> str | _NoText:
        """The text of a page, or why it is not that of the article."""
        kind = answer.content_type.partition(";")[0].strip().lower()
        if kind not in ("", "text/html", "application/xhtml+xml", "text/plain"):
            return _NoText(f"its page is {kind[:60]}")
        job = PageJob(
            answer.body, answer.content_type, article.title, article.summary or article.body, PAGE_LIMIT_BYTES
        )
        read = await self._parser.read_page(job)
        if isinstance(read, UnreadableFeed):
            return _NoText(read.reason)
        if len(read.text) < max(LEAST_CHARACTERS, LEAST_TIMES * max(len(article.summary), len(article.body))):
            return _NoText("its page says no more than the feed")
        return read.text

    @asynccontextmanager
    async def _asked(self, url: str, delay_seconds: float, visit: _SiteVisit) -> AsyncIterator[Fetched | Failed]:
        """What a site answers, once it is its turn. The memory of its body counts until the block ends."""
        async with (
            visit.turn(url, delay_seconds) as heard,
            self._fetcher.answer(
                url, Validators(), own_url=visit.own_url, is_private=visit.is_private, is_page=True
            ) as answer,
        ):
            heard(answer)
            yield Failed("not modified") if isinstance(answer, NotModified) else answer


@dataclass(frozen=True)
class _NoText:
    """Why there is no text. `is_for_all`: it would be the same for the other pages of the site."""

    reason: str
    is_for_all: bool = False


@dataclass(frozen=True)
class _SiteVisit:
    """How pages are fetched, and what comes of it, by article id."""

    own_url: str
    is_private: bool
    turn: PageTurn
    texts: dict[str, str]
    faults: dict[str, str]


def is_short(article: Article) -> bool:
    """Whether the feed seems to have only the beginning of an article."""
    return max(len(article.summary), len(article.body)) < SHORT_CHARACTERS


def product_of(user_agent: str) -> str:
    """The name of the program, as robots.txt files know it: of `firstwire/0.1 (+https://…)` the first word."""
    return user_agent.partition("/")[0].split(" ")[0].strip() or "firstwire"


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _means_none(status: int) -> bool:
    """Whether a site has no robots.txt, so that all is permitted (RFC 9309, 2.3.1.3)."""
    return (
        HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS
    )
