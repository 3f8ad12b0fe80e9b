"""Passages: the longest run of words that two texts share, as readable evidence of a copy."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.text.tokens import Token, tokenize

GRAM_WORDS = 5
"""Shorter runs prove nothing, see `fingerprint`."""
POSITIONS_AT_MOST = 64
"""A 5-gram that occurs more often in one text is boilerplate; only its first positions are kept."""


@dataclass(frozen=True)
class Passage:
    """The ranges of the shared words, in code points of each text, and their number."""

    words: int
    start: int
    end: int
    other_start: int
    other_end: int


def longest_shared_passage(text: str, other: str) -> Passage | None:
    """The longest run of equal words, at least GRAM_WORDS; of equals the first in `text`. None if there is no such run.

    Words are compared as in queries, regardless of case, accents and separators.
    """
    mine, theirs = tokenize(text), tokenize(other)
    positions: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(theirs) - GRAM_WORDS + 1):
        held = positions.setdefault(_gram(theirs, at), [])
        if len(held) < POSITIONS_AT_MOST:
            held.append(at)
    best = (0, 0, 0)
    runs: dict[int, int] = {}
    """By end position in `theirs`: the length of the run in 5-grams."""
    for at in range(len(mine) - GRAM_WORDS + 1):
        runs = {end: runs.get(end - 1, 0) + 1 for end in positions.get(_gram(mine, at), ())}
        for end, length in runs.items():
            if length > best[0]:
                best = length, at, end
    length, at, end = best
    if not length:
        return None
    first, last = mine[at - length + 1], mine[at + GRAM_WORDS - 1]
    other_first, other_last = theirs[end - length + 1], theirs[end + GRAM_WORDS - 1]
    return Passage(length + GRAM_WORDS - 1, first.start, last.end, other_first.start, other_last.end)


def _gram(tokens: list[Token], at: int) -> tuple[str, ...]:
    return tuple(token.text for token in tokens[at : at + GRAM_WORDS])
