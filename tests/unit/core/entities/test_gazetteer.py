"""Entities: names found in every script, in the right case, with the right meaning, at exact offsets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.events.detection import Detection, detect_events
from firstwire.files.entities import NAME_LOCALES, EntityFile
from firstwire.files.reading_models import load_reading
from firstwire.files.yaml import load
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

SEEDS = Path(__file__).resolve().parents[4] / "seeds" / "entities.yaml"
GAZETTEER = shipped_gazetteer()


def found(text: str) -> list[tuple[str, str]]:
    return [(mention.text, mention.entity.id) for mention in GAZETTEER.find(text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Norway and Sweden agree", ["norway", "sweden"]),
        ("turkey for dinner, Turkey for president", ["turkey"]),
        ("It told us what the US did", ["united-states"]),
        ("guinea pigs in Guinea", ["guinea"]),
        (
            "Equatorial Guinea, Guinea-Bissau, Papua New Guinea",
            ["equatorial-guinea", "guinea-bissau", "papua-new-guinea"],
        ),
        ("Niger and Nigeria", ["niger", "nigeria"]),
        ("South Korea's answer to North Korea", ["south-korea", "north-korea"]),
        ("Republic of the Congo, DR Congo", ["republic-of-the-congo", "democratic-republic-of-the-congo"]),
        ("Northern Ireland and Ireland", ["northern-ireland", "ireland"]),
        ("New Mexico borders Mexico", ["new-mexico", "mexico"]),
        ("George Washington and the Washington Post", []),
        ("Washington says no", ["united-states"]),
        ("Michael Jordan left Jordan", ["jordan"]),
        ("Georgia's government in Tbilisi", ["georgia", "georgia"]),
        ("Republicans in Georgia, a swing state", ["georgia-us-state"]),
        ("St. Lucia and St Lucia", ["saint-lucia", "saint-lucia"]),
        ("Côte d’Ivoire, Cote d'Ivoire, Ivory Coast", ["ivory-coast"] * 3),
        ("the Islamic Emirate of Afghanistan", ["taliban"]),
        ("Vatican City, the Holy See", ["holy-see", "holy-see"]),
        ("norway and sweden agree", ["norway", "sweden"]),
    ],
)
def test_english_names_are_found_with_their_meaning(text: str, ids: list[str]) -> None:
    assert [entity_id for _, entity_id in found(text)] == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Президент России посетил Казахстан", ["russia", "kazakhstan"]),
        ("в Афганистане, из Афганистана", ["afghanistan", "afghanistan"]),
        ("правительство «Талибана» и талибы", ["taliban", "taliban"]),
        ("російський уряд і Німеччина", ["russia", "germany"]),
        ("وروسيا ولإيران", ["russia", "iran"]),
        ("كينـــيا ومـصر", ["kenya", "egypt"]),
        ("زيارة للأردن وللسودان وللمغرب", ["jordan", "sudan", "morocco"]),
        ("السياسة المالية", []),
        ("كنيا و ايتاليا", ["kenya", "italy"]),
        ("ILIMLI IRAK, İRAN ve ÇİN", ["iraq", "iran", "china"]),
        ("Cin tonic, Çin", ["china"]),
        ("Nuku´alofa, Nukuʼalofa, Nuku`alofa", ["tonga", "tonga", "tonga"]),
        ("سنت\u200cلوسیا و سنت لوسیا", ["saint-lucia", "saint-lucia"]),
        ("روسیه و افغانستان", ["russia", "afghanistan"]),
        ("俄罗斯和阿富汗", ["russia", "afghanistan"]),
        ("ロシアとイラン", ["russia", "iran"]),
        ("Südkorea und Österreich", ["south-korea", "austria"]),
        ("La Russie et l'Allemagne", ["russia", "germany"]),
        ("España y Rusia", ["spain", "russia"]),
    ],
)
def test_names_are_found_in_other_languages(text: str, ids: list[str]) -> None:
    assert [entity_id for _, entity_id in found(text)] == ids


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("في مـــصـر اليوم", "مـــصـر"),
        ("وبمصر", "مصر"),
        ("زيارة للأردن", "لأردن"),
        ("DİYARBAKIR’da IRAK", "IRAK"),
    ],
)
def test_a_name_stands_where_it_was_written(text: str, name: str) -> None:
    mention = GAZETTEER.find(text)[-1]
    assert (mention.text, text[mention.start : mention.end]) == (name, name)


def test_a_leader_is_tied_to_the_nation() -> None:
    (mention,) = GAZETTEER.find("Vladimir Putin")
    assert (mention.entity.id, mention.entity.kind, mention.role) == ("vladimir-putin", "leader", "leader")
    assert mention.nation is not None
    assert mention.nation.id == "russia"


def test_partly_recognized_states_are_nations_and_crimea_is_not() -> None:
    kinds = {entity.id: entity.kind for entity in GAZETTEER}
    for nation in ("kosovo", "palestine", "taiwan", "abkhazia", "south-ossetia", "somaliland", "holy-see"):
        assert kinds[nation] == "nation"
    assert kinds["crimea"] == "subnational"
    assert kinds["taliban"] == "organization"


@given(st.text())
def test_offsets_are_code_points_of_the_given_text(text: str) -> None:
    mixed = f"{text} Köln, İran und die Türkei; 俄罗斯 {text}"
    last = 0
    for mention in GAZETTEER.find(mixed):
        assert mixed[mention.start : mention.end] == mention.text
        assert mention.start >= last
        last = mention.end


def test_a_text_of_five_thousand_characters_is_tagged_in_milliseconds() -> None:
    text = "The committee met again on Monday and adjourned without result. " * 80
    begun = time.perf_counter()
    for _ in range(10):
        GAZETTEER.find(text)
    assert (time.perf_counter() - begun) / 10 < 0.02


AMBIGUOUS = [
    # Georgia: the country, the state, a person.
    ("Georgia accuses Russia of moving the border of South Ossetia", {"georgia", "russia", "south-ossetia"}),
    ("The Georgian foreign minister meets his Armenian colleague", {"georgia", "armenia"}),
    ("A storm leaves Savannah, Georgia, for South Carolina", {"georgia-us-state", "south-carolina"}),
    ("A jury in Fulton County, Georgia, hears the first witnesses", {"georgia-us-state"}),
    ("The painter Georgia Brown shows her new work in the old mill", set()),
    # Jordan and Chad.
    ("Jordan takes in refugees from Syria", {"jordan", "syria"}),
    ("The guard Michael Jordan never missed a practice", set()),
    ("The golfer Jordan Speight wins after a long and quiet final round", set()),
    ("Chad closes its border with Sudan", {"chad", "sudan"}),
    ("The drummer Chad Harlow leaves the band after ten years on the road", set()),
    ("Fishermen flee from the islands of Lake Chad", set()),
    # Turkey and other common words.
    ("Turkey summons the ambassador", {"turkey"}),
    ("They carved the turkey and opened the china cabinet", set()),
    ("He will polish the chad on the ballot", set()),
    # Niger, Nigeria, Guinea, Congo, Sudan, Korea, Dominica.
    ("Niger and Nigeria patrol their border", {"niger", "nigeria"}),
    ("Nigeriens vote, Nigerians wait", {"niger", "nigeria"}),
    ("Oil is spilled again in the Niger Delta", {"nigeria"}),
    ("Guinea, Guinea-Bissau and Equatorial Guinea", {"guinea", "guinea-bissau", "equatorial-guinea"}),
    ("Papua New Guinea votes", {"papua-new-guinea"}),
    ("Pirates board a tanker in the Gulf of Guinea", set()),
    ("A guinea pig is no test for Guineans", {"guinea"}),
    ("Congo counts the votes in Kinshasa", {"democratic-republic-of-the-congo"}),
    ("Congo's president Sassou Nguesso stays", {"republic-of-the-congo", "denis-sassou-nguesso"}),
    ("Congo-Brazzaville and the DRC", {"republic-of-the-congo", "democratic-republic-of-the-congo"}),
    ("South Sudan's government, not that of Sudan", {"south-sudan", "sudan"}),
    ("South Sudanese and Sudanese envoys meet", {"south-sudan", "sudan"}),
    ("North Korea answers South Korea", {"north-korea", "south-korea"}),
    ("The Dominican Republic votes", {"dominican-republic"}),
    ("Dominican Prime Minister Roosevelt Skerrit speaks in Roseau", {"dominica"}),
    # Washington, London, Paris and other capitals.
    ("Washington warns Beijing", {"united-states", "china"}),
    ("A portrait of George Washington is sold", set()),
    ("A ferry runs aground off Tacoma, Washington", {"washington-state", "united-states"}),
    ("Paris and London agree", {"france", "united-kingdom"}),
    ("Paris Hilton opens a shop", set()),
    ("Signatories of the Paris Agreement report", set()),
    ("A writer from Jack London's time", set()),
    ("A fire destroys a barn near Lebanon, Ohio", {"ohio"}),
    ("The fair in Paris, Texas, opens", {"texas"}),
    ("Flights from Lebanon, Ohio and Texas are late", {"lebanon", "ohio", "texas"}),
    # A name inside another name.
    ("New Mexico sues", {"new-mexico"}),
    ("Ships cross the Gulf of Mexico to Mexico", {"mexico"}),
    ("Inner Mongolia and Mongolia", {"china", "mongolia"}),
    ("Northern Ireland and Ireland", {"northern-ireland", "ireland"}),
    ("Latin American leaders meet an American one", {"united-states"}),
    ("An Air France flight is late", set()),
    ("Cuba Gooding leaves Cuba", {"cuba"}),
    ("The ICC opens a case", {"international-criminal-court"}),
    ("The ICC changes the rules of Test match cricket", {"international-cricket-council"}),
    ("The National Security Council meets before the Security Council", {"united-nations"}),
    ("Islamic State of Iraq and the Levant loses ground", {"islamic-state"}),
    ("Bosnian Serbs vote", {"bosnia-and-herzegovina"}),
    # Leaders and their namesakes.
    ("The jury heard that Ludwig Orban had sold the house", set()),
    ("The jury heard that President Orban had sold the house", {"viktor-orban"}),
    ("Norway Says Putin Meets Erdogan", {"norway", "vladimir-putin", "recep-tayyip-erdogan"}),
    ("Snow falls at the North Pole, five Poles report", {"poland"}),
    ("Turkmen villages in Syria, the Turkmen capital", {"syrian-and-iraqi-turkmen", "syria"}),
    ("The Turkmen president travels", {"turkmenistan"}),
    # Languages and money.
    ("A Russian-language channel goes off the air", set()),
    ("The letter is written in Albanian.", set()),
    ("The loan is worth US$40 million", set()),
    ("A Russian channel goes off the air", {"russia"}),
    # Sources in parentheses.
    ("A bridge falls into the river. (The Jakarta Post) (Radio New Zealand)", set()),
    ("A bridge falls into the river (Toronto Star)", set()),
    ("A bridge falls into the river near the old capital (Jakarta)", {"indonesia"}),
    ("The republic (formerly part of Serbia and Montenegro) votes", {"serbia", "montenegro"}),
]  # fmt: skip


def test_a_name_may_be_broken_by_the_end_of_a_line() -> None:
    text = "of Saudi\nArabia and\nthe South\n\nSudan"
    assert [(each.text, each.entity.id) for each in GAZETTEER.find(text)] == [
        ("Saudi\nArabia", "saudi-arabia"),
        ("Sudan", "sudan"),
    ]


@pytest.mark.parametrize(("text", "ids"), AMBIGUOUS)
def test_a_shared_name_is_told_by_what_stands_around_it(text: str, ids: set[str]) -> None:
    assert {entity_id for _, entity_id in found(text)} == ids


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Shells fall on Aleppo", {"syria"}),
        ("A judge in Ohio", {"ohio", "united-states"}),
        ("Hezbollah answers", {"hezbollah", "lebanon"}),
        ("The Pentagon says so", {"united-states"}),
        ("Rosneft signs", {"russia"}),
        ("Malacañang denies it", {"philippines"}),
        ("the Élysée, the Quirinale and the Blue House", {"france", "italy", "south-korea"}),
        ("Rashtrapati Bhavan and Zhongnanhai", {"india", "china"}),
        ("Kosovo, Palestine, Somaliland, Taiwan", {"kosovo", "palestine", "somaliland", "taiwan"}),
        ("Abkhazia, South Ossetia, Western Sahara", {"abkhazia", "south-ossetia", "western-sahara"}),
        ("Northern Cyprus, Transnistria, the African Union", {"northern-cyprus", "transnistria", "african-union"}),
        ("Crimea", {"crimea"}),
    ],
)
def test_a_place_or_group_brings_the_tag_of_its_nation(text: str, tags: set[str]) -> None:
    assert set(detected(text).tags) == tags


def test_a_city_tags_its_nation_and_does_not_act_for_it() -> None:
    assert not any(event.actors for event in detected("Istanbul recognizes Kosovo").events)
    assert [actor.id for actor in detected("Ankara recognizes Kosovo").events[0].actors] == ["turkey"]


@pytest.mark.parametrize(
    ("text", "day", "tags"),
    [
        ("Rex Tillerson resigns", "2017-06-01", {"rex-tillerson", "united-states"}),
        ("Rex Tillerson resigns", "2019-06-01", {"rex-tillerson"}),
        ("John Kerry sails", "2013-02-01", {"john-kerry", "united-states"}),
        ("John Kerry sails", "2013-01-31", {"john-kerry"}),
        ("Donald Trump speaks", "2018-01-01", {"donald-trump", "united-states"}),
        ("Donald Trump speaks", "2022-01-01", {"donald-trump"}),
        ("Donald Trump speaks", "2025-06-01", {"donald-trump", "united-states"}),
        ("Benjamin Netanyahu speaks", "2022-01-01", {"benjamin-netanyahu"}),
        ("Sigmar Gabriel speaks", "2017-03-01", {"sigmar-gabriel", "germany"}),
        ("Sushma Swaraj speaks", "2020-03-01", {"sushma-swaraj"}),
        ("Putin speaks", "1970-01-01", {"vladimir-putin", "russia"}),
    ],
)
def test_a_leader_acts_for_the_nation_in_office_only(text: str, day: str, tags: set[str]) -> None:
    assert set(detected(text, day).tags) == tags


NAMES_IN_OTHER_LANGUAGES = {
    "ar": "تدعو ألمانيا واليابان إلى اجتماع",
    "bg": "Германия и Япония разговарят",
    "de": "Deutschland und Japan sprechen",
    "el": "Γερμανία και Ιαπωνία μιλούν",
    "es": "Alemania y Japón hablan",
    "fa": "آلمان و ژاپن گفتگو می‌کنند",
    "fr": "Allemagne et Japon se parlent",
    "he": "גרמניה וגם יפן",
    "hi": "जर्मनी और जापान",
    "id": "Jerman dan Jepang berbicara",
    "it": "Germania e Giappone parlano",
    "ja": "ドイツと日本が会談",
    "ko": "독일, 일본 회담",
    "nl": "Duitsland en Japan praten",
    "pl": "Niemcy i Japonia rozmawiają",
    "ps": "المان او جاپان",
    "pt": "Alemanha e Japão conversam",
    "ru": "Германия и Япония говорят",
    "tr": "Almanya ve Japonya görüştü",
    "uk": "Німеччина та Японія говорять",
    "ur": "جرمنی اور جاپان",
    "zh": "德国和日本会谈",
    "zh_Hant": "德國和日本會談",
}


@pytest.mark.parametrize(("language", "text"), NAMES_IN_OTHER_LANGUAGES.items())
def test_nations_are_known_by_the_names_of_many_languages(language: str, text: str) -> None:
    assert language in NAME_LOCALES
    assert [entity_id for _, entity_id in found(text)] == ["germany", "japan"]


def test_nearly_every_nation_is_found_by_its_name_in_every_language() -> None:
    nations = load(SEEDS, EntityFile).value.nations
    for language in NAME_LOCALES:
        names = Locale.parse(language).territories
        known = [nation for nation, line in nations.items() if nation in ids_of(names.get(line.territory, ""))]
        assert len(known) >= 195, language


def ids_of(text: str) -> set[str]:
    return {entity_id for _, entity_id in found(text)}


def detected(text: str, day: str = "2018-06-01") -> Detection:
    moment = f"{day}T00:00:00.000Z"
    article = ArticleText(article_id="1", title=text, language="en", published_at=moment, fetched_at=moment)
    return detect_events(article, GAZETTEER, load_reading())
