"""Meanings: the stories nearest in direction are found, whatever slots they have; blending goes towards what is new."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.core.stories.meanings import CONSULTED, KEPT, LENGTH, SIZE, Meanings, blended, direction_of, nearness

numbers = st.integers(0, 1 << 20)


def direction(seed: int, near: bytes = b"", apart: float = 1.0) -> bytes:
    """A direction by chance; with `near`, that one moved by `apart` of its length."""
    values = np.random.default_rng(seed).normal(size=SIZE)
    values *= apart / np.linalg.norm(values)
    if near:
        values += np.frombuffer(near, np.int8) / LENGTH
    return direction_of(values.astype(np.float32))


@given(numbers)
def test_a_direction_is_as_near_to_itself_as_can_be_and_of_zeros_there_is_none(seed: int) -> None:
    one = direction(seed)
    assert len(one) == SIZE
    assert nearness(one, one) == pytest.approx(1, abs=0.064)
    assert direction_of(np.zeros(SIZE, np.float32)) == bytes(SIZE)


@given(numbers, st.integers(1, 40))
def test_a_story_goes_towards_its_articles_the_less_the_more_it_has(seed: int, articles: int) -> None:
    story, article = direction(seed), direction(seed + 1)
    moved = blended(story, articles, article)
    assert nearness(story, article) < nearness(moved, article)
    assert nearness(moved, article) < nearness(blended(story, 1, article), article) + 0.02


def test_what_is_not_known_changes_nothing() -> None:
    one = direction(1)
    assert blended(one, 3, b"") == blended(b"", 3, one) == one
    assert blended(b"", 1, b"") == b""


@given(numbers, st.integers(1, 2 * CONSULTED))
def test_the_nearest_are_found_among_many_whatever_their_slots(seed: int, others: int) -> None:
    sought = direction(seed)
    close = [direction(seed + 10 + number, sought, 0.5) for number in range(3)]
    far = [direction(seed + 100 + number) for number in range(others)]
    found = []
    for order in (Random(seed), Random(seed + 1)):
        slots = list(range(0, 3 * (others + 3), 3))
        order.shuffle(slots)
        meanings = Meanings()
        by_slot = dict(zip(slots, (*close, *far), strict=True))
        for slot, meaning in by_slot.items():
            meanings.put(slot, meaning)
        near = sorted(meanings.near(sought), key=lambda each: -each[1])
        assert len(near) >= min(KEPT, others + 3)
        assert {by_slot[slot] for slot, _ in near[:3]} == set(close)
        found.append(sorted((by_slot[slot], product) for slot, product in near))
    assert found[0] == found[1]


def test_a_slot_without_meaning_is_not_found_and_takes_another_later() -> None:
    meanings = Meanings()
    assert meanings.near(direction(1)) == []
    meanings.put(5000, direction(1))
    meanings.put(2, b"")
    assert [slot for slot, _ in meanings.near(direction(1))] == [5000]
    meanings.put(5000, b"")
    assert meanings.near(direction(1)) == []
    meanings.put(2, direction(2))
    assert [slot for slot, _ in meanings.near(direction(1))] == [2]
