"""Pieces of words: the longest that fit, of words in lower case without accents; or the likeliest."""

from __future__ import annotations

import pytest

from firstwire.core.language.word_pieces import LikeliestPieces, WordPieces

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


LIKELY = {
    "▁": -4.0,
    "▁Россия": -9.0,
    "▁Росс": -7.0,
    "ия": -5.0,
    "▁при": -5.0,
    "знал": -6.0,
    "▁п": -6.0,
    "承认": -8.0,
    "承": -7.0,
}
NUMBERED = {piece: (number, likely) for number, (piece, likely) in enumerate(LIKELY.items(), start=1)}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (" Россия", ["▁Россия"]),
        ("\u00a0Россия", ["▁Россия"]),
        ("ия", ["ия"]),
        (" признал", ["▁при", "знал"]),
        (" при\u200cзнал", ["▁при", "▁", "знал"]),
        ("承认", ["承认"]),
        ("承", ["承"]),
        ("承䲜", ["承", "?"]),
        ("", ["?"]),
    ],
)
def test_a_word_is_cut_into_the_likeliest_pieces(word: str, found: list[str]) -> None:
    names = ["?", *LIKELY]
    assert [names[number] for number in LikeliestPieces(NUMBERED, 0)(word)] == found


def test_a_long_word_takes_bounded_time() -> None:
    assert len(LikeliestPieces(NUMBERED, 0)(" ия" * 100_000)) <= 100
