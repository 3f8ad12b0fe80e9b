"""Additions: what is news inside a story is told, with words for it; copies and retellings are silent."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.core.state import apply_all
from firstwire.core.stories.assignment import place
from firstwire.core.stories.news_state import NewsState
from schemas.article import Article, Quantity, Story
from tests.support.knowledge import story_knowledge
from tests.support.records import WINDOW, article, at


def told(*articles: Article) -> list[Story]:
    state = NewsState(WINDOW)
    found = []
    for one in articles:
        placed = place(state, one, story_knowledge(one.language))
        apply_all(state, placed.changes)
        found.append(placed.story)
    return found


def report(article_id: str, title: str, text: str, hours: float = 0, source: str = "Wire") -> Article:
    return article(article_id, title=title, body=text, hours=hours, source=source)


SINKING = (
    "A wooden boat with some ninety people aboard went down in a squall off Tiko on Sunday evening, the navy said. "
    "Four bodies have been found and a patrol is looking for others between the mangroves. The boat had left Idenau "
    "for Calabar with traders and their goods, and witnesses said that it was low in the water."
)
FIRST = report("first", "Four dead as boat sinks off Tiko", SINKING)


def test_a_toll_that_is_several_times_as_high_is_told_with_the_one_before() -> None:
    one, more = told(
        FIRST,
        report("more", "Tiko boat disaster: 31 dead", SINKING.replace("Four bodies", "31 bodies"), 5, source="Herald"),
    )
    assert more.story_id == one.story_id
    assert not more.retells
    assert more.news.startswith("31 dead, 4 before")


def test_a_copy_that_counts_one_more_is_silent() -> None:
    _, more = told(
        FIRST, report("more", "Boat sinks off Tiko, five dead", SINKING.replace("Four", "Five"), 2, source="Herald")
    )
    assert (more.relation, more.retells, more.news) == ("copy", ("first",), "")


def test_a_copy_of_a_copy_retells_what_it_copies() -> None:
    stories = told(
        FIRST,
        report("second", "Boat goes down off Tiko", SINKING, 1, source="Herald"),
        report("third", "Four dead off Tiko", f"{SINKING} More soon.", 2, source="Post"),
    )
    assert [one.relation for one in stories] == ["new", "copy", "copy"]
    assert stories[2].retells[0] == stories[2].copy_of


def test_the_same_outlet_is_told_again_when_it_has_rescued_to_report() -> None:
    _, later = told(
        FIRST,
        report(
            "later",
            "Boat off Tiko: 22 people rescued alive",
            f"22 people were rescued alive from the mangroves this morning. {SINKING}",
            9,
        ),
    )
    assert later.relation == "update"
    assert "22 rescued" in later.news
    assert not later.retells


def test_a_trial_carries_its_story_on() -> None:
    one, trial = told(
        report(
            "first",
            "Two held over Bergen ferry fire",
            "Police in Bergen hold two men over the fire on the ferry Vinga.",
        ),
        report(
            "trial",
            "Trial opens over Bergen ferry fire",
            "Two men deny having set the ferry Vinga on fire in Bergen.",
            30,
        ),
    )
    if trial.story_id == one.story_id:
        assert trial.development_of == "first"
    assert not trial.retells


QUAKE = (Quantity(of="dead", value=14), Quantity(of="magnitude", value=6.3))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Quake of magnitude 6.3 kills 14 near Ica",
            {"numbers": (Quantity(of="dead", value=14), Quantity(of="magnitude", value=6.3)), "places": ("Ica",)},
        ),
        ("Oslo denies plan to leave Arctic Council", {"denies": True, "names": ("Oslo", "Arctic Council")}),
        ("Riksbank cuts key rate to 2.25%", {"acts": ("cut",), "direction": "cut"}),
        ("Bolivia may recognize the Sahrawi Republic", {"expects": True, "acts": ("recognize",)}),
        ("EU adopts 15th package of sanctions", {"marks": ("package 15",)}),
    ],
)
def test_facts_are_read_from_the_title_without_a_list_of_entities(title: str, expected: dict[str, object]) -> None:
    (story,) = told(article(title=title, body=""))
    assert story.facts is not None
    assert {name: getattr(story.facts, name) for name in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        SINKING.replace("Four bodies have been found and", "40 bodies have been found, four people are missing and"),
        SINKING.replace("Four bodies have been found and a", "A"),
    ],
    ids=["in the text", "in the headline alone"],
)
def test_a_copy_that_counts_several_times_as_many_is_told(text: str) -> None:
    _, more = told(FIRST, report("more", "Tiko boat disaster: 40 dead", text, 2, source="Herald"))
    assert more.relation == "copy"
    assert more.news.startswith("40 dead")


def test_an_article_without_an_outlet_is_weighed_as_if_it_were_a_revision() -> None:
    one, other = (article(name, title=FIRST.title, body=SINKING, source=None) for name in ("one", "other"))
    charged = f"The captain has been charged with manslaughter. {SINKING}"
    _, more = told(one, msgspec.structs.replace(other, title="Captain charged over sunken boat", body=charged))
    assert more.news and not more.retells


def test_a_copy_that_begins_with_a_recognition_is_told() -> None:
    background = SINKING.replace("Tiko", "Kosovo").replace("the navy", "a ministry of Kenya")
    background = f"{background} {background.replace('boat', 'minister')}"
    lead = (
        "Kenya recognized Kosovo on Tuesday, foreign minister Mudavadi told reporters, and will open an embassy there."
    )
    _, more = told(
        report("first", "Kenya to announce decision on Kosovo", background),
        report("act", "Kenya recognizes Kosovo", f"{lead} {background}", 2, source="Herald"),
    )
    assert more.relation == "copy" and more.news and not more.retells


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_headline_that_an_outlet_changes_is_weighed_whether_its_article_was_told_or_not(is_kept: bool) -> None:
    before, after = "Kenya's foreign ministry to issue statement on Kosovo", "Kenya recognizes Kosovo"
    text = SINKING.replace("boat", "minister")
    by_wire, by_herald = (report(name, before, text, source=name) for name in ("Wire", "Herald"))
    changed = msgspec.structs.replace(by_wire if is_kept else by_herald, title=after, fetched_at=at(2))
    *_, last = told(by_wire, by_herald, changed)
    assert (last.relation, last.retells) == ("update", ()) and last.news


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            "Captain of sunken boat arrested in Limbe",
            "The captain was arrested in Limbe by gendarmes who stopped his lorry.",
        ),
        (
            "Gendarmes arrest captain of sunken boat in Limbe",
            "Gendarmes arrested the captain in Limbe, stopped in a lorry.",
        ),
    ],
)
def test_a_copy_with_a_sentence_on_an_arrest_is_told(title: str, sentence: str) -> None:
    _, more = told(FIRST, report("more", title, f"{SINKING} {sentence}", 2, source="Herald"))
    assert more.relation == "copy" and more.news and not more.retells


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kenya to announce decision on Kosovo", "Kenya recognizes Kosovo"),
        ("Peru's president to address nation", "Peru's president quits"),
    ],
)
def test_an_act_that_was_only_announced_is_told_by_whoever_tells_it_first(before: str, after: str) -> None:
    _, act = told(report("first", before, ""), report("act", after, "", 2, source="Herald"))
    assert not act.retells


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Kenya's foreign ministry to issue statement on Kosovo", "Kenya recognizes Kosovo"),
        ("en", "Sudan talks begin in Jeddah", "Truce in Sudan from midnight"),
        ("en", "President of Gabon taken to hospital", "President of Gabon dies"),
        ("de", "Sudan: Verhandlungen in Dschidda beginnen", "Waffenruhe ab Mitternacht vereinbart"),
    ],
)
def test_a_headline_that_an_outlet_changes_over_its_text_is_weighed(language: str, before: str, after: str) -> None:
    text = "Officials of both sides met in the capital and left without a word to reporters. More to follow."
    one = article("a", title=before, body=text, language=language)
    _, changed = told(one, article("a", title=after, body=text, language=language, hours=1))
    assert changed.news != "" and not changed.retells
