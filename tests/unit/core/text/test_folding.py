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
    ],
)
def test_case_accents_and_compatibility_forms_fold_away(text: str, folded: str) -> None:
    assert fold_text(text) == unicodedata.normalize("NFC", folded)


def test_a_folded_span_leads_back_to_the_original() -> None:
    text = "Die Straße nach ﬁnale Düsseldorf"
    folded = fold(text)
    at = folded.text.index("dusseldorf")
    start, end = folded.original(at, at + len("dusseldorf"))
    assert text[start:end] == "Düsseldorf"


@given(st.text())
def test_every_folded_code_point_comes_from_inside_the_original(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)
