"""Whether an alert holds anything that is new to a receiver, given its last notice of it."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.text.wording import counted
from schemas import Alert
from schemas.alert import AlertLife

MILESTONES = (2, 5, 10)
"""Numbers of independent origins worth an update: confirmed, widely reported, reported everywhere."""

TAKEN_BACK: tuple[AlertLife, ...] = ("corrected", "retracted")
"""Only of interest to those who were notified of what no longer holds."""


@dataclass(frozen=True, slots=True)
class LastNotice:
    """The newest revision of an alert with a delivery to a destination, and the alert's state in it."""

    revision: int
    life: AlertLife
    origins: int = 0
    status: str | None = None
    developments: int = 0


@dataclass(frozen=True)
class Decision:
    """Whether to deliver, and why or why not."""

    deliver: bool
    reason: str


def decide(alert: Alert, last: LastNotice | None, *, updates: bool = False) -> Decision:
    """Whether to notify a destination of an alert, given its last notice of it (None: never notified).

    A destination is notified when an alert is raised, when it is corrected or retracted, and when that is reversed;
    with `updates` also when its status changes and when it reaches 2, 5 and 10 independent origins. Of a watch's alert
    it is notified of every development, and of nothing else. An alert that was corrected or retracted before its first
    notice is not delivered at all.
    """
    if last is None:
        if alert.state in TAKEN_BACK:
            return Decision(False, f"{alert.state} before it was delivered")
        return Decision(True, "first seen")
    if alert.revision <= last.revision:
        return Decision(False, f"revision {last.revision} was delivered already")
    if alert.state in TAKEN_BACK:
        if last.life == alert.state:
            return Decision(False, f"notified already that it is {alert.state}")
        return Decision(True, alert.state)
    if last.life == "retracted":
        return Decision(True, "raised again after it was retracted")
    if last.life == "corrected":
        return Decision(True, "right again after it was corrected")
    if (more := alert.developments_so_far - last.developments) > 0:
        return Decision(True, counted(more, "new development"))
    if alert.kind == "watch":
        return Decision(False, f"revision {last.revision} was delivered, this one adds no development")
    if updates and last.status is not None and alert.status != last.status:
        return Decision(True, f"status was {last.status}, is {alert.status}")
    milestone = max((number for number in MILESTONES if number <= len(alert.origins)), default=0)
    if updates and last.origins < milestone:
        return Decision(True, f"{milestone} independent origins")
    return Decision(False, f"revision {last.revision} was delivered, this one only adds to it")
