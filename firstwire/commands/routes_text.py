"""The path of an alert through the routes, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from firstwire.core.routes.receipts import receipt_of
from firstwire.core.routes.tree import RouteStep
from firstwire.core.text.wording import one_line
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.notifier.route_trail import RouteTrail
from schemas import Alert


def trail_lines(alert: Alert, trail: RouteTrail) -> Iterator[str]:
    """The alert, a line for each route and receiver, and the message to the first that would be sent one."""
    yield f"alert     {alert.alert_id}, revision {alert.revision}, {alert.state}: {one_line(alert.headline)}"
    yield f"          kind {alert.kind}, severity {alert.severity}, rule {alert.rule_id}"
    yield f"          tags {', '.join(map(one_line, alert.tags)) or 'none'}"
    if alert.shadow:
        yield "          raised by a rule in shadow: nobody is notified"
    for route in trail.routes:
        yield f"route {route.number:<3} {one_line(_verdict(route))}"
    if not trail.receivers:
        yield "nobody is notified"
    for receiver in trail.receivers:
        when = "at once" if receiver.waits_for is None else f"later, {receiver.waits_for}"
        yield f"{receiver.name}: " + (f"sent {when}: {receiver.reason}" if receiver.is_told else receiver.reason)
    for receiver in [receiver for receiver in trail.receivers if receiver.is_told][:1]:
        yield from (f"  | {line}" for line in plain_lines(parts_of(alert, receipt_of(alert, ()), receiver.told)))


def _verdict(route: RouteStep) -> str:
    if route.mismatch is not None:
        return route.mismatch
    return f"takes it, for {', '.join(route.receivers)}" if route.receivers else "matches; see the routes below it"
