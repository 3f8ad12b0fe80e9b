"""Deliveries as a table, as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.text.wording import one_line
from firstwire.notifier.delivery_history import happened_at
from firstwire.notifier.delivery_log import LoggedDelivery
from firstwire.notifier.notices import notice_lines
from firstwire.notifier.rendering import parts_of, plain_lines

SHOWN_ID = 8
"""Characters of an id in a list: enough for `firstwire deliveries show` and `firstwire explain` to find it."""


def table(entries: Sequence[LoggedDelivery]) -> RenderableType:
    """A row for each delivery."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Alert", no_wrap=True, width=SHOWN_ID)
    shown.add_column("Rev", justify="right", no_wrap=True, width=3)
    shown.add_column("Receiver", overflow="fold", ratio=1)
    shown.add_column("State", no_wrap=True, width=len("superseded"))
    shown.add_column("Tries", justify="right", no_wrap=True, width=5)
    shown.add_column("When", no_wrap=True, width=16)
    shown.add_column("Result", overflow="fold", ratio=2)
    for entry in entries:
        delivery = entry.delivery
        shown.add_row(
            Text(delivery.alert_id[:SHOWN_ID]),
            str(delivery.revision),
            Text(delivery.destination),
            delivery.state,
            str(delivery.attempt),
            happened_at(entry)[:16].replace("T", " "),
            Text(one_line(delivery.result)),
        )
    return shown


def details(entry: LoggedDelivery) -> list[str]:
    """Everything known of a delivery, and of one that did not arrive the message."""
    delivery = entry.delivery
    known = {
        "state": delivery.state,
        "result": one_line(delivery.result) or None,
        "attempts": f"{delivery.attempt}, {delivery.unanswered} without a reply",
        "queued": delivery.queued_at,
        "last attempt": delivery.attempted_at,
        "next attempt": delivery.next_attempt_at,
        "delivered": delivery.receipt.delivered_at,
    }
    lines = [f"delivery  {entry.key}", *(f"  {name}: {value}" for name, value in known.items() if value is not None)]
    message: Sequence[str] = ()
    if delivery.notice is not None:
        message = notice_lines(delivery.notice)
    elif delivery.alert is not None:
        message = plain_lines(parts_of(delivery.alert, delivery.receipt))
    return [*lines, *(f"  | {one_line(line)}" for line in message)]


def as_json(entry: LoggedDelivery) -> dict[str, Any]:
    """The record with its id; the alert in it as its headline."""
    values: dict[str, Any] = msgspec.to_builtins(entry.delivery)
    alert = values.pop("alert")
    return {"id": entry.key, **values, "headline": None if alert is None else alert["headline"]}
