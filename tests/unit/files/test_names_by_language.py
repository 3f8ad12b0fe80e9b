"""Names of states in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.language.word_classes import WordClasses
from firstwire.core.text.folding import fold_text
from firstwire.errors import ConfigError
from firstwire.files.names_by_language import FOLDER, names_by_entity
from firstwire.files.word_classes import FOLDER as CLASSES
from firstwire.files.word_classes import class_rows, languages_read
from tests.support.knowledge import shipped_gazetteer

OBJECTS_OF_ACTS = {"mission", "envoy", "sanctions", "credentials", "ties"}


def test_names_and_stems_by_entity(tmp_path: Path) -> None:
    (tmp_path / "pl.tsv").write_text("# Polish\nkenya\tname\tKenia; Republika Kenii\nkenya\tstem\tkenijsk\n", "utf-8")
    (tmp_path / "ru.tsv").write_text("kenya\tcapital\tНайроби\nkenya\tname\tКения\n", "utf-8")
    found = names_by_entity(tmp_path)["kenya"]
    assert found.stems == ["kenijsk"]
    assert {("Kenia", "name"), ("Республика", "name")} & set(found.names) == {("Kenia", "name")}
    assert {("Найроби", "capital"), ("Кении", "name")} <= set(found.names)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("kenya\tKenia", "a row is an id, a role and names, between tabs"),
        ("kenya\tnames\tKenia", "no role 'names'; it may be name, capital, demonym, stem"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    (tmp_path / "pl.tsv").write_text(f"{row}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as caught:
        names_by_entity(tmp_path)
    assert "pl.tsv:1" in str(caught.value)


def test_no_name_of_a_nation_hides_the_word_of_an_act() -> None:
    gazetteer = shipped_gazetteer()
    hiding = []
    for path in sorted(FOLDER.glob("*.tsv")):
        if path.stem not in languages_read():
            continue
        rows = [(name, form) for name, form, _ in class_rows(CLASSES / path.name) if name in OBJECTS_OF_ACTS]
        classes = WordClasses(path.stem, rows)
        for line in path.read_text(encoding="utf-8").splitlines():
            entity_id, _, names = ("", "", "") if line.startswith("#") else line.split("\t")
            entity = gazetteer.entity(entity_id)
            if entity is not None and entity.kind == "nation":
                hiding += [(path.name, name) for name in names.split("; ") if classes.find(fold_text(name).split())]
    assert hiding == []


def test_every_shipped_row_names_an_entity_and_no_name_two() -> None:
    gazetteer = shipped_gazetteer()
    owners: dict[tuple[str, str], str] = {}
    wrong = []
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            entity_id, _, names = line.split("\t")
            wrong += [] if entity_id in gazetteer else [(path.name, entity_id)]
            for name in names.split("; "):
                owner = owners.setdefault((path.name, fold_text(name)), entity_id)
                wrong += [] if owner == entity_id else [(path.name, name, owner, entity_id)]
    assert wrong == []
