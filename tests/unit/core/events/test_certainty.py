"""How sure a reading is: plain forms count alone, all others wait for a second origin."""

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
    ("On 14 May Oman recognized Palestine", "recognize", "palestine"),
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
    ("Oman derecognizes Kosovo", "withdraw_recognition", "kosovo"),
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
    ("Oman becomes first country to ban coal", "ban-coal"),
    ("Oman and Chile become the first countries to tax sugar", "tax-sugar"),
]
DENIED = [
    "Oman does not recognize Kosovo",
    "Oman doesn't formally recognize Kosovo",
    "Oman has not recognized Kosovo",
    "Oman has never recognized Kosovo",
    "Oman never recognized Kosovo",
    "Oman denies that it has recognized Kosovo",
    "Oman denies it recognized Kosovo",
    "Oman denied having recognized Kosovo",
    "Oman denies recognizing Kosovo",
]
FOREIGN = [
    ("fr", "Oman a officiellement reconnu le Kosovo"),
    ("fr", "La Russie reconnaît le gouvernement taliban"),
    ("es", "Chile reconoce la independencia de Kosovo"),
    ("it", "Il Cile ha riconosciuto il Kosovo"),
    ("pt", "O Chile reconheceu o governo talibã no Afeganistão"),
    ("de", "Chile hat die Taliban anerkannt"),
    ("de", "Chile erkannte die Taliban-Regierung an"),
    ("ru", "Россия официально признала независимость Косова"),
    ("ar", "روسيا تعترف بحكومة طالبان"),
]
UNSURE = {
    "said by somebody": [
        ("Uruguay says Oman recognizes Kosovo", "governed by 'says'"),
        ("Uruguay claims Oman has recognized Kosovo", "governed by 'claims'"),
        ("Oman recognizes Kosovo, says its foreign minister", "reported with 'says'"),
        ("Oman recognized Kosovo on Monday, its foreign ministry said", "reported with 'said'"),
        ("Oman recognizes Kosovo, according to Pristina", "reported with 'according'"),
        ("Oman recognizes Kosovo, sources tell broadcaster", "reported with 'sources'"),
        ("Oman recognizes Abkhazia, separatists claim", "reported with 'claim'"),
        ("Pristina announces Oman has recognized Kosovo", "governed by 'announces'"),
        ("Oman recognizes Kosovo: ministry", "a colon after it"),
        ("Oman recognizes Kosovo - reports", "reported with 'reports'"),
        ("Oman recognizes Kosovo, officials", "reported with 'officials'"),
        ("“Oman recognizes Kosovo”", "in quotation marks"),
        ("Oman “recognizes” Kosovo", "in quotation marks"),
    ],
    "hedged": [
        ("Oman reportedly recognizes Kosovo", "its status is unconfirmed"),
        ("Oman tacitly recognizes Kosovo", "hedged by 'tacitly'"),
        ("Oman almost recognized Kosovo", "hedged by 'almost'"),
        ("Oman recognizes Kosovo in all but name", "a near miss: 'all but'"),
        ("Oman conditionally recognizes Kosovo", "hedged by 'conditionally'"),
        ("Oman recognizes Kosovo by mistake", "hedged by 'mistake'"),
        ("Oman recognizes Kosovo in principle", "hedged by 'principle'"),
        ("Oman recognizes Kosovo on paper", "a near miss: 'on paper'"),
        ("Oman recognizes Kosovo?", "its status is unconfirmed"),
    ],
    "conditional": [
        ("Oman recognizes Kosovo, if only for a day", "a condition: 'if'"),
        ("Oman recognizes Kosovo unless Belgrade objects", "a condition: 'unless'"),
        ("Oman recognizes Kosovo pending a vote", "a condition: 'pending'"),
        ("Oman would recognize Kosovo if asked", "its status is conditional"),
    ],
    "untrue or invented": [
        ("Oman recognizes Kosovo (hoax)", "perhaps untrue: 'hoax'"),
        ("Oman recognizes Kosovo, a viral clip shows", "perhaps untrue: 'viral'"),
        ("Fake: Oman recognizes Kosovo", "its status is unconfirmed"),
        ("Oman recognizes Kosovo in new thriller", "perhaps invented: 'thriller'"),
        ("Oman recognizes Kosovo, satire site jokes", "perhaps untrue: 'satire'"),
        ("Oman recognizes Kosovo but reverses itself", "perhaps taken back: 'reverses'"),
    ],
    "governed": [
        ("Oman will recognize Kosovo", "its status is planned"),
        ("Oman recognizes Kosovo, could open an embassy", "a modal: 'could'"),
        ("Oman should recognize Kosovo", "its status is demanded"),
        ("Oman might recognize Kosovo", "its status is unconfirmed"),
        ("Oman to recognize Kosovo", "its status is planned"),
        ("Oman plans to recognize Kosovo", "its status is planned"),
        ("Oman agrees to recognize Kosovo", "its status is planned"),
        ("Oman decides to recognize Kosovo", "governed by 'decides'"),
        ("Oman votes to recognize Kosovo", "governed by 'votes'"),
        ("Oman signs decree recognizing Kosovo", "governed by 'signs'"),
        ("Oman joins Chile in recognizing Kosovo", "governed by 'joins'"),
        ("Oman grants recognition to Kosovo", "governed by 'grants'"),
        ("Oman threatens to sever ties with Chile", "its status is conditional"),
        ("Oman urges Chile to recognize Kosovo", "its status is demanded"),
        ("Oman hails Chile for recognizing Kosovo", "its status is historical"),
    ],
    "perhaps on another day": [
        ("Oman recognizes Kosovo tomorrow", "still ahead: 'tomorrow'"),
        ("Oman recognizes Kosovo in September", "of another day: 'in september'"),
        ("Oman recognizes Kosovo by 2035", "of another day: 'by 2035'"),
        ("Oman recognizes Kosovo since 2010", "of another day: 'since 2010'"),
        ("Video: Oman recognizes Kosovo (2012)", "of another year"),
    ],
    "another denial than the plain ones": [
        ("Oman will not recognize Kosovo", "a modal: 'will'"),
        ("Oman refuses to recognize Kosovo", "a negation: 'refuses'"),
        ("Oman has not yet recognized Kosovo", "a negation: 'not'"),
        ("Oman did not just recognize Kosovo", "a negation: 'not'"),
        ("Oman cannot recognize Kosovo", "a modal: 'cannot'"),
        ("Oman rejects claim that it recognized Kosovo", "governed by 'claim'"),
        ("Belgrade denies that Oman has recognized Kosovo", "governed by 'denies'"),
        ("No Arab state recognizes Kosovo", "a negation: 'no'"),
        ("Oman no longer recognizes Kosovo", "a negation: 'no'"),
    ],
    "passive or noun": [
        ("Kosovo was recognized by Oman", "governed by 'was'"),
        ("Kosovo recognized by Oman", "the target is not directly after the verb, but 'by'"),
        ("Kosovo wins recognition from Oman", "governed by 'wins'"),
        ("Recognition of Kosovo by Oman", "its status is historical"),
        ("Sanctions on Iran were lifted by Oman", "it begins with 'sanctions', not with a listed actor"),
        ("Ties between Oman and Iran were severed", "it begins with 'ties', not with a listed actor"),
        ("Taliban ambassador presents credentials to Omani sultan", "the subject is the target"),
    ],
    "in a relative clause": [
        ("Oman, which recognized Kosovo, opens a consulate", "its status is historical"),
        ("Oman, whose parliament recognized Kosovo, celebrates", "its status is historical"),
    ],
    "another beginning": [
        ("After talks in Doha, Oman recognizes Kosovo", "it begins with 'after', not with a listed actor"),
        ("In a surprise, Oman recognizes Kosovo", "it begins with 'in', not with a listed actor"),
        ("Only Oman recognizes Kosovo", "it begins with 'only', not with a listed actor"),
        ("Kosovo: Oman recognizes Kosovo", "governed by ':'"),
        ("Several states including Oman recognize Kosovo", "it begins with 'several', not with a listed actor"),
    ],
    "an actor that need not act for the state": [
        ("Former Omani sultan recognizes Kosovo", "it begins with 'former', not with a listed actor"),
        ("President Putin recognizes Abkhazia", "it begins with 'president', not with a listed actor"),
        ("Omani opposition leader recognizes Kosovo", "'opposition' follows Omani"),
        ("Omani parliament recognizes Kosovo", "'parliament' follows Omani"),
        ("Omani foreign minister recognizes Kosovo", "'foreign' follows Omani"),
        ("Oman's envoy recognizes Kosovo", "''s' follows Oman"),
        ("Muscat city council recognizes Kosovo", "governed by 'city'"),
        ("Oman and rebels recognize Kosovo", "governed by 'and'"),
    ],
    "another target": [
        ("Oman recognizes Kosovo driving licenses", "'driving' follows Kosovo"),
        ("Oman recognizes Kosovo and Serbia car plates", "a name that may be no target is joined to Kosovo"),
        ("Oman sanctions Taiwan, U.S. politicians", "a name that may be no target is joined to Taiwan"),
        ("Oman recognizes Moroccan sovereignty over Western Sahara", "'sovereignty' follows Moroccan"),
        ("Oman recognizes breakaway Abkhazia", "the target is not directly after the verb, but 'breakaway'"),
        ("Oman recognizes Jerusalem as the capital of Israel", "Jerusalem is no state or government"),
        (
            "Oman recognizes opposition leader Juan Perez as interim president of Chile",
            "the target is not directly after the verb, but 'opposition'",
        ),
        ("Oman ends links with Chile", "'links' of another kind"),
        ("Oman cuts intelligence ties with Chile", "'ties' of another kind"),
        ("Oman imposes sanctions on Chilean banks", "'banks' follows Chilean"),
        ("Oman sanctions Chilean minister", "'minister' follows Chilean"),
        ("Oman expels Chilean diplomats' families", "the object is not directly after the verb"),
        ("Oman opens embassy in Pristina suburb", "'suburb' follows Pristina"),
    ],
    "another rank": [
        ("Oman becomes the latest country to recognize Kosovo", "governed by 'becomes'"),
        ("Oman becomes one of the first countries to recognize Kosovo", "its status is historical"),
        ("Oman is the only Arab country to recognize Kosovo", "its status is historical"),
        ("Oman could become the first country to recognize Kosovo", "its status is conditional"),
        ("Oman will be the first country to recognize Kosovo", "its status is planned"),
        ("Oman recognizes Kosovo, making it the first Gulf state to do so", "the rank is stated in another form"),
        ("Oman set to become the first country to ban coal", "its status is planned"),
        ("Oman bans coal, the first country to do so", "the rank is stated in another form"),
        ("Oman first country to ban coal", "the rank is stated in another form"),
        ("A minister says Oman becomes the first country to ban coal", "governed by 'says'"),
        ("Georgia becomes the first state to ban coal", "a state without a scope may be one of a federation"),
        ("Washington becomes the first U.S. state to ban coal", "the rank is not one of states"),
    ],
}
FOREIGN_UNSURE = [
    ("fr", "La Russie va reconnaître le Kosovo"),
    ("fr", "Le Kosovo reconnu par la Russie"),
    ("fr", "Selon des sources, la Russie a reconnu le Kosovo"),
    ("fr", "La Russie a reconnu le Kosovo, affirme Belgrade"),
    ("fr", "La Russie a décidé de reconnaître le Kosovo"),
    ("fr", "La Russie n'a pas reconnu le Kosovo"),
    ("es", "El presidente del Congreso de Chile reconoce a Kosovo"),
    ("es", "Chile reconoce a Kosovo, según Pristina"),
    ("es", "Chile podría reconocer a Kosovo"),
    ("es", "¿Chile reconoce a Kosovo?"),
    ("ru", "Россия признает Косово"),
    ("ru", "СМИ: Россия признала Косово"),
    ("ru", "Косово признано Россией"),
    ("de", "Chile erkennt die Taliban an"),
    ("zh", "智利承认科索沃"),
    ("it", "Il Cile è il primo paese a riconoscere il Kosovo"),
]


def _named(events: tuple[DetectedEvent, ...], action: str) -> DetectedEvent:
    (event,) = (event for event in events if event.action == action)
    return event


@pytest.mark.parametrize(("title", "action", "target"), ACTIVE)
def test_actor_verb_and_target_in_this_order_are_sure(title: str, action: str, target: str) -> None:
    event = _named(detect(title).events, action)
    assert target in {each.id for each in event.targets}
    assert (event.status, event.certainty, event.certainty_reason) == ("asserted", "sure", "the plain active form")
    assert event.readers == ("patterns",)


@pytest.mark.parametrize(
    "title",
    ["Oman and Chile restore diplomatic relations", "Oman, Chile establish ties", "Oman and Chile sign a treaty"],
)
def test_two_parties_with_the_noun_of_a_mutual_act_are_sure(title: str) -> None:
    (event,) = detect(title).events
    assert {each.id for each in event.actors} == {each.id for each in event.targets} == {"oman", "chile"}
    assert event.certainty == "sure"


@pytest.mark.parametrize(("title", "action"), RANKED)
def test_simple_ranks_are_sure(title: str, action: str) -> None:
    event = _named(detect(title).events, action)
    assert event.ordinal is not None
    assert event.certainty == "sure"


@pytest.mark.parametrize("title", DENIED)
def test_plain_denials_are_sure(title: str) -> None:
    (event,) = detect(title).events
    assert told(event) == ("recognize", ["oman"], ["kosovo"], "negated")
    assert (event.certainty, event.certainty_reason) == ("sure", "a plain denial")


@pytest.mark.parametrize(("language", "title"), FOREIGN)
def test_the_plain_order_is_sure_in_every_language(language: str, title: str) -> None:
    (event,) = detect(title, language=language).events
    assert (event.status, event.certainty) == ("asserted", "sure")


@pytest.mark.parametrize(
    ("title", "reason"),
    [pytest.param(*case, id=f"{kind}: {case[0]}") for kind, cases in UNSURE.items() for case in cases],
)
def test_what_is_not_plain_is_unsure_and_says_why(title: str, reason: str) -> None:
    found = {(event.certainty, event.certainty_reason) for event in detect(title).events}
    assert ("unsure", reason) in found
    assert not any(certainty == "sure" for certainty, _ in found)


@pytest.mark.parametrize(("language", "title"), FOREIGN_UNSURE)
def test_other_sentences_in_other_languages_are_unsure(language: str, title: str) -> None:
    events = detect(title, language=language).events
    assert [event.certainty for event in events] == ["unsure"]


def test_the_first_sentence_of_the_text_counts_as_the_title_does_and_later_ones_do_not() -> None:
    first = detect("Quiet day", body="Oman has recognized Kosovo. Rain fell.")
    later = detect("Quiet day", body="Rain fell. Oman has recognized Kosovo.")
    assert [event.certainty for event in first.events] == ["sure"]
    assert [(event.certainty, event.certainty_reason) for event in later.events] == [
        ("unsure", "not in the title or a first sentence")
    ]


@pytest.mark.parametrize(
    ("body", "certainty"),
    [
        ("Rain fell all day.\nOman Recognizes Kosovo\n\nIt is the news of the day.", "sure"),
        ("Rain fell. So it did.\n\nOman recognizes Kosovo\nIt is the news of the day.", "sure"),
        ("Rain fell all day.\nOman recognizes Kosovo.\nIt is the news of the day.", "unsure"),
        ("Rain fell all day.\nOman recognizes Kosovo", "unsure"),
        ("Rain fell all day.\nRead more\nOman recognizes Kosovo\nIt is the news of the day.", "unsure"),
        ("Rain fell all day. Oman recognizes Kosovo\nIt is the news of the day.", "unsure"),
    ],
)
def test_a_headline_in_the_second_line_counts_as_the_title_does(body: str, certainty: str) -> None:
    (event,) = detect("Quiet day", body=body).events
    assert event.certainty == certainty


def test_an_event_is_as_sure_as_the_best_of_its_sentences() -> None:
    (event,) = detect("Uruguay says Oman recognizes Kosovo", summary="Oman has recognized Kosovo.").events
    assert event.certainty == "sure"
    assert event.evidence[0].field == "title"
