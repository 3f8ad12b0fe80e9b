"""Lint of rule sets: places, rules that ask the same, event rules that can never raise."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.rules.lint import findings_of
from tests.support.rules import GAZETTEER, rules_of


def said(folder: Path, text: str) -> list[tuple[str, str, str, str]]:
    """Line and column, rule, level and kind, and the sentence."""
    return [
        (each.place.removeprefix(f"{folder / 'rules.yaml'}:"), each.rule_id, f"{each.level} {each.kind}", each.message)
        for each in findings_of(rules_of(folder, text), GAZETTEER)
    ]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("query: moon OR moon", "3:20"),
        ("query: 'moon OR moon'", "3:21"),
        ('query: "moon OR moon"', "3:21"),
        ("query: 'moon OR \"it''s\" OR moon'", "3:12"),
        ("query: >-\n      moon OR\n      moon", "3:12"),
    ],
)
def test_a_finding_stands_at_the_words_it_speaks_of_where_they_are_written_plainly(
    tmp_path: Path, written: str, place: str
) -> None:
    ((where, rule_id, kind, _),) = said(tmp_path, f"watches:\n  - id: a\n    {written}\n")
    assert (where, rule_id, kind) == (place, "a", "warning never adds")


def test_rules_that_ask_the_same_are_named(tmp_path: Path) -> None:
    text = (
        "watches:\n  - {id: a, query: moon sun}\n  - {id: b, query: sun AND moon}\n  - {id: c, query: MOON AND sun}\n"
        "events:\n  - {id: d, action: [recognize, open_embassy]}\n"
        "  - {id: e, action: [open_embassy, recognize], severity: critical}\n"
        "  - {id: f, action: [open_embassy, recognize], novelty: first}\n"
    )
    found = said(tmp_path, text)
    assert [(place, rule_id, kind) for place, rule_id, kind, _ in found] == [
        ("3:10", "b", "warning duplicate"),
        ("4:10", "c", "warning duplicate"),
        ("7:10", "e", "warning duplicate"),
    ]
    assert found[0][3].startswith("is equal to a in another order (")
    assert found[1][3].startswith("is equal to a (")
    assert found[2][3].startswith("is equal to d (")


@pytest.mark.parametrize(
    ("rule", "kind", "says"),
    [
        ("action: Ban Plastic", "error never true", "verb phrases like `ban-plastic`"),
        ("action: [recognize, Ban Plastic]", "warning never true", "no act the id `Ban Plastic`"),
        ("action: ban_plastic", "warning never true", "verb phrases like `ban-plastic`"),
        ("action: ['*', recognize]", "warning never adds", "action: `*` includes `recognize`"),
        ("action: recognize\n    target: [taliban, taliban]", "warning never adds", "duplicate `taliban`"),
        ("action: recognize\n    status: ['*', asserted]", "warning never adds", "status: `*` includes `asserted`"),
        ("action: recognize\n    actor: ['*', russia]", "warning never adds", "actor: `*` includes `russia`"),
        ("action: recognize\n    language: [en, qq]", "warning unknown language", "no language has the code `qq`"),
    ],
)
def test_an_event_rule_that_cannot_raise_or_says_a_thing_twice(tmp_path: Path, rule: str, kind: str, says: str) -> None:
    ((_, rule_id, found, sentence),) = said(tmp_path, f"events:\n  - id: e\n    {rule}\n")
    assert (rule_id, found) == ("e", kind)
    assert says in sentence


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("xx", "no language has the code `xx`"),
        ("english", "no language has the code `english`; did you mean en?"),
        ("en_us", "no language has the code `en_us`; did you mean en-us?"),
        ("qq*", "no language has the code `qq*`"),
    ],
)
def test_a_language_that_does_not_exist_is_named_at_its_place(tmp_path: Path, language: str, says: str) -> None:
    ((place, _, kind, sentence),) = said(tmp_path, f"watches:\n  - id: a\n    query: moon NOT lang:{language}\n")
    assert (place, kind, sentence) == ("3:21", "warning unknown language", says)


@pytest.mark.parametrize("language", ["en", "EN-us", "zh-hant", "haw", "iw", "e?", "*", "(de OR ckb)", "und"])
def test_a_language_that_exists_is_none(tmp_path: Path, language: str) -> None:
    found = said(tmp_path, f"watches:\n  - id: a\n    query: moon lang:{language}\n")
    assert [kind for _, _, kind, _ in found if "language" in kind] == []


@pytest.mark.parametrize("key", ["actor: russia", "corroboration: {unsure: 3}", "max_age: 1d", "source: AFP"])
def test_rules_that_differ_in_what_they_count_are_no_doubles(tmp_path: Path, key: str) -> None:
    rules = "events:\n  - {id: a, action: recognize, KEY}\n  - {id: b, action: recognize}\n".replace("KEY", key)
    assert said(tmp_path, rules) == []
    assert [kind for *_, kind, _ in said(tmp_path, rules.replace("recognize}", f"recognize, {key}}}"))] == [
        "warning duplicate"
    ]


def test_watches_with_one_query_that_tell_other_things_are_no_doubles(tmp_path: Path) -> None:
    rules = "watches:\n  - {id: a, query: moon, tell: new}\n  - {id: b, query: moon}\n"
    assert said(tmp_path, rules) == []
    assert [kind for *_, kind, _ in said(tmp_path, rules.replace("new", "developments"))] == ["warning duplicate"]


def test_good_rules_are_left_alone(tmp_path: Path) -> None:
    text = (
        "watches: [{id: a, query: moon NEAR/3 landing}]\n"
        "events: [{id: e, action: '*', novelty: first}, {id: f, action: ban-plastic-bags}]\n"
    )
    assert said(tmp_path, text) == []


def test_an_unknown_entity_in_a_query_is_an_error_that_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        rules_of(tmp_path, "watches:\n  - id: a\n    query: moon AND @talban\n")
    assert "no entity 'talban' (character 10); did you mean @taliban?" in str(caught.value)
