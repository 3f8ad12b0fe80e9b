"""The path of one alert through the routes: what each one says, and what each receiver would be sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstwire.config import Route
from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import DeliveryLog
from firstwire.notifier.routes import Decision, decide, mismatch, receivers_of, wants_updates
from schemas import Alert


@dataclass(frozen=True)
class RouteStep:
    """One route: its receivers if it takes the alert, else the first condition that the alert does not meet."""

    number: int
    receivers: tuple[str, ...]
    mismatch: str | None


@dataclass(frozen=True)
class ReceiverStep:
    """One receiver: the decision, and if something would be sent, what it waits for (None: at once)."""

    name: str
    decision: Decision
    told: Told | None
    """What it knows of the alert; None if it never got it."""
    waits_for: str | None = None


@dataclass(frozen=True)
class RouteTrail:
    """Every route in order, then every receiver that is reached."""

    routes: tuple[RouteStep, ...]
    receivers: tuple[ReceiverStep, ...]


def route_trail(alert: Alert, routes: Sequence[Route], log: DeliveryLog) -> RouteTrail:
    """The path of an alert, given what was delivered so far."""
    parked = {entry.delivery.destination: entry for entry in log.pending() if entry.delivery.state == "parked"}
    steps = []
    for name in receivers_of(alert, routes):
        updates = wants_updates(alert, name, routes)
        last, state = log.last_notice(alert.alert_id, name), log.newest_state(alert.alert_id, name)
        decision = decide(alert, last, updates=updates)
        if not decision.deliver and last is not None and state != "delivered":
            # It was decided on, but did not arrive
            decision = Decision(False, f"nothing new; revision {last.revision} is {state}")
        waits_for = f"the receiver is parked: {parked[name].delivery.result}" if name in parked else None
        steps.append(ReceiverStep(name, decision, log.told(alert.alert_id, name), waits_for))
    return RouteTrail(
        routes=tuple(
            RouteStep(number, route.receivers, mismatch(alert, route.match))
            for number, route in enumerate(routes, start=1)
        ),
        receivers=tuple(steps),
    )
