"""Pieces of words: the longest that fit, of words in lower case without accents."""

from __future__ import annotations

import pytest

from firstwire.core.language.word_pieces import WordPieces

PIECES = ("[UNK]", "em", "##bass", "##y", "embassy", "cafe", "-", "$", "北", "京", "de", "jure", "'", "s")
pieces = WordPieces({piece: number for number, piece in enumerate(PIECES)}, 0)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("embassy", ["embassy"]),
        ("Embass", ["em", "##bass"]),
        ("EMBASSY", ["embassy"]),
        ("Café", ["cafe"]),
        ("de-jure", ["de", "-", "jure"]),
        ("$", ["$"]),
        ("'s", ["'", "s"]),
        ("北京", ["北", "京"]),
        ("de\u200bjure", ["[UNK]"]),
        ("de jure", ["de", "jure"]),
        ("emx", ["[UNK]"]),
        ("", ["[UNK]"]),
        ("\u0301", ["[UNK]"]),
        ("em" * 51, ["[UNK]"]),
    ],
)
def test_a_word_is_cut_into_the_longest_pieces(word: str, found: list[str]) -> None:
    assert [PIECES[number] for number in pieces(word)] == found
