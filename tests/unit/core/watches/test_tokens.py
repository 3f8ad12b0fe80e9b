"""Tokens: what one is, how it compares, and where it stands in the text as it was published."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.watches.forms import exact_forms, folded_forms
from firstwire.core.watches.tokens import pattern_tokens_of, tokens_of
from tests.support import naive_watches as naive


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Russia's", ["russia", "s"]),
        ("Russia’s", ["russia", "s"]),
        ("U.S.-led", ["u", "s", "led"]),
        ("snake_case x1", ["snake_case", "x1"]),
        ("Straße KÖLN ﬁrst", ["strasse", "koln", "first"]),
        ("Йод, Ёлка", ["йод", "елка"]),
        ("طَالِبَان", ["طالبان"]),
        ("東京 and タリバン", ["東", "京", "and", "タ", "リ", "バ", "ン"]),
        ("ﾀﾘﾊﾞﾝ", ["タ", "リ", "バ", "ン"]),
        ("か\u3099く", ["が", "く"]),
        ("น้ำ", ["น", "า"]),
        ("မြန်မာ", ["မြ", "န", "မာ"]),
        ("한국", ["한국"]),
        ("I ❤️ NY", ["i", "ny"]),
        ("قـــطر", ["قطر"]),
        ("ـ قطر ـــ", ["قطر"]),
        ("عیسى عيسي عیسی", ["عيسي"] * 3),
        ("کرکوک ٢٠٢٤ ۲۰۲۴", ["كركوك", "2024", "2024"]),
        ("می\u200cرود", ["مي", "رود"]),
        ("ವಿಜಯ್\u200cಕುಮಾರ್", ["ವಜಯಕುಮಾರ"]),
        ("Balıkesir BALIKESİR", ["balikesir", "balikesir"]),
        ("Gʻijduvon Gʼijduvon G'ijduvon", ["g", "ijduvon"] * 3),
        ("Molokaʻi Моʼдар Shiʿa Ꞌo", ["moloka", "i", "мо", "дар", "shi", "a", "o"]),
        ("co\u00adoperation \u200fنعم\u200f", ["cooperation", "نعم"]),
        ("& — …", []),
        ("", []),
        ("\u0301", []),
    ],
)
def test_tokens_are_runs_of_word_characters_and_single_characters_of_spaceless_scripts(
    text: str, folded: list[str]
) -> None:
    assert [token.folded for token in tokens_of(text)] == folded


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Die Straße", ["Die", "Straße"]),
        ("a ﬁrst b", ["a", "ﬁrst", "b"]),
        ("cafe\u0301!", ["cafe\u0301"]),
        ("x½y", ["x½", "½y"]),
        ("👍🏽 ＡＢＣ", ["ＡＢＣ"]),
        ("ﾀﾘﾊﾞﾝ", ["ﾀ", "ﾘ", "ﾊﾞ", "ﾝ"]),
        ("น้ำ", ["น้ำ", "ำ"]),
        ("\u1112\u1161\u11ab국", ["\u1112\u1161\u11ab국"]),
        ("في قـــطـرـ.", ["في", "قـــطـر"]),
        ("می\u200cرود", ["می", "رود"]),
        ("co\u00adop ﬁ\u00adn", ["co\u00adop", "ﬁ\u00adn"]),
    ],
)
def test_a_token_knows_its_code_points_in_the_original(text: str, pieces: list[str]) -> None:
    assert [text[token.start : token.end] for token in tokens_of(text)] == pieces


def test_the_exact_form_keeps_case_and_accents() -> None:
    assert [token.exact for token in tokens_of("Étoile ＡPPLE")] == ["Étoile", "APPLE"]


def test_wildcards_are_word_characters_of_a_pattern_only_when_they_are_ascii() -> None:
    assert [token.folded for token in pattern_tokens_of("Recogni* l?w é*")] == ["recogni*", "l?w", "e*"]
    assert [token.folded for token in pattern_tokens_of("何？ ab＊c")] == ["何", "ab", "c"]
    assert [token.folded for token in tokens_of("ab*c")] == ["ab", "c"]


def test_the_exact_form_keeps_letters_and_drops_what_nobody_sees() -> None:
    assert [token.exact for token in tokens_of("ایـران ايران ışık co\u00adop ﻗﻄﺮ")] == [
        "ایران",
        "ايران",
        "ışık",
        "coop",
        "قطر",
    ]


@given(st.text())
def test_tokens_agree_with_a_naive_reading(text: str) -> None:
    tokens = tokens_of(text)
    assert [token.exact for token in tokens] == naive.tokens(text)
    assert [token.folded for token in tokens] == [naive.fold(token.exact) for token in tokens]


@given(st.text(st.characters(categories=["Mn", "Mc", "Lo", "Lm", "Sk", "Nl", "Ll"])))
def test_tokens_agree_with_a_naive_reading_of_marks_and_letters(text: str) -> None:
    assert [token.exact for token in tokens_of(text)] == naive.tokens(text)


@given(st.text(st.sampled_from("aıİé\u0301ʻʼ'’´ـ\u200c\u200d\u200f\u00adیيىکكۀهٔﹱﻱ٣۳3ಯ್ŉ ")))
def test_tokens_agree_with_a_naive_reading_of_keyboards_and_silent_characters(text: str) -> None:
    tokens = tokens_of(text)
    assert [token.exact for token in tokens] == naive.tokens(text)
    assert [token.folded for token in tokens] == [naive.fold(token.exact) for token in tokens]
    assert exact_forms(text) == [token.exact for token in tokens]
    assert folded_forms(text) == [token.folded for token in tokens]


@given(st.text(st.sampled_from("aé\u0301\u0323\u3099かﾊﾞ한\u1112\u1161\u11ab中น้ำ½ﬁ ")))
def test_the_original_piece_of_a_token_contains_the_token(text: str) -> None:
    last = 0
    for token in tokens_of(text):
        assert last <= token.start < token.end <= len(text)
        last = token.start
        assert token.exact in unicodedata.normalize("NFKC", text[token.start : token.end])


def test_hostile_runs_of_marks_take_no_time() -> None:
    started = time.perf_counter()
    tokens_of("a" + "\u0301\u0323" * 200_000)
    assert time.perf_counter() - started < 5  # sorting them at once takes minutes
