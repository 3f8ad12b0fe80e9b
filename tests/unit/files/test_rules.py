"""Rule files: every mistake is one error at its file, line and column."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from firstwire.config import SHIPPED
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.files.ledger import load_ledger
from tests.support.errors import error_of
from tests.support.rules import load_rules

BROKEN_RULES: list[tuple[str, str, str]] = [
    # content, line and column, message
    ("events:\n  - id: a\n    action: [recognize\n", ":4:1", "not YAML"),
    ("events:\n  - id: a\n   action: recognize\n", ":3:4", "not YAML"),
    ("events:\n\t- id: a\n", ":2:1", "not YAML"),
    ("events:\n  - id: 'a\n", ":3:1", "not YAML"),
    ("events: *unknown\n", ":1:9", "not YAML"),
    ("events:\n---\nevents:\n", ":2:1", "not YAML"),
    ("evnts: []\n", ":1:1", "unknown key 'evnts'; did you mean 'events'?"),
    ("events:\n  - id: a\n    actions: recognize\n", ":3:5", "unknown key 'actions'; did you mean 'action'?"),
    ("events:\n  - id: a\n    action: x\n    statis: asserted\n", ":4:5", "did you mean 'status'?"),
    ("events:\n  - id: a\n", ":2:5", "lacks 'action'"),
    ("events:\n  - action: recognize\n", ":2:5", "lacks 'id'"),
    ("events: {id: a}\n", ":1:9", "expected `array`, got `object`"),
    ("events: all\n", ":1:9", "expected `array`, got `str`"),
    ("- id: a\n", ":1:1", "the file must be a mapping"),
    ("events:\n  - recognize\n", ":2:5", "must be a mapping of"),
    ("events:\n  - id: 7\n    action: recognize\n", ":2:9", "id: expected `str`, got `int`"),
    ("events:\n  - id: 'Capital Letters'\n    action: x\n", ":2:9", "id: "),
    ("events:\n  - id: ''\n    action: x\n", ":2:9", "id: "),
    ("events:\n  - id: a\n    action: x\n    version: 0\n", ":4:14", "version: "),
    ("events:\n  - id: a\n    action: x\n    version: one\n", ":4:14", "version: expected `int`, got `str`"),
    (
        "events:\n  - id: a\n    action: x\n    severity: loud\n",
        ":4:15",
        "severity: invalid enum value 'loud'; allowed are info, warning, critical",
    ),
    (
        "events:\n  - id: a\n    action: x\n    novelty: second\n",
        ":4:14",
        "novelty: invalid enum value 'second'; allowed are first, any",
    ),
    (
        "events:\n  - id: a\n    action: x\n    status: [asserted, said]\n",
        ":4:24",
        "enum value 'said'; allowed are asserted, negated, planned, demanded, conditional, historical, unconfirmed",
    ),
    (
        "events:\n  - id: a\n    action: x\n    status: said\n",
        ":4:13",
        "status: invalid enum value 'said'; allowed are asserted, ",
    ),
    (
        "events:\n  - id: a\n    action: x\n    actor_kind: [country]\n",
        ":4:18",
        "enum value 'country'; allowed are nation, organization, leader, person, subnational, other, *",
    ),
    ("events:\n  - id: a\n    action: x\n    tags: {a: b}\n", ":4:11", "tags: expected `array`, got `object`"),
    ("events:\n  - id: a\n    action: [[x]]\n", ":3:14", "expected `str`, got `array`"),
    ("events:\n  - id: a\n    action: x\n  - id: a\n    action: y\n", ":4:9", "rule 'a' exists already, at"),
    ("events:\n  - id: a\n    action: x\n    id: b\n", ":4:5", "duplicate key 'id', first in line 2"),
    ("events:\n  - id: a\n    action: []\n", ":2:5", "action is empty"),
    ("events:\n  - id: a\n    action: x\n    target: []\n", ":2:5", "target is empty"),
    ("events:\n  - id: a\n    action: x\n    status: []\n", ":2:5", "status is empty"),
    ("events:\n  - id: a\n    action: x\n    actor_kind: []\n", ":2:5", "actor_kind is empty"),
    ("events:\n  - id: a\n    action: x\n    target: talban\n", ":4:13", "no entity 'talban'; did you mean 'taliban'?"),
    ("events:\n  - id: a\n    action: x\n    target: [taliban, kosov]\n", ":4:", "did you mean 'kosovo'?"),
    (
        "events:\n  - id: a\n    action: x\n    actor: rusia\n",
        ":4:12",
        "no entity and no group 'rusia'; did you mean 'russia'?",
    ),
    (
        "events:\n  - id: a\n    action: x\n    actor: taliban\n",
        ":4:12",
        "'taliban' is of kind organization, but actor_kind",
    ),
    (
        "events:\n  - id: a\n    action: x\n    actor: russia\n    target: russia\n",
        ":4:12",
        "'russia' is the only target too: nobody acts on itself",
    ),
    ("events:\n  - id: a\n    action: x\n    language: []\n", ":2:5", "language is empty"),
    ("events:\n  - id: a\n    action: x\n    max_age: soon\n", ":4:14", "'soon' is not a duration"),
    ("events:\n  - id: a\n    action: x\n    max_age: 3\n", ":4:14", "max_age: expected `str`, got `int`"),
    (
        "events:\n  - id: a\n    action: x\n    corroboration: {sure: 3}\n",
        ":4:20",
        "asks for fewer unsure origins than sure ones",
    ),
    ("events:\n  - id: a\n    action: x\n    corroboration: {sure: 0}\n", ":4:27", "sure: expected `int` >= 1"),
    ("watches:\n  - id: a\n    query: moon\n    max_age: never\n", ":4:14", 'or "off"'),
    (
        "watches:\n  - id: a\n    query: moon\n    tell: none\n",
        ":4:11",
        "tell: invalid enum value 'none'; allowed are new, developments, all",
    ),
    ("events:\n  - id: a\n    action: x\n    tell: all\n", ":4:5", "unknown key 'tell'"),
    ("events: [{id: a, action: x, ? [b] : c}]\n", ":1:31", "a key must be plain text"),
    ("watches:\n  - id: a\n", ":2:5", "lacks 'query'"),
    ("watches:\n  - id: a\n    qury: x\n", ":3:5", "unknown key 'qury'; did you mean 'query'?"),
    ("watches:\n  - id: a\n    query: [x]\n", ":3:12", "query: expected `str`, got `array`"),
    ("watches:\n  - id: a\n    query: '(moon'\n", ":3:12", "query of watch 'a': "),
    ("watches:\n  - id: a\n    query: foo:x\n", ":3:12", "unknown prefix 'foo'"),
    ("watches:\n  - id: a\n    query: NOT moon\n", ":3:12", "this holds even for articles that have none"),
    ("watches:\n  - id: a\n    query: '@talban'\n", ":3:12", "no entity 'talban'"),
    ("watches: [{id: a, query: moon}]\nevents: [{id: a, action: x}]\n", ":2:15", "rule 'a' exists already, at"),
    ("", "", "the file is empty"),
    ("# nothing\n", "", "the file is empty"),
    ("events: " + "[" * 200 + "]" * 200, "", ""),
    ("events: " + "[" * 1_000, "", "nested too deeply"),
]


@pytest.mark.parametrize(("content", "place", "message"), BROKEN_RULES, ids=range(len(BROKEN_RULES)))
def test_a_broken_rule_file_is_one_error_at_its_place(
    tmp_path: Path, gazetteer: Gazetteer, content: str, place: str, message: str
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(content, encoding="utf-8")
    error = error_of(lambda: load_rules([file], gazetteer))
    assert str(error).startswith(f"{file}{place}")
    assert message in error.message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "id: café".encode("latin-1"), b"events: \x80"])
def test_a_file_that_is_not_utf_8_is_an_error(tmp_path: Path, gazetteer: Gazetteer, content: bytes) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(content)
    for load in (lambda: load_rules([file], gazetteer), lambda: load_ledger([file], gazetteer)):
        assert str(error_of(load)) == f"{file}: not UTF-8 text"


BOMBS = {
    "in a list": "events:\n  - id: a\n    action: x\n    tags:\n      - &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"      - &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghi")),
    "of itself": "events: &a [*a]\n",
    "of itself, deeper": "events:\n  - id: a\n    action: &a [*a]\n",
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=list(BOMBS))
def test_anchors_that_would_explode_are_an_error(tmp_path: Path, gazetteer: Gazetteer, content: str) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(content, encoding="utf-8")
    assert str(error_of(lambda: load_rules([file], gazetteer))).startswith(f"{file}:")


def test_control_characters_are_an_error(tmp_path: Path, gazetteer: Gazetteer) -> None:
    file = tmp_path / "rules.yaml"
    file.write_bytes(b"events:\n  - id: a\x00b\n")
    assert "not YAML" in str(error_of(lambda: load_rules([file], gazetteer)))


def test_a_file_or_folder_that_is_not_there_or_empty_is_an_error(tmp_path: Path, gazetteer: Gazetteer) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "notes.txt").write_text("no rule", encoding="utf-8")
    assert "cannot read it: No such file" in str(error_of(lambda: load_rules([tmp_path / "absent.yaml"], gazetteer)))
    assert "no YAML file in this directory" in str(error_of(lambda: load_rules([tmp_path / "empty"], gazetteer)))


def test_a_rule_id_used_in_two_files_names_both(tmp_path: Path, gazetteer: Gazetteer) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("events: [{id: one, action: recognize}]\n", encoding="utf-8")
    error = error_of(lambda: load_rules([tmp_path], gazetteer))
    assert str(error).startswith(f"{tmp_path / 'b.yaml'}:1:15")
    assert f"{tmp_path / 'a.yaml'}:1:15" in error.message


def test_a_misspelt_listed_action_is_an_error_and_a_verb_phrase_is_none(tmp_path: Path, gazetteer: Gazetteer) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("events:\n  - id: a\n    action: [recognise]\n", encoding="utf-8")
    error = error_of(lambda: load_rules([file], gazetteer))
    assert str(error).startswith(f"{file}:3:13")
    assert "did you mean 'recognize'?" in error.message
    file.write_text("events:\n  - id: a\n    action: [ban-plastic-bags, recognize-israel]\n", encoding="utf-8")
    assert load_rules([file], gazetteer).events[0].action == ("ban-plastic-bags", "recognize-israel")


def test_the_shipped_rules_are_right(gazetteer: Gazetteer) -> None:
    assert [rule.id for rule in load_rules([SHIPPED / "seeds/rules"], gazetteer).events]
