"""The ledger of firsts: its pages with positions, sources and up to when they are whole; corrected by hand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import msgspec
from aiohttp import web

from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.entities.meant_entity import nearest_entity
from firstwire.core.firsts.current_page import corrections_in_force, current_page
from firstwire.core.firsts.vouching import vouching_in_force
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.ledger.corrections import BEFORE_ALL, addition, change, publish, vouching
from firstwire.ledger.pages import Pages, known_page, known_pages, renamed_pages
from firstwire.ledger.shown_acts import acts_by_era, unvouched_note
from firstwire.web.changes import Asked, PlannedChange, add_change
from firstwire.web.console import Console, KnownFiles, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.rendering import page
from firstwire.web.written import FieldError, in_field
from schemas.ledger import LedgerCorrection, LedgerPage, LedgerVouching
from schemas.record import Entity

SOURCE = "the source of this knowledge"
LOOKS, LOOK_EVERY_SECONDS = 30, 0.1
"""For a change to come back from the worker; usually it takes a tenth of a second."""
COLUMNS = ("action", "target", "acts", "first_on", "last_on", "corrections", "vouched_until")


@dataclass(frozen=True)
class LedgerRow:
    """A page of the ledger in a list."""

    action: str
    target: str
    acts: int
    first_on: str | None
    last_on: str | None
    corrections: int
    vouched_until: str | None

    @property
    def address(self) -> str:
        return f"/ledger/{self.action}/{self.target or '-'}"


def add_routes(app: web.Application) -> None:
    app.router.add_get("/ledger", show_pages)
    app.router.add_get("/ledger/{action}/{target}", show_page)
    app.router.add_get("/api/v1/ledger/{action}/{target}", page_as_json)
    add_list(app, "/ledger", listing)
    add_change(app, "/ledger/{action}/{target}/add", plan_addition, show_page)
    add_change(app, "/ledger/{action}/{target}/correct", plan_correction, show_page)
    add_change(app, "/ledger/{action}/{target}/vouch", plan_vouching, show_page)


async def show_pages(request: web.Request) -> web.Response:
    words = request.query.get("words", "").casefold()
    rows = [row for row in await _rows(console_of(request)) if words in f"{row.action} {row.target}".casefold()]
    return page(request, "ledger.html.jinja", rows=rows, words=request.query.get("words", ""), actions=sorted(PHRASES))


async def show_page(request: web.Request) -> web.Response:
    known, live = await _known(console_of(request))
    action, target = _asked_page(request)
    found = await _page(known, live, action, target)
    in_force = corrections_in_force(found)
    eras = acts_by_era(found, live.get((action, target)), known.seeds)
    return page(
        request,
        "ledger_page.html.jinja",
        action=action,
        target=target,
        eras=eras,
        unvouched=unvouched_note(found, eras, known.seeds.vouched_days),
        removed=[one for one in in_force.values() if one.says == "did_not" and one.date > BEFORE_ALL],
        taken_back=[one for one in found.corrections if one.by != "hand"],
        history=[one for one in found.corrections if one.by == "hand"][::-1],
        vouched=vouching_in_force(found),
        all_eras=[era.id for era in known.seeds.eras.get(target, ())],
    )


async def page_as_json(request: web.Request) -> web.Response:
    known, live = await _known(console_of(request))
    found = await _page(known, live, *_asked_page(request))
    return answer_json(msgspec.to_builtins(current_page(found)))


async def listing(request: web.Request) -> Listing:
    rows = tuple(
        ExportedRow(
            {**{name: getattr(row, name) for name in COLUMNS}, "page": row.address},
            f"{row.action} {row.target}: {row.acts} acts",
            row.address,
        )
        for row in await _rows(console_of(request))
    )
    return Listing("ledger", COLUMNS, rows, total=len(rows))


async def plan_addition(asked: Asked) -> PlannedChange:
    """An act that was never reported."""
    known, live = await _known(asked.console)
    action, target = asked.path["action"], _target(asked.path["target"])
    held = await _page(known, live, action, target)
    with in_field("actor"):
        actor = _entity(known, asked.required("actor", "who did it, by id"))
    day, source = asked.required("date", "the day of the act"), asked.required("source", SOURCE)
    with in_field("date"):
        sent = addition(
            held,
            actor,
            day,
            source=source,
            now=asked.console.now(),
            seeds=known.seeds,
            era=asked.text("era") or None,
        )
    return _planned(asked.console, sent, f"{actor.name} did {action} {target} on {sent.correction.date}")


async def plan_correction(asked: Asked) -> PlannedChange:
    """Another day (`date`), the removal of an act (`remove`), or the end of a correction (`as_reported`)."""
    known, live = await _known(asked.console)
    action, target = asked.path["action"], _target(asked.path["target"])
    held = await _page(known, live, action, target)
    day, remove, as_reported = asked.text("date"), asked.text("remove"), asked.text("as_reported")
    if sum(map(bool, (day, remove, as_reported))) != 1:
        fault = "say one thing: the correct day, that it did not happen, or that reports count again"
        raise FieldError(fault, field="date")
    actor, source = asked.required("actor", "whose act, by id"), asked.required("source", SOURCE)
    with in_field("date"):
        sent = change(
            held,
            actor,
            source=source,
            now=asked.console.now(),
            seeds=known.seeds,
            day=day or None,
            until=BEFORE_ALL if as_reported else asked.text("until") or None,
            era=asked.text("era") or None,
        )
    one = sent.correction
    said = f"did on {one.date}" if day else "counts as reported again" if as_reported else "did not"
    return _planned(asked.console, sent, f"{action} {target}: {one.name} {said}")


async def plan_vouching(asked: Asked) -> PlannedChange:
    """That the list of actors is whole up to a day (`until`), or that nobody vouches any longer (`take_back`)."""
    known, live = await _known(asked.console)
    action, target = asked.path["action"], _target(asked.path["target"])
    held = await _page(known, live, action, target)
    if asked.text("take_back") and asked.text("until"):
        raise FieldError("give a day, or take the vouching back", field="until")
    until = None if asked.text("take_back") else asked.required("until", "the day up to which the list is whole")
    source = asked.required("source", SOURCE)
    with in_field("until"):
        sent = vouching(action, target, until, source=source, now=asked.console.now(), page=held)
    said = f"the list of {action} {target} is whole up to {until}" if until else f"nobody vouches for {action} {target}"
    return _planned(asked.console, sent, said)


def _planned(console: Console, sent: LedgerCorrection | LedgerVouching, what: str) -> PlannedChange:
    async def make() -> str | None:
        await publish(console.bootstrap_servers, console.prefix, sent)
        shown = await _is_applied(console, sent)
        return None if shown else "its worker applies it within a moment; reload the page to see it"

    then = f"/ledger/{sent.action}/{sent.target or '-'}"
    return PlannedChange("ledger", what, make, then, result=sent)


async def _is_applied(console: Console, sent: LedgerCorrection | LedgerVouching) -> bool:
    """Whether the page has it within a moment, so that who asked for it sees it at once."""
    wanted = sent.correction.id if isinstance(sent, LedgerCorrection) else sent.vouching.id
    for _ in range(LOOKS):
        for each in console.board.ledger.values():
            if wanted in {*(one.id for one in each.corrections), *(one.id for one in each.vouchings)}:
                return True
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return False


async def _known(console: Console) -> tuple[KnownFiles, Pages]:
    known = await console.knowledge.get()
    held = list(console.board.ledger.values())
    return known, await asyncio.to_thread(renamed_pages, held, known.knowledge.lemmas)


async def _rows(console: Console) -> list[LedgerRow]:
    known, live = await _known(console)
    return [_row(each) for each in known_pages(live, known.seeds).values()]


def _row(found: LedgerPage) -> LedgerRow:
    days = sorted(act.date for act in current_page(found).actors)
    vouched = vouching_in_force(found)
    return LedgerRow(
        found.action,
        found.target,
        len(days),
        days[0] if days else None,
        days[-1] if days else None,
        sum(each.by == "hand" for each in found.corrections),
        None if vouched is None else vouched.until,
    )


async def _page(known: KnownFiles, live: Pages, action: str, target: str) -> LedgerPage:
    """Raises HTTPNotFound for an action or a target that nobody knows."""
    pages = known_pages(live, known.seeds)
    actions = {*PHRASES, *(each.action for each in pages.values())}
    if action not in actions:
        raise web.HTTPNotFound(text=f"There is no action {action!r}{nearest(action, sorted(actions))}.")
    if target not in {each.target for each in pages.values()} and known.knowledge.gazetteer.entity(target) is None:
        close = nearest_entity(target, known.knowledge.gazetteer)
        raise web.HTTPNotFound(text=f"Nobody knows {target!r}{close}.")
    return known_page(live, known.seeds, action, target)


def _asked_page(request: web.Request) -> tuple[str, str]:
    return request.match_info["action"], _target(request.match_info["target"])


def _target(text: str) -> str:
    return "" if text == "-" else text


def _entity(known: KnownFiles, entity_id: str) -> Entity:
    gazetteer = known.knowledge.gazetteer
    found = gazetteer.entity(entity_id.casefold().replace(" ", "-"))
    if found is None:
        raise ConfigError(f"no entity {entity_id!r}{nearest_entity(entity_id, gazetteer)}")
    return found
