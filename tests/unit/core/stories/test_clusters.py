"""Clusters: what is one happening and what is another of the kind; that stories end; that their state is a fold."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstwire.core.state import STORY_STATE, Change, apply_all
from firstwire.core.stories import clusters
from firstwire.core.stories.clusters import MEMBERS_KEPT, Joined, cluster, grown_story, members_of
from firstwire.core.stories.memories import LATENESS
from firstwire.core.stories.resemblance import Compared, is_said_of_another, paired, ruled_out
from firstwire.core.stories.roles import are_swapped
from firstwire.core.stories.sketches import sketch_of
from firstwire.core.stories.story_marks import conflicting, marks_of
from firstwire.core.stories.story_state import CANDIDATES_AT_MOST, TERMS_KEPT, StoryState
from firstwire.core.text.rarities import RAREST, Rarities
from schemas.story_memory import StoryMemory
from tests.support.knowledge import rarities_of, story_knowledge
from tests.support.records import WINDOW, article, at

FILLER = (
    "Parliament passes the budget after a long night",
    "Central bank leaves interest rates unchanged",
    "Ferry sinks off the coast with 40 aboard",
    "Scientists find new species of frog in Peru",
    "Airline cancels flights as pilots walk out",
    "Striker signs for Juventus in record transfer",
)


def told(title: str, lead: str = "", *, hours: float = 0, language: str = "en") -> clusters.Arrival:
    known = story_knowledge(language)
    one = article(title, title=title, summary=lead, body="", hours=hours, language=language)
    sketch, style, _ = sketch_of(one, known.rarities, known.vectors)
    return clusters.Arrival(sketch, style, language, at(hours))


def read(state: StoryState, *articles: clusters.Arrival, first: int = 0) -> list[Joined]:
    found = []
    for number, one in enumerate(articles, start=first):
        found.append(cluster(state, one, f"s{number:04}", story_knowledge(one.language)))
        apply_all(state, found[-1].changes)
    return found


def stream(*articles: clusters.Arrival) -> list[str]:
    """The stories of articles that come after a little other news."""
    state = StoryState(WINDOW)
    read(state, *(told(title) for title in FILLER), first=9000)
    return [joined.story_id for joined in read(state, *articles)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU adopts 12th package of sanctions against Russia", "EU adopts 13th package of sanctions against Russia"),
        ("EU adopts twelfth package of sanctions", "EU adopts thirteenth package of sanctions"),
        ("ЕС утвердил 12-й пакет санкций", "ЕС утвердил 13-й пакет санкций"),
        ("EU beschließt 12. Paket der Sanktionen", "EU beschließt 13. Paket der Sanktionen"),
        ("Russia strikes Ukraine", "Ukraine strikes Russia"),
        ("Russia strikes Ukraine overnight", "Ukraine strikes Russia overnight"),
        ("Apple sues Samsung over patents", "Samsung sues Apple over patents"),
        ("Arsenal beat Chelsea 2-1 in derby", "Arsenal beat Chelsea 3-0 in derby"),
        ("Arsenal host Chelsea on matchday 12", "Arsenal host Chelsea on matchday 31"),
        ("US inflation rises to 3.1% in January", "US inflation rises to 3.2% in February"),
        ("Inflation im März bei 2,2 Prozent", "Inflation im April bei 2,1 Prozent"),
        ("Search goes on for flight MH370", "Search goes on for flight MH17"),
        ("Earthquake kills 200 on Lombok", "Lombok marks anniversary of earthquake that killed 200"),
        ("Ten years after the earthquake on Lombok", "Earthquake kills 200 on Lombok"),
        ("Kabul urges neighbors to recognize its government", "Iran recognizes Kabul's government, the first neighbor"),
        ("Five dead in Lahore factory fire", "Five dead in Karachi factory fire"),
        ("Three killed in shooting at Memphis nightclub", "Three killed in shooting at Tulsa nightclub"),
        ("Bus crash near Puno kills 12", "Bus crash near Cusco kills 12"),
    ],
    ids=lambda title: title[:40],
)
def test_what_only_looks_alike_is_another_story(one: str, other: str) -> None:
    assert len(set(stream(told(one), told(other)))) == 2
    assert len(set(stream(told(other), told(one)))) == 2


def test_another_name_that_the_text_knows_is_no_other_story() -> None:
    fire = told("Five dead in Lahore factory fire", "The plant is in Punjab.")
    again = told("Five dead in Punjab factory fire", "The plant burned down near Lahore.")
    pair = paired(*(Compared.of(one.sketch, story_knowledge().vectors) for one in (again, fire)))
    assert not is_said_of_another(pair)


@pytest.mark.parametrize(
    ("title", "is_demand"),
    [
        ("Kabul urges neighbors to recognize its government", True),
        ("Opposition wants Kenya to recognize Kosovo", True),
        ("Kosovo seeks recognition from Kenya", True),
        ("Unions call for release of striker", True),
        ("Iran recognizes Taliban government, urges others to follow", False),
        ("Le Pen appeals to Court of Cassation over conviction", False),
        ("Two men shot dead in Leeds, police appeal for witnesses", False),
        ("Thousands asked to evacuate as Etna erupts", False),
        ("Russia presses on with attack on Pokrovsk", False),
        ("EU urges calm", False),
        ("France presses Kenya to recognize Kosovo", True),
        ("Calls grow for Kenya to recognize Kosovo", True),
        ("Rescuers seek survivors after quake kills 20 in Ica", False),
        ("Governor urges calm after attack kills ten in Jos", False),
        ("Residents urged to evacuate as Etna erupts", False),
        ("France urged Kenya to recognize Kosovo", True),
        ("Norway called on Kenya to recognize Kosovo", True),
    ],
)
def test_a_title_that_wants_an_act_is_a_demand(title: str, is_demand: bool) -> None:
    assert told(title).sketch.is_demand is is_demand


def test_a_demand_is_not_told_from_a_title_of_an_earlier_version() -> None:
    demand, again = told("Kabul urges neighbors to recognize its government"), told("Kabul urges recognition")
    before = Compared.of(msgspec.structs.replace(demand.sketch, is_demand=None), story_knowledge().vectors)
    act = Compared.of(told("Iran recognizes Kabul's government").sketch, story_knowledge().vectors)
    for one in (act, Compared.of(again.sketch, story_knowledge().vectors)):
        assert ruled_out(paired(one, before)) is None
    now = Compared.of(demand.sketch, story_knowledge().vectors)
    assert ruled_out(paired(act, now)) == "one demands what the other tells"


def test_two_earthquakes_in_different_places_are_two_stories() -> None:
    sumatra = told("Magnitude 6.1 earthquake strikes off Sumatra", "The quake struck off western Sumatra near Padang.")
    hokkaido = told("Magnitude 5.8 earthquake strikes off Hokkaido", "The quake struck off northern Hokkaido, Japan.")
    rewritten = told(
        "Strong quake off Sumatra shakes Padang", "People in Padang ran from houses, officials in Sumatra said."
    )
    first, second, third = stream(sumatra, hokkaido, rewritten)
    assert first != second
    assert first == third


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Mt. Gox files for US bankruptcy protection",
            "Bitcoin exchange Mt. Gox seeks bankruptcy protection in the US",
        ),
        ("Russia strikes Ukraine with missiles", "Ukraine struck by missiles of Russia"),
        ("Kremlin recognizes Hmong council as rulers", "Moscow becomes first to recognize Hmong council"),
        ("Ferry disaster kills 40 off Lesbos", "Ferry disaster off Lesbos kills 52"),
        ("Россия признала правительство талибов", "Россия первой признала правительство талибов"),
        ("日本銀行が金利を引き上げ", "日本銀行、金利を引き上げ決定"),
    ],
    ids=lambda title: title[:40],
)
def test_a_rewrite_joins(one: str, other: str) -> None:
    first, second = stream(told(one), told(other))
    assert first == second


def test_languages_never_meet() -> None:
    assert len(set(stream(told("Mt. Gox insolvent"), told("Mt. Gox insolvent", language="de")))) == 2


def test_a_refusal_says_what_spoke_against_it() -> None:
    one, other = "EU adopts 12th package of sanctions", "EU adopts 13th package of sanctions"
    assert read(StoryState(WINDOW), told(one), told(other))[1].reason == "package 13, not package 12"


def test_a_story_grows_with_its_reports_and_leaves_its_neighbour_alone() -> None:
    fire = [
        told("Fire guts Waitrose store in Surrey", "A fire gutted a store in Banstead in Surrey overnight."),
        told("Surrey Waitrose fire is suspicious, police say", "Police in Surrey treat the fire in Banstead so."),
        told(
            "Two held over Banstead store fire", "Surrey police arrested two men after the Waitrose fire in Banstead."
        ),
        told("Banstead fire: men released", "Two men arrested over the fire that gutted a store in Surrey are free."),
    ]
    neighbour = told("Fire at Tesco in Wellington", "A fire damaged a supermarket in Wellington, Somerset, at night.")
    first, second, *_, other = stories = stream(*fire, neighbour)
    assert first == second
    assert other not in stories[:-1]


def test_a_chain_of_small_steps_does_not_carry_a_story_away() -> None:
    words = [f"{one}{other}alo" for one in "bdfgkmnp" for other in "aeiouyrl"]
    chain = [told(" ".join(words[start : start + 8]), hours=start / 10) for start in range(0, len(words) - 8, 2)]
    stories = [joined.story_id for joined in read(StoryState(WINDOW), *chain)]
    assert stories[0] != stories[-1]


def test_a_story_ends_with_the_window_after_its_last_report() -> None:
    title, lead = (
        "Stromboli volcano erupts again",
        "Stromboli threw lava over the Sciara del Fuoco, the observatory at Ginostra said",
    )
    state = StoryState(WINDOW)
    first, second, third = read(
        state, told(title, lead), told(title, lead, hours=20), told(title, lead, hours=20 + 72.1)
    )
    assert first.story_id == second.story_id
    assert third.is_new


def test_what_has_ended_is_forgotten_in_event_time_after_the_bound_for_latecomers() -> None:
    state = StoryState(WINDOW)
    read(state, told(FILLER[0]))
    hours = (WINDOW + LATENESS).total_seconds() / 3600
    read(state, told(FILLER[1], hours=hours - 0.1), first=1)
    assert state.story("s0000") is not None
    read(state, told(FILLER[2], hours=hours + 0.1), first=2)
    assert state.story("s0000") is None


def test_a_copy_makes_its_story_grow_without_being_judged() -> None:
    state = StoryState(WINDOW)
    read(state, told(FILLER[0]))
    grown = grown_story(
        state, told("Quite other words", hours=60), "s0000", FILLER[0], story_knowledge(), is_revision=False
    )
    apply_all(state, grown.changes)
    assert grown.story_id == "s0000"
    story = state.story("s0000")
    assert story is not None
    assert (story.articles, story.last_at) == (2, at(60))


def test_of_stories_that_fit_alike_the_earliest_is_joined_then_the_lesser_id() -> None:
    state = StoryState(WINDOW)
    begun = cluster(state, told("Volcano erupts on Stromboli", hours=2), "b", story_knowledge()).changes[0].value
    assert isinstance(begun, StoryMemory)
    later = msgspec.structs.replace(begun, story_id="a", last_at=begun.last_at)
    earlier = msgspec.structs.replace(begun, story_id="c", first_at=at(1))
    late = told("Volcano erupts on Stromboli", hours=3)
    for stories, expected in (((begun, later), "a"), ((later, begun), "a"), ((begun, later, earlier), "c")):
        state = StoryState(WINDOW)
        apply_all(state, [Change(STORY_STATE, story.story_id, story) for story in stories])
        assert cluster(state, late, "new", story_knowledge()).story_id == expected


def test_few_are_compared_however_many_share_a_word_and_records_stay_small() -> None:
    state = StoryState(WINDOW)
    read(state, *(told(f"Earthquake strikes place{number}", hours=number / 100) for number in range(300)))
    compared = clusters._compared(
        told("Earthquake strikes", hours=4), state.in_language("en").counts, story_knowledge()
    )
    assert 0 < len(state.in_language("en").candidates(compared, at(4))) <= CANDIDATES_AT_MOST
    long = read(StoryState(WINDOW), *(told(f"Fire in Surrey, report number{n}", f"word{n} " * 50) for n in range(40)))
    value = long[-1].changes[0].value
    assert isinstance(value, StoryMemory)
    assert len(members_of(value, story_knowledge().vectors)) <= MEMBERS_KEPT
    assert len(value.terms) <= 4 * TERMS_KEPT


def test_an_article_that_comes_late_joins_and_leaves_the_end_of_its_story() -> None:
    state = StoryState(WINDOW)
    title = "Volcano erupts on Stromboli"
    _, late = read(state, told(title, hours=5), told(title, hours=1))
    story = state.story(late.story_id)
    assert not late.is_new
    assert story is not None
    assert (story.first_at, story.last_at) == (at(1), at(5))


@pytest.mark.parametrize(
    ("language", "one", "rewritten", "other"),
    [
        (
            "ru",
            "В Стамбуле произошло землетрясение магнитудой 6,2",
            "Землетрясение магнитудой 6,2 произошло в Стамбуле, есть пострадавшие",
            "Парламент Грузии принял закон об иностранных агентах",
        ),
        (
            "es",
            "Un terremoto de magnitud 6,2 sacude Estambul",
            "Estambul, sacudida por un fuerte terremoto de magnitud 6,2",
            "El Congreso de Perú destituye a la presidenta Boluarte",
        ),
        ("zh", "伊斯坦布尔发生6.2级地震", "土耳其伊斯坦布尔发生6.2级地震", "秘鲁国会罢免总统博鲁阿尔特"),
        (
            "ar",
            "زلزال بقوة 6.2 يضرب إسطنبول",
            "زلزال بقوة 6.2 يضرب مدينة إسطنبول",
            "البرلمان في بيرو يعزل الرئيسة بولوارتي",
        ),
        ("th", "แผ่นดินไหวขนาด 6.2 ที่อิสตันบูล", "อิสตันบูลเกิดแผ่นดินไหวขนาด 6.2", "รัฐสภาเปรูถอดถอนประธานาธิบดี"),
        (
            "ka",
            "სტამბოლში მიწისძვრა მოხდა დღეს",
            "ძლიერი მიწისძვრა მოხდა სტამბოლში დღეს",
            "პერუს კონგრესმა პრეზიდენტი გადააყენა",
        ),
    ],
)
def test_stories_are_told_in_any_language(language: str, one: str, rewritten: str, other: str) -> None:
    first, second, third = stream(*(told(title, language=language) for title in (one, rewritten, other)))
    assert first == second != third


def test_words_are_as_rare_as_in_the_language_at_large() -> None:
    rarities = rarities_of("en", "zh")
    assert rarities.of("government", "en") < rarities.of("earthquak", "en") < rarities.of("stromboli", "en") == RAREST
    assert rarities.of("政府", "zh") < rarities.of("地震", "zh") < RAREST
    assert rarities.of("and", "xx") < rarities.of("earthquake", "xx")


def test_a_list_that_was_not_loaded_is_an_error_and_no_other_answer() -> None:
    with pytest.raises(LookupError, match="'en' were not loaded"):
        Rarities({}, {"en"}).of("government", "en")


TITLES = st.lists(
    st.tuples(st.sampled_from([*FILLER, "Fire in Surrey", "Fire in Surrey store", "Ferry sinks"]), st.integers(0, 200)),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(TITLES, st.randoms(use_true_random=False))
@pytest.mark.slow
def test_the_same_stream_gives_the_same_records_and_restored_state_goes_on_alike(
    titles: list[tuple[str, int]], shuffler: Random
) -> None:
    articles = [told(title, hours=hours) for title, hours in titles]
    half = len(articles) // 2
    state = StoryState(WINDOW)
    found = read(state, *articles[:half])
    restored = StoryState(WINDOW)
    shuffler.shuffle(held := [joined.story_id for joined in found])
    apply_all(restored, [Change(STORY_STATE, story_id, state.story(story_id)) for story_id in held])
    rest = read(state, *articles[half:], first=half)
    assert read(restored, *articles[half:], first=half) == rest
    assert read(StoryState(WINDOW), *articles) == found + rest


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(TITLES)
def test_undone_changes_leave_no_trace(titles: list[tuple[str, int]]) -> None:
    state = StoryState(WINDOW)
    articles = [told(title, hours=hours) for title, hours in titles]
    undo: list[list[Change]] = []
    seen = []
    for number, one in enumerate(articles):
        seen.append(answers_of(state, articles))
        undo.append(apply_all(state, cluster(state, one, f"s{number}", story_knowledge()).changes))
    while undo:
        apply_all(state, undo.pop())
        assert answers_of(state, articles) == seen.pop()


def answers_of(state: StoryState, articles: list[clusters.Arrival]) -> list[Joined]:
    return [cluster(state, one, "new", story_knowledge()) for one in articles]


@pytest.mark.parametrize(
    ("title", "marks"),
    [
        ("EU adopts 12th package of sanctions", ("package 12",)),
        ("Second round of talks begins", ("round 2",)),
        ("War in Ukraine: Day 45", ("day 45",)),
        ("Sales fall in May", ("month may",)),
        ("Fed may raise rates as workers march", ()),
        ("Bayern - Dortmund 1-2", ("score 1-2",)),
        ("For the first time in five years", ()),
        ("Flood kills 12 in Nepal", ()),
    ],
)
def test_marks_are_what_tells_one_of_a_row(title: str, marks: tuple[str, ...]) -> None:
    assert marks_of(title) == marks


def test_marks_conflict_only_under_one_key() -> None:
    assert conflicting(("package 13",), ("package 12", "day 4")) == ("package 13", "package 12")
    assert conflicting(("package 12", "package 13"), ("package 12",)) is None
    assert conflicting(("day 5",), ("package 12",)) is None


def test_order_alone_swaps_nobody() -> None:
    one = told("Russia, Ukraine resume talks").sketch.order
    assert not are_swapped(one, told("Ukraine, Russia resume talks").sketch.order)
    assert not are_swapped(
        told("Russia strikes Ukraine").sketch.order, told("Ukraine is struck by Russia").sketch.order
    )
