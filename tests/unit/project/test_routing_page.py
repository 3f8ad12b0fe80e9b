"""docs/routing.md: every example is a configuration, and its alerts go where the page says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from firstwire.core.routes.grouping import GROUPERS
from firstwire.core.routes.labels import Label
from firstwire.core.routes.settings import Inhibition, Route
from firstwire.core.routes.tree import GROUPED_BY, compiled, receivers_of
from schemas import Alert, Entity
from tests.support.alerts import covering_article, first_alert, watch_alert
from tests.support.timelines import routes_of, rows_of, sent, wanted

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "routing.md").read_text(encoding="utf-8")
TREES = re.findall(r"```toml\n(.*?)```\n\n\| alert \| goes to \|\n\|---\|---\|\n((?:\|[^\n]*\n)+)", PAGE, re.DOTALL)
TIMELINES = re.findall(
    r"```toml\n([^`]*?)```\n\n\| at \| happens \| messages \|\n\|---\|---\|---\|\n((?:\|[^\n]*\n)+)", PAGE
)


def cells(table: str) -> dict[str, str]:
    """The rows of a table of two columns."""
    rows = [line.strip("|").split("|") for line in table.strip().splitlines()]
    return {row[0].strip(): row[1].strip() for row in rows}


def alert_of(written: str) -> Alert:
    """An alert with these labels, `kind=first tag=russia`: what is not named is like nothing that is asked for."""
    labels: dict[str, list[str]] = {}
    for part in written.strip("`").split():
        label, value = part.split("=")
        labels.setdefault(label, []).append(value)
    kind = labels.get("kind", ["event"])[0]
    tags, parties = labels.get("tag", []), labels.get("entity", [])
    origins = int(labels.get("origins", ["1"])[0])
    return (watch_alert if kind == "watch" else first_alert)(
        kind=kind,
        severity=labels.get("severity", ["info"])[0],
        tags=(*tags, *parties),
        origins=tuple(f"o{number}" for number in range(origins)),
        subject=msgspec.structs.replace(first_alert().subject, actor=None, target=parties[0] if parties else None),
        target=Entity(id=parties[0], name=parties[0], kind="organization") if parties else None,
        coverage=(covering_article(1, language="en"),),
    )


@pytest.mark.parametrize(("written", "table"), TREES, ids=range(1, len(TREES) + 1))
def test_alerts_go_where_the_page_says(written: str, table: str) -> None:
    tree = compiled(msgspec.convert(tomllib.loads(written)["routes"], tuple[Route, ...]))
    said = cells(table)
    assert {alert: ", ".join(receivers_of(alert_of(alert), tree)) or "nobody" for alert in said} == said


@pytest.mark.parametrize(("written", "table"), TIMELINES, ids=range(1, len(TIMELINES) + 1))
def test_messages_come_when_the_page_says(written: str, table: str) -> None:
    configured = tomllib.loads(written)
    inhibitions = msgspec.convert(configured.get("inhibitions", []), tuple[Inhibition, ...])
    rows = rows_of(table)
    assert sent(rows, routes_of(configured["routes"]), inhibitions) == wanted(rows)


def test_every_example_is_tried() -> None:
    assert (len(TREES), len(TIMELINES)) == (3, 7)
    assert PAGE.count("```toml") == len(TREES) + len(TIMELINES)


def test_the_page_names_every_option_and_whatever_alerts_are_grouped_by() -> None:
    for field in (*msgspec.structs.fields(Route), *msgspec.structs.fields(Inhibition)):
        assert field.encode_name in PAGE, field.encode_name
    assert set(GROUPED_BY) == set(GROUPERS)
    for name in GROUPED_BY:
        assert f"`{name}`" in PAGE.split("### Groups")[1].split("```toml")[0]


def test_the_page_names_every_label() -> None:
    section = PAGE.split("| label | value |")[1].split("\n\n")[0]
    named: set[Any] = set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
    assert named == set(get_args(Label))
