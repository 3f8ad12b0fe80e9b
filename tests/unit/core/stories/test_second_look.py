"""Second looks: they join reports in other words, keep acts of one kind apart, and tell what repeats from what adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from firstwire.core.state import apply_all
from firstwire.core.stories.clusters import Arrival, Joined, cluster, grown_story
from firstwire.core.stories.meanings import SIZE, direction_of
from firstwire.core.stories.resemblance import Compared, Pair, paired, seem_apart
from firstwire.core.stories.second_look import ARTICLES_READ, LookWeights, SecondLook, TextPart
from firstwire.core.stories.sketches import sketch_of
from firstwire.core.stories.story_knowledge import StoryKnowledge
from firstwire.core.stories.story_state import StoryState
from tests.support.knowledge import story_knowledge
from tests.support.records import WINDOW, article, at

FERRY = ("Ferry with 200 aboard capsizes off Zamboanga", "The vessel Estrella went down in rough seas near Zamboanga.")
SINKING = ("Zamboanga ferry Estrella sinks with 200 on board", "Passengers jumped into rough seas off Zamboanga.")
MEANING = direction_of(np.ones(SIZE, np.float32))
WEIGHTS = LookWeights(seeks=(-1.0, 0.2, 4.0), joins=(0.0, 0.2, 0.0, 1.0), adds=(0.0, 0.2, -1.0))


class Reader:
    """Says of every story the same, and remembers what it was asked."""

    def __init__(self, same: float, repeats: float, meaning: bytes = MEANING) -> None:
        self.look = SecondLook(same, repeats)
        self.direction = meaning
        self.asked: list[tuple[bytes, tuple[bytes, ...]]] = []
        self.adding: list[bytes] = []
        """Parts of texts that add something, whatever the story."""

    def load(self) -> None: ...

    def meaning(self, beginning: bytes) -> bytes:
        return self.direction

    def beginning(self, title: str, text: str) -> bytes:
        return title.encode()

    def rest(self, title: str, text: str) -> tuple[TextPart, ...]:
        return tuple(TextPart(part.encode(), part) for part in text.split("\n\n")[1:])

    def __call__(self, article: bytes, story: Sequence[bytes]) -> SecondLook:
        self.asked.append((article, tuple(story)))
        return self.look if article not in self.adding else SecondLook(0.999, 0.001)


def known_by(reader: Reader, language: str = "en") -> StoryKnowledge:
    known = story_knowledge(language)
    return replace(known, reader=reader, english=replace(known.english, looks=WEIGHTS))


def told(title: str, lead: str, knowledge: StoryKnowledge, *, hours: float = 0, language: str = "en") -> Arrival:
    one = article(title, title=title, summary=lead, body="", hours=hours, language=language)
    sketch, style, _ = sketch_of(one, knowledge.rarities, knowledge.vectors, reader=knowledge.reader)
    meaning = knowledge.reader.meaning(sketch.beginning) if knowledge.reader is not None and sketch.beginning else b""
    rest = knowledge.reader.rest(title, lead) if knowledge.reader is not None else ()
    return Arrival(sketch, style, language, at(hours), meaning, rest)


def read_both(reader: Reader) -> Joined:
    """What becomes of the second report."""
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*FERRY, knowledge), "first", knowledge).changes)
    return cluster(state, told(*SINKING, knowledge, hours=1), "second", knowledge)


@pytest.mark.parametrize(("same", "story_id"), [(0.99, "first"), (0.01, "second")])
def test_the_second_look_decides_where_the_first_comparison_is_in_doubt(same: float, story_id: str) -> None:
    reader = Reader(same, 0.9)
    assert read_both(reader).story_id == story_id
    assert reader.asked == [(SINKING[0].encode(), (FERRY[0].encode(),))]


def test_of_a_long_story_the_likest_articles_are_read_in_their_order() -> None:
    reader = Reader(0.99, 0.01)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    titles = [
        f"{FERRY[0]}, {word} say" for word in ("officials", "rescuers", "police", "relatives", "owners", "sailors")
    ]
    for hours, title in enumerate(titles):
        apply_all(state, cluster(state, told(title, FERRY[1], knowledge, hours=hours), "first", knowledge).changes)
    reader.asked.clear()
    cluster(state, told(*SINKING, knowledge, hours=6), "second", knowledge)
    ((_, story),) = reader.asked
    places = [titles.index(each.decode()) for each in story]
    assert len(places) == ARTICLES_READ and places == sorted(places)


@pytest.mark.parametrize("adding", [None, "second", "third"])
def test_what_the_rest_of_a_text_adds_is_told(adding: str | None) -> None:
    reader = Reader(0.999, 0.999)
    reader.adding = [adding.encode()] if adding is not None else []
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*FERRY, knowledge), "first", knowledge).changes)
    long = told(SINKING[0], f"{SINKING[1]}\n\nsecond\n\nthird", knowledge, hours=1)
    joined = cluster(state, long, "second", knowledge)
    assert joined.story_id == "first"
    assert bool(joined.retells) == (adding is None)
    assert joined.news == ("" if adding is None else f"further on: … {adding}")


def test_of_what_is_told_anyway_the_rest_is_not_read() -> None:
    reader = Reader(0.999, 0.001)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*FERRY, knowledge), "first", knowledge).changes)
    reader.asked.clear()
    joined = cluster(state, told(SINKING[0], f"{SINKING[1]}\n\nsecond", knowledge, hours=1), "second", knowledge)
    assert (joined.story_id, joined.retells, len(reader.asked)) == ("first", (), 1)


COPIED = (
    "Harbor pilots in Durban stopped work on Monday over night shifts, and nine vessels lie at anchor, the port said."
)
HEADLINES = ("Durban harbor pilots stop work over shifts", "Strike at Durban port leaves nine vessels at anchor")


def copied(knowledge: StoryKnowledge, text: str, title: str = HEADLINES[1], language: str = "en") -> Joined:
    """What becomes of a text that another outlet had under another title a day and a half before."""
    state = StoryState(WINDOW)
    begun = cluster(state, told(HEADLINES[0], COPIED, knowledge, language=language), "first", knowledge)
    apply_all(state, begun.changes)
    return cluster(state, told(title, text, knowledge, hours=36, language=language), "second", knowledge)


@pytest.mark.parametrize("language", ["en", "und"])
def test_a_short_text_under_another_title_is_a_copy_without_a_look(language: str) -> None:
    reader = Reader(0.001, 0.001)
    joined = copied(known_by(reader), COPIED, language=language)
    assert (joined.story_id, bool(joined.retells), reader.asked) == ("first", True, [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (COPIED.replace("nine vessels", "nine tankers"), HEADLINES[1]),
        ("The port said.", HEADLINES[1]),
        (COPIED, "Subscribers read the full article here"),
    ],
    ids=["a word of its own", "hardly any text", "a text that is not about its title"],
)
def test_what_only_resembles_a_copied_text_is_read(text: str, title: str) -> None:
    reader = Reader(0.001, 0.001)
    assert copied(known_by(reader), text, title).story_id == "second"


def test_a_copied_text_is_told_if_its_title_has_many_dead_where_there_were_none() -> None:
    joined = copied(
        known_by(Reader(0.001, 0.001)), COPIED, "Nine dead as strike at Durban port turns violent, vessels at anchor"
    )
    assert (joined.story_id, joined.retells) == ("first", ())


WAGES = ("Hospital doctors in Ghana lay down tools", "")
WALKOUT = ("Accra physicians begin walkout over unpaid salaries", "")


def read_after_others(reader: Reader, others: int = 0) -> Joined:
    """What becomes of a report that shares no word with the first, after others."""
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*WAGES, knowledge), "first", knowledge).changes)
    reader.direction = bytes(value ^ 0xFF for value in MEANING)  # the opposite
    for number in range(others):
        other = told(f"Regatta {number} ends in Split", "", knowledge, hours=0.1)
        apply_all(state, cluster(state, other, f"other {number}", knowledge).changes)
    reader.direction, reader.look = MEANING, SecondLook(0.999, 0.999)
    reader.asked.clear()
    return cluster(state, told(*WALKOUT, knowledge, hours=1), "second", knowledge)


@pytest.mark.parametrize("others", [0, 20])
def test_a_report_that_shares_no_word_is_found_by_its_meaning_and_read(others: int) -> None:
    reader = Reader(0.001, 0.001)
    joined = read_after_others(reader, others)
    assert reader.asked == [(WALKOUT[0].encode(), (WAGES[0].encode(),))]
    assert (joined.story_id, bool(joined.retells)) == ("first", True)


def test_what_is_far_in_words_and_meaning_is_not_read() -> None:
    reader = Reader(0.999, 0.999)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*WAGES, knowledge), "first", knowledge).changes)
    reader.direction = bytes(value ^ 0xFF for value in MEANING)
    joined = cluster(state, told("Regatta ends in Split", "", knowledge, hours=1), "second", knowledge)
    assert (joined.story_id, reader.asked) == ("second", [])


def test_a_story_goes_where_its_articles_go_and_a_copy_moves_nothing() -> None:
    reader = Reader(0.999, 0.001)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    first = told(*FERRY, knowledge)
    apply_all(state, cluster(state, first, "first", knowledge).changes)
    copied = replace(told(*FERRY, knowledge, hours=1), meaning=b"")
    apply_all(state, grown_story(state, copied, "first", first.sketch.article_id, knowledge, is_revision=False).changes)
    assert (story := state.story("first")) is not None and story.meaning == MEANING
    ahead = bytearray(MEANING)
    ahead[0] = 0
    reader.direction = bytes(ahead)
    apply_all(state, cluster(state, told(*SINKING, knowledge, hours=2), "second", knowledge).changes)
    assert (story := state.story("first")) is not None and 0 < story.meaning[0] < MEANING[0]


@pytest.mark.parametrize(
    ("lead", "story_id"),
    [
        (FERRY[1], "first"),
        ("The vessel Estrella went down in rough seas.", "first"),
        ("The vessel Estrella went down in rough seas near Zamboanga; 14 are dead.", "second"),
        ("", "second"),
    ],
)
def test_a_text_of_which_the_story_has_every_word_joins_whatever_a_look_would_say(lead: str, story_id: str) -> None:
    reader = Reader(0.001, 0.001)
    joined = read_pair(FERRY, (FERRY[0], lead), reader)
    assert (joined.story_id, bool(reader.asked)) == (story_id, story_id == "second")
    assert bool(joined.retells) is (story_id == "first")


@pytest.mark.parametrize(
    "title", ["Zamboanga ferry Estrella has not sunk", "Owner denies that ferry Estrella capsized off Zamboanga"]
)
def test_a_denial_is_told_even_if_it_joins_what_it_denies(title: str) -> None:
    reader = Reader(0.999, 0.999)
    joined = read_pair(FERRY, (title, FERRY[1]), reader)
    assert joined.is_new or not joined.retells


@pytest.mark.parametrize(
    ("title", "repeats", "is_told"),
    [
        ("Captain of Zamboanga ferry Estrella arrested", 0.99, True),
        ("Captain of Zamboanga ferry Estrella arrested", 0.999, False),
        ("Minister resigns over Zamboanga ferry Estrella", 0.999, True),
        ("Zamboanga ferry Estrella: 14 dead", 0.999, True),
    ],
)
def test_an_arrest_is_told_unless_a_look_is_sure_that_it_was_and_a_resignation_and_the_dead_always(
    title: str, repeats: float, is_told: bool
) -> None:
    joined = read_pair(FERRY, (title, FERRY[1]), Reader(0.999, repeats))
    assert (joined.story_id, bool(joined.retells)) == ("first", not is_told)


NATIONS = ((f"Malaysia: {FERRY[0]}", FERRY[1]), (f"Indonesia: {SINKING[0]}", SINKING[1]))


def pair_of(one: tuple[str, str], other: tuple[str, str], knowledge: StoryKnowledge) -> Pair:
    first, second = (Compared.of(told(*each, knowledge).sketch, knowledge.vectors) for each in (one, other))
    return paired(second, first)


def read_pair(one: tuple[str, str], other: tuple[str, str], reader: Reader) -> Joined:
    knowledge, state = known_by(reader), StoryState(WINDOW)
    apply_all(state, cluster(state, told(*one, knowledge), "first", knowledge).changes)
    return cluster(state, told(*other, knowledge, hours=1), "second", knowledge)


def test_what_seems_another_nations_is_looked_at_and_told_even_if_it_joins() -> None:
    reader = Reader(0.999, 0.999)
    assert seem_apart(pair_of(*NATIONS, known_by(reader))) == "another nation's"
    joined = read_pair(*NATIONS, reader)
    assert len(reader.asked) == 1
    assert joined.story_id == "first" and not joined.retells


def test_what_is_done_to_another_nation_by_the_same_is_told_even_if_it_joins() -> None:
    reader = Reader(0.999, 0.999)
    lead = "Twelve people were killed, officials said."
    joined = read_pair(("Israel strikes Iran, killing 12", lead), ("Israel strikes Yemen, killing 12", lead), reader)
    assert not joined.retells


def test_where_no_look_can_be_taken_what_seems_apart_is_apart() -> None:
    reader = Reader(0.999, 0.999)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    earlier = replace(knowledge, reader=None)
    apply_all(state, cluster(state, told(*NATIONS[0], earlier), "first", earlier).changes)
    joined = cluster(state, told(*NATIONS[1], knowledge, hours=1), "second", knowledge)
    assert (joined.story_id, joined.reason, reader.asked) == ("second", "another nation's", [])


@pytest.mark.parametrize(("repeats", "is_told"), [(0.99, False), (0.01, True)])
def test_what_repeats_is_not_told_again(repeats: float, is_told: bool) -> None:
    joined = read_both(Reader(0.99, repeats))
    assert bool(joined.news) is is_told
    assert bool(joined.retells) is not is_told


def test_a_sketch_of_an_earlier_version_is_compared_as_before() -> None:
    reader = Reader(0.01, 0.01)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    earlier = replace(known_by(reader), reader=None)
    apply_all(state, cluster(state, told(*FERRY, earlier), "first", earlier).changes)
    joined = cluster(state, told(*SINKING, knowledge, hours=1), "second", knowledge)
    assert (joined.story_id, reader.asked) == (
        cluster(state, told(*SINKING, earlier, hours=1), "second", earlier).story_id,
        [],
    )


def test_a_revision_is_judged_by_all_that_it_says_not_by_its_beginning() -> None:
    """The beginning of a revision is that of what it revises."""
    reader = Reader(0.99, 0.99)
    knowledge, state = known_by(reader), StoryState(WINDOW)
    first = told(*FERRY, knowledge)
    apply_all(state, cluster(state, first, "first", knowledge).changes)
    more = f"{FERRY[1]} China recognized the breakaway government of Sulu and will open an embassy there next week."
    grown_story(
        state, told(FERRY[0], more, knowledge, hours=1), "first", first.sketch.article_id, knowledge, is_revision=True
    )
    assert reader.asked == []


def test_other_languages_are_compared_as_before() -> None:
    reader = Reader(0.99, 0.99)
    knowledge, state = known_by(reader, "de"), StoryState(WINDOW)
    for hours, title in enumerate(("Fähre sinkt vor Zamboanga", "Vor Zamboanga sinkt eine Fähre")):
        one = told(title, "", knowledge, hours=hours, language="de")
        apply_all(state, cluster(state, one, f"s{hours}", knowledge).changes)
    assert reader.asked == []
