"""What users and publishers wrote is printed as it is: `[[feeds]]` is no markup, `:smile:` no picture."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import firstwire.commands

FILES = sorted(Path(firstwire.commands.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_command_prints_no_markup(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Console":
            given = {each.arg: ast.unparse(each.value) for each in call.keywords}
            assert (given.get("markup"), given.get("emoji")) == ("False", "False"), f"line {call.lineno}"
