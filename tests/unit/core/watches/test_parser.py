"""The parser: what binds tighter, what the leaves are, and a place and a reason for everything it refuses."""

from __future__ import annotations

import pytest

from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import And, EntityTerm, Exact, InField, Near, Node, Not, Or, Phrase, Value
from firstwire.core.watches.refusal import QueryError

ENTITIES = {"taliban"}


def word(text: str) -> Phrase:
    return Phrase((text,))


TALIBAN = EntityTerm("taliban")
A, B, C, D = word("a"), word("b"), word("c"), word("d")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a and b", And((A, word("and"), B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c) d", And((A, Or((B, C)), D))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a (b (c AND d))", And((A, B, C, D))),
        ("a NOT b c", And((A, Not(B), C))),
        ("a AND NOT b OR c", Or((And((A, Not(B))), C))),
        ("a NOT NOT b", And((A, Not(Not(B))))),
        ("c NOT a NEAR/3 b", And((C, Not(Near(A, B, 3, False))))),
        ("a b NEAR/3 c d", And((A, Near(B, C, 3, False), D))),
        ("a BEFORE/0 b", Near(A, B, 0, True)),
        ("a NEAR/05 b", Near(A, B, 5, False)),
        ("(a OR b) NEAR/2 (c)", Near(Or((A, B)), C, 2, False)),
        ("((a OR b) OR c)NEAR/2 d", Near(Or((A, B, C)), D, 2, False)),
        ("NOT(a)b", And((Not(A), B))),
        ("title:a b", And((InField("title", A), B))),
        ("title:(a NEAR/3 b)", InField("title", Near(A, B, 3, False))),
        ("body:(a OR NOT b) c", And((InField("body", Or((A, Not(B)))), C))),
        ('summary:"Islamic Emirate"', InField("summary", Phrase(("islamic", "emirate")))),
        ("title:=Apple", InField("title", Exact(("Apple",)))),
        ('title:="Den Haag"', InField("title", Exact(("Den", "Haag")))),
        ("title:@taliban", InField("title", TALIBAN)),
        ("“a b”", Phrase(("a", "b"))),
        ("„a b“", Phrase(("a", "b"))),
        ('"a NEAR/3 b"', Phrase(("a", "near", "3", "b"))),
        ('"NEER/3"', Phrase(("neer", "3"))),
        ("NEER/3", Phrase(("neer", "3"))),
        ("24/7", Phrase(("24", "7"))),
        ("and/or", Phrase(("and", "or"))),
        ("Russia's", Phrase(("russia", "s"))),
        ("東京", Phrase(("東", "京"))),
        ("RECOGNI*", word("recogni*")),
        ('"no recogni?e* here"', Phrase(("no", "recogni?e*", "here"))),
        ("=Apple", Exact(("Apple",))),
        ("a source:Reuters", And((A, Value("source", "reuters")))),
        ('a source:(Reuters OR "El País")', And((A, Or((Value("source", "reuters"), Value("source", "el pais")))))),
        ("tag:*ssia", Value("tag", "*ssia")),
        ("a url:https://x.org/a?b:c", And((A, Value("url", "https://x.org/a?b:c")))),
        ("a url:(http://x OR http://y)", And((A, Or((Value("url", "http://x"), Value("url", "http://y")))))),
        ("a NOT lang:en", And((A, Not(Value("lang", "en"))))),
    ],
)  # fmt: skip
def test_a_query_is_understood_as(query: str, tree: Node) -> None:
    assert parse(query, ENTITIES).root == tree


@pytest.mark.parametrize(
    ("query", "position", "message", "suggestion"),
    [
        ("", 0, "the query is empty", ""),
        ("  ", 0, "the query is empty", ""),
        ("foo:x", 0, "unknown prefix 'foo'", "put it in quotes"),
        ("a tilte:x", 2, "unknown prefix 'tilte'", "did you mean title:?"),
        ("a Title:x", 2, "unknown prefix 'Title'", "did you mean title:?"),
        ("at 10:30", 3, "unknown prefix '10'", '"10:30"'),
        ("a & b", 2, "no letter or digit", "did you mean AND?"),
        ("a || b", 2, "no letter or digit", "did you mean OR?"),
        ('a "—"', 2, "no letter or digit", ""),
        ("a NEAR b", 2, "NEAR needs a number", "did you mean NEAR/5?"),
        ("a NEAR/x b", 2, "NEAR needs a number", "did you mean NEAR/5?"),
        ("a BEFORE5 b", 2, "BEFORE needs a number", "did you mean BEFORE/5?"),
        ("NEAR", 0, "NEAR needs a number", "did you mean NEAR/5?"),
        ("a NEAR/9999999999 b", 2, "at most NEAR/999999", ""),
        ("a NEAR/3 b NEAR/3 c", 11, "cannot be chained", "split it with AND, or use a phrase"),
        ("(a NEAR/3 b) BEFORE/3 c", 13, "cannot be chained", "split it with AND, or use a phrase"),
        ("a NEAR/3 (b NEAR/3 c)", 2, "cannot be chained", "split it with AND, or use a phrase"),
        ("a NEAR/3 (b AND c)", 9, "cannot be a side of NEAR/3", "a parenthesized OR"),
        ("a NEAR/3 (b OR NOT c)", 9, "cannot be a side of NEAR/3", "a parenthesized OR"),
        ("a NEAR/3 NOT b", 9, "takes no NOT", "AND NOT"),
        ("title:a NEAR/3 b", 0, "cannot be a side of NEAR/3", "title:(a NEAR/3 b)"),
        ("a NEAR/3 source:b", 9, "cannot be a side of NEAR/3", "a parenthesized OR"),
        ("a AND", 2, "AND needs a term on its right", ""),
        ("a NOT", 2, "NOT needs a term on its right", ""),
        ("a NEAR/3", 2, "NEAR/3 needs a term on its right", ""),
        ("(a OR) b", 3, "OR needs a term on its right", ""),
        ("AND a", 0, "AND needs a term on its left", ""),
        ("a OR AND b", 5, "AND needs a term on its left", ""),
        ("a ()", 2, "these parentheses are empty", ""),
        ("a (b", 2, "never closed", ""),
        ("a (", 2, "never closed", ""),
        ("a) b", 1, "closes nothing", ""),
        (")", 0, "closes nothing", ""),
        ('a "b', 2, "quote is never closed", ""),
        ('a"b"', 1, "a quote inside a word", "space"),
        ('"a"b', 3, "follows the closing quote", "space"),
        ("title: a", 0, "nothing directly follows title:", "no space"),
        ("title:NOT a", 6, "the operator NOT", "title:(…)"),
        ("title:body:a", 6, "body: is inside title:", ""),
        ("title:(a body:b)", 9, "body: is inside title:", ""),
        ("title:(a tag:b)", 9, "tag: is inside title:", ""),
        ("a source:(b c)", 12, "values joined by OR", ""),
        ("a source:(b AND c)", 12, "values joined by OR", ""),
        ("a source:((b))", 10, "takes no parentheses", ""),
        ("a source:(b", 9, "never closed", ""),
        ("a source:()", 9, "these parentheses are empty", ""),
        ('a source:" "', 9, "nothing to compare", ""),
        ("*", 0, "2 plain characters", ""),
        ("a*", 0, "2 plain characters", ""),
        ('"ab * cd"', 4, "2 plain characters", ""),
        ("abc-d*", 4, "2 plain characters", ""),
        ("東京*", 2, "2 plain characters", "leave the wildcard out"),
        ("=App*", 4, "an exact term takes no wildcard", ""),
        ('="a ?"', 4, "an exact term takes no wildcard", ""),
        ("a =", 2, "no letter or digit after =", ""),
        ("=title:a", 0, "no prefix can follow =", "title:=Apple"),
        ("a @nobody", 2, "no entity 'nobody'", ""),
        ("a @Taliban", 2, "no entity 'Taliban'", "did you mean @taliban?"),
        ("a @", 2, "no entity after @", ""),
        ("a -b", 2, "- is no operator", "did you mean NOT b?"),
        ("NOT a", 0, "none of its words and tags", ""),
        ("a OR NOT b", 5, "none of its words and tags", ""),
        ("lang:en", 0, "none of its words and tags", ""),
        ("NOT a lang:en", 0, "none of its words and tags", ""),
        ("NOT (a NEAR/2 b)", 0, "none of its words and tags", ""),
        ("title:(NOT a)", 0, "none of its words and tags", ""),
        ("NOT tag:a", 0, "none of its words and tags", ""),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_its_place(
    query: str, position: int, message: str, suggestion: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, ENTITIES)
    assert caught.value.position == position
    assert message in caught.value.message
    assert suggestion in caught.value.suggestion
    assert bool(caught.value.suggestion) or not suggestion


def test_positions_count_code_points() -> None:
    with pytest.raises(QueryError) as caught:
        parse("👍🏽👍🏽a foo:x", ENTITIES)
    assert caught.value.position == 6


@pytest.mark.parametrize("query", ["(" * 30_000 + "a" + ")" * 30_000, "NOT " * 20_000 + "a", "title:(" + "(" * 500])
def test_deep_nesting_is_refused_with_its_place(query: str) -> None:
    with pytest.raises(QueryError, match="nested more than 60 deep") as caught:
        parse(query, ENTITIES)
    assert query[caught.value.position] in "(N"


def test_nesting_of_sixty_is_understood() -> None:
    assert parse("(" * 60 + "a" + ")" * 60, ENTITIES).root == A


def test_long_queries_are_understood() -> None:
    names = " OR ".join(f"name{number:04}" for number in range(2000))
    root = parse(f"a AND ({names})", ENTITIES).root
    assert isinstance(root, And)
    assert isinstance(root.parts[1], Or)
    assert len(root.parts[1].parts) == 2000
    long = parse("a " * 10_000, ENTITIES).root
    assert isinstance(long, And)
    assert len(long.parts) == 10_000


def test_too_long_a_query_is_refused() -> None:
    with pytest.raises(QueryError, match="over the limit"):
        parse("a " * 60_000, ENTITIES)


def test_a_node_gives_the_words_of_the_query() -> None:
    query = parse("Kabul  AND (government OR “Islamic Emirate”)", ENTITIES)
    assert isinstance(query.root, And)
    assert query.words(query.root.parts[1]) == "(government OR “Islamic Emirate”)"
    assert query.words(query.root) == "Kabul AND (government OR “Islamic Emirate”)"
