"""The words of a text for sketches: read piece by piece from a cache, as one pattern over the whole text finds them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.sketch_words import known_pieces, words_in
from firstwire.core.text.rarities import Rarities
from firstwire.core.text.tokens import SPACELESS_CHARACTER

PIECES = known_pieces("und", Rarities())
GAP_AND_WORD = re.compile(r"([^\w$€£]*)([$€£]?\d(?:[\d.,]*\d)?%?|(?:[A-Z]\.){2,}|\w+(?:['’-]\w+)*)?")
BREAK = re.compile(r"[.!?:;\"“”\n|–—‘]")


def words_by_pattern(text: str) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for gap, word in GAP_AND_WORD.findall(text):
        if word and not word.isascii() and SPACELESS_CHARACTER.search(word):
            found += [(word[at : at + 2], not found and at == 0) for at in range(max(1, len(word) - 1))]
        elif word:
            found.append((word, not found or BREAK.search(gap) is not None))
    return found


def read(text: str, lead_characters: int) -> tuple[list[tuple[str, bool]], int]:
    words = words_in(text, PIECES, lead_characters)
    return [(word.written, at in words.begins) for at, word in enumerate(words.known)], words.in_lead


@given(st.text("aUS. \n\t,:-–'’“5$€%漢字\u0301", max_size=40), st.integers(0, 40))
def test_pieces_give_the_words_and_beginnings_of_the_whole_text(text: str, lead_characters: int) -> None:
    found, in_lead = read(text, lead_characters)
    assert found == words_by_pattern(text)
    assert in_lead == len(words_by_pattern(text[:lead_characters]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said: Yes", [("He", True), ("said", False), ("Yes", True)]),
        ("U.S. GDP rose 5.5%", [("U.S.", True), ("GDP", False), ("rose", False), ("5.5%", False)]),
        ("Q3 or Q, 3.", [("Q3", True), ("or", False), ("Q", False), ("3", False)]),
        ("ends. $ Then", [("ends", True), ("Then", False)]),
        ("one\ntwo-three", [("one", True), ("two-three", True)]),
        ("What? No; yes, US.", [("What", True), ("No", True), ("yes", True), ("US", False)]),
    ],
)
def test_words_and_beginnings(text: str, words: list[tuple[str, bool]]) -> None:
    assert read(text, len(text))[0] == words


def test_a_word_that_the_lead_cuts_counts_and_is_read_whole() -> None:
    assert read("Quake strikes Lombok", len("Quake str")) == (
        [("Quake", True), ("strikes", False), ("Lombok", False)],
        2,
    )
