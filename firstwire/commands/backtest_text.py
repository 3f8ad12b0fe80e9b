"""A backtest for the terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from firstwire.core.text.wording import counted, cut, one_line
from firstwire.replay.report_view import side_facts
from schemas.backtest import AlertDifference, Backtest

SHOWN_AT_MOST = 20
DIFFERENCES_SHOWN = 7
"""Of each kind: the files have all of them."""
HEADLINE_CHARACTERS = 60
"""One line of 80 columns, beside the time."""
SIGNS = {"added": ("+", "green"), "removed": ("−", "red"), "changed": ("~", "yellow")}


def print_backtest(console: Console, found: Backtest) -> None:
    """The range, both sides, rules and receivers that differ, and the first differences with their reasons."""
    read = found.range
    if read.first_at is None or read.last_at is None:
        console.print("no articles in the range")
    else:
        days = counted(len(read.days), "day")
        console.print(f"{read.articles:,} articles, fetched {read.first_at[:10]} to {read.last_at[:10]}, {days}")
    if read.unreadable:
        console.print(f"{counted(read.unreadable, 'record')} could not be read")
    console.print(_sides(found))
    for table in (_rules(found), _receivers(found), _labels(found)):
        if table.row_count:
            console.print(table)
    for kind, (_, color) in SIGNS.items():
        _print_kind(console, kind, color, [one for one in found.differences if one.difference == kind])
    for reason in found.failed:
        console.print(f"FAILED  {reason}", style="bold red")


def _print_kind(console: Console, kind: str, color: str, found: list[AlertDifference]) -> None:
    console.print(f"{len(found):,} {kind}", style=f"bold {color}" if found else "bold")
    for one in found[:DIFFERENCES_SHOWN]:
        _print_difference(console, one)
    if len(found) > DIFFERENCES_SHOWN:
        console.print(f"  and {len(found) - DIFFERENCES_SHOWN:,} more: all are in the files of --output")
    changes = Counter((change.what, change.old, change.new) for one in found for change in one.changes)
    for (what, old, new), count in [each for each in changes.most_common(DIFFERENCES_SHOWN) if each[1] > 1]:
        console.print(Text(f"  {count:,} times {what}: {_cut(old) or '–'} → {_cut(new) or '–'}"))


def _sides(found: Backtest) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column()
    for name, side in (("old", found.old), ("new", found.new)):
        table.add_column(f"{name}: {one_line(side.name)}", justify="right", overflow="fold", max_width=32)
    rows = [
        [("watches, event rules", f"{side.watches:,}, {side.events:,}"), *side_facts(side)]
        for side in (found.old, found.new)
    ]
    for (name, old), (_, new) in zip(*rows, strict=True):
        table.add_row(name, old, new)
    return table


def _rules(found: Backtest) -> Table:
    table = _table("rule", "old", "new", "added", "removed", "changed")
    differing = [one for one in found.rules if one.added or one.removed or one.changed]
    for one in differing[:SHOWN_AT_MOST]:
        numbers = (one.old, one.new, one.added, one.removed, one.changed)
        table.add_row(one.rule_id, *(f"{number:,}" if number else "" for number in numbers))
    return table


def _receivers(found: Backtest) -> Table:
    table = _table("messages to", "old", "new")
    table.add_column("of rule")
    for one in [each for each in found.receivers if each.old != each.new][:SHOWN_AT_MOST]:
        table.add_row(one.receiver, f"{one.old:,}", f"{one.new:,}", one.rule_id)
    return table


def _labels(found: Backtest) -> Table:
    table = _table("labels of", "right", "wrong", "missed", "precision", "recall")
    for one in found.labels[: 2 * SHOWN_AT_MOST]:
        shares = ("–" if share is None else f"{share:.0%}" for share in (one.precision, one.recall))
        table.add_row(f"{one.rule_id}, {one.side}", str(one.right), str(one.wrong), str(one.missed), *shares)
    return table


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _print_difference(console: Console, one: AlertDifference) -> None:
    """Titles and reasons come from feeds: they are shown as text, never as markup."""
    sign, color = SIGNS[one.difference]
    shadow = " · shadow" if one.shadow else ""
    console.print(Text(f"{sign} {one.raised_at[:16].replace('T', ' ')}  {_cut(one.headline)}", style=color))
    console.print(Text(f"    {one.rule_id} · {one.severity}{shadow} · alert {one.alert_id[:12]}", style="dim"))
    for change in one.changes:
        console.print(Text(f"    {change.what}: {_cut(change.old) or '–'} → {_cut(change.new) or '–'}"))
    if one.difference != "changed":
        console.print(Text(f"    old: {one_line(one.old_reason)}"))
        console.print(Text(f"    new: {one_line(one.new_reason)}"))


def _cut(text: str) -> str:
    return cut(one_line(text), HEADLINE_CHARACTERS)
