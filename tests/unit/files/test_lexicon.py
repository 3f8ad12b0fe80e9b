"""Lexicon files: every mistake is one error at its file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.files.lexicon import lexicon_of, read_lexicon
from tests.support.errors import error_of

WHOLE = """\
frames:
  - {act: sever_relations, verb: end, noun: ties, target: [noun with], example: Kenya cuts ties with Iran, reads: a}
verbs:
  - {word: cut, class: end, example: Kenya cuts ties with Iran, reads: kenya sever_relations iran}
nouns:
  - {word: tie, class: ties, example: Kenya cuts ties with Iran, reads: kenya sever_relations iran}
nominals: []
governors:
  - {word: refuse, status: negated, example: Kenya refuses to cut ties, reads: nothing}
cues:
  - {word: may, cue: modal, status: unconfirmed, example: Kenya may cut ties, reads: nothing}
words: []
forms:
  - {word: snap, shown_as: reject, example: Kenya snaps ties, reads: nothing}
"""

BROKEN = [
    ("status: negated", "status: denied", ":9:28", "invalid enum value 'denied'"),
    ("cue: modal", "cue: mode", ":11:22", "invalid enum value 'mode'"),
    ("shown_as: reject", "shown_as: cast", ":14:28", "invalid enum value 'cast'"),
    ("[noun with]", "[beside]", ":2:60", "matching regex"),
    (", reads: kenya sever_relations iran}\nnouns", "}\nnouns", ":4:5", "lacks 'reads'"),
    ("class: ties", "class: bonds", ":2:5", "no noun is of class 'ties'"),
    ("class: end", "class: stop", ":2:5", "no verb is of class 'end'"),
    ("nominals: []", "nominals: []\ncolors: []", ":8:1", "unknown key 'colors'"),
    (
        "words: []",
        "words: [{word: may, class: a, example: b, reads: c}, {word: may, class: a, example: d, reads: e}]",
        ":12:54",
        "'may' as 'a' stands in words twice, first at",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "place", "message"), BROKEN, ids=[wrong for _, wrong, _, _ in BROKEN])
def test_a_broken_lexicon_is_one_error_at_its_place(
    tmp_path: Path, right: str, wrong: str, place: str, message: str
) -> None:
    file = tmp_path / "en.yaml"
    file.write_text(WHOLE.replace(right, wrong), encoding="utf-8")
    error = error_of(lambda: read_lexicon(file))
    assert str(error).startswith(f"{file}{place}")
    assert message in error.message


def test_a_word_may_be_of_several_classes(tmp_path: Path) -> None:
    file = tmp_path / "en.yaml"
    row = "  - {word: cut, class: lower, example: Kenya cuts ties, reads: nothing}\n"
    file.write_text(WHOLE.replace("nouns:\n", f"{row}nouns:\n"), encoding="utf-8")
    assert lexicon_of(read_lexicon(file).value).verbs["cut"] == {"end", "lower"}
