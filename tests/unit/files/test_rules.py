"""Rule, ledger and entity files: every mistake is one error at its file, line and column."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from firstwire.config import SHIPPED
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.errors import EXIT_CONFIG, ConfigError
from firstwire.files.entities import load_entities
from firstwire.files.ledger import load_ledger
from schemas.times import EPOCH
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import CHINA, FIRST_RULE, event, final_alerts
from tests.support.rules import load_rules


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return shipped_gazetteer()


def error_of(load: Callable[[], object]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load()
    assert caught.value.exit_code == EXIT_CONFIG
    assert "\n" not in str(caught.value)
    return caught.value


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
    ("events:\n  - id: a\n    action: x\n    severity: loud\n", ":4:15", "severity: invalid enum value 'loud'"),
    ("events:\n  - id: a\n    action: x\n    novelty: second\n", ":4:14", "novelty: invalid enum value 'second'"),
    ("events:\n  - id: a\n    action: x\n    status: [asserted, said]\n", ":4:24", "invalid enum value 'said'"),
    ("events:\n  - id: a\n    action: x\n    status: said\n", ":4:13", "status: "),
    ("events:\n  - id: a\n    action: x\n    actor_kind: [country]\n", ":4:18", "invalid enum value 'country'"),
    ("events:\n  - id: a\n    action: x\n    tags: {a: b}\n", ":4:11", "tags: expected `array`, got `object`"),
    ("events:\n  - id: a\n    action: [[x]]\n", ":3:14", "expected `str`, got `array`"),
    ("events:\n  - id: a\n    action: x\n  - id: a\n    action: y\n", ":4:9", "rule 'a' stands already at"),
    ("events:\n  - id: a\n    action: x\n    id: b\n", ":4:5", "'id' stands here twice, first in line 2"),
    ("events:\n  - id: a\n    action: []\n", ":2:5", "action is empty"),
    ("events:\n  - id: a\n    action: x\n    target: []\n", ":2:5", "target is empty"),
    ("events:\n  - id: a\n    action: x\n    status: []\n", ":2:5", "status is empty"),
    ("events:\n  - id: a\n    action: x\n    actor_kind: []\n", ":2:5", "actor_kind is empty"),
    ("events:\n  - id: a\n    action: x\n    target: talban\n", ":4:13", "no entity 'talban'; did you mean 'taliban'?"),
    ("events:\n  - id: a\n    action: x\n    target: [taliban, kosov]\n", ":4:", "did you mean 'kosovo'?"),
    ("events: [{id: a, action: x, ? [b] : c}]\n", ":1:31", "a key must be plain text"),
    ("watches:\n  - id: a\n", ":2:5", "lacks 'query'"),
    ("watches:\n  - id: a\n    qury: x\n", ":3:5", "unknown key 'qury'; did you mean 'query'?"),
    ("watches:\n  - id: a\n    query: [x]\n", ":3:12", "query: expected `str`, got `array`"),
    ("watches:\n  - id: a\n    query: '(moon'\n", ":3:12", "query of watch 'a': "),
    ("watches:\n  - id: a\n    query: foo:x\n", ":3:12", "unknown prefix 'foo'"),
    ("watches:\n  - id: a\n    query: NOT moon\n", ":3:12", "this holds even for articles that have none"),
    ("watches:\n  - id: a\n    query: '@talban'\n", ":3:12", "no entity 'talban'"),
    ("watches: [{id: a, query: moon}]\nevents: [{id: a, action: x}]\n", ":2:15", "rule 'a' stands already at"),
    ("", "", "the file is empty"),
    ("# nothing\n", "", "the file is empty"),
    ("events: " + "[" * 200 + "]" * 200, "", ""),
    ("events: " + "[" * 100_000, "", "nested too deeply"),
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


BROKEN_LEDGERS: list[tuple[str, str, str]] = [
    ("acts:\n  - action: recognize\n", ":2:5", "lacks 'target', 'source', 'actors'"),
    (
        "acts:\n  - {action: recognize, target: talban, source: x, actors: {}}\n",
        ":2:33",
        "no entity 'talban'; did you mean 'taliban'?",
    ),
    (
        "acts:\n  - {action: recognize, target: taliban, source: x, actors: {rusia: 2025-07-03}}\n",
        ":2:69",
        "no entity 'rusia'; did you mean 'russia'?",
    ),
    (
        "acts:\n  - {action: recognize, target: taliban, source: x, actors: {russia: July}}\n",
        ":2:70",
        "russia: ",
    ),
    (
        "acts:\n  - {action: recognize, target: taliban, source: x, actors: {russia: 2025-07-03, russia: null}}\n",
        ":2:82",
        "'russia' stands here twice",
    ),
    ("eras:\n  talban: []\n", ":2:11", "no entity 'talban'"),
    ("eras:\n  taliban: [{id: a}]\n", ":2:13", "lacks 'since'"),
    ("eras:\n  taliban: [{id: a, since: 1996}]\n", ":2:28", "since: "),
    ("era: {}\n", ":1:1", "unknown key 'era'; did you mean 'eras'?"),
    ("", "", "the file is empty"),
]


@pytest.mark.parametrize(("content", "place", "message"), BROKEN_LEDGERS, ids=range(len(BROKEN_LEDGERS)))
def test_a_broken_ledger_file_is_one_error_at_its_place(
    tmp_path: Path, gazetteer: Gazetteer, content: str, place: str, message: str
) -> None:
    file = tmp_path / "firsts.yaml"
    file.write_text(content, encoding="utf-8")
    error = error_of(lambda: load_ledger([file], gazetteer))
    assert str(error).startswith(f"{file}{place}")
    assert message in error.message


IMPOSSIBLE_LEDGERS: list[tuple[str, str, str]] = [
    (
        "acts:\n  - {action: recognize, target: taliban, source: x, actors: {russia: 2025-02-30}}\n",
        ":2:70",
        "no day of the calendar",
    ),
    ("eras:\n  taliban: [{id: a, since: 2025-13-01}]\n", ":2:28", "no day of the calendar"),
    ("eras:\n  taliban: [{id: a, since: 2021-08-15, until: 2001-01-01}]\n", ":2:47", "ends before it begins"),
    ("eras:\n  taliban:\n    - {id: a, since: 1996-01-01}\n    - {id: a, since: 2021-08-15}\n", ":4:12", "era 'a'"),
    ("eras:\n  taliban: []\n", ":2:12", "no era"),
    (
        "eras:\n  taliban:\n    - {id: a, since: 1996-01-01, until: 2005-01-01}\n    - {id: b, since: 2001-01-01}\n",
        ":4:22",
        "eras 'a' and 'b' overlap",
    ),
    ("eras:\n  taliban: [{id: a, since: 2021-08-15}, {id: b, since: 2021-08-15}]\n", ":2:56", "overlap"),
    (
        "eras:\n  taliban: [{id: now, since: 2021-08-15}]\nacts:\n"
        "  - {action: recognize, target: taliban, era: new, source: x, actors: {russia: 2025-07-03}}\n",
        ":4:47",
        "no era 'new' of 'taliban'; did you mean 'now'?",
    ),
    (
        "acts:\n  - {action: recognise, target: kosovo, source: x, actors: {russia: 2025-07-03}}\n",
        ":2:14",
        "no action 'recognise'; did you mean 'recognize'?",
    ),
]


@pytest.mark.parametrize(("content", "place", "message"), IMPOSSIBLE_LEDGERS, ids=range(len(IMPOSSIBLE_LEDGERS)))
def test_a_ledger_that_cannot_be_is_one_error_at_its_place(
    tmp_path: Path, gazetteer: Gazetteer, content: str, place: str, message: str
) -> None:
    test_a_broken_ledger_file_is_one_error_at_its_place(tmp_path, gazetteer, content, place, message)


def test_two_ledgers_that_disagree_on_the_eras_of_a_target_are_an_error(tmp_path: Path, gazetteer: Gazetteer) -> None:
    for name, since in (("a.yaml", "2021-08-15"), ("b.yaml", "2021-08-15")):
        (tmp_path / name).write_text(f"eras: {{taliban: [{{id: x, since: {since}}}]}}\n", encoding="utf-8")
    assert len(load_ledger([tmp_path], gazetteer).eras["taliban"]) == 1
    (tmp_path / "b.yaml").write_text("eras: {taliban: [{id: x, since: 2021-08-16}]}\n", encoding="utf-8")
    error = error_of(lambda: load_ledger([tmp_path], gazetteer))
    assert str(error).startswith(f"{tmp_path / 'b.yaml'}:1:")
    assert "a.yaml" in error.message


BROKEN_ENTITIES: list[tuple[str, str, str]] = [
    ("nations:\n  atlantis: {teritory: XX}\n", ":2:14", "unknown key 'teritory'; did you mean 'territory'?"),
    ("nations:\n  atlantis: {territory: XX}\n", ":2:13", "CLDR knows no territory 'XX'"),
    ("nations:\n  atlantis: {}\norganizations:\n  atlantis: {}\n", ":4:13", "'atlantis' is an entity already, at"),
    ("leaders:\n  poseidon: {nation: atlantis}\n", ":2:13", "acts for 'atlantis', which is no entity"),
    ("nations:\n  atlantis: {names: [a, b]}\n", ":2:21", "names: expected `str`, got `array`"),
    ("nations: [atlantis]\n", ":1:10", "nations: expected `object`, got `array`"),
    ("", "", "the file is empty"),
]


@pytest.mark.parametrize(("content", "place", "message"), BROKEN_ENTITIES, ids=range(len(BROKEN_ENTITIES)))
def test_a_broken_entity_file_is_one_error_at_its_place(tmp_path: Path, content: str, place: str, message: str) -> None:
    file = tmp_path / "entities.yaml"
    file.write_text(content, encoding="utf-8")
    error = error_of(lambda: load_entities([file]))
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


def test_what_a_ledger_file_says_was_known_before_every_article(tmp_path: Path, gazetteer: Gazetteer) -> None:
    file = tmp_path / "firsts.yaml"
    file.write_text(
        "acts: [{action: recognize, target: taliban, source: x, actors: {russia: 1950-07-03}}]\n", encoding="utf-8"
    )
    told = event(CHINA, date="1960-07-05", hours=-65 * 365.25 * 24)
    assert told.context.fetched_at < EPOCH
    assert final_alerts([told], FIRST_RULE, born=load_ledger([file], gazetteer)) == {}


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


def test_the_shipped_files_are_right(gazetteer: Gazetteer) -> None:
    assert [rule.id for rule in load_rules([SHIPPED / "seeds/rules"], gazetteer).events]
    seeds = load_ledger([SHIPPED / "seeds/firsts.yaml"], gazetteer)
    assert seeds.era_of("taliban", "2025-07-03") == "since 2021-08-15"
    taliban = seeds.pages["recognize", "taliban"].actors
    assert [(act.actor, act.era) for act in taliban] == [
        ("pakistan", "1996-2001"),
        ("saudi-arabia", "1996-2001"),
        ("united-arab-emirates", "1996-2001"),
        ("russia", "since 2021-08-15"),
    ]
