"""The shipped encoders: the same answer for the same words, whatever was read before; any length."""

from __future__ import annotations

import pytest

from firstwire.core.events.encoded_acts import GROUPS, STATUSES, TOLD
from firstwire.core.events.encoder_input import MARKS, EncoderInput, Party
from firstwire.files.encoder import FIRST_MARK, VOCABULARY, VOCABULARY_OF_OTHERS, EnglishEncoder, OthersEncoder
from schemas.record import Entity

KENYA = Entity(id="kenya", name="Kenya", kind="nation")


def given(text: str, before: str = "", places: tuple[int, ...] = ()) -> EncoderInput:
    words, behind = tuple(text.split()), tuple(before.split())
    parties = tuple(Party(place, KENYA, None, is_here=True, place=place) for place in places)
    return EncoderInput(words, behind, tuple(range(len(words))), parties)


def test_marks_have_places_that_the_vocabulary_leaves_open() -> None:
    pieces = VOCABULARY.read_text(encoding="utf-8").splitlines()
    assert all(piece.startswith("[unused") for piece in pieces[FIRST_MARK : FIRST_MARK + len(MARKS)])
    pieces = VOCABULARY_OF_OTHERS.read_text(encoding="utf-8").splitlines()
    assert tuple(pieces[FIRST_MARK : FIRST_MARK + len(MARKS)]) == MARKS


def test_everything_told_has_a_probability() -> None:
    encoded = EnglishEncoder()(given("#nation recognizes #nation", places=(0, 2)))
    assert tuple(encoded.acts) == tuple(encoded.statuses) == tuple(encoded.words) == TOLD
    assert all(
        tuple(each) == STATUSES and sum(each.values()) == pytest.approx(1, abs=1e-3)
        for each in encoded.statuses.values()
    )
    assert all(part is not None and tuple(part) == GROUPS for part in encoded.parts)
    assert max(encoded.acts, key=lambda name: encoded.acts[name]) == "recognize"
    assert encoded.words["recognize"] == 1


def test_what_was_read_before_changes_nothing() -> None:
    encoder, fresh = EnglishEncoder(), EnglishEncoder()
    question = given("#nation expels three diplomats of #nation", "a long day", (0, 5))
    for length in (1, 30, 90):
        encoder(given("word " * length))
    assert encoder(question) == fresh(question)


def test_a_long_sentence_is_cut() -> None:
    long = given("#nation " + "word " * 500 + "#nation", "#nation again", (0, 501, 502))
    encoded = EnglishEncoder()(long)
    assert encoded.parts[0] is not None
    assert encoded.parts[1] is None
    assert encoded.parts[2] is not None, "the sentence before has room of its own"


def test_no_words_are_an_answer_too() -> None:
    assert len(EnglishEncoder()(given("")).acts) == len(TOLD)


@pytest.mark.parametrize("text", ["#nation признала #nation", "#nation reconnaît #nation", "#nation 承认 #nation"])
def test_other_languages_have_an_encoder_of_their_own(text: str) -> None:
    words = tuple(word if word[0] == "#" else f" {word}" for word in text.split())
    parties = tuple(Party(place, KENYA, None, is_here=True, place=place) for place in (0, 2))
    encoded = OthersEncoder()(EncoderInput(words, (), (0, 1, 2), parties))
    assert max(encoded.acts, key=lambda name: encoded.acts[name]) == "recognize"
    assert encoded.words["recognize"] == 1
    first, second = encoded.parts
    assert first is not None and second is not None
    assert first["recognition"]["actor"] > 0.5 < second["recognition"]["target"]
