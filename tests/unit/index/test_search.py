"""Search: the newest first, page by page, with evidence and counts by day; and what must be verified is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.core.watches.forms import folded_forms
from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import Query
from firstwire.core.watches.refusal import QueryError
from firstwire.errors import ConfigError, TransientError
from firstwire.index.expressions import candidates_of
from firstwire.index.reading import IndexReader
from firstwire.index.results import SearchPage
from firstwire.index.search import search
from tests.support.indexing import filled, place_in, story
from tests.support.records import at
from tests.support.small_gazetteer import GAZETTEER

FLEET = [
    story("a", "Kabul: ships may leave", story_id="s1", hours=0),
    story("b", "Ships leave Kabul", story_id="s1", hours=1, source="Le Monde", language="fr-FR"),
    story("c", "Ships leave Kabul", story_id="s1", hours=25, relation="copy", origin="b", retells=("b",)),
    story("d", "Apple ships phones", story_id="s2", hours=26, body="Ships and more ships."),
    story("e", "Rain", story_id="s3", hours=49),
]


@pytest.fixture
def fleet(tmp_path: Path) -> IndexReader:
    return filled(tmp_path, FLEET)


def asked(reader: IndexReader, query: str, **options: object) -> SearchPage:
    return search(reader, GAZETTEER, query, **options)  # type: ignore[arg-type]


def ids(page: SearchPage) -> list[str]:
    return [hit.story.article_id for hit in page.hits]


def test_the_newest_come_first_with_the_words_that_make_it_true(fleet: IndexReader) -> None:
    page = asked(fleet, "ships AND NOT phones")
    assert ids(page) == ["c", "b", "a"]
    assert [span.text for span in page.hits[0].evidence] == ["Ships"]
    assert (page.hits[0].evidence[0].field, page.hits[0].evidence[0].start) == ("title", 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"ships leave"', "cb"),
        ("=Apple", "d"),
        ("=apple", ""),
        ("@kabul AND le?ve", "cba"),
        ("ship* AND lang:fr", "b"),
        ('ships AND source:"le m*"', "b"),
        ("body:ships", "d"),
        ("ships NEAR/0 kabul", "a"),
        ("leave BEFORE/0 kabul", "cb"),
        ("tag:kabul AND author:nobody", ""),
        ("rain OR phones", "ed"),
    ],
)
def test_every_kind_of_term_is_answered(fleet: IndexReader, query: str, found: str) -> None:
    assert "".join(ids(asked(fleet, query))) == found


def test_counts_are_by_day_and_say_what_a_watch_would_tell(fleet: IndexReader) -> None:
    page = asked(fleet, "ships", limit=1)
    assert [(day.day, day.articles, day.messages) for day in page.days] == [
        ("2025-07-03", 2, 2),
        ("2025-07-04", 2, 1),
        ("2025-07-05", 0, 0),
    ]
    assert (page.articles, page.messages) == (4, 3)


def test_a_time_may_be_given(fleet: IndexReader) -> None:
    assert ids(asked(fleet, "ships", since=at(1))) == ["d", "c", "b"]
    assert ids(asked(fleet, "ships", since=at(1), until=at(26))) == ["c", "b"]


@pytest.mark.parametrize("query", ["ships", "ships OR =Apple", "=Ships OR =ships"])
def test_pages_follow_each_other(fleet: IndexReader, query: str) -> None:
    whole = ids(asked(fleet, query))
    found, after = list[str](), None
    while len(found) < len(whole):
        page = asked(fleet, query, limit=1, after=after)
        found += ids(page)
        after = page.next
    assert found == whole
    assert after is None


def test_what_cannot_be_verified_in_time_is_left_to_the_next_page_and_said(fleet: IndexReader) -> None:
    page = asked(fleet, "=Ships", verified_at_most=2)
    assert ids(page) == ["d", "c"]
    assert page.counted_since == at(1).replace(".000Z", ".001Z")
    assert [day.day for day in page.days] == ["2025-07-03", "2025-07-04", "2025-07-05"]
    assert [day.day for day in asked(fleet, "=Ships", verified_at_most=1).days] == ["2025-07-04", "2025-07-05"]
    rest = asked(fleet, "=Ships", after=page.next)
    assert ids(rest) == ["b"]
    assert rest.next is None


def test_words_and_phrases_and_names_need_no_verifying(fleet: IndexReader) -> None:
    query = '(ships OR "ships may") AND @kabul AND NOT lang:de AND ships NEAR/3 kabul AND le?ve AND ship*'
    assert len(ids(asked(fleet, query, verified_at_most=0))) == 3


def test_a_wrong_query_is_refused_with_its_place(fleet: IndexReader) -> None:
    with pytest.raises(QueryError, match="character 7"):
        asked(fleet, "ships (")
    with pytest.raises(QueryError, match=r"no operator NEER/3 \(character 7\); did you mean NEAR/3\?"):
        asked(fleet, "ships NEER/3 kabul")


@pytest.mark.parametrize("place", ["x", "1-", "1-x", "-1-1", f"{10**30}-1", f"1-{10**30}", "9" * 10_000])
def test_a_wrong_place_is_refused(fleet: IndexReader, place: str) -> None:
    with pytest.raises(ConfigError, match="is not a place"):
        asked(fleet, "ships", after=place)
    with pytest.raises(ConfigError, match="is not a place"):
        fleet.alerts(after=place.replace("1-", "x-"))


def test_without_an_index_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(TransientError, match="there is no index yet"):
        asked(IndexReader(place_in(tmp_path)), "ships")


def test_an_index_of_other_names_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, FLEET)
    with pytest.raises(TransientError, match="of other topics, names or another version"):
        asked(IndexReader(place_in(tmp_path, "other")), "ships")


def test_deep_and_wide_queries_stay_within_the_limits_of_sqlite(fleet: IndexReader) -> None:
    deep = "ships"
    for _ in range(28):
        deep = f"(({deep}) OR rain) AND kabul"
    assert set(ids(asked(fleet, deep))) == {"a", "b", "c"}
    wide = " OR ".join(f"word{number}" for number in range(3_000))
    assert ids(asked(fleet, f"({wide} OR ships) AND phones")) == ["d"]


def test_a_wildcard_with_too_many_forms_is_verified(tmp_path: Path) -> None:
    reader = filled(tmp_path, [story(f"a{number}", f"re{number}s and re{number}t") for number in range(500)])
    assert len(ids(asked(reader, "re*s", limit=1_000))) == 500
    assert ids(asked(reader, "re1?7s AND re*t", limit=1_000)) == [f"a1{digit}7" for digit in "9876543210"]


@pytest.mark.slow
def test_tokens_hold_nothing_that_separates_or_marks() -> None:
    """SQLite splits at ASCII signs and white space alone: no token may have any, whatever it was folded from."""
    signs = {chr(code) for code in range(128)} - set("abcdefghijklmnopqrstuvwxyz0123456789_")
    for code in (*range(0xD800), *range(0xE000, 0x30000)):
        char = chr(code)
        for form in folded_forms(f"a{char}b {char}"):
            assert not signs & set(form), (hex(code), form)


def test_a_query_is_translated_for_the_words_of_a_day() -> None:
    def translated(query: str) -> tuple[str | None, str | None]:
        asked_for: Query = parse(query, GAZETTEER)
        found = candidates_of(asked_for.root, lambda prefix: [f"{prefix}x", f"{prefix}y"])
        return found.certain, found.possible

    assert translated("title:ab*") == ('(title : "ab" *)',) * 2
    assert translated("ab?") == ('("abx" OR "aby")',) * 2
    assert translated("a AND NOT b") == ('("a" AND ("!" NOT "b"))',) * 2
    assert translated("a AND NOT =B") == ('("a" AND ("!" NOT "b"))', '"a"')
    assert translated("a NEAR/3 a") == (None, 'NEAR("a" "a", 3)')


def test_a_search_may_ask_for_values_alone_as_no_watch_may(fleet: IndexReader) -> None:
    for query, found in (('source:"Le Monde"', ["b"]), ("lang:fr", ["b"]), ("NOT ships", ["e"])):
        page = asked(fleet, query)
        assert (ids(page), page.is_of_a_watch) == (found, False)
        with pytest.raises(QueryError, match="none of its words and tags"):
            parse(query, GAZETTEER)
    assert asked(fleet, "source:Dawn ships").is_of_a_watch


def test_a_search_that_finds_nothing_names_words_that_look_like_operators(fleet: IndexReader) -> None:
    assert asked(fleet, "rain or phones").hints == ("`or` is a word here; operators are upper case: OR",)
    assert asked(fleet, "ships near/3 kabul").hints == ("`near/3` is a word here; operators are upper case: NEAR/3",)
    assert asked(fleet, "nobody nowhere").hints == ()


def test_an_unknown_entity_is_refused_with_the_one_that_is_meant(fleet: IndexReader) -> None:
    with pytest.raises(QueryError, match=r"no entity 'kabull'.*; did you mean @kabul\?"):
        asked(fleet, "@kabull")


@pytest.mark.parametrize("query", ["NOT moon", "lang:en OR lang:fr"])
def test_values_alone_are_counted_over_the_latest_days_until_there_are_too_many(fleet: IndexReader, query: str) -> None:
    page = asked(fleet, query, counted_at_most=2)
    assert ids(page) == ["e", "d", "c"]
    assert [day.day for day in page.days] == ["2025-07-04", "2025-07-05"]
    assert page.counted_since == "2025-07-04T00:00:00.000Z"
    rest = asked(fleet, query, after=page.next, counted_at_most=2)
    assert (ids(rest), rest.next) == (["b", "a"], None)
    whole = asked(fleet, query, counted_at_most=5)
    assert (len(ids(whole)), whole.counted_since, whole.next) == (5, None, None)
    assert asked(fleet, "ships", counted_at_most=1).counted_since is None
