"""Roles: whether two titles report the same act with actor and target swapped."""

from __future__ import annotations

from collections.abc import Sequence

BY = 0
"""Represents "by" in an order of words, which marks the verb before it as passive."""

SHARED_AT_LEAST = 0.75
"""Share of the shorter title's words: titles that share fewer report different things."""


def ordered_word(hashed: int, can_name: bool) -> int:
    """A word of a title as stored: its last bit marks a possible name, which is a capitalized word."""
    return max(1, hashed) << 1 | can_name


def are_swapped(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two names and a word between them, all shared, are in opposite order in two titles of the same words.

    "Russia strikes Ukraine" and "Ukraine strikes Russia" are swapped; "Ukraine is struck by Russia" equals the first
    one, and so do "Ukraine, Russia resume talks" and "Russia, Ukraine resume talks".
    """
    if (BY in one) != (BY in other):
        return False
    positions = {word >> 1: at for at, word in enumerate(word for word in other if word != BY)}
    shared = [word for word in one if word != BY and word >> 1 in positions]
    if len(shared) < SHARED_AT_LEAST * min(len(one), len(other)):
        return False
    for first, act, last in zip(shared, shared[1:], shared[2:], strict=False):
        if first & last & 1 and positions[first >> 1] > positions[act >> 1] > positions[last >> 1]:
            return True
    return False
