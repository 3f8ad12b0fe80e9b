"""Timelines: what happens when, and which messages come of it at which second, as tables that people read.

A row is a time in UTC, what happens then, and the messages of that second: `desk: A, B; phone: A`. What happens:

- `A kind=watch story=quake severity=critical` raises the alert A, by default of a watch with a story of its own;
- `A again` adds a development, `A corrected`, `A retracted`;
- `silence 2h tag=cricket`, `snooze 1h alert=A`;
- `Ada acknowledges A`, `Ada calls A a false alarm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from firstwire.core.routes.inhibition import inhibition_rules
from firstwire.core.routes.messages import messages_of
from firstwire.core.routes.settings import Inhibition, Route
from firstwire.core.routes.tree import RouteTree, compiled
from firstwire.core.text.durations import seconds
from schemas import Alert, Feedback, Silence, Subject
from schemas.times import format_timestamp
from tests.support.alerts import development, first_alert, watch_alert

DAY = "2026-03-02"
Happening = Alert | Silence | Feedback


@dataclass(frozen=True)
class Row:
    """One row of a timeline."""

    at: datetime
    happens: str
    messages: str


def rows_of(table: str) -> list[Row]:
    """The rows of a Markdown table, or of plain lines `10:00:00 | A | desk: A`."""
    found = []
    for line in table.strip().splitlines():
        line = line.strip()
        cells = (line[1:-1] if line.startswith("|") else line).split("|")
        at, happens, messages = (cell.strip().replace("`", "") for cell in cells)
        found.append(Row(moment(at), happens, messages))
    return found


def moment(text: str) -> datetime:
    """`10:00:30` of the usual day, `2026-03-29 01:30:00` of another one."""
    day, _, clock = text.rpartition(" ")
    return datetime.fromisoformat(f"{day or DAY}T{clock}").replace(tzinfo=UTC)


def routes_of(written: Sequence[Any]) -> RouteTree:
    """The tree of routes as TOML reads them."""
    return compiled(msgspec.convert(written, tuple[Route, ...]), ZoneInfo)


def wanted(rows: Iterable[Row]) -> list[str]:
    """The messages that a timeline tells, each with its time."""
    return [
        f"{row.at:%m-%d %H:%M:%S} {message.strip()}"
        for row in rows
        for message in row.messages.split(";")
        if message.strip()
    ]


def sent(
    rows: Sequence[Row], tree: RouteTree, inhibitions: Sequence[Inhibition] = (), *, gathering: Iterable[str] = ()
) -> list[str]:
    """The messages that the core makes of what happens, up to the last row."""
    rules = inhibition_rules(inhibitions)
    records = list(happenings(rows))
    until = rows[-1].at
    return [
        f"{send.at:%m-%d %H:%M:%S} {send.receiver}: {', '.join(alert.alert_id for alert in send.alerts)}"
        for send in messages_of(records, tree, rules, until=until, gathering=tuple(gathering))
    ]


def happenings(rows: Iterable[Row]) -> Iterator[tuple[datetime, Happening]]:
    alerts: dict[str, Alert] = {}
    for row in rows:
        for number, words in enumerate(filter(None, (each.strip() for each in row.happens.split(";")))):
            yield row.at, _happening(words, row.at, alerts, number)


def _happening(words: str, at: datetime, alerts: dict[str, Alert], number: int) -> Happening:
    if found := re.fullmatch(r"(silence|snooze) (\S+) (.+)", words):
        return Silence(
            silence_id=f"{at:%H%M%S}-{number}",
            kind=found[1],  # type: ignore[arg-type]
            matchers=tuple(found[3].split()),
            starts_at=format_timestamp(at),
            ends_at=format_timestamp(at + timedelta(seconds=seconds(found[2]))),
            author="Ada",
            made_at=format_timestamp(at),
        )
    if found := re.fullmatch(r"(\w+) (acknowledges (\w+)|calls (\w+) a false alarm)", words):
        return Feedback(
            alert_id=found[3] or found[4],
            author=found[1],
            verdict="acknowledged" if found[3] else "false_alarm",
            made_at=format_timestamp(at),
        )
    name, *labels = words.split()
    alerts[name] = _changed(alerts[name], labels) if name in alerts else _raised(name, labels)
    return alerts[name]


def _raised(name: str, labels: Sequence[str]) -> Alert:
    given = dict(label.split("=") for label in labels)
    kind = given.get("kind", "watch")
    changes: dict[str, Any] = {
        "alert_id": name,
        "kind": kind,
        "headline": name,
        "severity": given.get("severity", "info"),
        "rule_id": given.get("rule", "rule"),
        "tags": tuple(given["tag"].split("+")) if "tag" in given else (),
    }
    if kind == "watch":
        return watch_alert(**changes, subject=Subject(story=given.get("story", f"story of {name}")))
    subject = Subject(action="recognize", actor=given.get("actor", name), target=given.get("target", "taliban"))
    return first_alert(**changes, subject=subject)


def _changed(alert: Alert, words: Sequence[str]) -> Alert:
    (word,) = words
    changes: dict[str, Any] = {"revision": alert.revision + 1, "state": "updated" if word == "again" else word}
    if word == "again":
        number = len(alert.developments) + 1
        changes["developments"] = (*alert.developments, development(number))
    return msgspec.structs.replace(alert, **changes)
