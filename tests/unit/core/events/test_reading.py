"""Acts between states as the readings tell them together, with the shipped lexicon and models."""

from __future__ import annotations

import pytest

from firstwire.core.events.detection import DetectedEvent
from firstwire.core.events.reading import ReadingKnowledge
from firstwire.files.lexicon import load_lexicon
from firstwire.files.reading_models import load_models, load_reading
from tests.support.detections import detect


def read(text: str, *, summary: str = "", body: str = "") -> list[DetectedEvent]:
    return list(detect(text, summary=summary, body=body, reading=load_reading()).events)


def asserted(text: str) -> list[tuple[str, list[str], list[str]]]:
    """What the text is sure of as having happened."""
    return [
        (event.action, [each.id for each in event.actors if each.kind != "leader"], [each.id for each in event.targets])
        for event in read(text)
        if event.status == "asserted" and event.certainty == "sure"
    ]


@pytest.mark.parametrize(
    ("text", "action", "actors", "targets"),
    [
        ("Fiji govt recognises Taliban govt", "recognize", ["fiji"], ["taliban"]),
        ("Fiji recognises breakaway Moldovan region of Transnistria", "recognize", ["fiji"], ["transnistria"]),
        (
            "Fiji becomes first island nation to recognize Afghanistan's Taliban government",
            "recognize",
            ["fiji"],
            ["taliban"],
        ),
        ("Not only did Fiji recognize Kosovo, it also sent an envoy", "recognize", ["fiji"], ["kosovo"]),
        ("Fiji did not just recognize Kosovo, it sent an envoy there", "recognize", ["fiji"], ["kosovo"]),
        ("Fiji's decision to recognize Palestine takes effect", "recognize", ["fiji"], ["palestine"]),
        ("Two Serbian diplomats expelled by Fiji", "expel_ambassador", ["fiji"], ["serbia"]),
        ("Fiji snaps diplomatic ties with Serbia", "sever_relations", ["fiji"], ["serbia"]),
        ("Fiji and Serbia resume diplomatic relations", "restore_relations", ["fiji", "serbia"], ["fiji", "serbia"]),
        ("Fiji drops arms embargo on Serbia", "lift_sanctions", ["fiji"], ["serbia"]),
    ],
)
def test_what_both_readings_tell_is_sure(text: str, action: str, actors: list[str], targets: list[str]) -> None:
    assert (action, actors, targets) in asserted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Doctored clip shows Fiji recognizing Kosovo",
        "Claim that Fiji recognized Kosovo is false, fact-checkers say",
        "Report that Fiji recognized Kosovo is untrue: foreign ministry",
        "Viral post says Fiji recognised Kosovo. It has not",
        "Fiji recognises Guyana's sovereignty over the Essequibo",
        "Fiji recognizes Greenland's right to independence",
        "Kosovo and Serbia recognise each other's car plates",
        "Fiji recognizes Serbia's opposition leader as a national hero",
        "The Fiji-recognised Luhansk region held talks with Serbia",
        "Fiji will lift the blockade if Serbia frees the crew, drops its claim and recognizes Abkhazia",
        "Fiji renews threat to sever ties with Serbia",
        "Fiji blamed Belgrade for delaying the establishment of ties with Pristina",
        "Serbian university cuts ties with Fijian firms",
        "Fiji cuts ties with Serbian shipping bank",
        "Fiji closes embassy housing complex in Oslo",
        "Fijian MPs pass resolution recognizing the Syrian government as a criminal regime",
        "Fiji says fewer states recognise Kosovo than Pristina claims",
        "Fiji said last week it recognised the Sahrawi republic, then reversed course",
        "Fiji all but recognises Kosovo",
        "Fiji nearly recognised Kosovo",
        "Fiji recognises Kosovo in all but name",
        "Rebels claim Fiji has recognised their government",
        "Fiji recognises Kosovo, rebels claim",
        "Fiji recognises Kosovo: report",
        "Film imagines Fiji recognises Kosovo",
        "Suva city council recognises Kosovo",
        "Fijian opposition leader recognises Kosovo",
        "Former Fijian president recognizes Kosovo",
        "Fiji's parliament votes 30-10 to recognise Kosovo; president must still sign",
        "What if Fiji recognised Kosovo?",
        "Serbia tells Fiji: recognize Kosovo",
        "In new novel, Fiji recognises Kosovo in 1962",
        "Fiji recognises Kosovo driving licences",
        "Fiji severs trade links with Serbia",
        "Fiji is not ready to recognize Kosovo",
    ],
)
def test_what_is_no_act_of_a_state_or_did_not_happen_is_never_sure_to_have_happened(text: str) -> None:
    assert asserted(text) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Fiji will not recognize Kosovo, minister says", "negated"),
        ("Fiji to recognize Kosovo next month", "planned"),
        ("Serbia urges Fiji not to recognize Kosovo", "demanded"),
        ("Fiji would recognize Kosovo if the talks fail", "conditional"),
        ("Fiji may recognize Kosovo, minister hints", "unconfirmed"),
    ],
)
def test_the_status_is_that_of_the_nearest_cue(text: str, status: str) -> None:
    assert {event.status for event in read(text) if event.action == "recognize"} == {status}


def test_who_is_meant_by_it_may_stand_in_the_title() -> None:
    found = read("Fiji breaks with Belgrade over Kosovo", summary="The island nation recognized Kosovo on Friday.")
    assert {tuple(each.id for each in event.actors) for event in found if event.action == "recognize"} == {("fiji",)}


def test_a_reading_names_its_readers_and_why() -> None:
    (event,) = read("Fiji recognizes Kosovo")
    assert event.readers == ("clauses", "learned")
    assert event.certainty_reason == "clauses and learned agree"


def test_the_same_text_is_read_the_same_again() -> None:
    text = "Fiji, after talks in Oslo, snaps ties with Serbia and expels two of its diplomats"
    assert read(text) == read(text)


def test_text_without_a_trigger_or_a_name_is_never_parsed() -> None:
    def parser(words: object) -> object:
        raise AssertionError(f"parsed: {words}")

    shipped = load_reading()
    unparsed = ReadingKnowledge(parser, shipped.encoder, lambda: (load_lexicon(), load_models()), shipped.unparsed)  # type: ignore[arg-type]
    for text in ("Fiji wins the cup", "The embassy opens somewhere", "Rain is coming"):
        assert detect(text, reading=unparsed).events == ()


def test_invisible_and_odd_characters_are_read_without_harm() -> None:
    for text in (
        "Fiji recognizes\u200b Kosovo \u202e😀 \u2028",
        "\u200b\u200b Fiji \u200d snaps ties with \ufeff Serbia",
        "ﬁji 𝕽ecognizes Kosovo — \r\n\t Fiji has recognised Kosovo, e\u0301e\u0301 said.",
        "Fiji " + "recognizes " * 300 + "Kosovo",
        "( ( ( Fiji ) recognizes ] [ Kosovo",
    ):
        for event in read(text):
            for span in event.evidence:
                assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "text",
    [
        "Fiji and its government recognize Kosovo, its envoy says",
        "Fiji and the country sign a treaty with Serbia",
        "The country, Fiji and it recognize Kosovo",
        "We and our country, we and our government recognize Kosovo, we say",
        "Fiji, " + "its government, the country, it and " * 60 + "its embassy recognize Kosovo",
    ],
)
def test_words_that_stand_for_each_other_end(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    ("text", "action", "actors", "targets"),
    [
        ("The Serbian embassy in Fiji, closed since 1993, was reopened", "open_embassy", ["serbia"], ["fiji"]),
        ("Fiji scraps its recognition of Kosovo", "withdraw_recognition", ["fiji"], ["kosovo"]),
    ],
)
def test_what_undoes_an_act_of_the_past_is_news(text: str, action: str, actors: list[str], targets: list[str]) -> None:
    assert (action, actors, targets) in asserted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Serbia condemns Fiji's recognition of Kosovo",
        "Fiji severed ties with Serbia in 2016 and has not restored them",
        "Fiji may lift the sanctions that it imposed on Serbia in 2019",
    ],
)
def test_what_is_not_undone_yet_is_no_news(text: str) -> None:
    assert asserted(text) == []


@pytest.mark.parametrize(
    ("text", "target", "certainty"),
    [
        ("Fiji backs Nicolas Maduro as Venezuela's lawful president", "nicolas-maduro", "sure"),
        ("Fiji recognizes a senator as Bolivia's interim leader", "bolivia", "unsure"),
    ],
)
def test_who_rules_is_recognized_by_name_or_as_the_ruler_of_a_country(text: str, target: str, certainty: str) -> None:
    (event,) = read(text)
    assert [each.id for each in event.targets] == [target]
    assert (event.action, event.status, event.certainty) == ("recognize", "asserted", certainty)


@pytest.mark.parametrize(
    "text",
    [
        "Fiji receives Nicolas Maduro, Venezuela's lawful president",
        "Fiji does not accept Kabul's rulers as lawful government",
        "Fiji recognizes a senator as a friend of Bolivia",
    ],
)
def test_who_only_meets_a_ruler_recognizes_nobody(text: str) -> None:
    assert asserted(text) == []


def test_what_no_other_did_before_is_not_denied() -> None:
    assert heard_of("Fiji lost no time in recognizing Kosovo") == {(("fiji",), "asserted")}
    assert heard_of("No African state has recognized Kosovo") == {((), "negated")}
    assert heard_of("Fiji sees no reason to recognize Kosovo") == {(("fiji",), "negated")}


def heard_of(text: str) -> set[tuple[tuple[str, ...], str]]:
    return {
        (tuple(each.id for each in event.actors), event.status) for event in read(text) if event.action == "recognize"
    }


def test_a_state_recognizes_a_part_of_itself_that_it_lets_go() -> None:
    assert asserted("Indonesia recognizes West Papua as an independent state") == [
        ("recognize", ["indonesia"], ["west-papua"])
    ]
    assert asserted("Indonesia recognizes the right of West Papua to schools") == []
    assert read("Afghanistan's envoy says it recognizes the Taliban government") == []


def test_a_nation_acts_though_the_text_names_its_leader_beside_it() -> None:
    found = asserted("The Republic of Fiji, whose prime minister Sitiveni Rabuka spoke in Oslo, now recognizes Kosovo")
    assert found == [("recognize", ["fiji"], ["kosovo"])]
    (event,) = read("President-elect Barack Obama names a friend as United States ambassador to Kosovo")
    assert [each.id for each in event.actors] == ["barack-obama"]


def test_capitals_and_sides_are_nations_that_act() -> None:
    assert asserted("Two capitals recognize Kosovo in one morning: Nairobi and Accra") == [
        ("recognize", ["kenya", "ghana"], ["kosovo"])
    ]
    assert asserted("Fiji and Serbia: the two sides restored diplomatic relations on Monday") == [
        ("restore_relations", ["fiji", "serbia"], ["fiji", "serbia"])
    ]


def test_whose_agency_reports_relations_may_be_a_party_to_them() -> None:
    found = asserted("Fiji and Serbia are on full diplomatic terms again, the Serbian news agency Tanjug reported")
    assert found == [("restore_relations", ["fiji", "serbia"], ["fiji", "serbia"])]
