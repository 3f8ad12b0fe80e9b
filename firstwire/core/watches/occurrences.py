"""Where terms occur in a field, as ranges of tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from firstwire.core.watches.document import FieldText, Occurrence
from firstwire.core.watches.query import EntityTerm, Exact, Or, Phrase, Side, terms_of
from firstwire.core.watches.wildcards import has_wildcard

TRIALS_LIMIT = 200_000
"""Token comparisons that checking each position may cost; beyond them the text is read in one pass."""


def occurrences(side: Side, field: FieldText) -> Iterator[Occurrence]:
    """The occurrences of a term in a field; those of alternatives one after the other, not merged."""
    match side:
        case Phrase():
            yield from _phrase(side.words, field, exact=False)
        case Exact():
            yield from _phrase(side.words, field, exact=True)
        case EntityTerm():
            yield from (occurrence for occurrence, _ in field.named(side.id))
        case Or():
            for term in terms_of(side):
                yield from occurrences(term, field)


def occurs(side: Side, field: FieldText) -> bool:
    """Whether a term occurs in a field."""
    if isinstance(side, EntityTerm):
        return side.id in field.names
    if isinstance(side, Exact) and len(side.words) == 1:
        return field.has_exact(side.words[0])
    if isinstance(side, Phrase) and not any(map(has_wildcard, side.words)):
        length, wanted, tokens = len(side.words), list(side.words), field.folded
        positions = field.words.get(wanted[0], ())
        if len(positions) * length <= TRIALS_LIMIT:
            return any(tokens[at : at + length] == wanted for at in positions)
    return next(occurrences(side, field), None) is not None


def starts(term: Phrase | Exact, field: FieldText) -> list[int]:
    """The positions at which a term begins, ascending."""
    exact = isinstance(term, Exact)
    if len(term.words) == 1:
        return field.positions(term.words[0], exact=exact)
    key = (exact, term.words)
    if key not in field.phrases:
        field.phrases[key] = [start for start, _ in _phrase(term.words, field, exact=exact)]
    return field.phrases[key]


def _phrase(words: tuple[str, ...], field: FieldText, *, exact: bool) -> Iterator[Occurrence]:
    """The occurrences of a phrase, ascending, searched from its rarest word."""
    length = len(words)
    if length == 1:
        yield from ((position, position + 1) for position in field.positions(words[0], exact=exact))
        return
    positions = [field.positions(word, exact=exact) for word in words]
    if not all(positions):
        return
    rarest = min(range(length), key=lambda at: len(positions[at]))
    tokens = field.exact if exact else field.folded
    forms = [_forms(word, field, exact=exact) for word in words]
    if len(positions[rarest]) * length > TRIALS_LIMIT:
        yield from _in_one_pass(forms, tokens)
        return
    last = len(tokens) - length
    for position in positions[rarest]:
        start = position - rarest
        if 0 <= start <= last and all(tokens[start + at] in fitting for at, fitting in enumerate(forms)):
            yield start, start + length


def _forms(word: str, field: FieldText, *, exact: bool) -> Collection[str]:
    """The tokens that a word of a phrase matches."""
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
