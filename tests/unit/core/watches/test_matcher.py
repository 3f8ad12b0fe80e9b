"""The matcher: always the answer of evaluating every watch, in the order of the rules, whatever the queries are."""

from __future__ import annotations

import os
import random

import pytest

from firstwire.core.rules.rulebook import Rulebook
from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.forms import exact_forms, folded_forms
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.tokens import tokens_of
from firstwire.core.watches.watch import watch_of
from tests.support.random_watches import SEPARATORS, WORDS
from tests.support.watch_differences import compare

SEED = int(os.environ.get("FIRSTWIRE_TEST_SEED", "20260901"))
ENTITIES = {"taliban", "un"}
ARTICLE = Document(
    title="Kabul: the UN and the Islamic Emirate",
    names={"title": {"un": [(11, 13)], "taliban": [(22, 37)]}, "body": {"taliban": [(4, 11)]}},
    body="The Taliban’s government reopened its embassy in Oslo on Thursday. Apple rose.",
    source="Reuters",
    language="en-US",
    tags=["South Ossetia"],
)


def matcher_of(*queries: str) -> Matcher:
    return Matcher(watch_of(query, query, ENTITIES) for query in queries)


def matching(*queries: str, document: Document = ARTICLE) -> list[str]:
    found = [watch.id for watch in matcher_of(*queries).matching(document)]
    assert found == [query for query in queries if evaluate(watch_of("x", query, ENTITIES).query, document).matched]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_it_agrees_with_evaluating_every_watch(seed: int) -> None:
    found = compare(seed, 9_000, naively=False)
    print(f"seed {seed}: {found.pairs:,} pairs, {found.matched:,} matched, {found.whole} judged whole")
    assert found.differences == []
    assert found.matched > found.pairs / 10
    assert found.whole > 0


@pytest.mark.slow
def test_it_agrees_with_a_naive_reading() -> None:
    found = compare(SEED + 2, 4_000, naively=True)
    print(f"seed {SEED + 2}: {found.naive_pairs:,} pairs")
    assert found.differences == []


@pytest.mark.slow
def test_forms_are_those_of_the_tokens() -> None:
    dice = random.Random(SEED)
    hard = "\u0301\u0345\u0306\u3099\u309a\u1161\u11ab\u200d\ufe0fﾞﾟ½㍿﷽👍🏽ー々ำ_ '’"
    chars = [*"".join(WORDS), *hard]
    for _ in range(20_000):
        pieces = [dice.choice(chars) for _ in range(dice.randint(0, 14))]
        pieces += [dice.choice("\u0301ﾞ\u1161") * dice.randint(20, 40), *SEPARATORS[-3:]] if dice.random() < 0.02 else []
        text = "".join(pieces)
        tokens = tokens_of(text)
        assert exact_forms(text) == [token.exact for token in tokens], f"seed {SEED}: {text!r}"
        assert folded_forms(text) == [token.folded for token in tokens], f"seed {SEED}: {text!r}"


@pytest.mark.slow
def test_every_code_point_has_the_same_forms() -> None:
    for plane in (0, 1, 2, 3, 14, 16):
        codes = range(plane << 16, (plane << 16) + (0x10000 if plane < 2 else 0x800))
        text = " ".join(f"a{chr(code)}b" for code in codes)
        tokens = tokens_of(text)
        assert exact_forms(text) == [token.exact for token in tokens]
        assert folded_forms(text) == [token.folded for token in tokens]


def test_matches_come_in_the_order_of_the_rules_and_doubles_each_count() -> None:
    watches = [watch_of(name, query, ENTITIES) for name, query in [("z", "oslo"), ("a", "kabul"), ("m", "oslo")]]
    assert [watch.id for watch in Matcher(watches).matching(ARTICLE)] == ["z", "a", "m"]


def test_no_watches_match_nothing_and_an_empty_article_matches_none() -> None:
    assert Matcher([]).matching(ARTICLE) == []
    assert matching("oslo", "@taliban", document=Document()) == []


def test_every_kind_of_term_is_looked_up() -> None:
    queries = (
        "oslo", "title:oslo", "body:oslo", "embass*", "title:embass*", "ka?ul", '"islamic emir*"', '"emirate islamic"',
        "=Apple", "=apple", '="UN"', "title:=UN", "body:=UN", "@taliban", "@un", "NOT @un oslo",
        "taliban NEAR/3 embassy", "embassy BEFORE/3 taliban", "title:(un NEAR/5 emirate)", "body:(un NEAR/5 emirate)",
        "oslo source:reuters", "oslo source:afp", "oslo source:reut*", "oslo lang:en",
        "oslo lang:en-us", "oslo lang:de",
        'tag:"south ossetia"', "tag:south*", "tag:(x OR north*)", "oslo NOT lang:en", "oslo NOT source:a*",
        "oslo author:*", "oslo NOT author:*",
        "title:@taliban", "summary:@taliban", "@un NEAR/3 @taliban", "@un NEAR/2 emirate", "@taliban BEFORE/9 @un",
    )  # fmt: skip
    found = matching(*queries)
    assert len(found) == 21


def test_alternatives_of_ands_that_would_multiply_are_judged_whole() -> None:
    query = " OR ".join(f"(a{number} b{number} c{number} d{number})" for number in range(12))
    matcher = matcher_of(query, "oslo")
    assert matcher.judged_whole == 1
    assert matching(query, "oslo", document=Document(body="a7 oslo d7 b7 c7")) == [query, "oslo"]
    assert matching(query, "oslo", document=Document(body="a7 oslo d7 b7 c6")) == ["oslo"]


def test_a_rulebook_builds_its_matcher_once() -> None:
    rulebook = Rulebook(watches=(watch_of("w", "oslo", ENTITIES),))
    assert rulebook.matcher is rulebook.matcher
    assert [watch.id for watch in rulebook.matcher.matching(ARTICLE)] == ["w"]
