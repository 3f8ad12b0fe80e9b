"""Search: the language of watches over everything that the index holds, and how much a watch would have told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from aiohttp import web

from firstwire.core.text.wording import one_line
from firstwire.core.watches.parser import parse
from firstwire.core.watches.refusal import QueryError
from firstwire.errors import ConfigError
from firstwire.index.results import DayCount, SearchHit, SearchPage
from firstwire.index.search import search
from firstwire.notifier.quotes import Quote, QuotePiece, highlighted, shortened
from firstwire.web.console import Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.parameters import number_of, span_of
from firstwire.web.rendering import page, segment
from schemas.article import Story
from schemas.record import Span

SHOWN = 30
EXPORTED = 100
EXPORTED_AT_MOST = 1_000
SNIPPETS = 2
PREVIEWED = 5
SEARCHES_AT_ONCE = 2
"""One can read and verify tens of thousands of articles; the others wait."""
COLUMNS = ("article_id", "title", "source", "language", "published_at", "fetched_at", "story_id", "url")
EXAMPLES = ("recogni* NEAR/8 taliban", "@russia AND (sanction* OR embargo)", 'title:("peace talks" OR ceasefire)')

_searches = asyncio.Semaphore(SEARCHES_AT_ONCE)


@dataclass(frozen=True)
class ShownHit:
    """An article that was found, its title and the places that make the query true, highlighted."""

    story: Story
    title: Quote
    snippets: tuple[Quote, ...]


@dataclass(frozen=True)
class Rate:
    """How much a watch would have told a day, over the days that are searched."""

    days: tuple[DayCount, ...]
    articles: int
    messages: int
    articles_per_day: float
    messages_per_day: float
    counted_since: str | None


def add_routes(app: web.Application) -> None:
    app.router.add_get("/search", show)
    app.router.add_get("/search/preview", preview)
    app.router.add_get("/api/v1/search/days", days_as_json)
    add_list(app, "/search", listing)


async def show(request: web.Request) -> web.Response:
    """The form; what a query finds; or where it is wrong."""
    query, after = request.query.get("q", "").strip(), request.query.get("after")
    found: SearchPage | None = None
    fault: QueryError | None = None
    wrong_time = ""
    if query:
        try:
            found = await _searched(request, query, SHOWN, after)
        except QueryError as err:
            fault = err
        except ConfigError as err:
            wrong_time = err.message
    return page(
        request,
        "search.html.jinja",
        q=query,
        since=request.query.get("since", ""),
        until=request.query.get("until", ""),
        hits=[] if found is None else [shown_hit(hit) for hit in found.hits],
        rate=None if found is None or after else rate_of(found),
        is_asked=found is not None,
        is_watch=found is not None and found.is_of_a_watch,
        hints=() if found is None else found.hints,
        fault=fault,
        wrong_time=wrong_time,
        examples=EXAMPLES,
        next=None if found is None or found.next is None else str(request.rel_url.update_query(after=found.next)),
        exports=request.rel_url.query_string,
    )


async def preview(request: web.Request) -> web.Response:
    """A part of the rules' editor: what its query would have found."""
    query = request.query.get("q", "").strip()
    found, fault = None, None
    try:
        parse(query, await console_of(request).knowledge.gazetteer())  # a watch may not ask for values alone
        found = await _searched(request, query, PREVIEWED, None)
    except QueryError as err:
        fault = err
    return page(
        request,
        "search_preview.html.jinja",
        fault=fault,
        q=query,
        hits=[] if found is None else [shown_hit(hit) for hit in found.hits],
        hints=() if found is None else found.hints,
        rate=None if found is None else rate_of(found),
    )


async def listing(request: web.Request) -> Listing:
    found = await _required(
        request,
        number_of(request.query, "limit", usual=EXPORTED, lowest=1, highest=EXPORTED_AT_MOST),
        request.query.get("after"),
    )
    rows = tuple(
        ExportedRow(
            {**msgspec.to_builtins(hit.story), "evidence": msgspec.to_builtins(hit.evidence)},
            f"{hit.story.title} · {hit.story.source or 'unknown outlet'}",
            f"/articles/{segment(hit.story.article_id)}",
            hit.story.fetched_at,
            hit.story.summary or hit.story.body[:300],
        )
        for hit in found.hits
    )
    total = found.articles if found.days and found.counted_since is None else None
    return Listing(
        f"search for {request.query.get('q', '')}", COLUMNS, rows, total=total, next=found.next, hints=found.hints
    )


async def days_as_json(request: web.Request) -> web.Response:
    """How much a watch would have told on each day."""
    return answer_json(msgspec.to_builtins(rate_of(await _required(request, 1, None))))


def shown_hit(hit: SearchHit) -> ShownHit:
    """The title and up to two passages, with the words that make the query true."""
    story = hit.story
    title = highlighted(
        one_line(story.title) if not _in(hit.evidence, "title") else story.title, _in(hit.evidence, "title")
    )
    passages = []
    for field in ("summary", "body"):
        spans = _in(hit.evidence, field)
        if spans:
            passages.append(shortened(highlighted(getattr(story, field), spans)))
    return ShownHit(story, shortened(title) or (QuotePiece("(no headline)"),), tuple(passages[:SNIPPETS]))


def rate_of(found: SearchPage) -> Rate:
    """Counts a day; of the days that are counted whole."""
    since = (found.counted_since or "")[:10]
    days = tuple(day for day in found.days if day.day >= since)
    count = max(1, len(days))
    articles, messages = sum(day.articles for day in days), sum(day.messages for day in days)
    return Rate(days, articles, messages, articles / count, messages / count, found.counted_since)


def _in(evidence: Sequence[Span], field: str) -> list[Span]:
    return [span for span in evidence if span.field == field]


async def _required(request: web.Request, limit: int, after: str | None) -> SearchPage:
    query = request.query.get("q", "").strip()
    if not query:
        raise ConfigError("give a query (q)")
    try:
        return await _searched(request, query, limit, after)
    except QueryError as err:
        raise ConfigError(f"q: {err}") from err


async def _searched(request: web.Request, query: str, limit: int, after: str | None) -> SearchPage:
    """Raises QueryError for a wrong query."""
    console = console_of(request)
    since, until = span_of(request.query, console.now())
    return await searched(console, query, since=since, until=until, limit=limit, after=after)


async def searched(
    console: Console,
    query: str,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int,
    after: str | None = None,
) -> SearchPage:
    """What a query finds. Raises QueryError for a wrong query, TransientError without an index."""
    async with _searches:
        gazetteer = await console.knowledge.gazetteer()
        return await asyncio.to_thread(
            search, console.index, gazetteer, query, since=since, until=until, limit=limit, after=after
        )
