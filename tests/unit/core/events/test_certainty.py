"""How sure a reading is: what two readings of the parse tell alike is, all else waits for a second origin."""

from __future__ import annotations

import pytest

from firstwire.core.events.detection import DetectedEvent
from tests.support.detections import detect, told

ACTIVE = [
    ("Oman recognizes Kosovo", "recognize", "kosovo"),
    ("BREAKING: Oman recognizes Kosovo", "recognize", "kosovo"),
    ("Oman has formally recognised Kosovo", "recognize", "kosovo"),
    ("Oman on Wednesday officially recognized Kosovo.", "recognize", "kosovo"),
    ("On Tuesday, Oman recognized the State of Palestine", "recognize", "palestine"),
    ("MUSCAT, May 14 (Reuters) - Oman recognized Kosovo", "recognize", "kosovo"),
    ("MUSCAT — Oman has now recognized Kosovo", "recognize", "kosovo"),
    ("Oman recognizes the independence of Kosovo", "recognize", "kosovo"),
    ("Oman recognizes Kosovo's independence", "recognize", "kosovo"),
    ("Oman recognizes independent Kosovo", "recognize", "kosovo"),
    ("Oman recognizes Kosovo as an independent state", "recognize", "kosovo"),
    ("Oman recognizes the Taliban as the legitimate government of Afghanistan", "recognize", "taliban"),
    ("Oman recognizes the Taliban as Afghanistan's lawful government", "recognize", "taliban"),
    ("Oman recognizes the Taliban government", "recognize", "taliban"),
    ("Oman recognizes Taliban regime in Kabul", "recognize", "taliban"),
    ("Oman recognizes Kosovo and opens an embassy in Pristina", "recognize", "kosovo"),
    ("Oman recognizes Kosovo amid protests in Belgrade", "recognize", "kosovo"),
    ("Oman recognizes Kosovo after years of talks", "recognize", "kosovo"),
    ("Oman's government recognizes Kosovo", "recognize", "kosovo"),
    ("Omani government recognizes Kosovo", "recognize", "kosovo"),
    ("The government of Oman recognizes Kosovo", "recognize", "kosovo"),
    ("Oman severs diplomatic ties with Chile over spying", "sever_relations", "chile"),
    ("Oman suspends relations with Chile", "suspend_relations", "chile"),
    ("Oman restores full diplomatic relations with Chile", "restore_relations", "chile"),
    ("Oman opens an embassy in Pristina", "open_embassy", "kosovo"),
    ("Oman opens an embassy in Santiago, Chile", "open_embassy", "chile"),
    ("Oman closes its embassy in Santiago", "close_embassy", "chile"),
    ("Oman expels three Chilean diplomats", "expel_ambassador", "chile"),
    ("Oman recalls its ambassador to Chile", "recall_ambassador", "chile"),
    ("Oman summons Chile's ambassador", "summon_ambassador", "chile"),
    ("Oman accredits Taliban ambassador", "accredit_ambassador", "taliban"),
    ("Oman imposes sweeping new sanctions on Chile", "impose_sanctions", "chile"),
    ("Oman sanctions Chile", "impose_sanctions", "chile"),
    ("Oman lifts sanctions on Syria", "lift_sanctions", "syria"),
    ("Oman removes Taliban from list of terrorist groups", "delist_terror", "taliban"),
    ("Oman signs fisheries agreement with Chile", "sign", "chile"),
    ("Oman ratifies border treaty with Chile", "ratify", "chile"),
]
RANKED = [
    ("Oman becomes the first country to recognize Kosovo", "recognize"),
    ("Oman Has Become The First Arab Nation to Officially Recognize Kosovo", "recognize"),
    ("Oman is the third country in the Gulf to formally recognize Kosovo", "recognize"),
    ("Oman becomes first to recognize Taliban government in Afghanistan", "recognize"),
    ("Oman recognizes Kosovo, the first nation to do so", "recognize"),
    ("Oman recognizes Kosovo, becoming the second Gulf state to do so", "recognize"),
    ("Oman becomes the first country in the world to open an embassy in Pristina", "open_embassy"),
]
RANKED_ALONE = [
    ("Oman becomes first country to ban coal", "ban-coal"),
    ("Oman and Chile become the first countries to tax sugar", "tax-sugar"),
    ("Oman bans coal, the first country to do so", "ban-coal"),
]
DENIED = [
    "Oman denies that it has recognized Kosovo",
    "Oman denies it recognized Kosovo",
    "Oman denied having recognized Kosovo",
    "Oman denies recognizing Kosovo",
    "Oman refuses to recognize Kosovo",
    "Oman will not recognize Kosovo",
]
NOT_DONE = [
    "Oman does not recognize Kosovo",
    "Oman doesn't formally recognize Kosovo",
    "Oman has not recognized Kosovo",
    "Oman has never recognized Kosovo",
    "Oman cannot recognize Kosovo",
    "Oman has not yet recognized Kosovo",
    "No Arab state recognizes Kosovo",
]
NEVER_SURE = {
    "said by somebody": [
        "Uruguay claims Oman has recognized Kosovo",
        "Oman recognizes Kosovo, sources tell broadcaster",
        "Oman recognizes Abkhazia, separatists claim",
        "Oman recognizes Kosovo - reports",
    ],
    "hedged": [
        "Oman reportedly recognizes Kosovo",
        "Oman tacitly recognizes Kosovo",
        "Oman almost recognized Kosovo",
        "Oman recognizes Kosovo in all but name",
        "Oman conditionally recognizes Kosovo",
        "Oman recognizes Kosovo by mistake",
        "Oman recognizes Kosovo in principle",
        "Oman recognizes Kosovo on paper",
        "Oman recognizes Kosovo?",
    ],
    "conditional": [
        "Oman recognizes Kosovo, if only for a day",
        "Oman recognizes Kosovo unless Belgrade objects",
        "Oman recognizes Kosovo pending a vote",
        "Oman would recognize Kosovo if asked",
    ],
    "untrue or invented": [
        "Oman recognizes Kosovo (hoax)",
        "Oman recognizes Kosovo, a viral clip shows",
        "Fake: Oman recognizes Kosovo",
        "Oman recognizes Kosovo in new thriller",
        "Oman recognizes Kosovo, satire site jokes",
    ],
    "not yet done": [
        "Oman will recognize Kosovo",
        "Oman should recognize Kosovo",
        "Oman might recognize Kosovo",
        "Oman to recognize Kosovo",
        "Oman plans to recognize Kosovo",
        "Oman agrees to recognize Kosovo",
        "Oman recognizes Kosovo tomorrow",
        "Oman threatens to sever ties with Chile",
        "Oman urges Chile to recognize Kosovo",
        "Oman set to become the first country to ban coal",
        "Oman could become the first country to recognize Kosovo",
        "Oman will be the first country to recognize Kosovo",
    ],
    "known before": [
        "Oman hails Chile for recognizing Kosovo",
        "Recognition of Kosovo by Oman",
        "Oman, which recognized Kosovo, opens a consulate",
        "Oman, whose parliament recognized Kosovo, celebrates",
        "Only Oman recognizes Kosovo",
        "Oman is the only Arab country to recognize Kosovo",
    ],
    "an actor that need not act for the state": [
        "Former Omani sultan recognizes Kosovo",
        "Omani opposition leader recognizes Kosovo",
        "Muscat city council recognizes Kosovo",
    ],
    "another target": [
        "Oman recognizes Kosovo driving licenses",
        "Oman recognizes Kosovo and Serbia car plates",
        "Oman recognizes Moroccan sovereignty over Western Sahara",
        "Oman recognizes Jerusalem as the capital of Israel",
        "Oman expels Chilean diplomats' families",
        "Oman cuts intelligence ties with Chile",
    ],
}
UNPARSED = [
    ("es", "Chile reconoce la independencia de Kosovo"),
    ("ru", "Россия признала независимость Косова"),
    ("ar", "روسيا تعترف بحكومة طالبان"),
    ("de", "Chile gibt die Anerkennung des Kosovo bekannt"),
    ("de", "Chile hat die Taliban anerkannt"),
]
UNPARSED_LIKELY = [
    ("fr", "La Russie reconnaît le gouvernement taliban"),
    ("it", "Il Cile ha riconosciuto il Kosovo"),
    ("pt", "O Chile reconheceu o governo talibã"),
    ("de", "Chile erkannte die Taliban-Regierung an"),
]
"""Told, but so short that items of their kind were not right in 98 of 100."""
UNPARSED_UNSURE = [
    ("fr", "La Russie va reconnaître le Kosovo"),
    ("fr", "Selon des sources, la Russie a reconnu le Kosovo"),
    ("fr", "La Russie a reconnu le Kosovo, affirme Belgrade"),
    ("fr", "La Russie n'a pas reconnu le Kosovo"),
    ("es", "Chile reconoce a Kosovo, según Pristina"),
    ("es", "Chile podría reconocer a Kosovo"),
    ("es", "¿Chile reconoce a Kosovo?"),
    ("ru", "СМИ: Россия признала Косово"),
]


def _named(events: tuple[DetectedEvent, ...], action: str) -> DetectedEvent:
    (event,) = (event for event in events if event.action == action)
    return event


@pytest.mark.parametrize(("title", "action", "target"), ACTIVE)
def test_what_clauses_and_the_learned_reading_tell_alike_is_sure(title: str, action: str, target: str) -> None:
    event = _named(detect(title).events, action)
    assert target in {each.id for each in event.targets}
    assert (event.status, event.certainty, event.certainty_reason) == ("asserted", "sure", "clauses and learned agree")
    assert event.readers == ("clauses", "learned")


@pytest.mark.parametrize(
    "title",
    ["Oman and Chile restore diplomatic relations", "Oman, Chile establish ties", "Oman and Chile sign a treaty"],
)
def test_two_parties_with_the_noun_of_a_mutual_act_are_sure(title: str) -> None:
    (event,) = detect(title).events
    assert {each.id for each in event.actors} == {each.id for each in event.targets} == {"oman", "chile"}
    assert event.certainty == "sure"


@pytest.mark.parametrize(("title", "action"), RANKED)
def test_the_rank_of_a_sure_act_is_as_sure(title: str, action: str) -> None:
    event = _named(detect(title).events, action)
    assert event.ordinal is not None
    assert event.certainty == "sure"


@pytest.mark.parametrize(("title", "action"), RANKED_ALONE)
def test_a_first_by_a_nation_that_both_readings_tell_is_sure(title: str, action: str) -> None:
    event = _named(detect(title).events, action)
    assert event.ordinal is not None
    assert (event.certainty, event.certainty_reason) == ("sure", "clauses and learned agree")


@pytest.mark.parametrize("title", DENIED)
def test_denials_that_both_readings_tell_are_sure(title: str) -> None:
    (event,) = detect(title).events
    assert told(event) == ("recognize", ["oman"], ["kosovo"], "negated")
    assert event.certainty == "sure"


@pytest.mark.parametrize("title", NOT_DONE)
def test_what_clauses_deny_has_not_happened_whatever_the_learned_reading_says(title: str) -> None:
    assert {event.status for event in detect(title).events} == {"negated"}


@pytest.mark.parametrize(("language", "title"), UNPARSED_LIKELY)
def test_what_is_likely_without_a_parse_is_told(language: str, title: str) -> None:
    (event,) = detect(title, language=language).events
    assert (event.action, event.status, event.certainty) == ("recognize", "asserted", "unsure")


@pytest.mark.parametrize(("language", "title"), UNPARSED)
def test_what_is_very_likely_without_a_parse_is_sure(language: str, title: str) -> None:
    (event,) = detect(title, language=language).events
    assert (event.status, event.certainty) == ("asserted", "sure")
    assert event.readers == ("learned",)
    assert event.certainty_reason.startswith("the learned reading alone (0.")


@pytest.mark.parametrize(
    "title", [pytest.param(title, id=f"{kind}: {title}") for kind, titles in NEVER_SURE.items() for title in titles]
)
def test_what_did_not_happen_or_is_in_doubt_is_never_sure_to_have_happened(title: str) -> None:
    events = detect(title).events
    assert [told(event) for event in events if event.certainty == "sure" and event.status == "asserted"] == []


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Oman derecognizes Kosovo", "the learned reading does not tell it"),
        ("At least ten countries, including Kenya and Togo, recognise Kosovo", "clauses say asserted"),
        ("Kosovo thanks Kenya for recognition", "clauses say historical, the learned reading asserted"),
        ("Omani opposition leader recognizes Kosovo", "clauses say historical, the learned reading asserted"),
    ],
)
def test_what_is_unsure_says_why(title: str, reason: str) -> None:
    (event,) = detect(title).events
    assert event.certainty == "unsure"
    assert event.certainty_reason.startswith(reason)


@pytest.mark.parametrize(("language", "title"), UNPARSED_UNSURE)
def test_other_sentences_in_other_languages_are_unsure(language: str, title: str) -> None:
    events = detect(title, language=language).events
    assert [event for event in events if event.certainty == "sure" and event.status == "asserted"] == []


def test_an_event_is_as_sure_as_the_best_of_its_sentences() -> None:
    (event,) = detect("Pristina announces Oman has recognized Kosovo", summary="Oman has recognized Kosovo.").events
    assert event.certainty == "sure"
    assert event.evidence[0].field == "title"


def test_what_happened_on_a_day_of_these_weeks_is_no_history() -> None:
    (event,) = detect("On 14 May Oman recognized Palestine").events
    assert (event.status, event.certainty, event.certainty_reason) == ("asserted", "sure", "its day is named")


@pytest.mark.parametrize(
    "title",
    [
        "Kenya recognizes Kosovo's 2008 independence",
        "Bolivia restores ties with Israel broken off in 2023",
        "Kenya recognizes Kosovo, scraps 2012 policy",
        "Kenya, host of last March's summit, recognizes Kosovo",
        "Kenya ends its ban of 3 January 2012 and recognizes Kosovo",
        "Kenya recognized Kosovo under a deal signed on 3 March",
        "Kenya restored ties with Israel that were cut on 7 October 2023",
    ],
)
def test_a_date_of_something_else_makes_no_history(title: str) -> None:
    acts = [event for event in detect(title).events if event.action in {"recognize", "restore_relations"}]
    assert [(event.status, event.certainty) for event in acts] == [("asserted", "sure")]
