"""The Makefile is the one list of what can be done: its help shows it, and hooks, CI and docs call nothing else."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SHOWN = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))


def yaml_of(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((ROOT / name).read_text(encoding="utf-8"))


def hooks() -> list[dict[str, Any]]:
    return [hook for repository in yaml_of(".pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]


def ci_steps() -> list[dict[str, Any]]:
    return [step for job in yaml_of(".github/workflows/ci.yml")["jobs"].values() for step in job["steps"]]


def targets_of(commands: list[str]) -> set[str]:
    """The targets of commands that are one call of make each; anything else fails."""
    found = [re.fullmatch(r"make ([a-z]+)", command) for command in commands]
    assert None not in found, commands
    return {match[1] for match in found if match is not None}


def test_hooks_are_local_and_call_make_targets_that_exist() -> None:
    assert [repository["repo"] for repository in yaml_of(".pre-commit-config.yaml")["repos"]] == ["local"]
    assert {hook["language"] for hook in hooks()} == {"system"}
    assert targets_of([hook["entry"] for hook in hooks()]) == {"format", "lint"} <= SHOWN


def test_ci_calls_make_targets_that_exist_and_nothing_else() -> None:
    commands = [step["run"] for step in ci_steps() if "run" in step]
    assert "test" in targets_of(commands) <= SHOWN
    with_tools = {step["uses"].partition("@")[0]: step.get("with", {}) for step in ci_steps() if "uses" in step}
    assert with_tools.keys() == {"actions/checkout", "actions/setup-python", "actions/setup-java"}
    assert "://" not in (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")


def test_ci_uses_the_oldest_python_that_the_project_allows() -> None:
    (python,) = [step["with"]["python-version"] for step in ci_steps() if "setup-python" in step.get("uses", "")]
    assert f'requires-python = ">={python}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_help_shows_every_target_in_its_group() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=True
    )
    groups: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        shown = re.fullmatch(r"  make ([a-z]+) +\S.*", line)
        if shown is None:
            groups[line] = []
        else:
            groups[list(groups)[-1]].append(shown[1])
    assert list(groups) == ["Try", "Check", "Measure", "Maintain"]
    assert all(groups.values())
    assert sorted(target for targets in groups.values() for target in targets) == sorted(SHOWN)
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) >= SHOWN


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_pages_name_make_targets_that_exist(name: str) -> None:
    named = set(re.findall(r"`?make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert named
    assert named <= SHOWN
