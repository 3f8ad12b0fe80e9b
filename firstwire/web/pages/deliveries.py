"""Deliveries: what arrived where, what failed or is parked, to be made again; test messages for receivers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
from aiohttp import web

from firstwire.core.text.wording import one_line
from firstwire.errors import ConfigError
from firstwire.notifier.delivery_history import (
    NOT_ARRIVED,
    Selection,
    asked_again,
    happened_at,
    request_redrives,
)
from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.reach import sent_test
from firstwire.web.changes import Asked, PlannedChange, add_change
from firstwire.web.console import Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list
from firstwire.web.parameters import span_of
from firstwire.web.rendering import page
from schemas.delivery import DeliveryState

COLUMNS = ("id", "alert_id", "revision", "destination", "state", "attempt", "result", "at", "headline")
SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class ReceiverOverview:
    """One receiver and how many deliveries it has in each state."""

    name: str
    type: str
    counts: tuple[tuple[str, int], ...]
    is_configured: bool
    waiting: int


def add_routes(app: web.Application) -> None:
    app.router.add_get("/deliveries", show)
    add_list(app, "/deliveries", listing)
    add_change(app, "/deliveries/redrive", plan_redrive)
    add_change(app, "/receivers/{name}/test", plan_test)


async def show(request: web.Request) -> web.Response:
    console = console_of(request)
    selection = selection_of(request)
    everything = console.board.deliveries()
    found = [entry for entry in everything if selection.includes(entry)]
    return page(
        request,
        "deliveries.html.jinja",
        deliveries=[values_of(entry, console) for entry in found[:SHOWN_AT_MOST]],
        found=len(found),
        receivers=_overview(console, everything),
        states=get_args(DeliveryState),
        selection=selection,
        not_arrived=NOT_ARRIVED,
    )


async def listing(request: web.Request) -> Listing:
    console = console_of(request)
    selection = selection_of(request)
    everything = console.board.deliveries()

    def listed() -> Listing:
        rows = tuple(_exported(entry, console) for entry in everything if selection.includes(entry))
        return Listing("deliveries", COLUMNS, rows, total=len(rows))

    return await asyncio.to_thread(listed)


def _exported(entry: LoggedDelivery, console: Console) -> ExportedRow:
    values = values_of(entry, console)
    return ExportedRow(
        values,
        f"{values['state']} at {values['destination']}: {values['headline']}",
        f"/alerts/{entry.delivery.alert_id}",
        happened_at(entry),
        str(values["result"]),
    )


def selection_of(request: web.Request) -> Selection:
    """What the address asks for. Raises ConfigError for an unknown state or what is no time."""
    states = tuple(state for state in request.query.getall("state", ()) if state)
    for state in states:
        if state not in get_args(DeliveryState):
            raise ConfigError(f"no state {state!r}: {', '.join(get_args(DeliveryState))}")
    query = request.query
    return Selection(
        query.get("alert") or None,
        query.get("receiver") or None,
        states,  # type: ignore[arg-type]  # checked above
        *span_of(query, console_of(request).now()),
    )


def values_of(entry: LoggedDelivery, console: Console) -> dict[str, Any]:
    """A delivery for programs and rows: without its message, which the alert has."""
    delivery = entry.delivery
    seen = console.board.alerts.get(delivery.alert_id)
    headline = ""
    if delivery.alert is not None:
        headline = delivery.alert.headline
    elif delivery.notice is not None:
        headline = delivery.notice.headline
    elif seen is not None:
        headline = seen.alert.headline
    left_out = ("alert", "notice", "schema", "version")
    values: dict[str, Any] = {
        name: value for name, value in msgspec.to_builtins(delivery).items() if name not in left_out
    }
    return {**values, "id": entry.key, "at": happened_at(entry), "headline": one_line(headline)}


async def plan_redrive(asked: Asked) -> PlannedChange:
    """Making deliveries again that did not arrive: one, those of an alert, of a receiver, or all."""
    console = asked.console
    wanted, receiver = asked.text("delivery"), asked.text("receiver")
    if not (wanted or receiver or asked.text("all")):
        raise ConfigError("say which: a delivery (delivery), a receiver (receiver), or all of them (all)")
    if receiver:
        console.configuration.receiver(receiver)  # an unknown name would silently select nothing
    selection = Selection(receiver=receiver or None)
    meant = asked_again(console.board.deliveries(), [wanted] if wanted else [])
    again = [entry for entry in meant if selection.includes(entry) and entry.holds_message]
    if not again:
        raise ConfigError("nothing of that is waiting or failed")

    async def make() -> None:
        await request_redrives(console.bootstrap_servers, console.prefix, again)

    what = f"asked for {len(again)} {'delivery' if len(again) == 1 else 'deliveries'} again"
    of = f" at {receiver}" if receiver else f", {again[0].key}" if len(again) == 1 else ""
    then = f"/deliveries?receiver={receiver}" if receiver else "/deliveries"
    return PlannedChange("delivery", what + of, make, then, result=[entry.key for entry in again])


async def plan_test(asked: Asked) -> PlannedChange:
    """A message that is marked as a test, to one receiver."""
    console, name = asked.console, asked.path["name"]
    console.configuration.receiver(name)

    async def make() -> str:
        return (await sent_test(console.configuration, name, console.clock)).message

    return PlannedChange("receiver", f"sent a test message to {name}", make, "/deliveries")


def _overview(console: Console, entries: Sequence[LoggedDelivery]) -> list[ReceiverOverview]:
    counts = Counter((entry.delivery.destination, entry.delivery.state) for entry in entries)
    types = {each.name: each.type for each in console.configuration.settings.receivers}
    names = dict.fromkeys([*types, *sorted({name for name, _ in counts})])
    found = []
    for name in names:
        told = tuple((state, counts[name, state]) for state in get_args(DeliveryState) if counts[name, state])
        waiting = sum(counts[name, state] for state in NOT_ARRIVED)
        found.append(ReceiverOverview(name, types.get(name, "no longer set"), told, name in types, waiting))
    return found
