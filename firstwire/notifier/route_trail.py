"""The path of one alert through the routes: what each one says, and what each receiver would be sent when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firstwire.core.routes.routing import Routing
from firstwire.core.routes.rulings import NEVER, Ruling
from firstwire.core.routes.tree import RouteStep, steps_of
from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import DeliveryLog
from schemas import Alert
from schemas.times import format_timestamp


@dataclass(frozen=True)
class ReceiverStep:
    """One receiver: whether something would be sent, what it waits for (None: at once), and why or why not."""

    name: str
    is_told: bool
    reason: str
    told: Told | None
    """What it knows of the alert; None if it never got it."""
    waits_for: str | None = None


@dataclass(frozen=True)
class RouteTrail:
    """Every route that is asked in order, then every receiver that is reached."""

    routes: tuple[RouteStep, ...]
    receivers: tuple[ReceiverStep, ...]


def route_trail(alert: Alert, routing: Routing, log: DeliveryLog, now: datetime) -> RouteTrail:
    """The path of an alert that comes now, given what was delivered so far, and the silences that the routing knows."""
    parked = {entry.delivery.destination: entry for entry in log.pending() if entry.delivery.state == "parked"}
    steps = []
    for ruling in routing.take(alert, now):
        waits_for = _waits_for(ruling)
        if ruling.receiver in parked:
            waits_for = f"the receiver is parked: {parked[ruling.receiver].delivery.result}"
        told = log.told(alert.alert_id, ruling.receiver)
        steps.append(ReceiverStep(ruling.receiver, *_verdict(ruling, log), told, waits_for))
    return RouteTrail(routes=steps_of(alert, routing.tree), receivers=tuple(steps))


def _verdict(ruling: Ruling, log: DeliveryLog) -> tuple[bool, str]:
    if ruling.fate in ("sent", "held"):
        return True, ruling.reason
    if ruling.fate != "skipped":
        return False, f"{ruling.fate}: {ruling.reason}"
    last = log.last_notice(ruling.alert.alert_id, ruling.receiver)
    state = log.newest_state(ruling.alert.alert_id, ruling.receiver)
    if last is not None and state != "delivered":
        # It was decided on, but did not arrive
        return False, f"nothing new; revision {last.revision} is {state}"
    return False, ruling.reason


def _waits_for(ruling: Ruling) -> str | None:
    if ruling.fate != "held" or ruling.due_at is None:
        return None
    return "with the digest" if ruling.due_at >= NEVER else f"at {format_timestamp(ruling.due_at)}"
