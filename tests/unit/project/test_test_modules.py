"""Where tests stand: no module imports a test module, and the folders of unit tests are those of the packages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests"
UNIT = TESTS / "unit"
NOT_OF_A_PACKAGE = {Path("project")}
"""Tests of the repository itself: docs, packaging, layers."""


def imported_test_modules(source: str) -> Iterator[tuple[int, str]]:
    """The lines that import a test module, and its name."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
        of_ours = isinstance(node, ast.ImportFrom) and node.level > 0
        for name in names:
            if of_ours or name.startswith("tests."):
                yield from ((node.lineno, part) for part in name.split(".") if part.startswith("test_"))


@pytest.mark.parametrize(
    "line",
    [
        "import tests.unit.core.test_pipeline",
        "from tests.unit.core.test_pipeline import found",
        "from tests.unit.core import test_pipeline",
        "def f() -> None:\n    from .test_pipeline import found",
        "from . import test_pipeline",
    ],
)
def test_an_import_of_a_test_module_is_noticed_wherever_it_stands(line: str) -> None:
    assert [name for _, name in imported_test_modules(line)] == ["test_pipeline"]


def test_no_module_imports_a_test_module() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}: move what both need to tests/support or tests/fakes"
        for file in sorted(TESTS.rglob("*.py"))
        for line, name in imported_test_modules(file.read_text(encoding="utf-8"))
    ]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_every_folder_of_unit_tests_is_that_of_a_package() -> None:
    folders = {file.parent.relative_to(UNIT) for file in UNIT.rglob("test_*.py")} - {Path()} - NOT_OF_A_PACKAGE
    packages = {file.parent.relative_to(ROOT / "firstwire") for file in (ROOT / "firstwire").rglob("__init__.py")}
    wrong = sorted(str(folder) for folder in folders - packages - {Path("schemas")})
    assert wrong == [], f"tests/unit mirrors firstwire and schemas; there is no package for {', '.join(wrong)}"
