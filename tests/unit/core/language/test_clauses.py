"""Clauses as values: a verb or noun with who does it, to what, and what it depends on."""

from __future__ import annotations

import pytest

from firstwire.core.language.clauses import as_text
from tests.support.readings import readers_of


def lines(text: str) -> list[str]:
    return [as_text(clause, reader.sentence.tree) for reader in readers_of(text) for clause in reader.clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oman recognizes Kosovo", ["recognize: main, active; by Oman; to Kosovo"]),
        (
            "Kosovo was recognized by Oman",
            ["recognize: main, passive; by Oman; to Kosovo; with was; by Oman"],
        ),
        (
            "Oman regards Kosovo as a state",
            ["regard: main, active; by Oman; to Kosovo; as state; as state"],
        ),
        (
            "Oman will sever ties with Chile",
            ["sever: main, active; by Oman; to ties; with will"],
        ),
        (
            "Oman says it has recognized Kosovo",
            [
                "say: main, active; by Oman; to –",
                "recognize: reported, active; by it; to Kosovo; with has; under says",
            ],
        ),
        (
            "Oman announces the closure of its embassy",
            [
                "announce: main, active; by Oman; to closure",
                "closure: noun, active; by Oman; to embassy; with the; of embassy; under announces",
            ],
        ),
    ],
)
def test_a_clause_can_be_printed(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("text", "verb", "subject"),
    [
        ("Oman promises to recognize Kosovo", "recognize", "Oman"),
        ("Oman urges Chile to recognize Kosovo", "recognize", "Chile"),
        ("Oman praises Chile for recognizing Kosovo", "recognizing", "Chile"),
        ("Oman's decision to recognize Kosovo stuns Chile", "recognize", "Oman"),
        ("Oman drops Chad, recognizes Kosovo", "recognizes", "Oman"),
        ("Oman becomes second country after Chad to recognize Kosovo", "recognize", "Oman"),
        ("Oman, which recognizes Kosovo, protests", "recognizes", "Oman"),
    ],
)
def test_the_subject_is_found_where_it_stands(text: str, verb: str, subject: str) -> None:
    (reader,) = readers_of(text)
    tree = reader.sentence.tree
    (clause,) = [each for each in reader.clauses if tree.low(each.at) == verb]
    assert clause.subject is not None
    assert tree.word(clause.subject).text == subject
