"""`NEER/10` and `NEAR-10` look like operators and are none: refused in a new query, words in a rule in force."""

from __future__ import annotations

import pytest

from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.unknown_operators import parse_new, parse_new_search, unknown_operator_of


@pytest.mark.parametrize(
    ("query", "position", "message", "suggestion"),
    [
        ("a NEER/10 b", 2, "no operator NEER/10", "did you mean NEAR/10?"),
        ("a BEFROE/3 b", 2, "no operator BEFROE/3", "did you mean BEFORE/3?"),
        ("title:(a AND NOT NEER/10)", 17, "no operator NEER/10", "did you mean NEAR/10?"),
        ("title:NEER/10", 6, "no operator NEER/10", "did you mean NEAR/10?"),
        ("a NEAR/2 (b OR NEER/10)", 15, "no operator NEER/10", "did you mean NEAR/10?"),
        ("(a OR b) WITHIN/4 c", 9, "no operator WITHIN/4", "known are NEAR/n and BEFORE/n; quotes make it words"),
        ("BOEING/737", 0, "no operator BOEING/737", "quotes make it words"),
        ("a NEAR-10 b", 2, "NEAR needs a number of words after a slash", "did you mean NEAR/10? Quotes make it words"),
        ("a NEAR, b", 2, "NEAR needs a number of words after a slash", "did you mean NEAR/5?"),
        ("launch BEFORE-2026", 7, "BEFORE needs a number of words after a slash", "did you mean BEFORE/5?"),
    ],
)
def test_a_new_query_with_an_unknown_operator_is_refused(
    query: str, position: int, message: str, suggestion: str
) -> None:
    parse(query, ANY_ENTITY)
    for strictly in (parse_new, parse_new_search):
        with pytest.raises(QueryError) as caught:
            strictly(query, ANY_ENTITY)
        assert (caught.value.position, caught.value.message) == (position, message)
        assert suggestion in caught.value.suggestion
    assert str(unknown_operator_of(query)) == str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "a NEAR/10 b",
        '"NEER/10"',
        "24/7 a",
        "and/or b",
        "near/3 c",
        "=NEER/10",
        "a source:BOEING/737",
        "xNEER/10",
        '"NEAR-10" a',
        "NEAR* a",
        "PRE-NEAR-5 a",
    ],
)
def test_other_terms_with_a_slash_are_left_alone(query: str) -> None:
    assert parse_new(query, ANY_ENTITY) == parse(query, ANY_ENTITY)
    assert unknown_operator_of(query) is None
