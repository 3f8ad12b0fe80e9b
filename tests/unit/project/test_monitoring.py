"""The shipped alert rules and the dashboard: they can be loaded, and name only metrics and labels that exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from firstwire.metrics import DECLARED

ROOT = Path(__file__).resolve().parents[3]
RULES = YAML(typ="safe", pure=True).load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboard.json").read_text(encoding="utf-8"))

OF_PROMETHEUS = {"up": set[str](), "process_resident_memory_bytes": set[str](), "process_cpu_seconds_total": set[str]()}
OF_TARGETS = {"job", "instance", "part"}
"""Labels that Prometheus, or the report on all parts, adds to every metric."""

LABELS = {declared.name: set(declared.labels) for declared in DECLARED} | OF_PROMETHEUS
for _declared in DECLARED:
    if _declared.kind == "histogram":
        LABELS[f"{_declared.name}_bucket"] = {*_declared.labels, "le"}

SELECTOR = re.compile(r"\b((?:firstwire|process)_\w+|up)\b(?:\{([^}]*)\})?")
GROUPING = re.compile(r"\bby \(([^)]*)\)\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)")


def alerts() -> Iterator[dict[str, Any]]:
    for group in RULES["groups"]:
        yield from group["rules"]


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


EXPRESSIONS = [rule["expr"] for rule in alerts()] + [each["expr"] for panel in panels() for each in panel["targets"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_exists(expression: str) -> None:
    found = SELECTOR.findall(expression)
    assert found
    for name, matchers in found:
        assert name in LABELS, name
        asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers))
        assert asked <= LABELS[name] | OF_TARGETS, f"{name} has no label {asked - LABELS[name]}"
    for labels, inside in GROUPING.findall(expression):
        of = set[str]().union(*(LABELS[name] for name, _ in SELECTOR.findall(inside)))
        assert {label.strip() for label in labels.split(",")} <= of | OF_TARGETS, expression


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "action"}


def test_operations_names_every_alert() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in alerts() if f"`{rule['alert']}`" not in page] == []


def test_every_declared_metric_is_on_the_dashboard_or_in_an_alert() -> None:
    used = " ".join(EXPRESSIONS) + DASHBOARD["templating"]["list"][1]["query"]["query"]
    unused = {declared.name for declared in DECLARED if declared.name not in used}
    # What these say is seen by others already; somebody who looks for a cause asks for them
    assert unused == {
        "firstwire_alerts_read_total",
        "firstwire_alerts_untold_total",
        "firstwire_delivery_attempts_total",
        "firstwire_feed_gaps_total",
        "firstwire_feed_pushes_total",
        "firstwire_full_texts_total",
        "firstwire_feed_states_written_total",
        "firstwire_matches_total",
        "firstwire_notifier_unreadable_total",
        "firstwire_verify_duration_seconds",
    }


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells
