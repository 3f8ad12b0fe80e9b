"""Deduplication: what is dropped, what is marked, what is forgotten; and that its state is an exact, undoable fold."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.state import DEDUPLICATE_STATE, Change, apply_all
from firstwire.core.stories.deduplication import CONTENTS_KEPT, deduplicate
from firstwire.core.stories.memories import LATENESS, DeduplicationState
from schemas.article import Article
from tests.support.records import TEXT, WINDOW, article, at, read, relations

OTHER_TEXT = TEXT.replace("Moscow", "Beijing")


def test_a_byte_equal_revision_is_dropped() -> None:
    assert relations(article(hours=0), article(hours=1)) == ["new", "duplicate"]


def test_a_re_dated_re_post_is_a_duplicate() -> None:
    re_dated = article(hours=5, published=at(5))
    assert relations(article(hours=0), re_dated) == ["new", "duplicate"]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Russia accepts the ambassador, officially"},
        {"summary": "A summary came later."},
        {"body": TEXT + " More to follow."},
        {"tags": ("taliban",)},
        {"title": "Russia accepts the ambassador "},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_revision_that_changed_at_all_passes_as_an_update(changed: dict[str, object]) -> None:
    assert relations(article(hours=0), article(hours=1, **changed)) == ["new", "update"]  # type: ignore[arg-type]


def test_a_revision_that_comes_back_was_seen_before() -> None:
    first, second = article(hours=0), article(hours=1, title="Russia may accept the ambassador")
    back = article(hours=2)
    assert relations(first, second, back) == ["new", "update", "duplicate"]


def test_revisions_alternating_between_many_forms_are_dropped_up_to_the_number_kept() -> None:
    forms = [article(hours=number, title=f"Form {number} of it") for number in range(CONTENTS_KEPT)]
    again = [msgspec.structs.replace(form, fetched_at=at(30 + number)) for number, form in enumerate(forms)]
    assert relations(*forms, *again)[CONTENTS_KEPT:] == ["duplicate"] * CONTENTS_KEPT


def test_a_revision_names_its_article_and_keeps_its_story_and_origin() -> None:
    first, second = read(DeduplicationState(WINDOW), article(hours=0), article(hours=1, body=OTHER_TEXT))
    assert (second.story.copy_of, second.story.story_id, second.story.origin_id) == ("a", first.story.story_id, "a")


@pytest.mark.parametrize(
    ("source", "relation"),
    [("AFP", "copy"), ("Reuters", "update"), (None, "copy")],
    ids=["another outlet", "the same outlet", "an outlet not named"],
)
def test_the_same_text_under_another_id_is_a_copy_or_of_the_same_outlet_an_update(
    source: str | None, relation: str
) -> None:
    first, second = read(DeduplicationState(WINDOW), article("a"), article("b", hours=1, source=source))
    assert second.story.relation == relation
    assert (second.story.copy_of, second.story.similarity) == ("a", 1.0)
    assert (second.story.story_id, second.story.origin_id) == (first.story.story_id, "a")


def test_two_outlets_not_named_are_not_the_same_outlet() -> None:
    assert relations(article("a", source=None), article("b", source=None)) == ["new", "copy"]


def test_copies_of_copies_share_one_origin() -> None:
    judged = read(
        DeduplicationState(WINDOW),
        article("a"),
        article("b", hours=60, source="AFP"),
        article("c", hours=100, source="dpa"),  # a is out of the window by now, b is not
    )
    assert [found.story.origin_id for found in judged] == ["a", "a", "a"]
    assert judged[2].story.copy_of == "b"


def test_a_long_text_is_the_same_under_another_title() -> None:
    assert relations(article("a"), article("b", title="Kabul's man in Moscow", source="AFP")) == ["new", "copy"]


def test_a_short_text_under_another_title_is_another_article() -> None:
    short = "Officials gave no details."
    one = article("a", title="Quake hits Chile", body=short)
    two = article("b", title="Quake hits Peru", body=short, source="AFP")
    assert relations(one, two) == ["new", "new"]


def test_a_short_text_under_the_same_title_is_a_copy() -> None:
    one = article("a", title="Quake hits Chile", body="Nobody was hurt.")
    assert relations(one, msgspec.structs.replace(one, article_id="b", source="AFP")) == ["new", "copy"]


@pytest.mark.parametrize(
    ("title", "body"),
    [("Live updates", ""), ("Live", "updates"), ("", ""), ("…", "!!!"), ("Kabul", "")],
)
def test_a_very_short_text_is_like_nothing_but_itself(title: str, body: str) -> None:
    one = article("a", title=title or "?", body=body)
    assert relations(one, msgspec.structs.replace(one, article_id="b", source="AFP")) == ["new", "new"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("俄罗斯正式承认塔利班政府", ""),
        ("", "俄罗斯周四成为第一个正式承认塔利班政府的国家，莫斯科接受了阿富汗新大使的国书，外交部这样说。"),
        ("ロシアがタリバン政権を承認", ""),
    ],
)
def test_a_script_without_spaces_has_words_too(title: str, body: str) -> None:
    one = article("a", title=title or "其他标题", body=body, language="zh")
    other = msgspec.structs.replace(one, article_id="b", source="AFP")
    assert relations(one, other) == ["new", "copy"]


def test_texts_differing_in_case_punctuation_and_width_are_copies() -> None:
    other = article("b", source="AFP", body=TEXT.upper().replace(",", " —"))
    assert relations(article("a"), other) == ["new", "copy"]


def test_texts_of_two_languages_never_meet_but_regions_of_one_do() -> None:
    assert relations(article("a", language="en-GB"), article("b", language="en-US", source="AFP"))[1] == "copy"
    assert relations(article("a", language="en"), article("b", language="de", source="AFP"))[1] == "new"


@pytest.mark.parametrize(("hours", "relation"), [(72, "copy"), (72.01, "new")])
def test_the_window_counts_in_event_time(hours: float, relation: str) -> None:
    assert relations(article("a"), article("b", hours=hours, source="AFP"))[1] == relation


@pytest.mark.parametrize(("hours", "relation"), [(72, "copy"), (72.01, "new")])
def test_what_comes_late_meets_nothing_that_was_fetched_a_window_after_it(hours: float, relation: str) -> None:
    assert relations(article("b", hours=hours, source="AFP"), article("a"))[1] == relation


@pytest.mark.parametrize(("hours", "relation"), [(72, "duplicate"), (72.01, "new")])
def test_a_revision_out_of_the_window_starts_anew(hours: float, relation: str) -> None:
    assert relations(article("a"), article("a", hours=hours))[1] == relation


def test_an_article_still_seen_stays_in_the_window() -> None:
    assert relations(article(hours=0), article(hours=60), article(hours=120)) == ["new", "duplicate", "duplicate"]


def test_a_late_article_finds_its_partner_that_was_fetched_after_it() -> None:
    assert relations(article("a", hours=5), article("b", hours=1, source="AFP")) == ["new", "copy"]


def test_a_late_revision_moves_no_time_back() -> None:
    state = DeduplicationState(WINDOW)
    read(state, article(hours=50), article(hours=1, title="An older form"))
    assert state.articles["a"].seen_at == at(50)


def test_among_several_partners_the_first_seen_is_named() -> None:
    judged = read(
        DeduplicationState(WINDOW),
        article("b", hours=2),
        article("a", hours=1, source="AFP"),
        article("c", hours=3, source="dpa"),
    )
    assert judged[2].story.copy_of == "a"


def numbered(count: int, hours: float, start: int = 0) -> list[Article]:
    return [
        article(f"n{start + number}", title=f"Number {start + number} of many articles", body="", hours=hours)
        for number in range(count)
    ]


def test_what_is_out_of_the_window_and_the_lateness_is_forgotten_by_tombstones() -> None:
    state = DeduplicationState(WINDOW)
    read(state, *numbered(10, hours=0))
    later = read(state, *numbered(10, hours=79, start=100))
    gone = [change.key for found in later for change in found.changes if change.value is None]
    assert sorted(gone) == sorted(f"n{number}" for number in range(10))
    assert len(state.articles) == 10


def test_inside_the_lateness_nothing_is_forgotten() -> None:
    state = DeduplicationState(WINDOW)
    read(state, *numbered(10, hours=0))
    edge = (WINDOW + LATENESS) / timedelta(hours=1)
    later = read(state, *numbered(10, hours=edge, start=100))
    assert all(change.value is not None for found in later for change in found.changes)


def test_an_article_of_another_text_does_not_pull_its_expired_self_along() -> None:
    state = DeduplicationState(WINDOW)
    read(state, article("a", hours=0))
    (found,) = read(state, article("a", hours=100))
    assert found.story.relation == "new"
    assert [change.key for change in found.changes if change.value is None] == []
    assert state.articles["a"].first_seen_at == at(100)


def test_one_date_in_the_far_future_does_not_end_deduplication() -> None:
    far = msgspec.structs.replace(article("far", title="From the future with love", body=""), fetched_at=at(10**6))
    flow = [one for number in range(20) for one in (*numbered(1, number, number), *numbered(1, number + 0.5, number))]
    assert relations(far, *flow)[1:] == ["new", "duplicate"] * 20


@pytest.mark.parametrize("fetched_at", ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
def test_times_at_the_ends_of_the_calendar_are_judged(fetched_at: str) -> None:
    odd = msgspec.structs.replace(article("odd"), fetched_at=fetched_at)
    assert relations(odd, odd) == ["new", "duplicate"]


def test_a_flood_of_one_text_costs_no_more_per_article() -> None:
    state = DeduplicationState(WINDOW)
    looked_at = []
    inside = state._is_inside
    state._is_inside = lambda memory, now: looked_at.append(memory.article_id) or inside(memory, now)  # type: ignore
    read(state, *(article(f"{number:04}", hours=number / 100, source=f"s{number}") for number in range(300)))
    assert len(looked_at) <= 2 * 300


articles = st.builds(
    lambda name, form, hours, source: article(
        name, title=f"Form {form} of an article", body=[TEXT, OTHER_TEXT, ""][form % 3], hours=hours, source=source
    ),
    st.sampled_from("abcdef"),
    st.integers(0, 5),
    st.sampled_from([0, 1, 10, 70, 71, 72, 73, 78, 79, 150, 200, 400]),
    st.sampled_from(["Reuters", "AFP", None]),
)


def snapshot(state: DeduplicationState) -> object:
    return msgspec.json.encode(
        [
            sorted(state.articles.items()),
            sorted(state._by_text.items()),
            state._by_age,
        ]
    )


@settings(deadline=None)
@given(st.lists(articles, max_size=12), st.lists(articles, max_size=8))
def test_undoing_restores_the_exact_state(kept: list[Article], undone: list[Article]) -> None:
    state = DeduplicationState(WINDOW)
    read(state, *kept)
    before = snapshot(state)
    undo: list[Change] = []
    for one in undone:
        undo = apply_all(state, deduplicate(state, one).changes) + undo
    apply_all(state, undo)
    assert snapshot(state) == before


@settings(deadline=None)
@given(st.lists(articles, max_size=12), articles)
def test_judging_alone_changes_nothing(kept: list[Article], judged: Article) -> None:
    state = DeduplicationState(WINDOW)
    read(state, *kept)
    before = snapshot(state)
    assert deduplicate(state, judged) == deduplicate(state, judged)
    assert snapshot(state) == before


@settings(deadline=None)
@given(st.lists(articles, max_size=15), st.lists(articles, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_state_restored_from_its_last_records_in_any_order_judges_the_same(
    before: list[Article], after: list[Article], order: object
) -> None:
    state = DeduplicationState(WINDOW)
    folded: dict[str, Change] = {}
    for found in read(state, *before):
        folded.update((change.key, change) for change in found.changes)
    changes = list(folded.values())
    order.shuffle(changes)  # type: ignore[attr-defined]
    restored = DeduplicationState(WINDOW)
    apply_all(restored, changes)
    assert snapshot(restored) == snapshot(state)
    assert read(restored, *after) == read(state, *after)


@settings(deadline=None)
@given(st.lists(articles, max_size=20))
def test_no_tombstone_takes_a_partner_inside_the_lateness_bound(flow: list[Article]) -> None:
    """The same judgements with and without forgetting, for articles in order of time."""
    flow = sorted(flow, key=lambda one: one.fetched_at)
    forgetting = [found.story for found in read(DeduplicationState(WINDOW), *flow)]
    remembering = DeduplicationState(WINDOW)
    stories = []
    for one in flow:
        found = deduplicate(remembering, one)
        apply_all(remembering, [change for change in found.changes if change.value is not None])
        stories.append(found.story)
    assert forgetting == stories


def test_a_change_of_state_is_in_the_stage_s_book() -> None:
    (found,) = read(DeduplicationState(WINDOW), article())
    assert [(change.topic, change.key) for change in found.changes] == [(DEDUPLICATE_STATE, "a")]
