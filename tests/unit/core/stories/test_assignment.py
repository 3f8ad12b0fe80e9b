"""Placing: which story an article belongs to, what it shares with it, and what is remembered."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.state import Change, apply_all
from firstwire.core.stories.assignment import Placed, place
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.memories import LATENESS
from firstwire.core.stories.news_state import NewsState
from schemas.article import Article
from schemas.times import shifted
from tests.support.knowledge import story_knowledge
from tests.support.records import TEXT, WINDOW, article, at

QUAKE = "A strong earthquake struck the coast of northern Chile near Iquique on Tuesday and killed at least five people"
REWRITTEN = "At least five people were killed when a powerful earthquake hit northern Chile off Iquique, officials said"
OTHER = "The central bank of Norway left its main interest rate where it was, citing weak demand from abroad"


def told(state: NewsState, *articles: Article) -> list[Placed]:
    placed = []
    for one in articles:
        found = place(state, one, story_knowledge(language_key(one.language)))
        apply_all(state, found.changes)
        placed.append(found)
    return placed


def quake(article_id: str, title: str, summary: str, hours: float = 0, source: str = "Dawn") -> Article:
    return article(article_id, title=title, summary=summary, body="", hours=hours, source=source)


FIRST = quake("first", "Earthquake strikes northern Chile, five dead", QUAKE, source="El Mercurio")
SECOND = quake("second", "Five killed in northern Chile earthquake", REWRITTEN, 1)


def test_a_rewrite_joins_the_story_and_stays_new_and_its_own_origin() -> None:
    one, other, apart = told(NewsState(WINDOW), FIRST, SECOND, quake("o", "Norway keeps its interest rate", OTHER, 2))
    assert other.story.story_id == one.story.story_id != apart.story.story_id
    assert (other.story.relation, other.story.copy_of, other.story.similarity) == ("new", None, None)
    assert (one.story.origin_id, other.story.origin_id) == ("first", "second")
    assert re.fullmatch(
        r"no such text seen before; [01]\.\d\d likely to be on the story of 2025-07-03T00:00:00.000Z, .* being enough",
        other.story.reason,
    )
    assert other.story.retells == ("first",)


def test_the_same_article_again_under_another_id_tells_nothing_whoever_published_it() -> None:
    for outlet in (FIRST.source, "Dawn", None):
        again = msgspec.structs.replace(FIRST, article_id="again", source=outlet, fetched_at=at(1))
        british = msgspec.structs.replace(FIRST, language="en-gb")
        one, other = told(NewsState(WINDOW), british, msgspec.structs.replace(again, language="en"))
        assert other.story.story_id == one.story.story_id
        assert (other.story.similarity, other.story.news, other.story.retells) == (1.0, "", ("first",))


def test_a_revision_with_another_title_on_the_same_text_may_tell_something() -> None:
    body = " ".join(
        ["The court in the capital gave its ruling after a trial of two years", *("it was told" for _ in range(20))]
    )
    first = article("a", title="Court convicts former president of fraud", body=body)
    for again in ("a", "b"):
        later = msgspec.structs.replace(
            first, article_id=again, title="Court does not convict former president of fraud", fetched_at=at(1)
        )
        _, other = told(NewsState(WINDOW), first, later)
        assert other.story.retells == (), again


def test_rewrites_credited_to_one_agency_are_one_origin() -> None:
    state = NewsState(WINDOW)
    _, other, third = told(
        state,
        FIRST,
        quake("b", SECOND.title, f"IQUIQUE, July 3 (Reuters) - {REWRITTEN}", 1),
        quake("c", "Chile: earthquake in the north kills five", f"{QUAKE}, the ministry said. (Reuters)", 2),
    )
    assert third.story.story_id == other.story.story_id
    assert (other.story.origin_id, third.story.origin_id) == ("b", "b")
    assert state.articles.articles["c"].origin_id == "b"


def test_an_update_of_an_article_that_joined_stays_in_the_story() -> None:
    first, _, update = told(
        NewsState(WINDOW), FIRST, SECOND, quake("second", "Ten killed in earthquake", f"{REWRITTEN} again", 2)
    )
    assert (update.story.relation, update.story.story_id) == ("update", first.story.story_id)


def test_copies_and_updates_make_the_story_grow_and_duplicates_do_not() -> None:
    state = NewsState(WINDOW)
    copy = quake("copy", FIRST.title, FIRST.summary, 1)
    placed = told(state, FIRST, copy, quake("copy", FIRST.title, FIRST.summary, 2))
    assert [one.story.relation for one in placed] == ["new", "copy", "duplicate"]
    (story,) = state.stories
    assert (story.articles, story.last_at) == (2, copy.fetched_at)
    assert not [change for change in placed[2].changes if change.topic == "story-state"]


articles = st.builds(
    article,
    st.sampled_from("abcdef"),
    title=st.sampled_from([FIRST.title, SECOND.title, "Norway keeps its interest rate", ""]),
    summary=st.sampled_from([QUAKE, REWRITTEN, OTHER, ""]),
    body=st.sampled_from(["", TEXT]),
    hours=st.integers(0, 200),
    source=st.sampled_from(["Dawn", "Reuters"]),
    language=st.sampled_from(["en", "de"]),
)


def snapshot(state: NewsState) -> bytes:
    return msgspec.json.encode(
        [sorted(state.articles.articles.items()), sorted(state.stories, key=lambda story: story.story_id)]
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(articles, max_size=15), st.lists(articles, max_size=8))
@pytest.mark.slow
def test_undoing_restores_the_exact_state(kept: list[Article], undone: list[Article]) -> None:
    state = NewsState(WINDOW)
    told(state, *kept)
    before, answers = (
        snapshot(state),
        [place(state, one, story_knowledge(language_key(one.language))) for one in undone],
    )
    undo: list[Change] = []
    for one in undone:
        undo = apply_all(state, place(state, one, story_knowledge(language_key(one.language))).changes) + undo
    apply_all(state, undo)
    assert snapshot(state) == before
    assert [place(state, one, story_knowledge(language_key(one.language))) for one in undone] == answers


@settings(deadline=None, max_examples=40)
@given(st.lists(articles, max_size=20), st.lists(articles, max_size=5), st.randoms(use_true_random=False))
def test_a_state_restored_from_its_last_records_in_any_order_places_the_same(
    before: list[Article], after: list[Article], order: object
) -> None:
    state = NewsState(WINDOW)
    folded = {(change.topic, change.key): change for found in told(state, *before) for change in found.changes}
    changes = list(folded.values())
    order.shuffle(changes)  # type: ignore[attr-defined]
    restored = NewsState(WINDOW)
    apply_all(restored, changes)
    assert snapshot(restored) == snapshot(state)
    assert told(restored, *after) == told(state, *after)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(articles, st.floats(0, 6)), max_size=25))
def test_one_state_for_all_languages_places_as_one_for_each(delayed: list[tuple[Article, float]]) -> None:
    """Replay has one, live has one for every partition; articles come as late as the bound allows."""
    flow = [one for one, late in sorted(delayed, key=lambda item: shifted(item[0].fetched_at, LATENESS * item[1] / 6))]
    together = told(NewsState(WINDOW), *flow)
    for language in ("en", "de"):
        own = [number for number, one in enumerate(flow) if one.language == language]
        apart = told(NewsState(WINDOW), *(flow[number] for number in own))
        # An id is of one language, as a feed is; the same id in two of them meets itself in one state only
        ids = {one.article_id for one in flow if one.language != language}
        if ids.isdisjoint(flow[number].article_id for number in own):
            assert [one.story for one in apart] == [together[number].story for number in own]


@pytest.mark.parametrize("language", ["", "en-us", "x-klingon", "zh-hant"])
def test_any_language_tag_is_placed(language: str) -> None:
    (placed,) = told(NewsState(WINDOW), article(language=language))
    assert placed.story.relation == "new"
