"""The shipped transformer of second looks: what it remembers of an article, and the same answer whatever it read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from firstwire.files.story_encoder import PIECES, StoryEncoder

QUAKE = ("Earthquake kills 12 in Mindanao", "A magnitude 6.4 quake struck off Mindanao at dawn, officials said.")
REWRITTEN = ("Dozen dead as strong tremor hits southern Philippines", "The 6.4 shock shook Mindanao before sunrise.")
OTHER = ("Central bank of Chile leaves rates unchanged", "The board voted five to none.")


@pytest.fixture(scope="module")
def encoder() -> StoryEncoder:
    return StoryEncoder()


def test_two_reports_of_one_quake_are_the_same_and_a_bank_is_another(encoder: StoryEncoder) -> None:
    quake, rewritten, other = (encoder.pieces(*each) for each in (QUAKE, REWRITTEN, OTHER))
    assert encoder(rewritten, quake).same > 0.5 > encoder(other, quake).same


@pytest.mark.parametrize("text", ["", "word " * 1000, "\u200b", "🦋" * 300, "x" * 5000])
def test_any_text_has_pieces_of_bounded_length(encoder: StoryEncoder, text: str) -> None:
    for pieces in (encoder.pieces(text, ""), encoder.pieces("", text), encoder.pieces(text, text)):
        assert len(pieces) <= 2 * PIECES
        same, repeats = encoder(pieces, encoder.pieces(*QUAKE))
        assert 0 <= same <= 1 and 0 <= repeats <= 1


def test_answers_do_not_depend_on_threads_or_on_what_was_read_before(encoder: StoryEncoder) -> None:
    pieces = [encoder.pieces(*each) for each in (QUAKE, REWRITTEN, OTHER)]
    pairs = [(one, other) for one in pieces for other in pieces] * 4
    alone = [StoryEncoder()(*pair) for pair in pairs[:9]]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda pair: encoder(*pair), pairs)) == alone * 4
