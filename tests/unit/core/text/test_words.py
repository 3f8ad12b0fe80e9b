"""Words: the quick way for plain text gives what the expression gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.words import words, words_as_spelled


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_has_the_words_of_the_expression(text: str) -> None:
    assert words(text) == re.findall(r"\w+", text.casefold())
    assert words_as_spelled(text) == re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Russia's “Taliban”—first_time 2,5 €", ["russia", "s", "taliban", "first_time", "2", "5"]),
        ("ＡＢＣ ﬁrst Straße", ["abc", "first", "strasse"]),
        ("俄罗斯承认 Taliban 政府。", ["俄", "罗", "斯", "承", "认", "taliban", "政", "府"]),
    ],
)
def test_words_of_other_text(text: str, found: list[str]) -> None:
    assert words(text) == found
