"""Parsing a printed tree gives the tree again, and equal trees print equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.folding import fold_value
from firstwire.core.watches.lexemes import QUOTES
from firstwire.core.watches.parser import parse
from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import (
    VALUE_FIELDS,
    And,
    EntityTerm,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Value,
    all_of,
    any_of,
)
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.tokens import tokens_of

NAMES = {"taliban", "un"}
ENTITIES = [EntityTerm("taliban"), EntityTerm("un")]

texts = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        [
            "AND",
            "NEAR",
            "Russia's",
            "東京",
            "ﾀﾘﾊﾞﾝ",
            "น้ำ",
            "Йод e\u0301",
            "İ",
            "ᾳ",
            "ſt",
            "\u0345a",
            "ışık",
            "Oʻz",
            "طـی",
            "می\u200cشود",
            "ۀ٣",
        ]
    ),
).filter(lambda text: bool(tokens_of(text)))
phrases = texts.map(lambda text: Phrase(tuple(token.folded for token in tokens_of(text))))
wildcards = st.sampled_from([Phrase(("recogni*",)), Phrase(("ab?d", "xy*z?"))])
exacts = texts.map(lambda text: Exact(tuple(token.exact for token in tokens_of(text))))
terms = st.one_of(phrases, wildcards, exacts, st.sampled_from(ENTITIES))
sides = st.one_of(terms, st.lists(terms, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))))
nears = st.builds(Near, sides, sides, st.integers(0, 999_999), st.booleans())
values = st.builds(
    Value,
    st.sampled_from(VALUE_FIELDS),
    st.text(min_size=1, max_size=10)
    .map(fold_value)
    .filter(lambda text: bool(text.strip()) and not set(text) & set(QUOTES)),
)
texts_only = st.recursive(
    st.one_of(terms, nears),
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=2, max_size=3).map(all_of),
        st.lists(parts, min_size=2, max_size=3).map(any_of),
    ),
    max_leaves=6,
)
fields = st.builds(InField, st.sampled_from(["title", "summary", "body"]), texts_only)
trees: st.SearchStrategy[Node] = st.recursive(
    st.one_of(terms, nears, values, fields),
    lambda parts: st.one_of(
        parts.map(Not),
        st.lists(parts, min_size=2, max_size=3).map(all_of),
        st.lists(parts, min_size=2, max_size=3).map(any_of),
    ),
    max_leaves=12,
)


@given(trees)
def test_parsing_a_printed_tree_gives_the_tree(tree: Node) -> None:
    tree = all_of([Phrase(("anchor",)), tree])
    assert parse(print_query(tree), NAMES).root == tree


pieces = st.sampled_from(
    [
        *(
            "a",
            "Bé",
            "AND",
            "OR",
            "NOT",
            "NEAR/2",
            "BEFORE/0",
            "(",
            ")",
            '"x y"',
            "“ü”",
            "title:",
            "source:",
            "lang:en",
        ),
        *("=Q", "@taliban", "re*", "tag:(a OR b)", "東京", "&", "NEAR", "foo:x", '"', "body:(", "-c", "url:http://x?y"),
    ]
)


@given(st.lists(st.tuples(pieces, st.sampled_from([" ", " ", ""])), max_size=9))
def test_any_text_is_understood_or_refused_with_a_place_inside_it(parts: list[tuple[str, str]]) -> None:
    text = "".join(piece + space for piece, space in parts)
    try:
        query = parse(text, NAMES)
    except QueryError as err:
        assert 0 <= err.position <= len(text)
        return
    printed = print_query(query.root)
    assert parse(printed, NAMES).root == query.root
    assert print_query(parse(printed, NAMES).root) == printed


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        ("Taliban   kabul", "taliban AND kabul"),
        ("(a OR (b)) AND ((c))", "(a OR b) AND c"),
        ("NOT (a AND b) c", "NOT (a AND b) AND c"),
        ("c NOT (a NEAR/3 b)", "c AND NOT a NEAR/3 b"),
        ("(a OR b)BEFORE/2 “C d”", '(a OR b) BEFORE/2 "c d"'),
        ("title:(a)", "title:a"),
        ("title:(a b)", "title:(a AND b)"),
        ('a source:(X OR "y z")', 'a AND (source:x OR source:"y z")'),
        ('"AND" =OR', "and AND =OR"),
        ('="Den Haag"', '="Den Haag"'),
    ],
)
def test_the_printed_form_is_canonical(query: str, printed: str) -> None:
    root = parse(query, NAMES).root
    assert print_query(root) == printed


def test_nodes_that_ask_the_same_are_equal_wherever_they_stand() -> None:
    first, second = parse("a b", NAMES).root, parse("  A AND (b)", NAMES).root
    assert first == second
    assert hash(first) == hash(second)
    assert isinstance(first, And)
    assert isinstance(second, And)
    assert first.at != second.at
