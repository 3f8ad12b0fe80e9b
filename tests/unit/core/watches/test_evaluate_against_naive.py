"""Random queries on random articles: the evaluator and a naive one must agree, and the evidence must be there."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from firstwire.core.watches.absence import may_hold_without_text
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.parser import parse
from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import TEXT_FIELDS
from firstwire.core.watches.refusal import QueryError
from schemas.record import Span
from tests.support import naive_watches as naive
from tests.support.random_watches import Maker, document_of, names_in
from tests.support.small_gazetteer import GAZETTEER

SEED = int(os.environ.get("FIRSTWIRE_TEST_SEED", "20260815"))
QUERIES = int(os.environ.get("FIRSTWIRE_TEST_QUERIES", "800"))
ARTICLES_EACH = 15


def positive_terms(query: naive.Query) -> list[naive.Query]:
    match query[0]:
        case "and" | "or":
            return [term for part in query[1] for term in positive_terms(part)]
        case "not":
            # a NOT inside a NOT may prove something too
            return positive_terms(query[1])
        case "in":
            return positive_terms(query[2])
        case "near" | "before":
            return positive_terms(query[1]) + positive_terms(query[2])
        case "value":
            return []
        case _:
            return [query]


def is_proof(term: naive.Query, span: Span, names: naive.Names) -> bool:
    """Whether a term occurs in the text of a span, or is an entity with its name there."""
    if term[0] == "or":
        return any(is_proof(part, span, names) for part in term[1])
    if term[0] == "entity":
        return (span.start, span.end) in names.get(term[1], ())
    return bool(naive.places(term, span.text, {}))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_evaluator_agrees_with_a_naive_reading_of_the_language() -> None:
    dice = random.Random(SEED)
    seen: Counter[str] = Counter()
    while seen["queries"] < QUERIES:
        maker = Maker(dice)
        text, plain = maker.query(dice.choice([0, 1, 1, 2, 2, 3]))
        where = f"seed {SEED}, query {text!r}"
        nothing = {field: names_in("") for field in TEXT_FIELDS}
        textless = {**maker.article(), "title": "", "summary": "", "body": "", "tag": [], "names": nothing}
        try:
            query = parse(text, GAZETTEER)
        except QueryError as err:
            assert "none of its words" in err.message, f"{where}: {err}"
            seen["refused"] += 1
            continue
        assert not naive.holds(plain, textless), where
        assert not may_hold_without_text(query.root)
        assert parse(print_query(query.root), GAZETTEER).root == query.root, where
        seen["queries"] += 1
        for _ in range(ARTICLES_EACH):
            article = maker.article()
            verdict = evaluate(query, document_of(article))
            assert verdict.matched == naive.holds(plain, article), f"{where}, article {article!r}"
            assert bool(verdict.reason) != verdict.matched, where
            seen["pairs"] += 1
            seen["matched" if verdict.matched else "not matched"] += 1
            for span in verdict.evidence:
                assert article[span.field][span.start : span.end] == span.text, where
                names = article["names"][span.field]
                found = any(is_proof(term, span, names) for term in positive_terms(plain))
                assert found, f"{where}, span {span!r}"
                seen["spans"] += 1
    print(f"seed {SEED}: {dict(seen)}")
    assert seen["pairs"] >= 20_000 or QUERIES < 1400
    assert seen["matched"] > seen["pairs"] / 10
    assert seen["not matched"] > seen["pairs"] / 10
