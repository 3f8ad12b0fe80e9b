"""Sentences end where a reader would end them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.text.sentences import split_sentences


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


@given(st.text("aB .!\n。…\"'", max_size=60), st.integers(0, 5))
def test_the_first_sentences_are_those_of_the_whole_text(text: str, count: int) -> None:
    assert split_sentences(text, count) == split_sentences(text)[:count]
