"""Why not?: every stage's verdict on an article on record, by its address or id, or on a text that is pasted."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from aiohttp import web

from firstwire.core.text.wording import one_line
from firstwire.core.watches.near_misses import NearMisses
from firstwire.errors import ConfigError
from firstwire.explain.silent_watches import silent_watches, told, watches_in_force
from firstwire.files.language_model import detect_language
from firstwire.index.results import IndexedArticle
from firstwire.web.changes import fields_of
from firstwire.web.console import Console, console_of
from firstwire.web.listing import answer_json
from firstwire.web.parameters import moment_of
from firstwire.web.rendering import page, segment
from schemas.article import Story
from schemas.times import format_timestamp

EXPLAINED_AT_ONCE = 1
"""A text is read by every stage: seconds of one processor."""
TEXT_LIMIT = 50_000
SEARCHED_WORDS = 12
"""Of a headline: enough to find it."""

_explaining = asyncio.Semaphore(EXPLAINED_AT_ONCE)


def add_routes(app: web.Application) -> None:
    app.router.add_get("/why", ask)
    app.router.add_post("/why", explain_text)
    app.router.add_post("/api/v1/explain", explain_as_json)
    app.router.add_get("/articles/{article_id:.+}", show)
    app.router.add_get("/api/v1/articles/{article_id:.+}", as_json)


async def ask(request: web.Request) -> web.Response:
    """The form; with an address or id, the article that it means."""
    wanted = request.query.get("article", "").strip()
    found = None
    if wanted:
        found = await _article(console_of(request), wanted)
        if found is None and "://" not in wanted:
            found = await _article(console_of(request), f"https://{wanted.removeprefix('//')}")
        if found is not None:
            raise web.HTTPSeeOther(f"/articles/{segment(found.article_id)}")
    return page(request, "why.html.jinja", wanted=wanted, words=words_of(wanted), text="", lines=None)


def words_of(wanted: str) -> str:
    """The words of a headline as a query; empty for an address or an id."""
    words = re.findall(r"\w+", wanted.lower())
    return f"title:({' '.join(words[:SEARCHED_WORDS])})" if len(wanted.split()) > 1 and words else ""


async def explain_text(request: web.Request) -> web.Response:
    fields = await fields_of(request)
    lines, _ = await _explained(console_of(request), fields)
    return page(request, "why.html.jinja", wanted="", words="", text=fields.get("text", ""), lines=lines)


async def explain_as_json(request: web.Request) -> web.Response:
    lines, silent = await _explained(console_of(request), await fields_of(request))
    return answer_json({"lines": lines, "silent_watches": told(silent)})


async def show(request: web.Request) -> web.Response:
    found = await _found(request)
    newest = found.revisions[-1] if found.revisions else None
    return page(
        request,
        "article.html.jinja",
        article=found,
        newest=newest,
        silent=await _silent(console_of(request), newest),
        title=one_line(newest.title) if newest is not None else f"Article {found.article_id[:12]}",
    )


async def as_json(request: web.Request) -> web.Response:
    found = await _found(request)
    values: dict[str, Any] = {
        "article_id": found.article_id,
        "revisions": msgspec.to_builtins(found.revisions),
        "outcomes": msgspec.to_builtins(found.outcomes),
        "events": msgspec.to_builtins(found.events),
        "verdicts": msgspec.to_builtins(found.verdicts),
        "silent_watches": told(await _silent(console_of(request), found.revisions[-1] if found.revisions else None)),
    }
    return answer_json(values)


async def _found(request: web.Request) -> IndexedArticle:
    try:
        found = await _article(console_of(request), request.match_info["article_id"])
    except ConfigError as err:
        raise web.HTTPNotFound(text=f"{err.message[:1].upper()}{err.message[1:]}.") from err
    if found is None:
        raise web.HTTPNotFound(text="There is no such article on record any more.")
    return found


async def _article(console: Console, wanted: str) -> IndexedArticle | None:
    return await asyncio.to_thread(console.index.article, wanted)


async def _silent(console: Console, newest: Story | None) -> NearMisses:
    """The watches in force that do not match an article."""
    watches = watches_in_force(console.board.versions())
    if newest is None or not watches:
        return NearMisses()
    gazetteer = await console.knowledge.gazetteer()
    async with _explaining:
        return await asyncio.to_thread(silent_watches, watches, newest, gazetteer)


async def _explained(console: Console, fields: dict[str, str]) -> tuple[list[str], NearMisses]:
    """What `firstwire explain --text` prints, and the watches that did not match as values."""
    text = fields.get("text", "").strip()
    if not text:
        raise ConfigError("paste the text of an article (text)")
    if len(text) > TEXT_LIMIT:
        raise ConfigError(f"the text is longer than {TEXT_LIMIT:,} characters")
    at = fields.get("at", "").strip()
    moment = format_timestamp(moment_of(at, "at")) if at else console.now()
    language = fields.get("language", "").strip().lower()
    async with _explaining:
        known = await console.knowledge.get()

        def explained() -> tuple[list[str], NearMisses]:
            from firstwire.explain.text import explained_text

            chosen = language or detect_language(text)
            return explained_text(text, known.knowledge, known.seeds, language=chosen, at=moment)

        return await asyncio.to_thread(explained)
