"""Drafts: a rule of a file in another form, checked and tried on what is on record. Its owner changes the file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from difflib import ndiff
from typing import Any

import msgspec
from aiohttp import web

from firstwire.config import SHIPPED
from firstwire.errors import ConfigError, TransientError
from firstwire.files.rules import WatchLine, WrittenRule
from firstwire.index.results import SearchHit
from firstwire.rules.drafts import CheckedRule, checked_rule, lines_of
from firstwire.web.changes import fields_of
from firstwire.web.console import Console, KnownFiles, console_of
from firstwire.web.listing import answer_json
from firstwire.web.pages.rules import place_of_rule
from firstwire.web.pages.search import Rate, ShownHit, rate_of, searched, shown_hit
from firstwire.web.rendering import page

COMPARED = 500
"""Articles of each of the two queries, the newest, of which those are shown that only one of them finds."""
SHOWN = 5


@dataclass(frozen=True)
class DraftTrial:
    """What the query of a file and that of its draft find on record."""

    before: Rate
    after: Rate
    gained: tuple[ShownHit, ...]
    """Found by the draft alone."""
    lost: tuple[ShownHit, ...]


def add_routes(app: web.Application) -> None:
    app.router.add_get("/rules/{rule_id}/draft", show)
    app.router.add_post("/rules/{rule_id}/draft", check)
    app.router.add_post("/api/v1/rules/{rule_id}/draft", check_as_json)


async def show(request: web.Request) -> web.Response:
    """The rule as its file has it, to be changed."""
    _, written = await _rule(request)
    return _page(request, written, lines_of(written))


async def check(request: web.Request) -> web.Response:
    """What checks say of another form, and what it would have found. Nothing is changed."""
    _, written = await _rule(request)
    text = await _text(request)
    try:
        checked, trial = await _checked(request, text)
    except ConfigError as err:
        return _page(request, written, text, fault=err.message)
    return _page(request, written, text, checked=checked, trial=trial)


async def check_as_json(request: web.Request) -> web.Response:
    """The same for programs."""
    checked, trial = await _checked(request, await _text(request))
    found: dict[str, Any] = {"rule_id": checked.written.line.id, "warnings": checked.warnings, "trial": None}
    if trial is not None:
        ids = {name: [hit.story.article_id for hit in getattr(trial, name)] for name in ("gained", "lost")}
        found["trial"] = {"before": msgspec.to_builtins(trial.before), "after": msgspec.to_builtins(trial.after), **ids}
    return answer_json(found)


async def _text(request: web.Request) -> str:
    return (await fields_of(request)).get("text", "").replace("\r\n", "\n").strip("\n") + "\n"


async def _checked(request: web.Request, text: str) -> tuple[CheckedRule, DraftTrial | None]:
    """Raises ConfigError for what cannot be put in force."""
    console = console_of(request)
    known, written = await _rule(request)
    checked = await asyncio.to_thread(checked_rule, text, written.section, known.knowledge, known.seeds, console.now())
    if checked.written.line.id != written.line.id:
        raise ConfigError(f"keep the id {written.line.id!r}: under another one its alerts would be raised again")
    return checked, await _trial(console, written, checked.written)


def _page(
    request: web.Request,
    written: WrittenRule,
    text: str,
    *,
    fault: str = "",
    checked: CheckedRule | None = None,
    trial: DraftTrial | None = None,
) -> web.Response:
    before = lines_of(written)
    changed = [(line[0], line[2:]) for line in ndiff(before.splitlines(), text.splitlines()) if line[0] != "?"]
    return page(
        request,
        "draft.html.jinja",
        rule_id=written.line.id,
        place=place_of_rule(console_of(request), written),
        is_shipped=written.document.path.is_relative_to(SHIPPED),
        text=text,
        fault=fault,
        checked=checked,
        is_same=text == before,
        changed=changed,
        trial=trial,
        is_watch=written.kind == "watch",
    )


async def _rule(request: web.Request) -> tuple[KnownFiles, WrittenRule]:
    """The rule of a file as it is now. Raises HTTPNotFound."""
    console, rule_id = console_of(request), request.match_info["rule_id"]
    await console.knowledge.read_rules_again()
    known = await console.knowledge.get()
    found = next((each for each in known.written if each.line.id == rule_id), None)
    if found is None:
        raise web.HTTPNotFound(text=f"There is no rule {rule_id} in the rule files.")
    return known, found


async def _trial(console: Console, before: WrittenRule, after: WrittenRule) -> DraftTrial | None:
    """None for rules of events, and while there is no index."""
    if not isinstance(before.line, WatchLine) or not isinstance(after.line, WatchLine):
        return None
    try:
        ours, theirs = [await searched(console, line.query, limit=COMPARED) for line in (before.line, after.line)]
    except TransientError:
        return None
    return DraftTrial(
        rate_of(ours), rate_of(theirs), _only_in(theirs.hits, ours.hits), _only_in(ours.hits, theirs.hits)
    )


def _only_in(some: tuple[SearchHit, ...], others: tuple[SearchHit, ...]) -> tuple[ShownHit, ...]:
    """Hits of one query that the other has not, as far back as both were read."""
    known = {hit.story.article_id for hit in others}
    since = max((min((hit.story.fetched_at for hit in each), default="") if len(each) == COMPARED else "")
                for each in (some, others))  # fmt: skip
    found = [hit for hit in some if hit.story.article_id not in known and hit.story.fetched_at >= since]
    return tuple(map(shown_hit, found[:SHOWN]))
