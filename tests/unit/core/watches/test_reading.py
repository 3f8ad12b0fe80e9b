"""How a query is understood, in words."""

from __future__ import annotations

import pytest

from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.core.watches.reading import reading_of


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("moon", "moon"),
        ("dock workers on strike", "all of: dock, workers, on, strike"),
        ("moon OR sun", "any of: moon, sun"),
        ("(strike* OR walkout*) port", "all of: (any of: strike*, walkout*), port"),
        ('"full moon" AND NOT (cricket OR golf)', '"full moon", but not: (any of: cricket, golf)'),
        ("moon NEAR/3 sun", "moon within 3 words of sun"),
        ("@taliban title:moon", "all of: @taliban, title:moon"),
    ],
)
def test_a_query_is_read_in_words(query: str, said: str) -> None:
    assert reading_of(parse(query, ANY_ENTITY).root) == said
