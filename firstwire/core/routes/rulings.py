"""What the routing answers: rulings on alerts, and messages that are due. Values that one can print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from firstwire.core.routes.decision import LastNotice
from firstwire.core.routes.tree import RoutePolicy
from schemas import Alert
from schemas.times import EPOCH, parse_timestamp

NEVER = parse_timestamp("9999-01-01T00:00:00.000Z")
"""When what waits for no time at all is due, or later, after quiet hours; a time zone can be applied to it."""

AT_ONCE = parse_timestamp(EPOCH)
"""When what has waited long enough is due: at the next tick."""

Fate = Literal["sent", "held", "muted", "skipped", "withdrawn"]
"""`held`: told later. `muted`: not told, and not later either, but its next news may be. `skipped`: no news to this
receiver. `withdrawn`: it was held, and taken back before anybody was told."""

Occasion = Literal["news", "repeat"]


class NoticeLog(Protocol):
    """What was decided on before, and whether any of it may have arrived."""

    def last_notice(self, alert_id: str, destination: str) -> LastNotice | None: ...

    def may_have_arrived(self, alert_id: str, destination: str) -> bool: ...


@dataclass(frozen=True)
class Ruling:
    """What becomes of an alert at one receiver, and why."""

    alert: Alert
    receiver: str
    fate: Fate
    reason: str
    policy: RoutePolicy
    group: str = ""
    due_at: datetime | None = None
    """When it is told, if it is held. It may become later, as by a new silence."""
    repeat_at: datetime | None = None
    """When it is told again unless somebody acknowledges it, if it is sent now."""


@dataclass(frozen=True)
class Send:
    """One message that is due: alerts that waited together, in the order in which their articles were fetched."""

    receiver: str
    at: datetime
    alerts: tuple[Alert, ...]
    policy: RoutePolicy
    group: str
    occasion: Occasion = "news"
    repeat_at: datetime | None = None


@dataclass(frozen=True)
class Tick:
    """What is due, and what changed for alerts that waited."""

    sends: tuple[Send, ...]
    rulings: tuple[Ruling, ...]


def ordered(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """The order of a message, the same whatever waited longer, so that a restart changes none."""
    return tuple(sorted(alerts, key=lambda alert: (alert.times.fetched_at, alert.alert_id)))
