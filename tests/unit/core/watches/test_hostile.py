"""Watches and articles that are meant to be slow: each is judged in time about linear in its length, or refused."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from firstwire.core.watches import nearness
from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.parser import LENGTH_LIMIT
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.vocabulary import Vocabulary
from firstwire.core.watches.watch import watch_of

SECONDS = 20.0
"""Of the process: what is linear here takes less than two of them, what is quadratic takes minutes or days."""

LONG = " ".join(f"word{number % 5000} the said" for number in range(560_000))
"""About 10 MB, two words of it very frequent."""


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


def matching(*queries: str, body: str) -> list[int]:
    matcher = Matcher(watch_of(str(number), query, ()) for number, query in enumerate(queries))
    return matcher.numbers(Document(body=body)).tolist()


def judged(query: str, body: str) -> bool:
    """What both the matcher and `evaluate` say."""
    found = matching(query, body=body) == [0]
    assert evaluate(watch_of("w", query, ()).query, Document(body=body)).matched == found
    return found


def test_two_thousand_alternatives_work() -> None:
    words = " OR ".join(f"alternative{number}" for number in range(2000))
    phrases = " OR ".join(f'"the number {number}"' for number in range(2000))
    assert len(words) > 20_000
    assert judged(words, "now alternative1999")
    assert judged(phrases, "now the number 1999")
    assert not judged(words, "now alternative2000")


def test_two_thousand_clauses_and_two_thousand_absences_work() -> None:
    every = " AND ".join(f"w{number}" for number in range(2000))
    none = "x" + "".join(f" AND NOT w{number}" for number in range(2000))
    assert judged(every, " ".join(f"w{number}" for number in range(2000)))
    assert not judged(every, " ".join(f"w{number}" for number in range(1999)))
    assert judged(none, "x w2000")
    assert not judged(none, "x w1999")


def test_alternatives_that_multiply_work() -> None:
    query = " OR ".join(f"(a{number} b{number} c{number})" for number in range(500))
    assert judged(query, "c499 b499 a499")
    assert not judged(query, "c499 b498 a499")
    assert judged(" AND ".join(["(a b OR c d OR NOT e f)"] * 30) + " a", "a b")


def test_a_query_of_twenty_thousand_characters_works_and_a_longer_than_the_limit_is_refused() -> None:
    assert judged("word " * 4_000, "a word")
    with pytest.raises(QueryError, match=f"is over the limit of {LENGTH_LIMIT:,}"):
        watch_of("w", "x" * (LENGTH_LIMIT + 1), ())


@pytest.mark.parametrize(("before", "after"), [("(", ")"), ("NOT ", ""), ("NOT (", ")"), ("title:(", ")")])
def test_ten_thousand_levels_are_refused_with_the_reason(before: str, after: str) -> None:
    with pytest.raises(QueryError, match=r"nested more than 60 deep|is inside title:"):
        watch_of("w", before * 10_000 + "x" + after * 10_000, ())


@pytest.mark.slow
def test_an_article_of_ten_megabytes_is_matched() -> None:
    assert len(LONG) > 9_500_000
    assert matching("word7 AND said", "nothing", '"the said word9"', '"said said"', "wor?4999", body=LONG) == [0, 2, 4]


@pytest.mark.slow
def test_near_of_frequent_words_is_led_by_the_rarer_side(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = 0

    def counted(places: list[int], wanted: int) -> int:
        nonlocal searches
        searches += 1
        return bisect_left(places, wanted)

    bisect_left = nearness.bisect_left
    monkeypatch.setattr(nearness, "bisect_left", counted)
    queries = [f"the BEFORE/0 word{number}" for number in range(200)]
    assert matching(*queries, body=LONG.replace("the said", "the so said")) == []
    assert searches <= 200 * (560_000 // 5000)


@pytest.mark.slow
def test_near_of_two_frequent_words_is_not_quadratic() -> None:
    assert matching("the NEAR/10 said", "the BEFORE/0 said", "said BEFORE/0 the", body=LONG[:3_000_000]) == [0, 1]
    assert matching('"the said" NEAR/0 "the said"', "(the OR x) NEAR/0 (y OR the)", body=LONG[:3_000_000]) == []


@pytest.mark.slow
def test_a_thousand_wildcards_work() -> None:
    queries = [f"word{number}*?" for number in range(1000)]
    assert matching(*queries, body="word77x word999 wor")[:3] == [7, 9, 77]
    assert matching(*(f"wo*{number}*?d" for number in range(1000)), body=LONG[:100_000]) == []


def test_wildcards_are_tried_on_words_of_their_beginning_only() -> None:
    tried: list[str] = []
    vocabulary = Vocabulary()
    for number in range(1000):
        vocabulary.add(f"be{number:03}*x", number)
    fits = vocabulary._beginnings  # what is tried is not to be seen from outside
    for beginning, [(fit, number)] in list(fits.items()):
        assert fit is not None
        fits[beginning] = [(lambda word, fit=fit: (tried.append(word), fit(word))[1], number)]  # type: ignore[misc]
    assert vocabulary.marks_of({"be007x", "be999", "other", "b"}) == [7]
    assert sorted(tried) == ["be007x", "be999"]


@pytest.mark.parametrize("query", ["aa?*?*?*?*b", "aa" + "*a?" * 40 + "*b", "aa*" + "a?a*" * 20 + "b"])
def test_wildcards_do_not_try_a_long_word_again_and_again(query: str) -> None:
    assert not judged(query, "a" * 2_000_000)
    assert judged(query, "a" * 2_000_000 + "b")


@pytest.mark.slow
def test_a_phrase_of_a_thousand_words_is_found_in_one_pass() -> None:
    phrase = '"' + "the " * 999 + 'said"'
    assert not judged(phrase, "the " * 998 + "said")
    assert judged(phrase, "the " * 999 + "said")
    assert not judged('"' + "the said " * 499 + 'x the"', "the said " * 300_000 + "x")
    assert judged('"' + "th* " * 999 + 'sa*"', "the " * 300_000 + "said")
    assert not judged('"' + "the " * 200 + '" NEAR/5 "' + "the " * 200 + 'x"', "the " * 300_000 + "y x")


@pytest.mark.slow
def test_runs_of_marks_and_text_without_spaces_are_tokenized_in_time() -> None:
    assert judged("ab NOT c", "a" + "\u0301" * 30_000 + "b ab")
    assert judged("=東京", "東京は、タリバン。" * 15_000)
    assert judged("йод", "é… wörd – Йод. " * 20_000)
