"""Near-duplicates: the definition, and that the index finds what the definition says, however texts arrive."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from firstwire.core.state import Change, apply_all
from firstwire.core.stories.deduplication import deduplicate
from firstwire.core.stories.fingerprint import GRAMS_KEPT, Fingerprint, fingerprint_of, likeness
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.postings import HOLDERS_CONSULTED
from firstwire.core.stories.text_identity import read as reading_of
from firstwire.core.text.words import words
from schemas.article import Article, Story
from schemas.codec import decode, encode
from schemas.state import ArticleMemory
from tests.support.records import WINDOW, article, read

VOCABULARY = [
    f"{first}{last}" for first in ("ba", "do", "ki", "lu", "me", "sa") for last in ("n", "r", "st", "ll", "m")
]


def prose(seed: int, length: int) -> list[str]:
    """Words that share no 5-gram with those of another seed, but for the rarest chance."""
    chance = random.Random(seed)
    return [f"{chance.choice(VOCABULARY)}{chance.choice(VOCABULARY)}" for _ in range(length)]


def told(name: str, text: Sequence[str], hours: float = 0, source: str | None = None, **fields: str) -> Article:
    """An article whose title has no word of its own, so that any passage may be what it is about."""
    return article(name, title="On it", body=" ".join(text), hours=hours, source=source or name, **fields)  # type: ignore[arg-type]


def stories(*articles: Article) -> list[Story]:
    return [found.story for found in read(DeduplicationState(WINDOW), *articles)]


def grams_of(text: str) -> set[tuple[str, ...]]:
    found = re.findall(r"\w+", text.casefold())
    return set(zip(*(found[place:] for place in range(5)), strict=False))


def are_near(one: str, other: str) -> bool:
    """The definition, from the 5-grams themselves."""
    a, b = grams_of(one), grams_of(other)
    shared = len(a & b)
    return shared >= 0.5 * len(a | b) or shared >= 0.8 * min(len(a), len(b))


LONG = prose(1, 400)


@pytest.mark.parametrize(
    ("text", "similarity"),
    [
        (LONG[:380], 0.9495),  # a little cut off: Jaccard
        (LONG[:250], 0.6212),
        (LONG[:120], 1.0),  # trimmed: all of it is in the other
        (LONG[170:200], 1.0),
        (LONG[90:130], 1.0),
        (LONG + prose(2, 700), 1.0),  # extended
        (prose(2, 500) + LONG + prose(3, 500), 1.0),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, list) else "",
)
def test_trimmed_and_extended_copies_are_found(text: list[str], similarity: float) -> None:
    for first, second in ((LONG, text), (text, LONG)):
        one, other = stories(told("a", first), told("b", second, hours=1))
        assert (other.relation, other.copy_of, other.story_id) == ("copy", "a", one.story_id)
        assert other.similarity == pytest.approx(similarity, abs=0.0001)


@pytest.mark.parametrize(
    "text",
    [
        prose(4, 400),
        LONG[:100] + prose(5, 200),  # a third of it quoted
        [word for number, word in enumerate(LONG) if number % 5],  # a rewrite: no five words stay together
        LONG[:29],  # too short for anything but its title
    ],
)
def test_another_text_is_new(text: list[str]) -> None:
    assert [story.relation for story in stories(told("a", LONG), told("b", text))] == ["new", "new"]


def test_the_summary_stands_in_for_a_body_that_is_missing() -> None:
    one, other = told("a", LONG[:60]), told("b", LONG[:50])
    without = msgspec.structs.replace(other, body="", summary=other.body)
    assert stories(one, without)[1].copy_of == "a"


def test_the_likest_is_named_then_the_earliest() -> None:
    near, nearer = told("a", LONG[:300]), told("b", LONG[:390], hours=1)
    assert stories(near, nearer, told("c", LONG, hours=2))[2].copy_of == "b"
    twin = told("d", LONG[10:], hours=0.5)  # just as like, and seen before b
    assert stories(nearer, twin, told("c", LONG, hours=2))[2].copy_of == "d"


def test_the_origin_is_the_earliest_text_that_it_shares() -> None:
    a, b = told("a", LONG[:200]), told("b", LONG[200:], hours=1)
    whole = stories(a, b, told("c", LONG, hours=2))[2]
    assert (whole.copy_of, whole.origin_id) in (("a", "a"), ("b", "a"))


def test_a_later_version_of_the_same_outlet_is_an_update() -> None:
    assert stories(told("a", LONG, source="AFP"), told("b", LONG[:350], source="AFP"))[1].relation == "update"


def test_a_revision_far_from_its_text_is_an_update_of_itself_and_says_how_far() -> None:
    one, other = stories(told("a", LONG), told("a", LONG[:100] + prose(6, 300), hours=1))
    assert (other.relation, other.copy_of, other.story_id) == ("update", "a", one.story_id)
    assert other.similarity is not None
    assert other.similarity < 0.5


def test_a_revision_is_found_by_its_new_text_and_not_by_its_old() -> None:
    first, second = told("a", LONG), told("a", prose(7, 300), hours=1)
    old, new = told("b", LONG[:390], hours=2), told("c", prose(7, 290), hours=2)
    assert [story.relation for story in stories(first, second, old, new)][2:] == ["new", "copy"]


@pytest.mark.parametrize(("credit", "origin"), [("(Reuters)", "wire"), ("", "quoted")])
def test_what_one_agency_is_credited_with_in_a_story_has_one_origin(credit: str, origin: str) -> None:
    quoted = told("quoted", prose(8, 40))
    wire = told("wire", [*LONG, "(Reuters)"], hours=1)
    copy = told("copy", [*prose(8, 40), *LONG, credit], hours=2)
    found = stories(quoted, wire, copy)[2]
    assert (found.copy_of, found.origin_id) == ("wire", origin)


def test_languages_never_meet() -> None:
    one, other = told("a", LONG, language="en"), told("b", LONG[:390], language="de")
    assert [story.relation for story in stories(one, other)] == ["new", "new"]


@pytest.mark.parametrize(("hours", "relation"), [(72, "copy"), (72.01, "new")])
def test_an_expired_article_is_never_a_partner(hours: float, relation: str) -> None:
    assert stories(told("a", LONG), told("b", LONG[:390], hours=hours))[1].relation == relation


@pytest.mark.slow
def test_a_flood_of_copies_all_join_the_first_story() -> None:
    count = 2 * HOLDERS_CONSULTED + 50
    flood = [told(f"{number:04}", [*LONG[:60], *prose(100 + number, 8)], hours=number / 100) for number in range(count)]
    found = stories(*flood)
    assert {story.relation for story in found[1:]} == {"copy"}
    assert len({story.story_id for story in found}) == 1


def test_boilerplate_does_not_hide_a_copy() -> None:
    boilerplate = prose(11, 40)
    count = HOLDERS_CONSULTED + 20
    flow = [told(f"{number:04}", [*prose(200 + number, 90), *boilerplate]) for number in range(count)]
    copy = told("copy", [*prose(205, 85), *boilerplate], hours=1)
    found = stories(*flow, copy)
    assert {story.relation for story in found[:-1]} == {"new"}
    assert found[-1].copy_of == "0005"


def test_a_very_long_text_is_thinned_evenly() -> None:
    text = prose(12, 5 * GRAMS_KEPT)
    whole = fingerprint_of(text, "en")
    kept = whole.kept()
    assert GRAMS_KEPT // 4 < len(kept.grams) <= GRAMS_KEPT
    assert kept.size == pytest.approx(whole.size, rel=0.1)
    half = fingerprint_of(text[: len(text) // 2], "en").kept()
    assert likeness(kept, half).jaccard == pytest.approx(0.5, abs=0.03)
    assert stories(told("a", text), told("b", text[:-100]))[1].relation == "copy"


def test_words_repeated_without_end_are_a_text_too() -> None:
    rows = [told("a", ["la"] * 20_000), told("b", ["la"] * 30, hours=1)]
    assert [story.similarity for story in stories(*rows)] == [None, 1.0]


def test_a_memory_is_small_and_comes_back_from_its_bytes() -> None:
    (found,) = read(DeduplicationState(WINDOW), told("a", LONG))
    (memory,) = (change.value for change in found.changes)
    assert isinstance(memory, ArticleMemory)
    data = encode(memory)
    assert len(data) < 6 * len(LONG) + 700
    assert decode(data, ArticleMemory) == memory
    assert not any(word.encode() in data for word in LONG)
    again = Fingerprint.from_bytes(memory.grams, memory.thinned)
    assert likeness(again, fingerprint_of(words(" ".join(LONG)), "en")).jaccard == 1.0


def test_hashes_never_change() -> None:
    """They stand in state topics: another hash would find no partner there."""
    assert fingerprint_of(["a", "b", "c", "d", "e", "f"], "en").grams.tolist() == [397938500, 3773424353]


texts = st.builds(
    lambda seed, start, length, changed, tail: _edited(prose(seed, 160), start, length, changed, tail),
    st.integers(20, 22),
    st.integers(0, 100),
    st.integers(30, 160),
    st.lists(st.integers(0, 159), max_size=6),
    st.integers(0, 60),
)


def _edited(base: list[str], start: int, length: int, changed: list[int], tail: int) -> str:
    text = [f"changed{at}" if at in changed else word for at, word in enumerate(base)]
    return " ".join(text[start : start + length] + prose(1000 + tail, tail))


def pairs(flow: Sequence[Article]) -> set[frozenset[str]]:
    """All partners that are found, in this order of arrival."""
    state, found = DeduplicationState(WINDOW), set()
    for one in flow:
        text = reading_of(one).text
        partners = state.find_near(text, one.fetched_at) if text is not None else []
        assert all(partner.likeness.is_near_duplicate for partner in partners)
        found |= {frozenset((one.article_id, partner.memory.article_id)) for partner in partners}
        apply_all(state, deduplicate(state, one).changes)
    return found


def flow_of(bodies: Sequence[str]) -> list[Article]:
    return [told(f"n{number}", body.split(), hours=number / 10) for number, body in enumerate(bodies)]


@settings(deadline=None, max_examples=60)
@given(st.lists(texts, max_size=8), st.randoms(use_true_random=False))
@example([" ".join(LONG), " ".join(LONG[100:131])], random.Random(1))
def test_the_pairs_are_those_of_the_definition_in_any_order(bodies: list[str], order: random.Random) -> None:
    flow = flow_of(bodies)
    shuffled = list(flow)
    order.shuffle(shuffled)
    long = [one for one in flow if len(words(one.body)) >= 30]
    expected = {
        frozenset((one.article_id, other.article_id))
        for number, one in enumerate(long)
        for other in long[:number]
        if are_near(one.body, other.body)
    }
    assert pairs(flow) == pairs(shuffled) == expected


@settings(deadline=None, max_examples=60)
@given(texts, texts)
def test_verification_is_symmetric(one: str, other: str) -> None:
    first, second = (fingerprint_of(words(text), "en") for text in (one, other))
    if min(len(words(one)), len(words(other))) >= 5:
        assert likeness(first, second) == likeness(second, first)
        assert likeness(first, second).is_near_duplicate == are_near(one, other)


@settings(deadline=None, max_examples=40)
@given(st.lists(texts, max_size=8), st.lists(texts, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_restored_or_rolled_back_state_answers_the_same(
    before: list[str], after: list[str], order: random.Random
) -> None:
    state = DeduplicationState(WINDOW)
    folded: dict[str, Change] = {}
    for found in read(state, *flow_of(before)):
        folded.update((change.key, change) for change in found.changes)
    changes = list(folded.values())
    order.shuffle(changes)
    restored = DeduplicationState(WINDOW)
    apply_all(restored, changes)
    later = [msgspec.structs.replace(one, article_id=f"l{one.article_id}") for one in flow_of(after)]
    undo: list[Change] = []
    for one in later:  # judged, and taken back
        undo = apply_all(state, deduplicate(state, one).changes) + undo
    apply_all(state, undo)
    assert state.articles == restored.articles
    assert read(restored, *later) == read(state, *later)


@settings(deadline=None, max_examples=30)
@given(st.lists(texts, max_size=8))
def test_twice_the_same_is_byte_equal(bodies: list[str]) -> None:
    flow = flow_of(bodies)
    assert [encode(story) for story in stories(*flow)] == [encode(story) for story in stories(*flow)]
