"""Now: alerts as they come, and the page of each: its evidence, claim against ledger, outlets, receipt, deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
import orjson
from aiohttp import web
from yarl import URL

from firstwire.core.routes.receipts import receipt_of_development, receipt_of_raise
from firstwire.core.text.wording import one_line, seconds_between
from firstwire.errors import ConfigError, TransientError
from firstwire.index.reading import IndexReader, place_after, place_meant
from firstwire.index.results import AlertFilter, AlertPage, AlertTrail
from firstwire.notifier.rendering import Parts, parts_of
from firstwire.notifier.view import IN_UTC
from firstwire.web.alert_filters import CHOICES, AskedAlerts, asked_alerts, is_asked_for
from firstwire.web.board import SeenAlert
from firstwire.web.console import CLIENT, Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.live import send_events
from firstwire.web.one_alert import of_index, one_alert
from firstwire.web.pages.silences import LENGTHS, WORDS, silenced_word
from firstwire.web.parameters import number_of
from firstwire.web.rendering import fragment, page
from schemas import Alert, CoveringArticle, Delivery, Development, Feedback, Lead, Receipt, Subject, Verdict
from schemas.ledger import Correction
from schemas.times import to_milliseconds

SHOWN = 50
EXPORTED = 500
EXPORTED_AT_MOST = 5_000
ASKED_WITHIN_SECONDS = 30.0
"""A change is put on record right after its time was taken."""
COLUMNS = (
    "alert_id", "raised_at", "state", "kind", "severity", "certainty", "rule_id", "headline", "outlets", "origins",
    "tags", "url",
)  # fmt: skip


@dataclass(frozen=True)
class ShownAlert:
    """An alert as an entry of a list."""

    alert: Alert
    parts: Parts
    raised_at: str
    feedback: tuple[Feedback, ...]
    silenced: str
    """`muted` or `silenced`; empty if it is told."""


@dataclass(frozen=True)
class FoundAlerts:
    """A part of the alerts that are asked for. Without an index only the newest are known."""

    alerts: tuple[ShownAlert, ...]
    total: int
    next: str | None
    is_partial: bool = False


def add_routes(app: web.Application) -> None:
    app.router.add_get("/", show_now)
    app.router.add_get("/alerts", show_now)
    app.router.add_get("/alerts/events", stream)
    app.router.add_get("/api/v1/alerts/events", stream_as_json)
    add_list(app, "/alerts", listing)
    app.router.add_get("/alerts/{alert_id}", show)
    app.router.add_get("/api/v1/alerts/{alert_id}", as_json)


async def show_now(request: web.Request) -> web.Response:
    console = console_of(request)
    asked = _asked(console, request)
    after = request.query.get("after")
    at = console.streams.at if console.following.ready.is_set() else ""  # until then it lacks alerts: it is read again
    found = await _found(console, asked, SHOWN, after)
    board = console.board
    return page(
        request,
        "now.html.jinja",
        found=found,
        asked=asked,
        choices=CHOICES,
        rules=sorted({version.rule_id for version in board.rules.values()}),
        chosen=dict(asked.given),
        live=None if after else _with_query("/alerts/events", asked),
        at=at,
        next=None if found.next is None else str(request.rel_url.update_query(after=found.next)),
        exports=_with_query("", asked),
        filter=filter_of(asked),
        limit=SHOWN,
    )


async def show(request: web.Request) -> web.Response:
    console = console_of(request)
    seen = await one_alert(console, request.match_info["alert_id"])
    alert = seen.alert
    trail = await _trail(console, alert.alert_id)
    sent = _sent(console, alert.alert_id, trail)
    receipt = receipt_of_raise(seen.receipt, sent)
    return page(
        request,
        "alert.html.jinja",
        alert=alert,
        parts=parts_of(alert, receipt),
        stations=stations_of(receipt),
        developments=developments_of(alert, sent),
        deliveries=sent,
        untold=untold_revisions(alert, sent),
        first_told=min((one.revision for one in sent), default=0),
        verdicts=[(each, _reason(each, alert)) for each in trail.verdicts],
        outlet_names=_outlet_names(alert),
        corrections=_corrections_by_hand(console, alert),
        story_id=alert.subject.story or await _story_of(console, alert.lead.article_id),
        back=request.query.get("now", ""),
        outlets=outlets_of(alert.coverage),
        silences=console.board.silences_of(alert, console.clock()),
        feedback=_feedback_of(console, alert.alert_id),
        words=WORDS,
        lengths=LENGTHS,
    )


async def as_json(request: web.Request) -> web.Response:
    console = console_of(request)
    seen = await one_alert(console, request.match_info["alert_id"])
    trail = await _trail(console, seen.alert.alert_id)
    value, sent = msgspec.to_builtins(seen.alert), _sent(console, seen.alert.alert_id, trail)
    return answer_json(
        {
            **value,
            "receipt": msgspec.to_builtins(receipt_of_raise(seen.receipt, sent)),
            "verdicts": msgspec.to_builtins(trail.verdicts),
            "deliveries": [
                {"destination": one.destination, "state": one.state, "revision": one.revision, "result": one.result}
                for one in sent
            ],
            "feedback": msgspec.to_builtins(_feedback_of(console, seen.alert.alert_id)),
        }
    )


async def listing(request: web.Request) -> Listing:
    console = console_of(request)
    asked = _asked(console, request)
    limit = number_of(request.query, "limit", usual=EXPORTED, lowest=1, highest=EXPORTED_AT_MOST)
    found = await _found(console, asked, limit, request.query.get("after"))
    rows = tuple(
        ExportedRow(
            values_of(one),
            f"{one.parts.label} {one.alert.headline}",
            f"/alerts/{one.alert.alert_id}",
            one.raised_at,
            " · ".join(filter(None, (one.parts.first, one.parts.breadth))),
        )
        for one in found.alerts
    )
    title = ", ".join(["alerts", *(f"{name} {value}" for name, value in asked.given)])
    return Listing(title, COLUMNS, rows, total=found.total, next=found.next)


async def stream(request: web.Request) -> web.StreamResponse:
    """Alerts as entries of the list, as they come."""
    console = console_of(request)

    asked = _asked(console, request)

    def entry(seen: SeenAlert) -> str:
        one = _shown(console, seen, ())
        return fragment("alert_entry.html.jinja", one=one, now=console.now(), filter=filter_of(asked))

    return await _streamed(request, entry)


async def stream_as_json(request: web.Request) -> web.StreamResponse:
    """Alerts as records, as they come."""
    return await _streamed(request, lambda seen: orjson.dumps(msgspec.to_builtins(seen.alert)).decode())


def stations_of(receipt: Receipt) -> list[tuple[str, str | None, float | None]]:
    """The times of a receipt: what happened, when, and how many seconds after the fetch."""
    found: list[tuple[str, str | None, float | None]] = [("published", receipt.published_at, None)]
    for name in ("fetched", "deduplicated", "analyzed", "alerted", "delivered"):
        at = getattr(receipt, f"{name}_at")
        if at is not None:
            found.append((name, at, None if name == "fetched" else seconds_between(receipt.fetched_at, at)))
    return found


def developments_of(
    alert: Alert, deliveries: Sequence[Delivery]
) -> list[tuple[Development, list[tuple[str, str | None, float | None]]]]:
    """The developments with their own times, the newest first."""
    numbered = [*enumerate(alert.developments, start=alert.developments_dropped + 1)]
    return [
        (each, stations_of(receipt_of_development(each, number, deliveries))) for number, each in reversed(numbered)
    ]


def outlets_of(coverage: Sequence[CoveringArticle]) -> list[tuple[str, int, list[CoveringArticle]]]:
    """The articles by origin, the one published first first: who wrote it, how many carry it, and all, copies last."""
    by_origin: dict[str, list[CoveringArticle]] = {}
    for article in sorted(coverage, key=_published_first):
        by_origin.setdefault(article.origin_id or article.article_id, []).append(article)
    found = []
    for origin_id, articles in by_origin.items():
        writer = next((one for one in articles if one.article_id == origin_id), articles[0])
        articles.sort(key=lambda one: one is not writer)
        found.append((one_line(writer.source or "unknown outlet"), len(articles), articles))
    return found


def _published_first(article: CoveringArticle) -> tuple[str, str]:
    return article.published_at or article.fetched_at, article.fetched_at


def untold_revisions(alert: Alert, deliveries: Sequence[Delivery]) -> list[tuple[int, int]]:
    """The revisions without a delivery, as first and last of each run; none if the alert has no delivery at all."""
    told = {one.revision for one in deliveries}
    if not told:
        return []
    gaps = [0, *sorted(told), alert.revision + 1]
    return [(before + 1, after - 1) for before, after in pairwise(gaps) if after - before > 1]


def values_of(one: ShownAlert) -> dict[str, Any]:
    """An alert for programs."""
    return {**msgspec.to_builtins(one.alert), "raised_at": one.raised_at, "url": one.alert.lead.url}


def _asked(console: Console, request: web.Request) -> AskedAlerts:
    return asked_alerts(request.query, console.now(), console.board.feedback)


async def _found(console: Console, asked: AskedAlerts, limit: int, after: str | None) -> FoundAlerts:
    """From the index, and from the board those of which it has a later revision: each alert from one of them."""
    board = dict(console.board.alerts)
    begin = None if after is None else _place(*place_meant(after))
    try:
        later, indexed = await asyncio.to_thread(_from_index, console.index, board, asked.filter, limit, after)
    except TransientError:
        later, indexed = board, None
    newest = [seen for seen in later.values() if is_asked_for(asked.filter, seen.alert)]
    rest = [seen for seen in newest if begin is None or _place_of(seen) > begin]
    if indexed is None:
        found = sorted(rest, key=_place_of)[:limit]
        shown = tuple(_shown(console, seen, ()) for seen in found)
        return FoundAlerts(shown, len(newest), _after_last(found) if len(found) < len(rest) else None, True)
    feedback = {one.alert.alert_id: one.feedback for one in indexed.alerts}
    end = None if indexed.next is None else _place(*place_meant(indexed.next))
    held = [of_index(one) for one in indexed.alerts]
    held += [seen for seen in rest if end is None or _place_of(seen) <= end]
    found = sorted(held, key=_place_of)[:limit]
    more = indexed.next if len(found) == len(held) else _after_last(found)
    shown = tuple(_shown(console, seen, feedback.get(seen.alert.alert_id, ())) for seen in found)
    return FoundAlerts(shown, indexed.total + len(newest), more)


def _from_index(
    index: IndexReader, board: Mapping[str, SeenAlert], wanted: AlertFilter, limit: int, after: str | None
) -> tuple[Mapping[str, SeenAlert], AlertPage]:
    """The alerts of the board that the index lacks or has in an earlier revision, and a part of the others."""
    revisions = index.revisions([*board])
    later = {each: seen for each, seen in board.items() if seen.alert.revision > revisions.get(each, 0)}
    return later, index.alerts(wanted, limit=limit, after=after, without=[*later])


async def _streamed(request: web.Request, event_of: Callable[[SeenAlert], str]) -> web.StreamResponse:
    console = console_of(request)
    _asked(console, request)  # what is wrong is refused before the stream begins

    def is_wanted(seen: SeenAlert) -> bool:
        said = console.board.feedback.get(seen.alert.alert_id)
        known = {} if said is None else {seen.alert.alert_id: said}
        return is_asked_for(asked_alerts(request.query, console.now(), known).filter, seen.alert)

    await console.following.ready.wait()  # alerts that are read before are told to no stream
    with console.streams.opened(request[CLIENT].address, is_wanted) as opened:
        if opened is None:
            raise web.HTTPServiceUnavailable(text="Too many live pages are open.", headers={"Retry-After": "30"})
        return await send_events(request, console.streams, opened, event_of)


def _shown(console: Console, seen: SeenAlert, feedback: tuple[Feedback, ...]) -> ShownAlert:
    alert = seen.alert
    return ShownAlert(
        alert,
        parts_of(alert, seen.receipt, view=IN_UTC),
        _raised_at(seen),
        tuple(_feedback_of(console, alert.alert_id)) or feedback,
        silenced_word(console.board.silences_of(alert, console.clock())),
    )


def _place_of(seen: SeenAlert) -> tuple[int, str]:
    """Where an alert is in a list, as the index orders it: those raised last first."""
    return _place(to_milliseconds(_raised_at(seen)), seen.alert.alert_id)


def _place(raised_ms: int, alert_id: str) -> tuple[int, str]:
    return -raised_ms, alert_id


def _after_last(found: Sequence[SeenAlert]) -> str:
    return place_after(_raised_at(found[-1]), found[-1].alert.alert_id)


def _raised_at(seen: SeenAlert) -> str:
    return seen.alert.times.fetched_at


def _sent(console: Console, alert_id: str, trail: AlertTrail) -> list[Delivery]:
    """Its deliveries by receiver, then revision: the board forgets old ones, the index is a moment behind."""
    held = [entry.delivery for entry in console.board.deliveries_of(alert_id)]
    found = {(one.destination, one.revision): one for one in (*trail.deliveries, *held)}
    return [found[key] for key in sorted(found)]


def _reason(verdict: Verdict, alert: Alert) -> str:
    return verdict.reason.replace(f"alert {alert.alert_id}", "this alert")


def _outlet_names(alert: Alert) -> dict[str, str]:
    """The outlets of the articles that the alert knows, by article."""
    known: tuple[CoveringArticle | Development | Lead, ...] = (*alert.coverage, *alert.developments, alert.lead)
    return {each.article_id: one_line(each.source) for each in known if each.source}


def _corrections_by_hand(console: Console, alert: Alert) -> list[tuple[Correction, str | None]]:
    """What people corrected on the alert's page of the ledger since it was raised, the newest first, and who did."""
    subject = alert.subject
    pages = [each for each in console.board.ledger.values() if (each.action, each.target) == _ledger_page(subject)]
    found = [
        one for each in pages for one in each.corrections if one.by == "hand" and one.made_at > alert.times.fetched_at
    ]
    found.sort(key=lambda one: one.made_at, reverse=True)
    return [(one, _author(console, subject, one)) for one in found]


def _ledger_page(subject: Subject) -> tuple[str | None, str]:
    return subject.action, subject.target or ""


def _author(console: Console, subject: Subject, one: Correction) -> str | None:
    """Who asked for a correction on the console, as the record of changes has it; None if it was made elsewhere."""
    for entry in console.board.audit:
        is_soon = 0 <= seconds_between(one.made_at, entry.asked_at) <= ASKED_WITHIN_SECONDS
        if entry.about == "ledger" and is_soon and one.name in entry.what and (subject.action or "") in entry.what:
            return entry.author
    return None


async def _story_of(console: Console, article_id: str) -> str | None:
    """The story that an article belongs to; None if that is not on record any more."""
    try:
        found = await asyncio.to_thread(console.index.article, article_id)
    except (ConfigError, TransientError):
        return None
    return found.revisions[-1].story_id if found is not None and found.revisions else None


async def _trail(console: Console, alert_id: str) -> AlertTrail:
    try:
        return await asyncio.to_thread(console.index.alert_trail, alert_id)
    except TransientError:
        return AlertTrail((), ())


def _feedback_of(console: Console, alert_id: str) -> list[Feedback]:
    found = console.board.feedback.get(alert_id, {}).values()
    return sorted(found, key=lambda said: said.made_at, reverse=True)


def filter_of(asked: AskedAlerts) -> str:
    """The query of the list's address, for the way back from an alert."""
    return URL().with_query(asked.given).query_string if asked.given else ""


def _with_query(path: str, asked: AskedAlerts) -> str:
    return path + str(URL().with_query(asked.given)) if asked.given else path
