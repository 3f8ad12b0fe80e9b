"""Ledger files: every mistake is one error at its file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.config import SHIPPED
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.files.ledger import load_ledger
from schemas.times import EPOCH
from tests.support.errors import error_of
from tests.support.records import CHINA, FIRST_RULE, event, final_alerts

BROKEN_LEDGERS: list[tuple[str, str, str]] = [
    ("acts:\n  - action: recognize\n", ":2:5", "lacks 'target', 'source'"),
    ("acts:\n  - {action: recognize, target: taliban, source: x}\n", ":2:5", "names no actors, and no vouched_until"),
    (
        "acts:\n  - {action: recognize, target: taliban, source: x, vouched_until: 2025-02-30}\n",
        ":2:",
        "2025-02-30 is not a valid date",
    ),
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
        "duplicate key 'russia'",
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
        "not a valid date",
    ),
    ("eras:\n  taliban: [{id: a, since: 2025-13-01}]\n", ":2:28", "not a valid date"),
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


def test_what_a_ledger_file_says_was_known_before_every_article(tmp_path: Path, gazetteer: Gazetteer) -> None:
    file = tmp_path / "firsts.yaml"
    file.write_text(
        "acts: [{action: recognize, target: taliban, source: x, actors: {russia: 1950-07-03}}]\n", encoding="utf-8"
    )
    told = event(CHINA, date="1960-07-05", hours=-65 * 365.25 * 24)
    assert told.context.fetched_at < EPOCH
    assert final_alerts([told], FIRST_RULE, born=load_ledger([file], gazetteer)) == {}


def test_the_shipped_ledger_is_right(gazetteer: Gazetteer) -> None:
    seeds = load_ledger([SHIPPED / "seeds/firsts.yaml"], gazetteer)
    assert seeds.era_of("taliban", "2025-07-03") == "since 2021-08-15"
    taliban = seeds.pages["recognize", "taliban"].actors
    assert [(act.actor, act.era) for act in taliban] == [
        ("pakistan", "1996-2001"),
        ("saudi-arabia", "1996-2001"),
        ("united-arab-emirates", "1996-2001"),
        ("russia", "since 2021-08-15"),
    ]
