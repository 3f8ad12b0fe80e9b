"""Events: who did what to whom, by the words of a title, a summary and a lead."""

from __future__ import annotations

import time

import pytest

from firstwire.core.events.reading import ReadingKnowledge
from firstwire.files.lexicon import load_lexicon
from firstwire.files.reading_models import load_models, load_reading
from tests.support.detections import DAY, detect, only, told


@pytest.mark.parametrize(
    ("title", "actors", "targets"),
    [
        ("Norway recognises Kosovo", ["norway"], ["kosovo"]),
        ("Norway formally recognizes Somaliland's independence", ["norway"], ["somaliland"]),
        ("Norway recognized the independence of Kosovo on Monday.", ["norway"], ["kosovo"]),
        ("Chile, Peru and Bolivia recognise a Palestinian state", ["chile", "peru", "bolivia"], ["palestine"]),
        ("Peru recognizes Abkhazia and South Ossetia as independent states", ["peru"], ["abkhazia", "south-ossetia"]),
        ("Moscow recognizes Taliban government", ["russia"], ["taliban"]),
        ("The Kremlin has recognised the Islamic Emirate of Afghanistan", ["russia"], ["taliban"]),
        ("Brazil's foreign ministry says Brazil officially recognises Kosovo", ["brazil"], ["kosovo"]),
        ("Somaliland recognised by Kenya", ["kenya"], ["somaliland"]),
        ("Kenya grants diplomatic recognition to Somaliland", ["kenya"], ["somaliland"]),
        ("Somaliland wins recognition from Kenya", ["kenya"], ["somaliland"]),
        ("Kenya announces recognition of the State of Palestine", ["kenya"], ["palestine"]),
        ("Parliament told: Kenya has recognised the new Syrian government", ["kenya"], ["syria"]),
        ("Kenya formally acknowledges the Taliban government", ["kenya"], ["taliban"]),
        ("Kenya votes to recognise Palestine", ["kenya"], ["palestine"]),
        ("Nairobi, after talks in Hargeisa, recognises Somaliland", ["kenya"], ["somaliland"]),
        ("Kenya becomes the latest country to recognise Kosovo", ["kenya"], ["kosovo"]),
        ("Kosovo recognised by Kenya for the first time", ["kenya"], ["kosovo"]),
    ],
)
def test_a_recognition_is_found_however_it_is_put(title: str, actors: list[str], targets: list[str]) -> None:
    assert told(only(title)) == ("recognize", actors, targets, "asserted")


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Kenya could become the latest country to recognise Kosovo", "conditional"),
        ("Kenya has not become the latest country to recognise Kosovo", "negated"),
        ("Kenya is not the first in the row to recognise Kosovo", "negated"),
        ("It is unlikely that Kenya recognises Kosovo", "unconfirmed"),
        ("Kenya will recognise Somaliland", "planned"),
        ("Kenya to recognise Somaliland", "planned"),
        ("Kenya vows to recognise Somaliland by June", "planned"),
        ("Kenya refuses to recognise Somaliland", "negated"),
        ("Kenya does not recognise Somaliland", "negated"),
        ("Kenya stops short of recognising Somaliland", "negated"),
        ("Kenya rules out recognising Somaliland", "negated"),
        ("Kenya denies it has recognised Somaliland", "negated"),
        ("No country has recognised Somaliland", "negated"),
        ("Kenya yet to recognise Somaliland", "negated"),
        ("Envoy urges Kenya to recognise Somaliland", "demanded"),
        ("Kenya should recognise Somaliland", "demanded"),
        ("Kenya would recognise Somaliland if talks succeed", "conditional"),
        ("Kenya will recognise Somaliland unless the border reopens", "conditional"),
        ("Kenya to recognise Somaliland in exchange for port access", "conditional"),
        ("Kenya may recognise Somaliland", "unconfirmed"),
        ("Kenya considers recognising Somaliland", "unconfirmed"),
        ("Kenya reportedly recognised Somaliland", "unconfirmed"),
        ("Has Kenya recognised Somaliland?", "unconfirmed"),
        ("Kenya recognised Somaliland in 2019", "historical"),
        ("Somalia condemns Kenya's recognition of Somaliland", "historical"),
        ("Tributes for Kenya's decision to recognise Somaliland", "historical"),
    ],
)
def test_the_status_is_what_the_words_say(title: str, status: str) -> None:
    event = only(title)
    assert event.status == status, event.reason
    assert event.polarity == ("negated" if status == "negated" else "affirmed")
    assert event.reason.startswith(status)


@pytest.mark.parametrize(
    "title",
    [
        "Kenya recognises its best teachers",
        "Kenya recognises same-sex marriage",
        "Germany recognises colonial massacre as genocide",
        "Kenya recognises Ethiopian teachers",
        "Lithuania recognises Russia as a terrorist state",
        "Ireland recognises sign language as official",
        "The internationally recognised government of Libya met on Tuesday",
        "Canada recognises Ukraine's contribution to food security",
        "Award recognises French chef",
        "FIFA recognises Kosovo's federation",
        "Kenya does not recognise the election result in Uganda",
    ],
)
def test_other_recognition_is_no_event(title: str) -> None:
    assert [told(event) for event in detect(title).events if event.action == "recognize"] == []


@pytest.mark.parametrize(
    ("title", "ordinal", "scope", "first", "status"),
    [
        ("Kenya becomes first country to recognise Somaliland", 1, None, True, "asserted"),
        ("Kenya is the first nation in the world to recognise Somaliland", 1, None, True, "asserted"),
        ("Kenya becomes the world's first country to formally recognise Somaliland", 1, None, True, "asserted"),
        ("Kenya recognises Somaliland, becoming the first country to do so", 1, None, True, "asserted"),
        ("Kenya first to recognise Somaliland", 1, None, True, "asserted"),
        ("Kenya becomes first African country to recognise Somaliland", 1, "African", True, "asserted"),
        ("Kenya becomes the second country to recognise Somaliland", 2, None, False, "asserted"),
        ("Kenya becomes 101st country to recognise Kosovo", 101, None, False, "asserted"),
        ("Kenya could become first country to recognise Somaliland", 1, None, True, "conditional"),
        ("Kenya set to become first country to recognise Somaliland", 1, None, True, "planned"),
        ("Kenya will not be the first to recognise Somaliland", 1, None, True, "negated"),
        ("Kenya is the only country that recognises Somaliland", 1, None, False, "historical"),
    ],
)
def test_an_ordinal_claim_is_part_of_the_recognition(
    title: str, ordinal: int, scope: str | None, first: bool, status: str
) -> None:
    event = only(title)
    assert (event.ordinal, event.ordinal_scope, event.claims_first, event.status) == (ordinal, scope, first, status)


@pytest.mark.parametrize(
    ("title", "scope", "since", "kind"),
    [
        ("Kenya is the first country since 1991 to recognise Somaliland", "since 1991", "since 1991", "nation"),
        (
            "Kenya has become the first Arab country since 1994 to recognise Chad",
            "Arab since 1994",
            "since 1994",
            "nation",
        ),
        (
            "Kenya first African state to recognise Chad since Togo in 2009",
            "African since Togo in 2009",
            "since Togo in 2009",
            "nation",
        ),
        ("Kenya is the first country in 20 years to recognise Somaliland", "in 20 years", "in 20 years", "nation"),
        (
            "Kenya is first nation in Africa to recognise Chad in over a decade",
            "in Africa in over a decade",
            "in over a decade",
            "nation",
        ),
        (
            "Kenya recognises Chad, the first to do so since the war, and sends an envoy",
            "since the war",
            "since the war",
            None,
        ),
        ("Kenya is the first country to recognise Somaliland", None, None, "nation"),
        ("Kenya is the first country to recognise Chad, independent since 1960", None, None, "nation"),
        ("Ruto becomes first leader to recognise Somaliland", None, None, "leader"),
    ],
)
def test_a_claim_tells_of_what_and_since_when(
    title: str, scope: str | None, since: str | None, kind: str | None
) -> None:
    event = only(title)
    assert (event.ordinal_scope, event.ordinal_since, event.ordinal_kind, event.status) == (
        scope,
        since,
        kind,
        "asserted",
    )


@pytest.mark.parametrize(
    ("title", "action", "place"),
    [
        ("Kenya and Iran signed a treaty in Geneva on Monday", "sign", "Geneva"),
        ("Kenya and Iran signed in Geneva a treaty on trade", "sign", "Geneva"),
        ("In Doha, Kenya recognised Somaliland", "recognize", "Doha"),
        ("At a ceremony in the Qatari capital Doha, Kenya recognised Somaliland", "recognize", "Doha"),
        ("Kenya recognised Somaliland at a summit in San Marino", "recognize", "San Marino"),
        ("Kenya opens embassy in Tehran", "open_embassy", "Tehran"),
        ("Kenya recognised Somaliland in July", "recognize", None),
        ("Kenya recognised Somaliland in protest, a minister said in Oslo", "recognize", None),
        ("Kenya recognised Somaliland in Ethiopia's shadow", "recognize", None),
        ("Kenya recognised Somaliland in the Baltic nation", "recognize", None),
        ("Kenya recognises Somaliland", "recognize", None),
    ],
)
def test_the_place_is_what_the_sentence_names(title: str, action: str, place: str | None) -> None:
    assert only(title, action).place == place


@pytest.mark.parametrize(
    ("title", "action", "actors"),
    [
        ("Kenya becomes first country to ban plastic bags", "ban-plastic-bags", ["kenya"]),
        ("Kenya legalises euthanasia, making it the first African country to do so", "legalize-euthanasia", ["kenya"]),
        ("Kenya becomes the first country to legalise euthanasia", "legalize-euthanasia", ["kenya"]),
    ],
)
def test_a_claim_on_another_act_is_an_event_of_its_own(title: str, action: str, actors: list[str]) -> None:
    (event,) = detect(title).events
    assert told(event)[:2] == (action, actors)
    assert event.claims_first


@pytest.mark.parametrize(
    "title",
    [
        "Kenya's first lady visits Uganda",
        "Kenya wins first round of talks",
        "Kenya holds elections for the first time since 1992",
        "Kenya's first deputy prime minister resigns",
        "Kenya becomes first country to win the World Cup twice",
        "Kenya elects first female president",
    ],
)
def test_other_firsts_are_no_claim(title: str) -> None:
    assert detect(title).events == ()


@pytest.mark.parametrize(
    "title",
    [
        "Kenya severs trade ties with Iran",
        "Kenya summons up courage",
        "A US-sanctioned Iranian tanker is seized",
        "Kenya orders diplomats to rest",
    ],
)
def test_what_only_resembles_an_act_between_states_is_none(title: str) -> None:
    assert detect(title).events == ()


@pytest.mark.parametrize(
    "title",
    [
        "American sanctions Iranian leaders condemn",
        "Kenya's president receives the Iranian ambassador for talks",
        "Kenya meets Iran's recalled ambassador to Russia",
        "Kenyan senator withdraws from race for ambassador to Russia",
        "Kenya, which recognised Somaliland, sends an envoy",
        "Shares fell after Kenya recognised Somaliland",
    ],
)
def test_what_the_learned_reading_alone_takes_for_news_is_unsure(title: str) -> None:
    assert {event.certainty for event in detect(title).events if event.status == "asserted"} <= {"unsure"}


def test_one_of_the_first_is_no_rank() -> None:
    assert only("Kenya becomes one of the first countries to ratify the pact", "ratify").ordinal is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Kenya severs diplomatic relations with Iran", ("sever_relations", ["kenya"], ["iran"], "asserted")),
        ("Kenya cuts ties with Iran", ("sever_relations", ["kenya"], ["iran"], "asserted")),
        (
            "Kenya and Iran restore diplomatic ties",
            ("restore_relations", ["iran", "kenya"], ["iran", "kenya"], "asserted"),
        ),
        (
            "Kenya establishes relations with Kosovo",
            ("establish_relations", ["kenya", "kosovo"], ["kenya", "kosovo"], "asserted"),
        ),
        ("Kenya reopens its embassy in Tehran", ("open_embassy", ["kenya"], ["iran"], "asserted")),
        ("Kenya to close embassy in Kyiv", ("close_embassy", ["kenya"], ["ukraine"], "planned")),
        ("Kenya removes Taliban from list of terrorist groups", ("delist_terror", ["kenya"], ["taliban"], "asserted")),
        ("Kenya no longer recognises Kosovo", ("withdraw_recognition", ["kenya"], ["kosovo"], "asserted")),
        ("Kenya withdraws recognition of Kosovo", ("withdraw_recognition", ["kenya"], ["kosovo"], "asserted")),
        ("Kenya and the Taliban sign a pact", ("sign", ["kenya", "taliban"], ["kenya", "taliban"], "asserted")),
        ("Kenya imposes sanctions on Iran's central bank", ("impose_sanctions", ["kenya"], ["iran"], "asserted")),
        ("Kenya imposes sanctions on six Iranian firms", ("impose_sanctions", ["kenya"], ["iran"], "asserted")),
        ("Kenya expels six Russian diplomats from Nairobi", ("expel_ambassador", ["kenya"], ["russia"], "asserted")),
        ("Kenya and Iran sign no agreement", ("sign", ["kenya", "iran"], ["kenya", "iran"], "negated")),
        ("In Doha, Kenya and Iran cut ties", ("sever_relations", ["kenya", "iran"], ["kenya", "iran"], "asserted")),
        ("Kenya spoke with Iran, and Egypt cuts ties with Chad", ("sever_relations", ["egypt"], ["chad"], "asserted")),
        ("Kenya votes 15–0 to lift sanctions on Iran", ("lift_sanctions", ["kenya"], ["iran"], "asserted")),
        ("Kenya moves the Kenyan embassy", ("open_embassy", ["kenya"], [], "asserted")),
        ("Kenya met Iran. It closed its embassy in Oslo", ("close_embassy", ["kenya"], ["norway"], "asserted")),
    ],
)
def test_the_other_acts_between_states_are_found(title: str, expected: tuple[str, list[str], list[str], str]) -> None:
    assert told(only(title, expected[0])) == expected


def test_texts_of_other_languages_are_never_parsed() -> None:
    def parser(words: object) -> object:
        raise AssertionError(f"parsed: {words}")

    shipped = load_reading()
    unread = ReadingKnowledge(parser, shipped.encoder, lambda: (load_lexicon(), load_models()), shipped.unparsed)  # type: ignore[arg-type]
    dutch = "Kenia en Iran tekenen in Oslo een akkoord, een protocol en een diplomatieke conventie"
    assert detect(dutch, language="nl", reading=unread).events == ()
    french = "Le Kenya et l'Iran signent un accord, un protocole et une convention diplomatique à Oslo"
    for language in ("fr", "en"):
        (event,) = detect(french, language=language, reading=unread).events
        assert event.readers == ("learned",)
    with pytest.raises(AssertionError, match="parsed"):
        detect("Kenya recognizes Kosovo", language="nl", reading=unread)


@pytest.mark.parametrize("language", ["en", "en-gb", "", "und"])
def test_english_and_unknown_languages_are_read(language: str) -> None:
    assert [event.action for event in detect("Kenya snaps ties with Iran", language=language).events] == [
        "sever_relations"
    ]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Kenya recognizes Kosovo after the talks", ""),
        ("Kenya recognizes Kosovo", ""),
        (
            "Kenya opens embassy in Pristina",
            "The minister said that it has been planned for a year.",
        ),
    ],
)
def test_plain_english_under_a_wrong_label_is_read(title: str, body: str) -> None:
    assert detect(title, body=body, language="de").events != ()


def test_a_leader_acts_with_the_nation() -> None:
    assert told(only("Macron recognises Palestine"))[1] == ["emmanuel-macron", "france"]


def test_no_state_recognizes_a_body_of_its_own() -> None:
    body = "He received Zhirnov in Kabul, and the envoy made public that his government now recognizes the Taliban."
    told_by = [told(event)[1] for event in detect("Muttaqi praises a friend", body=body).events]
    assert ["afghanistan"] not in told_by


def test_a_switch_recognizes_one_and_leaves_the_other() -> None:
    events = {event.action: told(event) for event in detect("Kenya switches recognition from Taiwan to China").events}
    assert events["recognize"][2] == ["china"]
    assert events["withdraw_recognition"][2] == ["taiwan"]


def test_evidence_of_one_event_is_gathered_strongest_first() -> None:
    detection = detect(
        "Kenya recognises Somaliland",
        summary="Kenya has recognised Somaliland.",
        body="Nairobi spoke. Kenya became the first country to recognise Somaliland on Monday.",
    )
    (event,) = detection.events
    assert [span.field for span in event.evidence] == ["title", "summary", "body"]
    assert event.claims_first
    assert event.ordinal == 1


def test_the_act_is_dated_by_the_day_that_the_sentence_names() -> None:
    assert only("Kenya recognised Somaliland on Monday").act_date == "2031-05-12"
    assert only("Kenya recognised Somaliland").act_date == DAY
    assert only("Kenya recognised Somaliland in 2019").act_date == "2019-01-01"
    assert only("Kenya recognised Somaliland in February").act_date == "2031-02-01"
    assert only("Kenya recognised Somaliland last December").act_date == "2030-12-01"
    assert only("Kenya will recognise Somaliland in February").act_date == DAY
    assert only("Kenya is first state since Togo in 2009 to recognise Somaliland").act_date == DAY


@pytest.mark.parametrize(
    "text",
    [
        "Kenya recognises the Sahrawi state proclaimed in 1976",
        "Kenya recognises the Somaliland cabinet, formed by exiles in 2022, as a government",
        "Kenya recognised South Sudan within the frontiers of 1 January 1956",
    ],
)
def test_the_year_of_a_thing_or_of_another_verb_is_not_that_of_the_act(text: str) -> None:
    assert only(text).act_date == DAY
    assert only(text, is_dated=False).act_date is None


def test_relations_are_restored_later_than_they_were_cut() -> None:
    assert only("Kenya and Iran have resumed relations severed in 2016", "restore_relations").act_date == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("On March 3, 2029, Kenya recognised Somaliland", "2029-03-03"),
        ("Kenya recognised Somaliland on the morning of 3 March 2029", "2029-03-03"),
        ("Kenya recognised and embraced Somaliland in 2019", "2019-01-01"),
        ("Kenya's embassy in Iran was closed and evacuated in 2019", "2019-01-01"),
    ],
)
def test_a_day_or_year_of_the_act_itself_still_dates_it(text: str, day: str) -> None:
    (event,) = detect(text).events
    assert event.act_date == day


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Kenya recognised Somaliland", None),
        ("Kenya recognised Somaliland on Monday", None),
        ("Kenya recognised Somaliland yesterday", None),
        ("Kenya recognised Somaliland in February", None),
        ("Kenya recognised Somaliland on 3 March", None),
        ("Kenya recognised Somaliland on 3 March 2031", "2031-03-03"),
        ("Kenya recognised Somaliland on March 3rd, 2031", "2031-03-03"),
        ("Kenya will recognise Somaliland on 3 March 2032", None),
        ("Kenya recognised Somaliland on 31 February 2031", None),
        ("Kenya recognised Somaliland in 2019", None),
    ],
)
def test_without_a_date_of_publication_only_a_day_named_in_full_dates_the_act(title: str, day: str | None) -> None:
    assert only(title, is_dated=False).act_date == day


def test_without_a_date_of_publication_the_day_of_fetching_decides_tense_and_office() -> None:
    assert only("Kenya recognised Somaliland in 2019", is_dated=False).status == "historical"
    assert told(only("Macron recognises Palestine", is_dated=False)) == told(only("Macron recognises Palestine"))
    both = detect(
        "Kenya recognises Somaliland", body="Kenya, which recognised Somaliland in 2019, said so.", is_dated=False
    )
    assert [event.status for event in both.events] == [
        event.status
        for event in detect(
            "Kenya recognises Somaliland", body="Kenya, which recognised Somaliland in 2019, said so."
        ).events
    ]


def test_a_tag_line_feeds_tags_only() -> None:
    detection = detect(
        "Nothing happened", body="Quiet day.\nAfghanistan, Russia, Taliban, Vladimir Putin", tags=("Kosovo",)
    )
    assert detection.events == ()
    assert detection.tags == ("afghanistan", "kosovo", "russia", "taliban", "vladimir-putin")
    assert "no word of recognition" in detection.reason


def test_what_the_title_denies_the_text_below_does_not_assert() -> None:
    detection = detect("Kenya may recognise Kosovo", summary="Kenya recognises Kosovo, people close to it think.")
    assert {event.status for event in detection.events} == {"unconfirmed"}


def test_an_article_without_a_trigger_costs_little_beyond_tagging() -> None:
    body = "The committee met again on Monday and adjourned without result. " * 80
    begun = time.perf_counter()
    for _ in range(10):
        detect("Committee adjourns", body=body)
    assert (time.perf_counter() - begun) / 10 < 0.03
