"""Roles: whether two titles tell the same act with actor and target changed about."""

from __future__ import annotations

from collections.abc import Sequence

BY = 0
"""Stands in an order of words for what makes the verb before it passive."""

SHARED_AT_LEAST = 0.75
"""Of the shorter title's words: titles that share fewer tell different things in different orders."""


def ordered_word(hashed: int, can_name: bool) -> int:
    """A word of a title as it is kept: its last bit says whether it may be a name, as one with a capital may."""
    return max(1, hashed) << 1 | can_name


def are_swapped(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two names and a word between them, all shared, stand in opposite order in two titles of the same words.

    "Russia strikes Ukraine" and "Ukraine strikes Russia" are swapped; "Ukraine is struck by Russia" is the first one
    again, and "Ukraine, Russia resume talks" beside "Russia, Ukraine resume talks" says the same.
    """
    if (BY in one) != (BY in other):
        return False
    places = {word >> 1: place for place, word in enumerate(word for word in other if word != BY)}
    shared = [word for word in one if word != BY and word >> 1 in places]
    if len(shared) < SHARED_AT_LEAST * min(len(one), len(other)):
        return False
    for first, act, last in zip(shared, shared[1:], shared[2:], strict=False):
        if first & last & 1 and places[first >> 1] > places[act >> 1] > places[last >> 1]:
            return True
    return False
