"""What changed in an alert since a destination was told of it, in a few words each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from firstwire.core.firsts.phrases import named, reader_answer
from firstwire.core.routes.decision import TAKEN_BACK
from firstwire.core.text.wording import counted, cut, day, one_line
from schemas import Alert, Delivery
from schemas.alert import AlertLife
from schemas.record import Certainty, Date

NAMED_OUTLETS = 6
OUTLET_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Told:
    """What a destination knows of an alert, by the newest revision that it accepted."""

    state: AlertLife = "raised"
    status: str | None = None
    certainty: Certainty | None = None
    outlets: tuple[str, ...] | None = None
    """None: not on record."""
    origins: int = 0
    ledger: str | None = None
    """The ledger's answer in words for records; None: none, or not on record."""
    undone_on: Date | None = None
    developments: int = 0
    """How many developments it was told, ever."""
    thread: str | None = None
    """Its own reference of the first message; None: it has none."""


@dataclass(frozen=True)
class AlertChange:
    """One change: the field that it is about, and its words for a reader."""

    about: Literal["state", "status", "certainty", "ledger", "undone_on", "outlets"]
    text: str


def told_by(delivery: Delivery) -> Told:
    """What a destination knows that accepted a delivery."""
    return Told(
        state=delivery.alert_state,
        status=delivery.status,
        certainty=delivery.certainty,
        outlets=delivery.outlets,
        origins=delivery.origins,
        ledger=delivery.ledger,
        undone_on=delivery.undone_on,
        developments=delivery.developments,
        thread=delivery.thread,
    )


def changes_of(alert: Alert, told: Told) -> tuple[AlertChange, ...]:
    """All changes, the weightiest first. What is not on record of the time before is not compared."""
    return tuple(_changes(alert, told))


def _changes(alert: Alert, told: Told) -> Iterator[AlertChange]:
    is_turned = alert.state != told.state and bool({alert.state, told.state} & {*TAKEN_BACK})
    if is_turned:
        yield AlertChange("state", _state(alert, told))
    if alert.status is not None and told.status is not None and alert.status != told.status:
        yield AlertChange("status", f"now {one_line(alert.status)}, before {one_line(told.status)}")
    if alert.certainty is not None and told.certainty is not None and alert.certainty != told.certainty:
        yield AlertChange("certainty", f"now {alert.certainty}")
    ledger = None if alert.novelty is None else alert.novelty.ledger
    # What turned the alert is the ledger's answer, which is said with it
    if not is_turned and None not in (ledger, told.ledger) and ledger != told.ledger:
        yield AlertChange("ledger", f"ledger: {_answer(alert)}")
    if alert.undone_on is not None and alert.undone_on != told.undone_on:
        yield AlertChange("undone_on", f"undone {day(alert.undone_on)}")
    if (breadth := _breadth(alert, told)) is not None:
        yield AlertChange("outlets", breadth)


def _state(alert: Alert, told: Told) -> str:
    if alert.state in TAKEN_BACK:
        return alert.state if alert.novelty is None else f"{alert.state}: {_answer(alert)}"
    return f"holds again, after it was {told.state}"


def _answer(alert: Alert) -> str:
    assert alert.novelty is not None, "asked only of alerts with an answer"
    actor = alert.actor.name if alert.actor is not None else alert.subject.actor or ""
    return reader_answer(alert.novelty, actor, alert.subject.era)


def _breadth(alert: Alert, told: Told) -> str | None:
    new = (
        []
        if told.outlets is None
        else [cut(one_line(name), OUTLET_LIMIT) for name in alert.outlets if name not in told.outlets]
    )
    origins = counted(len(alert.origins), "origin")
    if new:
        return f"also {named(new, NAMED_OUTLETS)} · {origins}"
    return f"now {origins}" if len(alert.origins) > told.origins else None
