"""Folding: what falls away, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.folding import fold, fold_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Russia", "russia"),
        ("KÖLN", "koln"),
        ("Straße", "strasse"),
        ("ﬁrst", "first"),
        ("Ⅻ", "xii"),
        ("Йод и ёлка", "йод и елка"),
        ("أفغانستان", "افغانستان"),
        ("が", "が"),
        ("e\u0301te\u0301", "ete"),
        ("İstanbul", "istanbul"),
        ("Kırıkkale KIRIKKALE", "kirikkale kirikkale"),
        ("مـــصر", "مصر"),
        ("ﻣﺼﺮ", "مصر"),
        ("بيروت بیروت بىروت", "بيروت بيروت بيروت"),
        ("مستشفى مستشفي", "مستشفي مستشفي"),
        ("کویت كويت", "كويت كويت"),
        ("ہلمند", "هلمند"),
        ("خانۀ خانهٔ", "خانه خانه"),
        ("ٱلأردن", "الاردن"),
        ("١٤٠٣ ۱۴۰۳", "1403 1403"),
        ("نیم\u200cروز", "نيم روز"),
        ("ವಿಜಯ್\u200cಕುಮಾರ್", "ವಜಯಕುಮಾರ"),
        ("ශ්\u200dරී", "ශර"),
        ("Zusammen\u00adarbeit", "zusammenarbeit"),
        ("Gʻijduvon Gʼijduvon G‘ijduvon G’ijduvon G`ijduvon G´ijduvon", " ".join(["g'ijduvon"] * 6)),
        ("G`ijduvon", "g'ijduvon"),
    ],
)
def test_what_readers_take_for_the_same_letters_is_folded(text: str, folded: str) -> None:
    assert fold_text(text) == unicodedata.normalize("NFC", folded)


def test_a_folded_span_leads_back_to_the_original() -> None:
    text = "Die Straße nach ﬁnale Düsseldorf"
    folded = fold(text)
    at = folded.text.index("dusseldorf")
    start, end = folded.original(at, at + len("dusseldorf"))
    assert text[start:end] == "Düsseldorf"


def test_a_span_of_a_stretched_word_leads_back_to_all_of_it() -> None:
    text = "في مـــصـرـ اليوم"
    folded = fold(text)
    at = folded.text.index("مصر")
    start, end = folded.original(at, at + 3)
    assert text[start:end] == "مـــصـر"
    at = folded.text.index("اليوم")
    assert folded.original(at, at + 5) == (len(text) - 5, len(text))


@given(st.text(st.sampled_from("ab ıİßÉ\u0301ﬁـ\u200c\u200d\u00adکيىےﻻ１٣’ʻ")))
def test_silent_characters_leave_no_gap_in_the_way_back(text: str) -> None:
    folded = fold(text)
    places = [folded.original(at, at + 1) for at in range(len(folded.text))]
    assert places == sorted(places)
    assert fold_text(folded.text) == folded.text
    for start, end in places:
        assert 0 <= start < end <= len(text)


@given(st.text())
def test_every_folded_code_point_comes_from_inside_the_original(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)
