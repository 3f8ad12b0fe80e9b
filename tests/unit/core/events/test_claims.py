"""Claims of rank by anybody: people, firms and towns that no list knows, the sentence before, and what is no claim."""

from __future__ import annotations

import pytest

from firstwire.core.events.detection import DetectedEvent
from tests.support.detections import detect


def claims(text: str) -> list[DetectedEvent]:
    return [event for event in detect(text).events if event.ordinal is not None]


@pytest.mark.parametrize(
    ("text", "actor", "kind", "action"),
    [
        ("Ada Moss becomes the first woman to lead the bank.", "ada-moss", "person", "lead-bank"),
        ("Kenya's Ada Moss becomes the first man to row the lake.", "ada-moss", "person", "row-lake"),
        ("Pilot Ada Moss, 31, is the first woman to fly it.", "ada-moss", "person", "fly-it"),
        ("Ada Moss Becomes First Woman To Lead Bank", "ada-moss", "person", "lead-bank"),
        ("Mossco becomes the first airline to serve algae.", "mossco", "organization", "serve-algae"),
        ("The city of Mosston becomes the first in Kenya to ban cars.", "mosston", "subnational", "ban-cars"),
        ("Mosston bans cars, becoming the first town to do so.", "mosston", "subnational", "bans-cars"),
        ("Moss II becomes the first probe to reach the moon.", "moss-ii", "other", "reach-moon"),
        ("The court convicted Ada Moss, making her the first woman to be jailed.", "ada-moss", "person", "be-jailed"),
        ("Ada Moss defeats Ira Hull to become the first woman to lead it.", "ada-moss", "person", "lead-it"),
        ("Ada Moss is sworn in as the first female governor.", "ada-moss", "person", "become-female-governor"),
        ("The club elects Ada Moss as its first female leader.", "ada-moss", "person", "become-female-leader"),
        ("Judge Ada Moss took the oath. She is the first woman to sit there.", "ada-moss", "person", "sit"),
        ("Ada Moss was convicted, the first person to be tried.", "ada-moss", "person", "be-tried"),
    ],
)
def test_whoever_no_list_knows_is_ranked_by_name(text: str, actor: str, kind: str, action: str) -> None:
    (event,) = claims(text)
    assert [(each.id, each.kind) for each in event.actors] == [(actor, kind)]
    assert (event.action.replace("bans", "ban"), event.ordinal) == (action.replace("bans", "ban"), 1)
    assert (event.claims_first, event.status) == (True, "asserted")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ada Moss will be the first woman to lead it.", "planned"),
        ("Ada Moss is nominated as the first female governor.", "planned"),
        ("Mossco announces plans to become the first firm to do it.", "planned"),
        ("Ada Moss could become the first woman to lead it.", "conditional"),
        ("Ada Moss is in danger of becoming the first mayor to lose it.", "conditional"),
        ("Ada Moss may become the first woman to lead it.", "unconfirmed"),
        ("Ada Moss, the first woman to lead the bank, has died.", "historical"),
        ("The first woman to lead the bank, Ada Moss, has died.", "historical"),
        ("Ada Moss would have been the first woman to lead it.", "negated"),
    ],
)
def test_how_surely_somebody_is_ranked(text: str, status: str) -> None:
    assert [event.status for event in claims(text)] == [status]


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [
        ("Kenya joins NATO as its 33rd member.", 33),
        ("Kenya is admitted to NATO as its 33rd member.", 33),
        ("Kenya is admitted as the 33rd member of NATO.", 33),
        ("Kenya is to become the seventeenth member of the euro.", 17),
    ],
)
def test_a_member_is_counted(text: str, ordinal: int) -> None:
    (event,) = claims(text)
    assert (event.action, event.actors[0].id, event.ordinal) == ("join", "kenya", ordinal)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Kenya bans cars, becoming the first country to do so.", "ban-cars"),
        ("Kenya becomes the first carbon neutral country.", "become-carbon-neutral-country"),
        ("Kenya becomes the first non-EU country to ban cars.", "ban-cars"),
        ("Kenyan President Ira Hull becomes the first African leader to visit Oslo.", "visit-oslo"),
        ("Ira Hull, the President of Kenya, becomes the first head of state to visit Oslo.", "visit-oslo"),
    ],
)
def test_a_nation_is_first_by_itself_or_by_who_acts_for_it(text: str, action: str) -> None:
    (event,) = claims(text)
    assert event.action == action
    assert "kenya" in {actor.id for actor in event.actors}


@pytest.mark.parametrize(
    "text",
    [
        "Kenya's Ada Moss becomes the first woman to climb it.",
        "Kenya elects Ada Moss, the first woman to lead it.",
        "Ada Moss is sworn in as Kenya's first female president.",
        "Kenya hands over Ada Moss, the first suspect to be tried.",
        "The Kenyan town of Mosston becomes the first to ban cars.",
    ],
)
def test_a_person_or_town_that_no_list_knows_never_makes_a_nation_the_first(text: str) -> None:
    assert not {actor.kind for event in claims(text) for actor in event.actors} & {"nation"}


@pytest.mark.parametrize(
    "text",
    [
        "Ada Moss wins her first title.",
        "A second suspect, Ada Moss, was arrested.",
        "Ada Moss becomes the 45th president.",
        "Mosston is the second largest city in Kenya.",
        "Storm Ada becomes the first hurricane to form in May.",
        "Moss only wanted to lead the bank.",
        "Ada Moss invoked the Second Amendment to keep it.",
        "Two men were the first to arrive, Ada Moss said.",
        "Researchers become the first to film it.",
        "The deal is the first step to peace.",
        "Mosston becomes the latest town to ban cars.",
        "First Minister Ada Moss becomes a member of it.",
    ],
)
def test_what_is_counted_and_not_ranked_is_no_claim(text: str) -> None:
    assert claims(text) == []


def test_names_that_no_list_knows_leave_acts_between_states_alone() -> None:
    (event,) = detect("Ada Moss said Kenya becomes the first country to recognise Kosovo.").events
    assert [actor.id for actor in event.actors] == ["kenya"]
    assert (event.action, event.ordinal) == ("recognize", 1)


def test_evidence_names_whoever_is_ranked() -> None:
    (event,) = claims("Ada Moss becomes the first woman to lead the bank.")
    assert event.evidence[0].text == "Ada Moss"


def test_two_claims_of_names_that_no_list_knows_rank_one_act_by_words_of_its_own_sentence() -> None:
    text = (
        "Jane Doe wins the Silver Compass Prize for her novel Counting the Lanterns of Winter Bay, becoming the first"
        " British author to win the award twice, and the first woman to do so."
    )
    for event in detect("Novel wins", body=text).events:
        for span in event.evidence:
            assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "text",
    [
        "Kenya becomes the first country to tax robots",
        "Kenya first in Africa to tax robots",
        "Kenya bans robots, the first African country to do so",
        "The law makes Kenya the first country to tax robots",
    ],
)
def test_a_nation_s_first_by_clauses_and_the_learned_reading_is_sure(text: str) -> None:
    (event,) = claims(text)
    assert (event.certainty, event.certainty_reason) == ("sure", "clauses and learned agree")
    assert [actor.id for actor in event.actors] == ["kenya"]
    assert event.readers == ("clauses", "learned")


@pytest.mark.parametrize(
    ("text", "actor", "scope"),
    [
        ("No country had taxed robots until Kenya did so on Wednesday", "kenya", None),
        ("Kenya bans coal ahead of every other African Union member", "kenya", "African Union"),
    ],
)
def test_a_first_is_told_without_the_word(text: str, actor: str, scope: str | None) -> None:
    (event,) = [each for each in claims(text) if each.claims_first]
    assert [each.id for each in event.actors] == [actor]
    assert (event.ordinal, event.ordinal_scope, event.ordinal_kind) == (1, scope, "nation")
    assert event.readers == ("learned",)


def test_one_act_has_the_first_of_its_ranks() -> None:
    (event,) = [
        each
        for each in claims("Kenya becomes 41st country, and first in West Africa, to ban coal")
        if each.claims_first
    ]
    assert (event.ordinal, event.ordinal_scope) == (1, "in West Africa")


@pytest.mark.parametrize(
    "text",
    [
        "Kenyan bank becomes first in Africa to tax robots",
        "Ada Moss, a Kenyan surgeon, becomes first in the world to do it",
        "The Nairobi city council bans cars, a first in Africa",
        "Kenya passes budget law, its first since 1990",
    ],
)
def test_what_is_in_a_nation_is_not_the_nation(text: str) -> None:
    assert not [
        event
        for event in claims(text)
        if event.claims_first and event.status == "asserted" and event.actors[0].id == "kenya"
    ]


def first_nations(text: str) -> list[str]:
    return [
        each.id
        for event in claims(text)
        if event.claims_first and event.status == "asserted"
        for each in event.actors
        if each.kind == "nation"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Nairobi is the first African capital to recognize Kosovo",
        "The WHO certifies Kenya as East Africa's first nation free of measles",
        "Polio wiped out in Kenya, a first for Africa",
        "Parliament's final vote makes Kenya the first country to ban diesel",
        "Kenya raids gold traders, the first African country to do so",
    ],
)
def test_a_nation_is_first_by_its_capital_or_beside_another_name(text: str) -> None:
    assert first_nations(text) == ["kenya"]


def test_a_country_that_no_list_has_may_be_first() -> None:
    (event,) = claims("Mossland becomes the first country to ban cars.")
    assert [(each.id, each.kind) for each in event.actors] == [("mossland", "nation")]
    assert event.certainty == "unsure"


@pytest.mark.parametrize(
    "text",
    [
        "Nairobi becomes the first African capital to ban cars from its center",
        "Nairobi becomes the first capital to close its river to boats",
        "The WHO becomes the first agency to ban plastic bags",
        "Ada Moss becomes the first to abolish paper money",
        "Mosston in Kenya becomes the first city in Africa to abolish cars",
        "Kenya becomes the first African country to win gold",
        "Kenya becomes the first African country to win the final",
    ],
)
def test_a_town_a_body_a_person_or_a_team_is_no_first_nation(text: str) -> None:
    assert first_nations(text) == []
