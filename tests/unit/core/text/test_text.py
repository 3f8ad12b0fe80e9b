"""Text: folding with its way back, tokens, sentences, language, case forms."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.declension import declined
from firstwire.core.text.folding import fold, fold_text
from firstwire.core.text.sentences import split_sentences
from firstwire.core.text.tokens import tokenize
from firstwire.files.language_model import detect_language


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Russia", "russia"),
        ("KÖLN", "koln"),
        ("Straße", "strasse"),
        ("ﬁrst", "first"),
        ("Ⅻ", "xii"),
        ("Йод и ёлка", "йод и елка"),
        ("أفغانستان", "افغانستان"),
        ("が", "が"),
        ("e\u0301te\u0301", "ete"),
        ("İstanbul", "istanbul"),
    ],
)
def test_case_accents_and_compatibility_forms_fold_away(text: str, folded: str) -> None:
    assert fold_text(text) == unicodedata.normalize("NFC", folded)


def test_a_folded_span_leads_back_to_the_original() -> None:
    text = "Die Straße nach ﬁnale Düsseldorf"
    folded = fold(text)
    at = folded.text.index("dusseldorf")
    start, end = folded.original(at, at + len("dusseldorf"))
    assert text[start:end] == "Düsseldorf"


@given(st.text())
def test_every_folded_code_point_comes_from_inside_the_original(text: str) -> None:
    folded = fold(text)
    for at in range(len(folded.text)):
        start, end = folded.original(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(st.text())
def test_tokens_stand_in_order_inside_the_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.end <= len(text)
        assert token.start < token.end
        end = token.start


def test_a_possessive_is_two_tokens_and_a_han_character_one() -> None:
    assert [token.text for token in tokenize("Russia's 承认 first_wire")] == ["russia", "s", "承", "认", "first_wire"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("The U.S. Senate met. It rose.", ["The U.S. Senate met.", "It rose."]),
        ("He left the U.S. The rest stayed.", ["He left the U.S.", "The rest stayed."]),
        ("St. Lucia agreed. So did Dr. Smith.", ["St. Lucia agreed.", "So did Dr. Smith."]),
        ("George W. Bush spoke.", ["George W. Bush spoke."]),
        ('"No." He went.', ['"No."', "He went."]),
        ("And the winner is... Norway", ["And the winner is... Norway"]),
        ("Up 3.5 percent. Down 2.", ["Up 3.5 percent.", "Down 2."]),
        ("Headline without a stop\nBody text.", ["Headline without a stop", "Body text."]),
        (
            "Kenya has signed a treaty with the\nSoviet Union and will restore ties\nsoon.\n    He was.\n\nThe end",
            [
                "Kenya has signed a treaty with the\nSoviet Union and will restore ties\nsoon.",
                "He was.",
                "The end",
            ],
        ),
        (
            "Kenya recognises Chad\nIran too\nIt was a long day in Nairobi, they said",
            ["Kenya recognises Chad", "Iran too", "It was a long day in Nairobi, they said"],
        ),
        (
            "Kenya has recognised\nthe state of Chad. It rained.",
            ["Kenya has recognised\nthe state of Chad.", "It rained."],
        ),
        ("Kenya has recognised\r\nthe state of Chad", ["Kenya has recognised\r\nthe state of Chad"]),
        (f"Kenya has\nrecognised Chad, {'long ' * 25}", ["Kenya has", f"recognised Chad, {('long ' * 25).strip()}"]),
        (f"Kenya recognises\nChad\n{'long ' * 25}", ["Kenya recognises", "Chad", ("long " * 25).strip()]),
        ("俄罗斯承认。法国拒绝！", ["俄罗斯承认。", "法国拒绝！"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Parliament approves the new budget after a long debate", "en"),
        ("Norway Opens Embassy", "en"),
        ("Парламент принял новый закон о бюджете и ушёл на каникулы", "ru"),
        ("Парламент ухвалив новий закон про бюджет і пішов на канікули", "uk"),
        ("Le parlement a adopté la nouvelle loi après un long débat", "fr"),
        ("Das Parlament hat nach langer Debatte das neue Gesetz beschlossen", "de"),
        ("El parlamento aprobó la nueva ley después de un largo debate", "es"),
        ("البرلمان يوافق على القانون الجديد بعد نقاش طويل", "ar"),
        ("مجلس قانون جدید را پس از گفت‌وگوی طولانی تصویب کرد", "fa"),
        ("议会在长时间辩论后通过了新法律", "zh"),
        ("国会は長い議論の末に新しい法律を可決した", "ja"),
        ("", "und"),
        ("7", "und"),
    ],
)
def test_the_language_is_told_by_script_letters_and_statistics(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_russian_names_are_declined_and_others_left_alone() -> None:
    assert {"Германия", "Германии", "Германию", "Германией"} <= declined("Германия")
    assert {"Южная Корея", "Южной Кореи", "Южной Корее"} <= declined("Южная Корея")
    assert declined("Germany") == {"Germany"}
