"""Where terms stand in a field, as ranges of tokens, and where two of them stand near each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from firstwire.core.watches.document import FieldText
from firstwire.core.watches.query import Entity, Exact, Near, Or, Phrase, Side
from firstwire.core.watches.wildcards import has_wildcard

Occurrence = tuple[int, int]
"""The first token, and the one after the last."""

TRIALS_LIMIT = 200_000
"""Token comparisons that trying place by place may cost; a longer phrase in more places is read in one pass."""

PAIRS_TRIED = 64


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


def stands(side: Side, field: FieldText) -> bool:
    """Whether a term stands anywhere in a field."""
    if isinstance(side, Phrase) and not any(map(has_wildcard, side.words)):
        length, wanted, tokens = len(side.words), list(side.words), field.folded
        places = field.words.get(wanted[0], ())
        if len(places) * length <= TRIALS_LIMIT:
            return any(tokens[at : at + length] == wanted for at in places)
    return next(occurrences(side, field), None) is not None


def is_near(near: Near, field: FieldText) -> bool:
    """Whether `nearby` finds a pair. Few places against few are simply tried, which takes no search."""
    left = _ascending(near.left, field)
    right = _ascending(near.right, field) if left else []
    if len(left) * len(right) > PAIRS_TRIED:
        return nearby(near, field) is not None
    distance, either = near.distance, not near.ordered
    for start, end in left:
        for other, other_end in right:
            if 0 <= other - end <= distance or (either and 0 <= start - other_end <= distance):
                return True
    return False


def nearby(near: Near, field: FieldText) -> tuple[Occurrence, Occurrence] | None:
    """The first occurrences of both sides that fit, the one that stands first in the text leading; None if none do."""
    left = _ascending(near.left, field)
    right = _ascending(near.right, field) if left else []
    if not right:
        return None
    found = _followed(left, right, near.distance)
    if near.ordered:
        return found
    turned = _followed(right, left, near.distance)
    return min((pair for pair in (found, turned) if pair is not None), default=None)


def _ascending(side: Side, field: FieldText) -> list[Occurrence]:
    if isinstance(side, Phrase) and len(side.words) == 1:
        return [(at, at + 1) for at in field.positions(side.words[0])]
    if isinstance(side, Phrase | Exact):
        return list(occurrences(side, field))
    return sorted(set(occurrences(side, field)))


def _followed(before: list[Occurrence], after: list[Occurrence], distance: int) -> tuple[Occurrence, Occurrence] | None:
    """The first pair where one of `after` begins at most `distance` tokens behind the end of one of `before`."""
    for occurrence in before:
        nearest = bisect_left(after, (occurrence[1], 0))  # the first that does not overlap is the nearest
        if nearest < len(after) and after[nearest][0] - occurrence[1] <= distance:
            return occurrence, after[nearest]
    return None


def _phrase(words: tuple[str, ...], field: FieldText, *, exact: bool) -> Iterator[Occurrence]:
    """The phrase in ascending order, found from the word in it that stands in the fewest places."""
    length = len(words)
    if length == 1:
        yield from ((position, position + 1) for position in field.positions(words[0], exact=exact))
        return
    places = [field.positions(word, exact=exact) for word in words]
    if not all(places):
        return
    rarest = min(range(length), key=lambda at: len(places[at]))
    tokens = field.exact if exact else field.folded
    forms = [_forms(word, field, exact=exact) for word in words]
    if len(places[rarest]) * length > TRIALS_LIMIT:
        yield from _in_one_pass(forms, tokens)
        return
    last = len(tokens) - length
    for position in places[rarest]:
        start = position - rarest
        if 0 <= start <= last and all(tokens[start + at] in fitting for at, fitting in enumerate(forms)):
            yield start, start + length


def _forms(word: str, field: FieldText, *, exact: bool) -> Collection[str]:
    """The tokens that a word of a phrase fits."""
    return field.fitting(word) if not exact and has_wildcard(word) else (word,)


def _in_one_pass(forms: Sequence[Collection[str]], tokens: list[str]) -> Iterator[Occurrence]:
    """The shift-and method: bit k is set while the last k + 1 tokens fit the first k + 1 words of the phrase."""
    fits: defaultdict[str, int] = defaultdict(int)
    for at, fitting in enumerate(forms):
        for token in fitting:
            fits[token] |= 1 << at
    last, state = 1 << (len(forms) - 1), 0
    for position, token in enumerate(tokens):
        state = (state << 1 | 1) & fits.get(token, 0)
        if state & last:
            yield position + 1 - len(forms), position + 1
