"""Entity files: every mistake is one error at its file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.files.entities import load_entities
from tests.support.errors import error_of

BROKEN_ENTITIES: list[tuple[str, str, str]] = [
    ("nations:\n  atlantis: {teritory: XX}\n", ":2:14", "unknown key 'teritory'; did you mean 'territory'?"),
    ("nations:\n  atlantis: {territory: XX}\n", ":2:13", "CLDR has no territory 'XX'"),
    ("nations:\n  atlantis: {}\norganizations:\n  atlantis: {}\n", ":4:13", "'atlantis' is an entity already, at"),
    ("leaders:\n  poseidon: {nation: atlantis}\n", ":2:13", "acts for 'atlantis', which is not an entity"),
    ("nations:\n  atlantis: {names: [a, b]}\n", ":2:21", "names: expected `str`, got `array`"),
    ("nations: [atlantis]\n", ":1:10", "nations: expected `object`, got `array`"),
    ("nations:\n  norway: {}\n  norway: {}", ":3:3", "duplicate key 'norway', first in line 2"),
    ("nations: {norway: [1]}", ":1:19", "norway must be a mapping of"),
    ("nations:\n  norway: {capitals: 7}", ":2:22", "capitals: expected `str`, got `int`"),
    ("places:\n  bay: {country: nowhere}", ":2:8", "'bay' is part of 'nowhere', which is not an entity"),
    ("leaders:\n  a-b: {offices: king since 1990}", ":2:8", "does not end with two days"),
    ("nations: {", "", "not YAML"),
    ("", "", "the file is empty"),
]


@pytest.mark.parametrize(("content", "place", "message"), BROKEN_ENTITIES, ids=range(len(BROKEN_ENTITIES)))
def test_a_broken_entity_file_is_one_error_at_its_place(tmp_path: Path, content: str, place: str, message: str) -> None:
    file = tmp_path / "entities.yaml"
    file.write_text(content, encoding="utf-8")
    error = error_of(lambda: load_entities([file]))
    assert str(error).startswith(f"{file}{place}")
    assert message in error.message


def test_norway_is_no_boolean(tmp_path: Path) -> None:
    file = tmp_path / "entities.yaml"
    file.write_text("nations:\n  no: {names: yes}\n", encoding="utf-8")
    gazetteer: Gazetteer = load_entities([file])
    assert [mention.entity.id for mention in gazetteer.find("No, yes")] == ["no", "no"]
