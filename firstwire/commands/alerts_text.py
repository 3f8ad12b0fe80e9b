"""Alerts as a table, as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.routes.receipts import receipt_of_raise
from firstwire.core.text.wording import harmless, one_line
from firstwire.explain.trail import delivery_lines
from firstwire.index.results import AlertTrail, IndexedAlert
from firstwire.notifier.rendering import parts_of, plain_lines
from schemas.silence import Feedback

SHOWN_ID = 8
"""Characters of an id in a list: enough for `firstwire alerts show` to find it."""
MARKED = {"corrected": "corrected: ", "retracted": "retracted: "}


def table(found: Sequence[IndexedAlert]) -> RenderableType:
    """A row for each alert."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Raised", no_wrap=True, width=16)
    shown.add_column("Alert", no_wrap=True, width=SHOWN_ID)
    shown.add_column("Severity", no_wrap=True, width=len("critical"))
    shown.add_column("Kind", no_wrap=True, width=len("system"))
    shown.add_column("Headline", overflow="fold", ratio=1)
    for one in found:
        alert = one.alert
        headline = MARKED.get(alert.state, "") + one_line(alert.headline)
        shown.add_row(
            one.raised_at[:16].replace("T", " "),
            Text(alert.alert_id[:SHOWN_ID]),
            alert.severity,
            alert.kind,
            Text(headline + (" (unsure)" if alert.certainty == "unsure" else "")),
        )
    return shown


def details(one: IndexedAlert, trail: AlertTrail) -> list[str]:
    """What was told, and what became of it."""
    alert = one.alert
    receipt = receipt_of_raise(one.receipt, trail.deliveries)
    lines = [
        *plain_lines(parts_of(alert, receipt)),
        f"alert  {alert.alert_id}, revision {alert.revision}, {alert.state}{', in shadow' if alert.shadow else ''}",
        *delivery_lines(list(trail.deliveries)),
        *map(_said, one.feedback),
        *(f"verdict  {each.article_id}: {each.verdict} — {each.reason}" for each in trail.verdicts),
    ]
    return [harmless(line) for line in lines]  # titles and reasons come from feeds: they must not control the terminal


def as_json(one: IndexedAlert, trail: AlertTrail | None = None) -> dict[str, Any]:
    """The record with its times and what people said; of one alert also what became of it."""
    found: dict[str, Any] = {
        **msgspec.to_builtins(one.alert),
        "raised_at": one.raised_at,
        "changed_at": one.changed_at,
        "feedback": msgspec.to_builtins(one.feedback),
    }
    if trail is None:
        return found
    deliveries = [{**msgspec.to_builtins(each), "alert": None} for each in trail.deliveries]
    receipt = receipt_of_raise(one.receipt, trail.deliveries)
    return {
        **found,
        "receipt": msgspec.to_builtins(receipt),
        "verdicts": msgspec.to_builtins(trail.verdicts),
        "deliveries": deliveries,
    }


def _said(feedback: Feedback) -> str:
    comment = f": {feedback.comment}" if feedback.comment else ""
    return f"feedback  {feedback.verdict.replace('_', ' ')}, by {feedback.author}{comment} at {feedback.made_at}"
