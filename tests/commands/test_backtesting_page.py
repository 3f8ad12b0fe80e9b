"""The worked example of the page on backtesting: typed as it stands, it prints what the page says."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import msgspec
import orjson
import pytest

from schemas import Backtest
from schemas.generate import json_schema
from tests.support.command_line import firstwire
from tests.support.shared_data import ROOT

PAGE = (ROOT / "docs" / "backtesting.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("## An example")[1].split("## Options")[0]
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", EXAMPLE, re.DOTALL | re.MULTILINE)
RULES = dict(zip(("before.yaml", "after.yaml"), (text for kind, text in FENCED if kind == "yaml"), strict=True))
BLOCKS = [text for kind, text in FENCED if not kind]
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith("firstwire ")]
PRINTED = BLOCKS[-1]


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder after all commands of the example, and what the last one printed."""
    folder = tmp_path_factory.mktemp("typed")
    for name, text in RULES.items():
        (folder / name).write_text(text, encoding="utf-8")
    out = ""
    for command in COMMANDS:
        code, out, err = firstwire(*command.split()[1:], cwd=folder, environment={"COLUMNS": "80"})
        assert code == 0, err
    return folder, out


def test_the_example_has_both_rule_files_and_its_commands() -> None:
    assert EXAMPLE.index("`before.yaml`") < EXAMPLE.index("`after.yaml`")
    assert [command.split()[1] for command in COMMANDS] == ["demo", "archive", "backtest"]


def test_the_example_prints_what_the_page_says(typed: tuple[Path, str]) -> None:
    lines, said = ([line.rstrip() for line in text.splitlines()] for text in (typed[1], PRINTED))
    assert lines == said


def test_the_files_are_a_backtest_and_a_page_of_its_own(typed: tuple[Path, str]) -> None:
    written = (typed[0] / "report" / "diff.json").read_bytes()
    found = msgspec.json.decode(written, type=Backtest)
    assert {one.difference for one in found.differences} == {"added", "removed"}
    described = json_schema(Backtest)["properties"].keys()
    assert orjson.loads(written).keys() <= described
    page = (typed[0] / "report" / "report.html").read_text(encoding="utf-8")
    shown = unescape(re.sub(r"</?mark>", "", page))
    assert [one.headline for one in found.differences if one.headline not in shown] == []


def test_a_failure_for_continuous_integration_is_exit_code_1(typed: tuple[Path, str]) -> None:
    folder, _ = typed
    arguments = ("backtest", "--archive", "demo", "--rules", "after.yaml", "--against", "before.yaml")
    code, out, _ = firstwire(*arguments, "--fail-over", "1/day", "--fail-on", "removed", cwd=folder)
    assert code == 1
    assert [line for line in out.splitlines() if line.startswith("FAILED")] == [
        "FAILED  alerts per day under the new rules: 1.75, more than 1/day",
        "FAILED  2 alerts removed",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--archive", "demo", "--fail-over", "20"], 2, "--fail-over: '20' is no rate; write it like 20/day"),
        (["--archive", "demo", "--against", "live"], 78, "no rules are on record there, so that 'live' is unknown"),
        (["--archive", "demo", "--warm-up", "soon"], 78, "--warm-up: 'soon' is not a duration"),
    ],
)
def test_what_cannot_be_is_said(typed: tuple[Path, str], arguments: list[str], code: int, message: str) -> None:
    against = [] if "--against" in arguments else ["--against", "before.yaml"]
    found, _, err = firstwire("backtest", "--rules", "after.yaml", *against, *arguments, cwd=typed[0])
    assert found == code
    assert message in err
    assert "Traceback" not in err
