"""The shipped words by class, and errors in such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.entities.sentence import read_sentence
from firstwire.core.events.unparsed_sentence import CLASSES_OF_ACT, in_single_words, word_read
from firstwire.core.language.word_classes import CLASSES, WordClasses
from firstwire.errors import ConfigError
from firstwire.files.word_classes import FOLDER, class_rows, languages_read


@pytest.mark.parametrize("language", sorted(languages_read()))
def test_every_form_is_found_in_its_example(language: str) -> None:
    missing = []
    for name, form, example in class_rows(FOLDER / f"{language}.tsv"):
        sentence = in_single_words(read_sentence("title", example, 0, (0, len(example)), ()))
        words = [word_read(word, 2025) for word in sentence.words]
        if not any(each.name == name for each in WordClasses(language, [(name, form)]).find(words)):
            missing.append((name, form, example))
    assert missing == []


@pytest.mark.parametrize("language", sorted(languages_read()))
def test_every_act_has_words(language: str) -> None:
    named = {name for name, _, _ in class_rows(FOLDER / f"{language}.tsv")}
    assert [act for act, classes in CLASSES_OF_ACT.items() if not named & set(classes)] == []
    assert named <= CLASSES


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("recognize\tuznał*", "a row is a class, a form and an example, between tabs"),
        ("recognise\tuznał*\tPolska uznała Kosowo.", "no class 'recognise'; did you mean 'recognize'?"),
        ("recognize\tuznał*\tA\nrecognize\tuznał*\tB", "'uznał*' is of class 'recognize' in a row before"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "pl.tsv"
    file.write_text(f"# Polish\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        list(class_rows(file))
    line = text.count("\n") + 2
    assert message in str(caught.value)
    assert f"{file}:{line}" in str(caught.value)
