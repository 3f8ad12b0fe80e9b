"""The shapes of queries against the parser: the same queries refused, the same clauses."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.watches import shapes
from firstwire.core.watches.atoms import Atoms
from firstwire.core.watches.clauses import clauses_of
from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.shapes import Checker, ClauseMaker
from tests.support.random_watches import Maker
from tests.support.small_gazetteer import GAZETTEER
from tests.support.watch_differences import random_query

ENTITIES = {"taliban", "un"}

# Lexemes of all kinds, well and badly written, and what is written onto them
LEXEMES = [
    "oslo", "kabul", "Oslo", "OSLO", "1", "x²", "Йод", "йод", "東京", "don’t", "don't", "a-b", "and", "&", "“", "”",
    '"', '"a', '"a"', '"a b"', "“a b”", '"Oslo b*"', '"AND"', '""', "recogni*", "re*", "r*", "*x", "ka?ul", "=Apple",
    '="Den Haag"', "=x*", "=", "@taliban", "@un", "@nobody", "@", "title:oslo", "title:@un", "title:=UN", "title:",
    "body:(", "title:(", 'summary:"a b"', "foo:x", "lang:en", "lang:(en OR de)", 'source:(a OR "b c")', "source:(",
    "source:a*", "tag:x", 'tag:"y z"', "url:*x*", "AND", "OR", "NOT", "NEAR", "NEAR/3", "NEAR/03", "BEFORE/0", "NEAR/x",
    "NEAR/9999999", "NEAR:", "BEFORE", "(", ")", "(", ")", "-x", "!x", "AND", "OR", "AND NOT",
]  # fmt: skip
lexemes = st.sampled_from(LEXEMES)
texts = st.one_of(
    st.lists(lexemes, max_size=9).map(" ".join),
    st.lists(st.tuples(lexemes, st.sampled_from([" ", " ", "", "\n", "\u00a0"])), max_size=9).map(
        lambda pairs: "".join(part for pair in pairs for part in pair)
    ),
    st.text(alphabet='ab AND NOT OR()"“:*@=/3NEAR', max_size=20),
)


def refusal(text: str) -> str | None:
    """Why the parser refuses a query, and where."""
    try:
        parse(text, ENTITIES)
    except QueryError as err:
        return f"{err.position}: {err}"
    return None


@given(st.lists(texts, min_size=1, max_size=6))
def test_what_the_parser_refuses_is_refused_for_the_same_reason_and_nothing_else(queries: list[str]) -> None:
    checker = Checker(ENTITIES)
    for text in queries:
        try:
            checker.check(text)
            found = None
        except QueryError as err:
            found = f"{err.position}: {err}"
        assert found == refusal(text)


@given(st.lists(texts, min_size=1, max_size=8))
def test_the_clauses_of_a_query_are_those_of_its_tree(queries: list[str]) -> None:
    assert_same_clauses([text for text in queries if refusal(text) is None])


@pytest.mark.parametrize("seed", range(20))
def test_the_clauses_of_random_watches_are_those_of_their_trees(seed: int) -> None:
    maker = Maker(random.Random(seed))
    queries = [random_query(maker)[0] for _ in range(60)]
    found = []
    for text in queries:
        try:
            parse(text, GAZETTEER)
            found.append(text)
        except QueryError as err:
            assert "none of its words" in err.message
    assert_same_clauses(found)


def assert_same_clauses(queries: list[str]) -> None:
    atoms = Atoms()
    maker = ClauseMaker(atoms)
    for text in queries:
        clauses, whole = maker.clauses_of(text)
        root = parse(text, ANY_ENTITY).root
        assert clauses == clauses_of(root, atoms)
        assert whole == (root if clauses.whole else None)


def test_queries_of_one_shape_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(text: str, entities: object) -> object:
        parsed.append(text)
        return parse(text, ANY_ENTITY)

    monkeypatch.setattr(shapes, "parse", counted)
    checker, maker = Checker(ENTITIES), ClauseMaker(Atoms())
    for number in range(50):
        query = f'((left{number} OR "right {number}") NEAR/7 @un) title:(a{number}* OR =B) tag:t{number} AND NOT x'
        checker.check(query)
        assert maker.clauses_of(query)[0].clauses
    assert len(parsed) <= 1
