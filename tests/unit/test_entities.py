"""Entities: names found in every script, in the right case, with the right meaning, at exact offsets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.catalog import load_entities
from firstwire.core.events.entities import Gazetteer
from firstwire.errors import ConfigError

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "entities.yaml"
GAZETTEER = load_entities([SEEDS])


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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nations:\n  norway: {terrritory: NO}", "2:12: unknown key 'terrritory'; did you mean 'territory'?"),
        ("nations:\n  norway: {territory: QQ}", "2:11: CLDR knows no territory 'QQ'"),
        ("nations:\n  norway: {}\n  norway: {}", "3:3: 'norway' stands here twice, first in line 2"),
        ("leaders:\n  somebody: {nation: nowhere}", "'somebody' acts for 'nowhere', which is no entity"),
        ("nations: {norway: [1]}", "1:19: norway must be a mapping of"),
        ("nations:\n  norway: {capitals: 7}", "2:22: capitals: expected `str`, got `int`"),
        ("nations: {", "not YAML"),
        ("", "the file is empty"),
    ],
)
def test_a_broken_entity_file_is_an_error_at_its_place(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "entities.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_entities([file])
    assert str(file) in str(caught.value)
    assert message in str(caught.value)


def test_norway_is_no_boolean(tmp_path: Path) -> None:
    file = tmp_path / "entities.yaml"
    file.write_text("nations:\n  no: {names: yes}\n", encoding="utf-8")
    gazetteer: Gazetteer = load_entities([file])
    assert gazetteer.aliases("no") == ("No", "yes")
