"""Lint of queries: what it says, that it is silent where nothing is wrong, and that what it says is true."""

from __future__ import annotations

import random
import time

import pytest
from msgspec.structs import replace

from firstwire.core.watches.breadth import languages_of
from firstwire.core.watches.canonical import canonical_text
from firstwire.core.watches.evaluate import holds
from firstwire.core.watches.implication import excludes, implies, marks, sought
from firstwire.core.watches.lint import Flaw, flaws_of
from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Query, TextRange
from firstwire.core.watches.satisfiability import SatisfiabilityCheck
from tests.support.knowledge import rarities_of
from tests.support.random_watches import Maker, document_of
from tests.support.small_gazetteer import GAZETTEER
from tests.support.watch_differences import random_watch

ENTITIES = {"taliban", "kabul"}
QUERIES = 800
ARTICLES_EACH = 12


def flaws(query: str) -> list[Flaw]:
    return flaws_of(parse(query, ENTITIES), rarities_of("en", "de", "fr", "zh"))


NEVER = [
    ("moon AND NOT moon", "`moon` and `NOT moon` never hold together"),
    ('"full moon" AND NOT moon', '`"full moon"` and `NOT moon` never hold together'),
    ("=Moon AND NOT moon", "`=Moon` and `NOT moon` never hold together"),
    ("moons AND NOT moon*", "`moons` and `NOT moon*` never hold together"),
    ("@taliban AND moon AND NOT @taliban", "`@taliban` and `NOT @taliban` never hold together"),
    ("title:moon AND NOT moon", "`title:moon` and `NOT moon` never hold together"),
    ("moon NEAR/3 sun AND NOT sun", "`moon NEAR/3 sun` and `NOT sun` never hold together"),
    ("moon lang:en lang:de", "`lang:en` and `lang:de` never hold together"),
    ("moon source:reut* source:afp", "`source:reut*` and `source:afp` never hold together"),
    ("moon lang:(en OR de) lang:fr", "`lang:(en OR de)` and `lang:fr` never hold together"),
    ("(moon AND NOT moon) OR (sun AND NOT sun)", "none of the 2 alternatives can ever hold"),
    ("moon AND sun AND NOT (moon sun)", "no article can ever fit"),
    ("(moon OR sun) AND NOT moon AND NOT sun", "no article can ever fit"),
]


@pytest.mark.parametrize(("query", "says"), NEVER)
def test_a_query_that_never_holds_is_an_error_and_nothing_else_is_said(query: str, says: str) -> None:
    (flaw,) = flaws(query)
    assert (flaw.kind, flaw.level) == ("never true", "error")
    assert says in flaw.message


WARNED = [
    ("moon OR sun OR moon", "never adds", "moon", "is repeated"),
    ('"full moon" OR moon', "never adds", '"full moon"', "`moon` finds it already"),
    ("recogni* OR recognize", "never adds", "recognize", "`recogni*` finds it already"),
    ("title:@taliban OR @taliban", "never adds", "title:@taliban", "`@taliban` finds it already"),
    ("kabul NEAR/2 (@taliban OR @taliban)", "never adds", "@taliban", "is repeated"),
    ("title:moon OR moon", "never adds", "title:moon", "`moon` finds it already"),
    ("moon NEAR/2 sun OR sun NEAR/5 moon", "never adds", "moon NEAR/2 sun", "`sun NEAR/5 moon` finds it already"),
    ("moon BEFORE/2 sun OR moon NEAR/2 sun", "never adds", "moon BEFORE/2 sun", "finds it already"),
    ("kabul NEAR/2 (moon OR sun OR moon)", "never adds", "moon", "is repeated"),
    ("moon OR (moon AND sun)", "never adds", "(moon AND sun)", "`moon` finds it already"),
    ("tag:moon OR tag:mo*", "never adds", "tag:moon", "finds it already"),
    ("NOT (moon OR moon) AND sun", "never adds", "moon", "is repeated"),
    ('moon AND "full moon"', "changes nothing", "moon", 'holds wherever `"full moon"` does'),
    ("moon lang:en AND NOT lang:de", "changes nothing", "NOT lang:de", "holds wherever `lang:en` does"),
    ("moon lang:en lang:en-us", "changes nothing", "lang:en", "holds wherever `lang:en-us` does"),
    ("moon AND (sun OR (mars AND NOT moon))", "never holds", "(mars AND NOT moon)", "contradicts the rest"),
    ("moon OR (sun AND NOT sun)", "never holds", "(sun AND NOT sun)", "contradicts itself"),
    ("mo* AND sun", "short wildcard", "mo*", "matches hundreds of words"),
    ("cats and dogs", "lower-case operator", "and", "`and` is a word here; operators are upper case"),
    ("(moon or sun) AND lang:en", "lower-case operator", "or", "`or` is a word here"),
    ("moon AND not sun", "lower-case operator", "not", "`not` is a word here"),
    ("moon near/3 sun", "lower-case operator", "near/3", "`near/3` is a word here"),
    ("moon neer/3 sun", "lower-case operator", "neer/3", "operators are upper case: NEAR/3"),
    ("moon near sun", "lower-case operator", "near", "operators are upper case: NEAR/5"),
    ("moon before sun", "lower-case operator", "before", "operators are upper case: BEFORE/5"),
    ("title:(moon And sun)", "lower-case operator", "And", "`And` is a word here"),
    ("moon OR kabul and oslo", "lower-case operator", "and", "`and` is a word here"),
    ("moon source:*", "short wildcard", "source:*", "name a value"),
    ("first AND people", "too broad", "first", "`first` and `people`"),
    ("moon OR people", "too broad", "people", "`people`"),
    ("lang:de AND die", "too broad", "die", "`die`"),
    ("title:people", "too broad", "people", "`people`"),
]


@pytest.mark.parametrize(("query", "kind", "words", "says"), WARNED)
def test_a_part_to_mend_is_a_warning_at_its_place(query: str, kind: str, words: str, says: str) -> None:
    (flaw,) = flaws(query)
    assert (flaw.kind, flaw.level, query[slice(*flaw.at)]) == (kind, "warning", words)
    assert says in flaw.message


@pytest.mark.parametrize(
    "query",
    [
        '@taliban AND recogni* NEAR/8 (government OR "islamic emirate") AND NOT title:cricket',
        "@taliban AND NOT taliban",
        "taliban AND NOT @taliban",
        "taliban OR @taliban",
        "moon OR sun",
        "moon AND NOT title:moon",
        "title:moon OR body:moon",
        "moon lang:en OR sun lang:de",
        "moon tag:a tag:b",
        "moon lang:en lang:*-us",
        'kabul NEAR/2 (moon OR "full moon")',
        "moon NEAR/2 sun OR moon BEFORE/5 sun",
        "=Moon OR moons",
        "=US AND =IT",
        "moon AND and AND sun",
        'moon "and" sun',
        "and moon",
        "moon not",
        "nor moon",
        "near moon",
        "moon covid/19 sun",
        '"cats and dogs"',
        '"the who"',
        "people AND source:reuters",
        "recog?ize OR recognise",
        "die AND kabul",
    ],
)
def test_a_query_without_fault_is_left_alone(query: str) -> None:
    assert flaws(query) == []


def test_an_unknown_operator_is_an_error_at_its_place() -> None:
    (flaw,) = flaws("kabul AND (moon NEER/3 sun)")
    assert (flaw.kind, flaw.level, flaw.at) == ("unknown operator", "error", (16, 22))
    assert flaw.message == "no operator NEER/3; did you mean NEAR/3? Quotes make it words"


def names(count: int) -> list[str]:
    dice = random.Random(1)
    return sorted({"".join(dice.choices("abcdefghij", k=6)) for _ in range(count)})


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        f"({' OR '.join(names(4000))}) AND NOT cricket AND lang:en",
        f"({' OR '.join(names(2000))}) AND (moons OR {' OR '.join(names(1000))}) AND NOT ({' OR '.join(names(300))})",
        " AND ".join(f"({' OR '.join(names(4000)[at : at + 50])})" for at in range(0, 2500, 50)),
        "moons AND " + " AND ".join(f"NOT {name}" for name in names(3000)),
        f"({' OR '.join(f'(tag:{name} lang:en)' for name in names(800))}) AND NOT lang:de AND NOT cricket",
        " AND ".join(f"({name} OR {name}x)" for name in names(1500)) + " AND NOT cricket",
    ],
    ids=["names", "lists", "groups", "absences", "values", "choices"],
)
def test_a_query_of_thousands_of_names_is_looked_at_in_a_moment(query: str) -> None:
    parsed = parse(query, ENTITIES)
    began = time.process_time()
    flaws_of(parsed, rarities_of())
    assert time.process_time() - began < 10


def test_queries_in_another_order_have_one_text_and_others_do_not() -> None:
    def text(query: str) -> str:
        return canonical_text(parse(query, ENTITIES).root)

    assert text("moon AND (sun OR mars)") == text("(mars OR sun OR mars) moon")
    assert text("moon NEAR/3 sun") == text("sun NEAR/3 moon")
    assert text("MOON") == text('"moon"')
    assert text("moon BEFORE/3 sun") != text("sun BEFORE/3 moon")
    assert text("title:moon") != text("moon")
    assert text("moon AND NOT sun") != text("sun AND NOT moon")


@pytest.mark.slow
def test_what_lint_says_of_random_queries_is_true_for_random_articles() -> None:
    dice = random.Random(20260815)
    said: dict[str, int] = {}
    for number in range(QUERIES):
        maker = Maker(dice)
        _, query, _ = random_watch(maker, number)
        found = [
            flaw
            for flaw in flaws_of(query, rarities_of(*languages_of(query.root)))
            if flaw.kind not in ("short wildcard", "too broad", "lower-case operator")
        ]
        if not found:
            continue
        never = any(flaw.kind == "never true" for flaw in found)
        lean = query if never else _without(query, {flaw.at for flaw in found})
        for _ in range(ARTICLES_EACH):
            document = document_of(maker.article())
            if never:
                assert not holds(query, document), query.text
            else:
                assert holds(query, document) == holds(lean, document), query.text
        for flaw in found:
            said[flaw.kind] = said.get(flaw.kind, 0) + 1
    assert said.keys() >= {"never true", "never adds", "changes nothing", "never holds"}


@pytest.mark.slow
def test_implications_exclusions_and_one_text_are_true_for_random_articles() -> None:
    dice = random.Random(7)
    implied = excluded = 0
    for number in range(QUERIES):
        maker = Maker(dice)
        (_, one, _), (_, other, _) = random_watch(maker, number), random_watch(maker, number)
        same = parse(canonical_text(one.root), GAZETTEER)
        documents = [document_of(maker.article()) for _ in range(4)]
        assert all(holds(one, each) == holds(same, each) for each in documents), one.text
        if implies(one.root, other.root):
            implied += 1
            assert not any(holds(one, each) and not holds(other, each) for each in documents), (one.text, other.text)
            assert "NOT" in other.text or sought(one.root) & marks(other.root), (one.text, other.text)
        if excludes(one.root, other.root) or not SatisfiabilityCheck().may_hold(one.root, other.root):
            excluded += 1
            assert not any(holds(one, each) and holds(other, each) for each in documents), (one.text, other.text)
    assert implied > 10
    assert excluded > 10


def _without(query: Query, places: set[TextRange]) -> Query:
    """The query without the parts of these places."""
    return Query(query.text, _cut(query.root, places))


def _cut(node: Node, places: set[TextRange]) -> Node:
    match node:
        case And() | Or():
            parts = tuple(_cut(part, places) for part in node.parts if part.at not in places)
            return parts[0] if len(parts) == 1 else replace(node, parts=parts)
        case Not() | InField():
            return replace(node, part=_cut(node.part, places))
        case Near():
            left, right = (_cut(side, places) if isinstance(side, Or) else side for side in (node.left, node.right))
            return replace(node, left=left, right=right)  # type: ignore[arg-type]
        case _:
            return node
