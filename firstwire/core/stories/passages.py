"""Passages: the longest run of words that two texts share, as proof of a copy that a person can read."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.text.tokens import Token, tokenize

GRAM_WORDS = 5
"""Shorter runs prove nothing, see `fingerprint`."""
PLACES_AT_MOST = 64
"""A run of five words that stands more often in one text is boilerplate; its first places count."""


@dataclass(frozen=True)
class Passage:
    """Where the shared words stand, in code points of each text, and how many words they are."""

    words: int
    start: int
    end: int
    other_start: int
    other_end: int


def longest_shared_passage(text: str, other: str) -> Passage | None:
    """The longest run of equal words, at least five; of equals the first in `text`. None where there is no such run.

    Words are equal as in queries, whatever their case, accents and what stands between them.
    """
    mine, theirs = tokenize(text), tokenize(other)
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(theirs) - GRAM_WORDS + 1):
        held = places.setdefault(_gram(theirs, at), [])
        if len(held) < PLACES_AT_MOST:
            held.append(at)
    best = (0, 0, 0)
    runs: dict[int, int] = {}
    """Lengths in 5-grams of the runs that end at a place of `theirs`."""
    for at in range(len(mine) - GRAM_WORDS + 1):
        runs = {place: runs.get(place - 1, 0) + 1 for place in places.get(_gram(mine, at), ())}
        for place, length in runs.items():
            if length > best[0]:
                best = length, at, place
    length, at, place = best
    if not length:
        return None
    first, last = mine[at - length + 1], mine[at + GRAM_WORDS - 1]
    other_first, other_last = theirs[place - length + 1], theirs[place + GRAM_WORDS - 1]
    return Passage(length + GRAM_WORDS - 1, first.start, last.end, other_first.start, other_last.end)


def _gram(tokens: list[Token], at: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[at : at + GRAM_WORDS])
