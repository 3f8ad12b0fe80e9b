"""Who is told of an alert, and whether there is anything to tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstwire.config import Route, RouteMatch
from schemas import Alert
from schemas.alert import AlertLife

MILESTONES = (2, 5, 10)
"""Independent origins at which an alert is worth another word: confirmed, widely told, everywhere."""


def receivers_of(alert: Alert, routes: Sequence[Route]) -> tuple[str, ...]:
    """Names of the receivers of every route that matches, in the order of the routes, each at most once.

    Nobody, of an alert in shadow.
    """
    if alert.shadow:
        return ()
    return tuple(dict.fromkeys(name for route in routes if matches(alert, route.match) for name in route.receivers))


def wants_updates(alert: Alert, receiver: str, routes: Sequence[Route]) -> bool:
    """Whether one of the routes that lead to the receiver asks for growth too."""
    return any(route.updates and receiver in route.receivers and matches(alert, route.match) for route in routes)


def matches(alert: Alert, match: RouteMatch) -> bool:
    """Whether all that a match asks for is so; one that asks for nothing matches all."""
    return (
        (match.kind is None or match.kind == alert.kind)
        and (match.severity is None or match.severity == alert.severity)
        and (match.rule_id is None or match.rule_id == alert.rule_id)
        and (match.tag is None or match.tag in alert.tags)
    )


@dataclass(frozen=True)
class LastNotice:
    """The newest revision of an alert that a destination was to be told, and the state it was in."""

    revision: int
    life: AlertLife
    origins: int = 0
    status: str | None = None


@dataclass(frozen=True)
class Decision:
    """Whether to deliver, and why or why not."""

    deliver: bool
    reason: str


def decide(alert: Alert, told: LastNotice | None, *, updates: bool = False) -> Decision:
    """What a destination that was told `told` of this alert is to be told now.

    An alert is told when it is first seen, and again when it is corrected or retracted, or right again afterwards;
    with `updates` also when its status changes and when it has 2, 5, 10 independent origins: other growth is not news.
    What was retracted before anybody was told is not told at all.
    """
    if told is None:
        if alert.state == "retracted":
            return Decision(False, "retracted before it was told")
        return Decision(True, "first seen")
    if alert.revision <= told.revision:
        return Decision(False, f"revision {told.revision} was told already")
    if alert.state in ("corrected", "retracted"):
        if told.life == alert.state:
            return Decision(False, f"told already that it is {alert.state}")
        return Decision(True, alert.state)
    if told.life == "retracted":
        return Decision(True, "raised again after it was retracted")
    if told.life == "corrected":
        return Decision(True, "right again after it was corrected")
    if updates and told.status is not None and alert.status != told.status:
        return Decision(True, f"status was {told.status}, is {alert.status}")
    milestone = max((number for number in MILESTONES if number <= len(alert.origins)), default=0)
    if updates and told.origins < milestone:
        return Decision(True, f"{milestone} independent origins")
    return Decision(False, f"told in revision {told.revision}, this one only adds to it")
