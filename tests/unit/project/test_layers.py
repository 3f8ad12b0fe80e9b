"""What import-linter cannot see: a clock asked through a class of `datetime`, and imports with side effects."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CLOCKS = {"now", "utcnow", "today", "fromtimestamp"}

IMPORT_ALL = """
import importlib, json, pkgutil, socket
def refuse(*args, **kwargs):
    raise RuntimeError("a module touched the network while it was imported")
socket.socket.connect = socket.socket.bind = socket.getaddrinfo = refuse
import agents, firstwire, schemas, seeds
names = []
for package in (agents, firstwire, schemas, seeds):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
            names.append(module.name)
print(json.dumps(names))
"""


def test_core_asks_no_clock() -> None:
    for file in sorted((ROOT / "firstwire" / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                asks = node.value.id in ("datetime", "date") and node.attr in CLOCKS
                assert not asks, f"{file}:{node.lineno} asks the clock"


@pytest.mark.slow
def test_every_module_is_imported_without_the_network_or_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", IMPORT_ALL],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert {"agents.app", "firstwire.commands.cli", "firstwire.core.pipeline", "schemas.codec"} <= set(
        json.loads(done.stdout)
    )
