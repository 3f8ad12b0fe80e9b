"""Feeds: how each is, its rhythm and last error; one is looked at, added, paused, resumed."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from firstwire.core.text.wording import one_line
from firstwire.errors import ConfigError
from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_accounts import (
    as_json,
    found_lines,
    has_no_entries,
    inspection_json,
    inspection_lines,
    listed_in,
    next_visit_at,
    shown_health,
    told_of,
)
from firstwire.poller.feed_additions import Addition, addition, pause, resumption
from firstwire.poller.feed_choice import ChosenFeed, chosen_feed, given_address, given_settings, meant_by
from firstwire.poller.feed_list import FeedList, publish_changes
from firstwire.poller.health import FINE
from firstwire.poller.inspection import Inspection, open_inspector
from firstwire.poller.links import is_redacted, redacted, same_feed_key
from firstwire.poller.subscriptions import Subscription
from firstwire.web.changes import Asked, PlannedChange, add_change, fields_of
from firstwire.web.console import Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.rendering import page
from firstwire.web.same_site import local_path
from firstwire.web.written import in_field
from schemas.feed import FeedState

COLUMNS = ("url", "title", "health", "last_error", "checked_at", "changed_at", "next_poll_at", "failures", "from")
SETTINGS = ("name", "tags", "language", "interval")
"""Fields of the form besides the address; a look carries them on."""
VISITS_AT_ONCE = 4
"""Looks that people ask for; a page that asks for more waits."""
FEEDS_ON_A_PAGE = 200

_visits = asyncio.Semaphore(VISITS_AT_ONCE)


@dataclass(frozen=True)
class ShownFeed:
    """A feed as lists show it: its address without secrets."""

    address: str
    title: str
    state: FeedState
    health: str
    place: str
    tags: tuple[str, ...]
    meaning: str
    next_at: str | None
    has_no_entries: bool
    moved_to: str | None
    is_fine: bool
    is_paused: bool = False


def add_routes(app: web.Application) -> None:
    app.router.add_get("/feeds", show)
    app.router.add_get("/feeds/check", check)
    app.router.add_post("/feeds/check", check)
    app.router.add_get("/api/v1/feeds/check", check_as_json)
    add_list(app, "/feeds", listing)
    add_change(app, "/feeds", plan_addition, show)
    add_change(app, "/feeds/pause", plan_pause)
    add_change(app, "/feeds/resume", plan_resumption)


async def show(request: web.Request) -> web.Response:
    """Those that are not as they should be first; by health or words if asked for."""
    console = console_of(request)
    found = await _shown(console)
    counts = Counter(each.health for each in found)
    health, words = request.query.get("health", ""), request.query.get("words", "").casefold()
    kept = [
        each
        for each in found
        if health in ("", each.health) and words in f"{each.title} {each.address} {' '.join(each.tags)}".casefold()
    ]
    kept.sort(key=lambda each: (each.is_fine, each.is_paused, each.title.casefold(), each.address))
    return page(
        request,
        "feeds.html.jinja",
        feeds=kept[:FEEDS_ON_A_PAGE],
        found=len(kept),
        counts=sorted(counts.items()),
        health=health,
        here=str(request.rel_url.without_query_params("said")) if request.method == "GET" else "/feeds",
        words=request.query.get("words", ""),
        url=request.query.get("url", ""),
    )


async def check(request: web.Request) -> web.Response:
    """One look at an address, as the poller would see it."""
    console = console_of(request)
    given = await fields_of(request) if request.method == "POST" else request.query
    looked, meant = await _looked(console, given.get("url", ""))
    known = await _feed_list(console)
    subscribed = None if meant is None else known.known_as(meant)
    return page(
        request,
        "feed_check.html.jinja",
        settings={name: given[name] for name in SETTINGS if given.get(name)},
        is_secret=is_redacted(looked.url),
        address=redacted(looked.url),
        lines=list(inspection_lines(looked, console.now())),
        is_feed=isinstance(looked.found, FeedDocument),
        meant=None if meant is None else redacted(meant),
        subscribed=subscribed,
        is_meant_secret=meant is not None and is_redacted(meant),
        named=[(redacted(each.url), is_redacted(each.url)) for each in looked.feeds],
    )


async def check_as_json(request: web.Request) -> web.Response:
    looked, meant = await _looked(console_of(request), request.query.get("url", ""))
    return answer_json({**inspection_json(looked), "would_add": None if meant is None else redacted(meant)})


async def listing(request: web.Request) -> Listing:
    known = await _feed_list(console_of(request))
    rows = []
    for each in known.listed.values():
        state = known.state_of(each)
        values: dict[str, Any] = msgspec.to_builtins(as_json(each, state))
        title = f"{shown_health(each, state)}: {one_line(each.title or state.title or redacted(each.url))}"
        rows.append(ExportedRow(values, title, "/feeds", state.checked_at, redacted(each.url)))
    return Listing("feeds", COLUMNS, tuple(rows), total=len(rows))


async def plan_addition(asked: Asked) -> PlannedChange:
    """Polling a feed from now on. It is looked at first, unless `no_check` is given."""
    console = asked.console
    with in_field("url"):
        address = given_address(asked.required("url", "the address of a feed, or of a page that names one"))
    settings = _settings(asked)
    with in_field("url"):
        chosen = ChosenFeed(address, "") if asked.text("no_check") else await _chosen(console, address, settings)
        known, found = await _feed_list(console), chosen.is_found
        planned = addition(known, chosen.address, console.now(), settings, is_found=found, note=chosen.note)
        return _planned(asked, planned)


def _settings(asked: Asked) -> dict[str, Any]:
    tags = tuple(each.strip() for each in asked.text("tags").replace(",", "\n").splitlines() if each.strip())
    found = given_settings(name=asked.text("name") or None, tags=tags)
    with in_field("language"):
        found |= _given(given_settings(language=asked.text("language") or None))
    with in_field("interval"):
        found |= _given(given_settings(interval=asked.text("interval") or None))
    return found


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


async def _chosen(console: Console, address: str, settings: dict[str, Any]) -> ChosenFeed:
    async with _visits:
        chosen = await chosen_feed(console.configuration, address, settings, console.now())
    if isinstance(chosen, ChosenFeed):
        return chosen
    offered = " ".join(line.strip() for line in found_lines(chosen.named or chosen.guessed))
    hint = f"; {chosen.hint} {offered}" if chosen.hint else ""
    raise ConfigError(f"{redacted(address)}: {chosen.reason}{hint}")


async def plan_pause(asked: Asked) -> PlannedChange:
    """No visits until it is resumed; its settings are kept."""
    console = asked.console
    known = await _feed_list(console)
    meant = known.meant(given_address(asked.required("url", "the address of a feed")))
    return _planned(asked, pause(known, meant, console.now()))


async def plan_resumption(asked: Asked) -> PlannedChange:
    """Visits again, with the settings of before."""
    console = asked.console
    known = await _feed_list(console)
    meant = known.resumable(given_address(asked.required("url", "the address of a feed")))
    return _planned(asked, resumption(known, meant, console.now()))


def _planned(asked: Asked, planned: Addition) -> PlannedChange:
    """Raises ConfigError if there is nothing to change."""
    console, change = asked.console, planned.change
    if change is None:
        raise ConfigError(planned.told)

    async def make() -> None:
        await publish_changes(console.bootstrap_servers, console.prefix, [change])
        console.board.note_subscription(change)

    result = {"url": redacted(change.url), "decision": change.decision, "decided_at": change.decided_at}
    then = local_path(asked.text("then") or "/feeds")
    return PlannedChange("feed", planned.told, make, then, result=result)


async def _looked(console: Console, url: str) -> tuple[Inspection, str | None]:
    """A look at an address, and the feed that would be added for it; None if that is not clear."""
    address = given_address(url)
    subscribed = (await _feed_list(console)).subscribed.get(same_feed_key(address))
    async with _visits, open_inspector(console.configuration) as inspector:
        looked = await inspector.inspect(address, None if subscribed is None else subscribed.options)
        chosen = await meant_by(inspector, looked)
    return looked, chosen.address if isinstance(chosen, ChosenFeed) else None


async def _feed_list(console: Console) -> FeedList:
    return console.board.feed_list(await console.feeds_of_files())


async def _shown(console: Console) -> list[ShownFeed]:
    known = await _feed_list(console)
    now = console.now()
    return [_one(each, known.state_of(each), now) for each in known.listed.values()]


def _one(each: Subscription, state: FeedState, now: str) -> ShownFeed:
    address = redacted(each.url)
    return ShownFeed(
        address,
        one_line(each.title or state.title or address),
        state,
        shown_health(each, state),
        listed_in(each),
        each.tags,
        told_of(each, state, now),
        next_at=next_visit_at(each, state),
        has_no_entries=has_no_entries(state),
        moved_to=None if state.address is None else redacted(state.address),
        is_fine=each.is_paused or state.health in FINE,
        is_paused=each.is_paused,
    )
