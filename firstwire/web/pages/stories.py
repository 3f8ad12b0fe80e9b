"""Stories: what is reported now, how it grows, outlets against origins; one story with its articles side by side."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

import msgspec
from aiohttp import web

from firstwire.core.stories.active import ActiveStory
from firstwire.core.text.durations import seconds
from firstwire.core.text.wording import cut, harmless, one_line
from firstwire.errors import ConfigError
from firstwire.index.results import StoryPage
from firstwire.notifier.quotes import QuotePiece
from firstwire.web.console import Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.parameters import number_of
from firstwire.web.rendering import page
from schemas.article import Story
from schemas.times import parse_timestamp, shifted

SHOWN = 30
EXPORTED_AT_MOST = 500
SPANS = ("6h", "24h", "3d", "7d")
GROWTH_BARS = 24
COMPARED_CHARACTERS = 6_000
"""Of each text: comparing words takes time in proportion to both lengths."""
COLUMNS = ("story_id", "title", "articles", "outlets", "origins", "first_at", "last_at")


@dataclass(frozen=True)
class GrowingStory:
    """A story with how many articles came in each part of its time."""

    story: ActiveStory
    growth: tuple[int, ...]


def add_routes(app: web.Application) -> None:
    app.router.add_get("/stories", show_active)
    add_list(app, "/stories", listing)
    app.router.add_get("/stories/{story_id}", show)
    app.router.add_get("/api/v1/stories/{story_id}", as_json)


async def show_active(request: web.Request) -> web.Response:
    console = console_of(request)
    span = request.query.get("span", "24h")
    offset = _offset(request)
    found = await _active(console, span, SHOWN, offset)
    more = offset + SHOWN if offset + SHOWN < found.total else None
    return page(
        request,
        "stories.html.jinja",
        stories=[GrowingStory(one, growth_of(one, console.now(), span)) for one in found.stories],
        total=found.total,
        span=span,
        spans=SPANS,
        next=None if more is None else str(request.rel_url.update_query(offset=more)),
    )


async def show(request: web.Request) -> web.Response:
    console = console_of(request)
    story = await one_story(console, request.match_info["story_id"])
    chosen = request.query.get("left"), request.query.get("right")
    pair = compared_pair(story, *chosen)
    alerts = [seen.alert for seen in console.board.alerts.values() if seen.alert.subject.story == story.story_id]
    return page(
        request,
        "story.html.jinja",
        story=story,
        origins=_by_origin(story),
        pair=pair,
        difference=None if pair is None else await asyncio.to_thread(differences, *pair),
        alerts=alerts,
        growth=growth_of(story, console.now(), None),
    )


async def as_json(request: web.Request) -> web.Response:
    story = await one_story(console_of(request), request.match_info["story_id"])
    return answer_json({**values_of(story), "articles": msgspec.to_builtins(story.articles)})


async def listing(request: web.Request) -> Listing:
    limit = number_of(request.query, "limit", usual=SHOWN, lowest=1, highest=EXPORTED_AT_MOST)
    found = await _active(console_of(request), request.query.get("span", "24h"), limit, _offset(request))
    rows = tuple(
        ExportedRow(
            values_of(one),
            one.title,
            f"/stories/{one.story_id}",
            one.first_at,
            f"{len(one.articles)} articles, {one.outlets} outlets, {one.origins} origins",
        )
        for one in found.stories
    )
    return Listing("stories", COLUMNS, rows, total=found.total)


async def one_story(console: Console, wanted: str) -> ActiveStory:
    """A story by its id or the beginning of it. Raises HTTPNotFound."""
    try:
        found = await asyncio.to_thread(console.index.story, wanted)
    except ConfigError as err:
        raise web.HTTPNotFound(text=f"{err.message[:1].upper()}{err.message[1:]}.") from err
    if found is None:
        raise web.HTTPNotFound(text=f"There is no story {cut(one_line(wanted), 40)} on record any more.")
    return found


def values_of(one: ActiveStory) -> dict[str, Any]:
    """A story for programs, without its articles."""
    return {
        "story_id": one.story_id,
        "title": one.title,
        "articles": len(one.articles),
        "outlets": one.outlets,
        "origins": one.origins,
        "first_at": one.first_at,
        "last_at": one.last_at,
    }


def growth_of(story: ActiveStory, now: str, span: str | None) -> tuple[int, ...]:
    """How many articles came in each of 24 parts of a time that ends now; without one, of the story's own time."""
    end = parse_timestamp(now if span is not None else story.last_at)
    begin = end - timedelta(seconds=seconds(span)) if span is not None else parse_timestamp(story.first_at)
    whole = max(1.0, (end - begin).total_seconds())
    bars = [0] * GROWTH_BARS
    for article in story.articles:
        part = int((parse_timestamp(article.fetched_at) - begin).total_seconds() / whole * GROWTH_BARS)
        bars[min(GROWTH_BARS - 1, max(0, part))] += 1
    return tuple(bars)


def compared_pair(story: ActiveStory, left: str | None, right: str | None) -> tuple[Story, Story] | None:
    """The two articles that are asked for; else the first one and the latest of another text."""
    by_id = {one.article_id: one for one in story.articles}
    if left in by_id and right in by_id and left != right:
        return by_id[str(left)], by_id[str(right)]
    first = story.articles[0]
    others = [one for one in story.articles if _text(one) != _text(first)]
    return (first, others[-1]) if others else None


def differences(left: Story, right: Story) -> tuple[list[QuotePiece], list[QuotePiece]]:
    """Both texts, in which the words are highlighted that the other one does not have there."""
    ours, theirs = _words(left), _words(right)
    matcher = SequenceMatcher(
        a=[word.casefold() for word in ours], b=[word.casefold() for word in theirs], autojunk=False
    )
    sides: tuple[list[QuotePiece], list[QuotePiece]] = ([], [])
    for _, i, j, k, m in matcher.get_opcodes():
        is_same = [word.casefold() for word in ours[i:j]] == [word.casefold() for word in theirs[k:m]]
        for side, words in ((sides[0], ours[i:j]), (sides[1], theirs[k:m])):
            if words:
                side.append(QuotePiece(" ".join(words), highlighted=not is_same))
                side.append(QuotePiece(" "))
    return sides


def _words(story: Story) -> list[str]:
    return harmless(cut(_text(story), COMPARED_CHARACTERS)).split()


def _text(story: Story) -> str:
    return " ".join(filter(None, (story.title, story.body or story.summary)))


def _by_origin(story: ActiveStory) -> list[tuple[str, list[Story]]]:
    found: dict[str, list[Story]] = {}
    for article in story.articles:
        found.setdefault(article.origin_id, []).append(article)
    return [(one_line(articles[0].source or "unknown outlet"), articles) for articles in found.values()]


async def _active(console: Console, span: str, limit: int, offset: int) -> StoryPage:
    try:
        since = shifted(console.now(), -timedelta(seconds=seconds(span)))
    except (ValueError, OverflowError) as err:
        raise ConfigError(f"span: {err}") from err
    return await asyncio.to_thread(console.index.stories, since=since, limit=limit, offset=offset)


def _offset(request: web.Request) -> int:
    return number_of(request.query, "offset", usual=0, lowest=0, highest=1_000_000)
