"""The shipped transformer of second looks: what it remembers of an article, and the same answer whatever it read."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from firstwire.files.story_encoder import PARTS, PIECES, StoryEncoder

QUAKE = ("Earthquake kills 12 in Mindanao", "A magnitude 6.4 quake struck off Mindanao at dawn, officials said.")
REWRITTEN = ("Dozen dead as strong tremor hits southern Philippines", "The 6.4 shock shook Mindanao before sunrise.")
OTHER = ("Central bank of Chile leaves rates unchanged", "The board voted five to none.")


@pytest.fixture(scope="module")
def encoder() -> StoryEncoder:
    return StoryEncoder()


def test_two_reports_of_one_quake_are_the_same_and_a_bank_is_another(encoder: StoryEncoder) -> None:
    quake, rewritten, other = (encoder.beginning(*each) for each in (QUAKE, REWRITTEN, OTHER))
    assert encoder(rewritten, [quake]).same > 0.5 > encoder(other, [quake]).same


@pytest.mark.parametrize("text", ["", "word " * 1000, "\u200b", "🦋" * 300, "x" * 5000])
def test_any_text_has_a_beginning_of_bounded_length(encoder: StoryEncoder, text: str) -> None:
    for beginning in (encoder.beginning(text, ""), encoder.beginning("", text), encoder.beginning(text, text)):
        assert len(beginning) <= 2 * PIECES
        same, repeats = encoder(beginning, [encoder.beginning(*QUAKE)])
        assert 0 <= same <= 1 and 0 <= repeats <= 1


NUMBERS = " ".join(str(number) for number in range(1_000, 1_400))


@pytest.mark.parametrize("title", ["", QUAKE[0], QUAKE[0] * 9])
@pytest.mark.parametrize("length", [34, 60, 80, 110])
def test_beginning_and_rest_of_a_text_hold_all_its_words(encoder: StoryEncoder, title: str, length: int) -> None:
    text = NUMBERS[: 5 * length]
    beginning, rest = encoder.beginning(title, text), encoder.rest(title, text)
    found = [set(np.frombuffer(part, "<u2").tolist()) for part in (beginning, *(part.read for part in rest))]
    every = set(np.frombuffer(b"".join(encoder.beginning("", word) for word in text.split()), "<u2").tolist())
    assert all(len(part.read) <= 2 * PIECES and part.words in text for part in rest) and len(rest) <= PARTS
    assert every - set().union(*found) == set() or len(rest) == PARTS


def test_a_short_text_has_no_rest(encoder: StoryEncoder) -> None:
    assert encoder.rest(*QUAKE) == encoder.rest(QUAKE[0], "") == ()


def test_of_a_text_without_end_as_many_parts_are_read_as_of_any(encoder: StoryEncoder) -> None:
    assert len(encoder.rest(QUAKE[0], NUMBERS * 1_000)) == len(encoder.rest("0-x" * 100_000, "0-x" * 100_000)) == PARTS


def test_little_is_kept_of_a_title_without_end(encoder: StoryEncoder) -> None:
    tracemalloc.start()
    for number in range(20):
        encoder.beginning(f"{number}" + ",x" * 200_000, "0-x" * 100_000)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


def test_words_that_look_like_marks_of_the_other_encoder_are_words(encoder: StoryEncoder) -> None:
    assert encoder.beginning("#nation", "") == encoder.beginning("# nation", "")


def test_answers_do_not_depend_on_threads_or_on_what_was_read_before(encoder: StoryEncoder) -> None:
    beginnings = [encoder.beginning(*each) for each in (QUAKE, REWRITTEN, OTHER)]
    read = [(one, others) for one in beginnings for others in (beginnings, beginnings[:2], beginnings[1:2])] * 4
    alone = [StoryEncoder()(*each) for each in read[:9]]
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda each: encoder(*each), read)) == alone * 4
