"""The longest passage that two texts share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.passages import GRAM_WORDS, longest_shared_passage
from firstwire.core.text.tokens import tokenize

WORDS = st.lists(st.sampled_from(["a", "b", "Ç", "день"]), max_size=30).map(" ".join)


def longest_by_trying_all(one: str, other: str) -> int:
    mine, theirs = [t.text for t in tokenize(one)], [t.text for t in tokenize(other)]
    best = 0
    for at in range(len(mine)):
        for place in range(len(theirs)):
            length = 0
            while mine[at + length : at + length + 1] == theirs[place + length : place + length + 1] != []:
                length += 1
            best = max(best, length)
    return best if best >= GRAM_WORDS else 0


@given(WORDS, WORDS)
def test_it_is_as_long_as_the_longest_of_all_runs_and_its_words_are_the_same(one: str, other: str) -> None:
    passage = longest_shared_passage(one, other)
    assert (passage.words if passage else 0) == longest_by_trying_all(one, other)
    if passage is not None:
        mine = [token.text for token in tokenize(one[passage.start : passage.end])]
        theirs = [token.text for token in tokenize(other[passage.other_start : passage.other_end])]
        assert mine == theirs
        assert len(mine) == passage.words


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (
            "LONDON – The ships left the port at dawn, he said.",
            "At noon: “The ships left the port!” he said.",
            "The ships left the port",
        ),
        ("外交部表示将于周三开会讨论", "昨天外交部表示将于周四开会", "外交部表示将于周"),
        ("one two three four", "one two three four", None),
        ("", "", None),
    ],
)
def test_it_is_given_as_it_stands_in_the_text(one: str, other: str, shared: str | None) -> None:
    passage = longest_shared_passage(one, other)
    assert (one[passage.start : passage.end] if passage else None) == shared


@pytest.mark.slow
def test_a_text_of_one_repeated_phrase_costs_no_more_than_its_length_times_a_bound() -> None:
    passage = longest_shared_passage("again and " * 20_000, "again and " * 20_000)
    assert passage is not None
    assert passage.words >= GRAM_WORDS
