"""Evaluation, operator by operator: what holds, what proves it, and what is said when it does not."""

from __future__ import annotations

import time

import pytest

from firstwire.core.watches.document import Document, document_of
from firstwire.core.watches.evaluate import Evaluation, evaluate
from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import TEXT_FIELDS
from schemas import Article, Span
from schemas.record import Field
from tests.support.random_watches import names_in
from tests.support.small_gazetteer import GAZETTEER


def judged(query: str, body: str = "", **other: str) -> Evaluation:
    texts: dict[Field, str] = {"body": body}
    texts |= {field: other[field] for field in TEXT_FIELDS if field in other}
    names = {field: names_in(text) for field, text in texts.items()}
    return evaluate(parse(query, GAZETTEER), Document(body=body, names=names, **other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "body", "proof"),
    [
        # terms: case, accents, compatibility forms, tokens of several scripts
        ("straße", "Die STRASSE", "STRASSE"),
        ("cafe", "im Café.", "Café"),
        ("first", "the ﬁrst nation", "ﬁrst"),
        ("талибан", "«ТАЛИБАН»", "ТАЛИБАН"),
        ("йод", "и\u0306од", "и\u0306од"),
        ("طالبان", "حركة طَالِبَان", "طَالِبَان"),
        ("京", "東京", "京"),
        ("東京", "在東京的", "東京"),
        ("ガス", "ｶﾞｽ", "ｶﾞｽ"),
        ("Russia's", "russia’S", "russia’S"),
        ("russia", "Russia's", "Russia"),
        ("e\u0301te\u0301", "l’été", "été"),
        # stretched words, keyboards, silent characters, Turkish, apostrophes
        ("بيروت", "قصف بـــيـروت", "بـــيـروت"),
        ("بـيروت", "بيروت", "بيروت"),
        ("يزد", "تهران و یزد", "یزد"),
        ("کرکوک", "كركوك هادئة", "كركوك"),
        ("مستشفي", "مستشفى غزة", "مستشفى"),
        ("مستشفى*", "مستشفيات", "مستشفيات"),
        ("كـر*ك", "کرکوک", "کرکوک"),
        ("1403", "سال ۱۴۰۳", "۱۴۰۳"),
        ('"می رود"', "او می\u200cرود", "می\u200cرود"),
        ("ವಿಜಯ್ಕುಮಾರ್", "ವಿಜಯ್\u200cಕುಮಾರ್ ಮಾತು", "ವಿಜಯ್\u200cಕುಮಾರ್"),
        ("kırıkkale", "KIRIKKALE’de", "KIRIKKALE"),
        ("balikesir", "BALIKESİR", "BALIKESİR"),
        ("yangın*", "YANGINLAR", "YANGINLAR"),
        ("ya?gın", "YANGIN", "YANGIN"),
        ("Gʻijduvon", "G`ijduvon shahri", "G`ijduvon"),
        ("g'ijduvon", "Gʼijduvon", "Gʼijduvon"),
        ("=قطر", "قـطر", "قـطر"),
        ("=Irak", "IRAK Irak", "Irak"),
        # phrases
        ('"islamic emirate"', "the Islamic\n– Emirate", "Islamic\n– Emirate"),
        ("“I NY”", "I ❤️ NY", "I ❤️ NY"),
        ('"a b a c"', "a b a b a c", "a b a c"),
        # wildcards
        ("recogni*", "They recognise", "recognise"),
        ("recogni*", "recogni", "recogni"),
        ("recogni?e", "recognize", "recognize"),
        ("re*iz*n", "recognization", "recognization"),
        ("stras?e", "Straße", "Straße"),
        ('"ta*n gov*"', "Taliban Government", "Taliban Government"),
        ("ab*cd*ef", "abcdxcdyef", "abcdxcdyef"),
        # exact
        ("=Apple", "apple Apple", "Apple"),
        ('="Den Haag"', "den Haag, Den Haag", "Den Haag"),
        ("=Å", "A\u030a", "A\u030a"),
        # entities
        ("@taliban", "the Islamic Emirate of", "Islamic Emirate"),
        ("@taliban", "Талибан", "Талибан"),
        ("@united-states", "the US said", "US"),
        ("@united-states", "the U.S. said", "U.S."),
        ("@taliban", "لقاء مع وفد لطالبان", "طالبان"),
        ("@taliban", "وبطـالبان", "طـالبان"),
        ("@saudi-arabia", "سفر للسعودية", "لسعودية"),
        ("@taliban", "визит талибского посла", "талибского"),
        ("@uzbekistan", "O`zbekiston prezidenti", "O`zbekiston"),
        ("@georgia-us-state", "Atlanta, Georgia", "Georgia"),
        ("@iran", "سفير ايران", "ايران"),
    ],
)
def test_a_term_holds_with_the_words_that_prove_it(query: str, body: str, proof: str) -> None:
    verdict = judged(query, body)
    assert verdict.matched
    at = verdict.evidence[0].start
    assert verdict.evidence == (Span(field="body", start=at, end=at + len(proof), text=proof),)
    assert body[at : at + len(proof)] == proof


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("иод", "йод"),
        ("か", "が"),
        ("cat", "cats concat"),
        ('"islamic emirate"', "emirate islamic, islamic the emirate"),
        ("recogni?e", "recognie recognizze"),
        ("re*ze", "recognised"),
        ("ab*b", "ab"),
        ("=apple", "Apple"),
        ("=cafe", "café"),
        ("@united-states", "tell us"),
        ("@united-states", "Rain in Diyarbakır"),
        ("@kabul", "Kabul kabul"),
        ("@georgia", "Atlanta, Georgia"),
        ("@taliban", "Two taliban students"),
        ("@saudi-arabia", "خلسعودية"),
        ("بيروت", "بي روت"),
        ("میرود", "می\u200cرود"),
        ("وحدة", "وحده"),
        ("=ایران", "ايران"),
        ("=ışık", "işik"),
        ("Molokai", "Molokaʻi"),
        ('"a b"', "a"),
        ("a", ""),
    ],
)
def test_a_term_does_not_hold(query: str, body: str) -> None:
    verdict = judged(query, body)
    assert not verdict.matched
    assert verdict.evidence == ()
    assert verdict.reason == f"{query} does not occur in title, summary, body"


@pytest.mark.parametrize(
    ("query", "body", "proof"),
    [
        ("a NEAR/0 b", "x b a", ["b", "a"]),
        ("a NEAR/2 b", "a x y b", ["a", "b"]),
        ("a NEAR/1 b", "a x y b", None),
        ("a BEFORE/2 b", "b a x b", ["a", "b"]),
        ("a BEFORE/9 b", "b x a", None),
        ("a NEAR/9 a", "a", None),
        ("a NEAR/9 a", "a x a", ["a", "a"]),
        ('"a b" NEAR/9 "b c"', "a b c", None),
        ('"a b" NEAR/0 "b c"', "a b b c", ["a b", "b c"]),
        ('a NEAR/0 (x OR "b c")', "a b c", ["a", "b c"]),
        ("re* NEAR/0 (x OR @taliban)".replace("re*", "rec*"), "recognise Taliban", ["recognise", "Taliban"]),
        ("=A NEAR/1 b", "a b x x A x b", ["A", "b"]),
        ("a NEAR/1 b", "b x x a b", ["a", "b"]),
        ("(a OR b) NEAR/0 (b OR c)", "b", None),
        ("東 BEFORE/0 京", "東京", ["東", "京"]),
        ("@taliban NEAR/0 وفد", "وفد لطالبان", ["وفد", "طالبان"]),
        ("@taliban BEFORE/0 @kabul", "Taliban Kabul", ["Taliban", "Kabul"]),
        ("@kabul BEFORE/9 @taliban", "Taliban Kabul", None),
        ("@taliban NEAR/1 embassy", "the Islamic Emirate's embassy", ["Islamic Emirate", "embassy"]),
        ("@taliban NEAR/0 (emirate OR embassy)", "the Islamic Emirate's embassy", None),
        ("(@iran OR oslo) NEAR/1 @taliban", "ایران و طالبان", ["ایران", "طالبان"]),
    ],
)
def test_near_counts_the_tokens_between(query: str, body: str, proof: list[str] | None) -> None:
    verdict = judged(query, body)
    assert verdict.matched == (proof is not None)
    assert [span.text for span in verdict.evidence] == (proof or [])


def test_phrases_and_near_never_cross_the_end_of_a_field() -> None:
    assert not judged('"a b"', title="a", body="b").matched
    assert not judged("a NEAR/5 b", title="a", summary="b").matched
    assert judged("a AND b", title="a", summary="b").matched


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("title:kabul", True),
        ("body:kabul", False),
        ("summary:kabul", False),
        ("kabul AND moscow", True),
        ("kabul moscow berlin", False),
        ("berlin OR moscow", True),
        ("kabul NOT berlin", True),
        ("kabul NOT moscow", False),
        ("kabul NOT title:moscow", True),
        ("title:(kabul NOT moscow)", True),
        ("title:(kabul moscow)", False),
        ("kabul OR berlin NOT moscow", True),
        ("(kabul OR berlin) NOT moscow", False),
        ("kabul NOT NOT moscow", True),
    ],
)
def test_operators_and_fields(query: str, matched: bool) -> None:
    assert judged(query, title="Kabul", body="Moscow").matched == matched


@pytest.mark.parametrize(
    ("value", "matched"),
    [
        ("source:reuters", True),
        ("source:REUT*", True),
        ("source:reut", False),
        ("source:(ap OR Reuters)", True),
        ("lang:en", True),
        ("lang:EN-us", True),
        ("lang:e?", True),
        ("lang:e", False),
        ("lang:en-u", False),
        ("lang:de", False),
        ('author:"jose perez"', True),
        ("author:jose", False),
        ("author:*perez", True),
        ("url:*.example.com/*", True),
        ("url:https://news.example.com/a?b=1", True),
        ("url:example.com", False),
        ('tag:"South Ossetia"', True),
        ("tag:politics", True),
        ("tag:pol", False),
        ("NOT source:reuters", False),
        ("NOT tag:sport", True),
    ],
)
def test_values_compare_whole_and_folded(value: str, matched: bool) -> None:
    document = Document(
        title="x",
        source="Reuters",
        language="en-US",
        author="José Pérez",
        url="https://news.example.com/a?b=1",
        tags=("south ossetia", "Politics"),
    )
    assert evaluate(parse(f"x {value}", GAZETTEER), document).matched == matched


def test_a_missing_value_fits_no_pattern() -> None:
    assert not judged("x source:*", "x").matched
    assert judged("x source:*", "x", source="").matched


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("kabul berlin", "berlin does not occur in title, summary, body"),
        ("title:moscow", "moscow does not occur in title"),
        ("kabul (paris OR Berlin)", "no alternative holds of (paris OR Berlin)"),
        ("kabul NOT moscow", "NOT moscow fails: 'Moscow' occurs in body"),
        ("kabul lang:de", "lang:de fails: lang is en"),
        ("kabul source:reuters", "source:reuters fails: source is not known"),
        ("moscow NEAR/3 (paris OR rome)", "(paris OR rome) does not occur in title, summary, body"),
        ("kabul NEAR/3 moscow", "kabul NEAR/3 moscow fails: never in one field with at most 3 words between"),
        (
            "said BEFORE/3 moscow",
            "said BEFORE/3 moscow fails: never in one field with at most 3 words between, in this order",
        ),
    ],
)
def test_a_failure_names_the_clause_in_the_words_of_the_query(query: str, reason: str) -> None:
    assert judged(query, "Moscow said", title="Kabul", language="en").reason == reason


def test_the_reason_shortens_a_long_clause() -> None:
    names = " OR ".join(f"name{number}" for number in range(2000))
    assert len(judged(f"x ({names})", "x").reason) < 120


def test_evidence_is_ordered_by_field_and_place_and_without_doubles() -> None:
    verdict = judged("b a OR c", "b b a", title="a x")
    assert [(span.field, span.text) for span in verdict.evidence] == [("title", "a"), ("body", "b")]
    assert len(judged("a a =a", "a").evidence) == 1


def test_the_example_of_the_design_matches() -> None:
    query = '@taliban AND recogni* NEAR/8 (government OR "islamic emirate") AND NOT title:cricket'
    verdict = judged(query, title="Moscow recognised the Taliban government on Thursday.")
    assert [span.text for span in verdict.evidence] == ["recognised", "Taliban", "government"]
    assert not judged(query, title="Taliban fighters took Kabul.").matched


def test_a_document_is_made_from_an_article_and_its_tags() -> None:
    article = Article(
        article_id="1",
        title="T",
        summary="S",
        body="B",
        language="de-AT",
        source="ORF",
        author="X",
        url="u",
        publisher_tags=("Politik",),
        published_at="2025-07-03T10:00:00.000Z",
        fetched_at="2025-07-03T10:00:01.000Z",
    )
    query = "title:t summary:s body:b lang:de source:orf author:x url:u tag:politik tag:russia"
    assert evaluate(parse(query, GAZETTEER), document_of(article, ("russia",), {})).matched


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("aa*a*a*a*a*a*a*ab", "a" * 500_000),
        ("a NEAR/0 b", "a x b x " * 50_000),
        ('"a a a a a a a b"', "a " * 200_000),
        ("x NOT b", "\u0301\u0323" * 200_000 + " x"),
    ],
)
def test_hostile_text_takes_no_time(query: str, body: str) -> None:
    started = time.perf_counter()
    judged(query, body)
    assert time.perf_counter() - started < 10
