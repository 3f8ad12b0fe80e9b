"""Tokens: where they stand, and what is one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.tokens import tokenize


@given(st.text())
def test_tokens_stand_in_order_inside_the_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.end <= len(text)
        assert token.start < token.end
        end = token.start


def test_a_possessive_is_two_tokens_and_a_han_character_one() -> None:
    assert [token.text for token in tokenize("Russia's 承认 first_wire")] == ["russia", "s", "承", "认", "first_wire"]
