"""The path of one alert through the routes: what each one says, and what each receiver would be sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.routes.decision import Decision, decide
from firstwire.core.routes.tree import RouteStep, RouteTree, receivers_of, steps_of
from firstwire.notifier.changes import Told
from firstwire.notifier.delivery_log import DeliveryLog
from schemas import Alert


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
    """Every route that is asked in order, then every receiver that is reached."""

    routes: tuple[RouteStep, ...]
    receivers: tuple[ReceiverStep, ...]


def route_trail(alert: Alert, tree: RouteTree, log: DeliveryLog) -> RouteTrail:
    """The path of an alert, given what was delivered so far."""
    parked = {entry.delivery.destination: entry for entry in log.pending() if entry.delivery.state == "parked"}
    steps = []
    for name, policy in receivers_of(alert, tree).items():
        last, state = log.last_notice(alert.alert_id, name), log.newest_state(alert.alert_id, name)
        decision = decide(alert, last, updates=policy.updates)
        if not decision.deliver and last is not None and state != "delivered":
            # It was decided on, but did not arrive
            decision = Decision(False, f"nothing new; revision {last.revision} is {state}")
        waits_for = f"the receiver is parked: {parked[name].delivery.result}" if name in parked else None
        steps.append(ReceiverStep(name, decision, log.told(alert.alert_id, name), waits_for))
    return RouteTrail(routes=steps_of(alert, tree), receivers=tuple(steps))
