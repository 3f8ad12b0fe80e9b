"""Where terms stand in a field, as ranges of tokens, and where two of them stand near each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from firstwire.core.watches.document import FieldText
from firstwire.core.watches.query import Entity, Exact, Near, Or, Phrase, Side

Occurrence = tuple[int, int]
"""The first token, and the one after the last."""


def occurrences(side: Side, field: FieldText) -> Iterator[Occurrence]:
    """Where a term stands in a field; for alternatives and names one after the other, in no common order."""
    match side:
        case Phrase():
            yield from _phrase(side.words, field, exact=False)
        case Exact():
            yield from _phrase(side.words, field, exact=True)
        case Entity():
            for name in side.names:
                yield from occurrences(name, field)
        case Or():
            for part in side.parts:
                assert isinstance(part, Phrase | Exact | Entity)  # what the parser lets stand beside NEAR
                yield from occurrences(part, field)


def nearby(near: Near, field: FieldText) -> tuple[Occurrence, Occurrence] | None:
    """The first occurrences of both sides that fit, the one that stands first in the text leading; None if none do."""
    left = sorted(set(occurrences(near.left, field)))
    right = sorted(set(occurrences(near.right, field))) if left else []
    found = _followed(left, right, near.distance)
    if near.ordered:
        return found
    turned = _followed(right, left, near.distance)
    return min((pair for pair in (found, turned) if pair is not None), default=None)


def _followed(before: list[Occurrence], after: list[Occurrence], distance: int) -> tuple[Occurrence, Occurrence] | None:
    """The first pair where one of `after` begins at most `distance` tokens behind the end of one of `before`."""
    for occurrence in before:
        nearest = bisect_left(after, (occurrence[1], 0))  # the first that does not overlap is the nearest
        if nearest < len(after) and after[nearest][0] - occurrence[1] <= distance:
            return occurrence, after[nearest]
    return None


def _phrase(words: tuple[str, ...], field: FieldText, *, exact: bool) -> Iterator[Occurrence]:
    """The phrase, found from the word in it that stands in the fewest places."""
    places = [field.positions(word, exact=exact) for word in words]
    if not all(places):
        return
    rarest = min(range(len(words)), key=lambda at: len(places[at]))
    others = [(at - rarest, set(places[at])) for at in range(len(words)) if at != rarest]
    for position in places[rarest]:
        if all(position + offset in there for offset, there in others):
            yield position - rarest, position - rarest + len(words)
