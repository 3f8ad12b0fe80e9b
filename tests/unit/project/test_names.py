"""One noun, one name, one home: no two public classes share a name."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.support.shared_data import ROOT


def test_no_class_name_stands_in_two_files() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for package in ("agents", "firstwire", "schemas"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef):
                    homes[node.name].add(str(file.relative_to(ROOT)))
    assert {name: sorted(files) for name, files in homes.items() if len(files) > 1} == {}
