"""Drafts: a rule's own lines come back as they are, and another form of them is checked as a file would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.files.rules import written_rules
from firstwire.rules.drafts import checked_rule, lines_of
from tests.support.knowledge import shipped_knowledge

NOW = "2025-07-04T00:00:00.000Z"
FILE = """\
# The desk's
watches:
  - id: ships   # of the harbor
    # all of them
    query: 'ship* AND NOT title:cricket'
    examples:
      match: ["Ships leave the port."]

  # The next one
  - {id: rain, query: 'rain NEAR/3 ghana'}
events:
  -   id: first
      action: recognize
      novelty: first
"""
SHIPS = """\
id: ships   # of the harbor
# all of them
query: 'ship* AND NOT title:cricket'
examples:
  match: ["Ships leave the port."]
"""


def lines_by_id(folder: Path, text: str) -> dict[str, str]:
    file = folder / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    return {each.line.id: lines_of(each) for each in written_rules([file], shipped_knowledge()[0].gazetteer)}


def test_the_lines_of_a_rule_are_its_own(tmp_path: Path) -> None:
    found = lines_by_id(tmp_path, FILE)
    assert found["ships"] == SHIPS
    assert found["rain"] == "{id: rain, query: 'rain NEAR/3 ghana'}\n"
    assert found["first"] == "id: first\naction: recognize\nnovelty: first\n"


def test_the_lines_of_all_shipped_rules_can_be_checked(tmp_path: Path) -> None:
    knowledge, seeds = shipped_knowledge()
    for text, section in ((SHIPS, "watches"), ("{id: rain, query: 'rain'}\n", "watches")):
        checked = checked_rule(text, section, knowledge, seeds, NOW)  # type: ignore[arg-type]
        assert lines_of(checked.written) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHIPS.replace("query", "quary"), "line 3: .*quary"),
        (SHIPS.replace("NOT title", "NOT tittle"), "line 3: .*tittle"),
        (SHIPS.replace("Ships leave", "Boats leave"), "must match, but does not"),
        (f"{SHIPS}- id: other\n  query: other\n", "."),
        ("", "."),
        ("a: [", "line 1|line 2"),
        ("id: x\nquery: " + "(" * 500, "."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, message: str) -> None:
    knowledge, seeds = shipped_knowledge()
    with pytest.raises(ConfigError, match=message):
        checked_rule(text, "watches", knowledge, seeds, NOW)
