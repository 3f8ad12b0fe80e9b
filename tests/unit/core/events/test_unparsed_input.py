"""What the encoder of other languages sees: names masked with their endings, spaces, years, the sentence before."""

from __future__ import annotations

import pytest

from firstwire.core.entities.mentions import find_mentions
from firstwire.core.events.encoder_input import EncoderInput
from firstwire.core.events.unparsed_input import unparsed_input
from firstwire.core.events.unparsed_reading import sentences_of
from firstwire.core.events.unparsed_sentence import UnparsedSentence
from firstwire.files.word_classes import load_word_classes
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import article


def seen(language: str, title: str, summary: str = "", year: int = 2031) -> list[EncoderInput]:
    one = article(title=title, summary=summary, body="", language=language)
    found = sentences_of(one, find_mentions(one, shipped_gazetteer()))
    classes = load_word_classes(language)
    return [unparsed_input(UnparsedSentence(sentence, before, classes, year)) for sentence, before in found]


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("ru", "Кения признала Косово", "#headline|ия|#nation| признала|во|#nation"),
        ("fr", "Reconnu par le Kenya, le Kosovo attend", "#headline| Reconnu| par|ya|#nation|,|vo|#nation| attend"),
        ("zh", "肯尼亚正式承认科索沃。", "#headline|#nation|正式承认|#nation|。"),
        ("ar", "كينيا تعترف بكوسوفو", "#headline|#nation| تعترف| ب|#nation"),
        ("tr", "Kenya Kosova'yı 1998'de tanıdı", "#headline|ya|#nation|va|#nation|yı|#past-year|de| tanıdı"),
        ("it", "Il 2031 del WWF", "#headline| Il|#this-year| del| WWF"),
    ],
)
def test_names_are_masked_and_keep_their_endings(language: str, title: str, words: str) -> None:
    (given,) = seen(language, title)
    assert "|".join(given.words) == words


def test_every_party_has_the_place_of_its_name() -> None:
    (given,) = seen("de", "Kenia erkennt Kosovo an")
    assert [(each.entity.id, given.words[each.place]) for each in given.parties] == [
        ("kenya", "#nation"),
        ("kosovo", "#nation"),
    ]


@pytest.mark.parametrize(
    ("language", "title"),
    [("es", "OPINIÓN | Reconozcamos ya a Kosovo"), ("pt", "OPINIÃO | Reconhecer já o Kosovo")],
)
def test_a_verb_with_a_capital_is_no_party(language: str, title: str) -> None:
    (given,) = seen(language, title)
    assert [each.entity.id for each in given.parties] == ["kosovo"]


def test_chinese_is_cut_where_a_party_ends() -> None:
    (given,) = seen("zh", "肯尼亚承认北方新政府成立")
    assert given.words[given.parties[-1].place].endswith("政府")
    assert "".join(given.words[2:]) == "承认北方新政府成立"


def test_the_sentence_before_is_given_with_its_names() -> None:
    _, given = seen("es", "Kenia reconoce a Kosovo", "Es el primer país que lo hace.")
    assert given.around[0] == "#headline"
    whole = given.words + given.around
    assert [(each.entity.id, whole[each.place], each.is_here) for each in given.parties] == [
        ("kenya", "#nation", False),
        ("kosovo", "#nation", False),
    ]
