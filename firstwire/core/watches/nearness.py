"""Where two terms occur near each other. The search runs over the rarer side, so that frequent words cost little."""

from __future__ import annotations

from bisect import bisect_left

from firstwire.core.watches.document import FieldText, Occurrence
from firstwire.core.watches.occurrences import occurrences, starts
from firstwire.core.watches.query import Exact, Near, Phrase, Side

Pair = tuple[Occurrence, Occurrence]
_Starts = tuple[list[int], int]
"""The positions at which a term begins, ascending, and its length in tokens."""


def is_near(near: Near, field: FieldText) -> bool:
    """Whether `nearby` finds a pair."""
    left, right = near.left, near.right
    if not (isinstance(left, Phrase | Exact) and isinstance(right, Phrase | Exact)):
        return nearby(near, field) is not None
    one, other = _starts(left, field), _starts(right, field)
    if _first(one, other, near.distance) is not None:
        return True
    return not near.ordered and _first(other, one, near.distance) is not None


def nearby(near: Near, field: FieldText) -> Pair | None:
    """The first occurrences of both sides that are near, in the order of the text; None if there are none."""
    left, right = near.left, near.right
    if isinstance(left, Phrase | Exact) and isinstance(right, Phrase | Exact):
        one, other = _starts(left, field), _starts(right, field)
        found = _first(one, other, near.distance)
        turned = None if near.ordered else _first(other, one, near.distance)
    else:
        before, after = _ascending(left, field), _ascending(right, field)
        found = _followed(before, after, near.distance)
        turned = None if near.ordered else _followed(after, before, near.distance)
    return min((pair for pair in (found, turned) if pair is not None), default=None)


def _starts(term: Phrase | Exact, field: FieldText) -> _Starts:
    return starts(term, field), len(term.words)


def _first(before: _Starts, after: _Starts, distance: int) -> Pair | None:
    """The first pair where one of `after` begins at most `distance` tokens after the end of one of `before`."""
    (firsts, length), (seconds, other_length) = before, after
    if len(firsts) <= len(seconds):
        for start in firsts:
            at = bisect_left(seconds, start + length)  # the first that does not overlap is the nearest
            if at < len(seconds) and seconds[at] - start - length <= distance:
                return (start, start + length), (seconds[at], seconds[at] + other_length)
        return None
    for second in seconds:
        at = bisect_left(firsts, second - length - distance)
        if at < len(firsts) and firsts[at] <= second - length:
            start = firsts[at]
            nearest = seconds[bisect_left(seconds, start + length)]
            return (start, start + length), (nearest, nearest + other_length)
    return None


def _ascending(side: Side, field: FieldText) -> list[Occurrence]:
    return sorted(set(occurrences(side, field)))


def _followed(before: list[Occurrence], after: list[Occurrence], distance: int) -> Pair | None:
    """Like `_first`, for occurrences that differ in length."""
    for occurrence in before:
        nearest = bisect_left(after, (occurrence[1], 0))
        if nearest < len(after) and after[nearest][0] - occurrence[1] <= distance:
            return occurrence, after[nearest]
    return None
