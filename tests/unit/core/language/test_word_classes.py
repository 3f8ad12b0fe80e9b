"""Words of a language by class."""

from __future__ import annotations

import pytest

from firstwire.core.language.word_classes import WordClasses, without_particles

ROWS = [
    ("recognize", "erkannt*"),
    ("recognize", "erkenn* an"),
    ("negated", "nicht"),
    ("government_noun", "regierung*"),
]


def found(language: str, rows: list[tuple[str, str]], text: str) -> list[tuple[str, int, int]]:
    words = list(text) if language == "zh" else text.split()
    return [(each.name, each.first, each.last) for each in WordClasses(language, rows).find(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("erkannte kosovo nicht", [("recognize", 0, 0), ("negated", 2, 2)]),
        ("erkennt das kosovo an", [("recognize", 0, 3)]),
        ("erkennt a b c d e f an", []),  # the parts of a phrase stand up to five words apart
        ("an erkennt", []),
        ("die regierungen", [("government_noun", 1, 1)]),
        ("nichts #nation", []),
    ],
)
def test_words_stems_and_phrases(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert found("de", ROWS, text) == expected


def test_chinese_forms_are_characters() -> None:
    rows = [("recognize", "承认"), ("negated", "不"), ("recognize", "不予承认")]
    assert found("zh", rows, "国不予承认") == [("negated", 1, 1), ("recognize", 1, 4), ("recognize", 3, 4)]


def test_arabic_particles_are_no_part_of_a_word() -> None:
    rows = [("government_noun", "حكومة"), ("recognize", "اعتراف*")]
    assert found("ar", rows, "والحكومة للاعتراف بالحكومة") == [
        ("government_noun", 0, 0),
        ("recognize", 1, 1),
        ("government_noun", 2, 2),
    ]
    assert without_particles("والحكومة", "ar") == "حكومة"
    assert without_particles("والحكومة", "fa") == "والحكومة"
