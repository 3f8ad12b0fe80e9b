"""Parses words of a query into leaves: terms, phrases, wildcards, exact terms, entities."""

from __future__ import annotations

from collections.abc import Container

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.meant_entity import meant_entity
from firstwire.core.watches.lexemes import Lexeme
from firstwire.core.watches.query import EntityTerm, Exact, Phrase, TextRange
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.tokens import WILDCARDS, QueryToken, is_spaceless, pattern_tokens_of, tokens_of

PLAIN_PREFIX = 2
"""Plain characters before a word's first wildcard: with fewer it matches too much of the language."""

_MEANT = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR"}


def phrase_of(lexeme: Lexeme, at: TextRange) -> Phrase:
    """A term or phrase. Raises QueryError if it has no token or a wildcard comes too early."""
    tokens = pattern_tokens_of(lexeme.text)
    if not tokens:
        meant = _MEANT.get(lexeme.text)
        raise QueryError(
            f"no letter or digit in {lexeme.text!r}: nothing could match",
            lexeme.start,
            f"did you mean {meant}?" if meant else "",
        )
    for token in tokens:
        _check_wildcard(token, lexeme)
    return Phrase(tuple(token.folded for token in tokens), at=at)


def exact_of(lexeme: Lexeme, at: TextRange) -> Exact:
    """An exact term or phrase from its text without the `=`. Raises QueryError for a wildcard or no token."""
    wildcard = next((at for at, char in enumerate(lexeme.text) if char in WILDCARDS), None)
    if wildcard is not None:
        raise QueryError("an exact term takes no wildcard", lexeme.inside + wildcard, "leave out the = or the wildcard")
    tokens = tokens_of(lexeme.text)
    if not tokens:
        raise QueryError("no letter or digit after =: nothing could match", at[0])
    return Exact(tuple(token.exact for token in tokens), at=at)


def entity_of(lexeme: Lexeme, entities: Container[str]) -> EntityTerm:
    """`@id`. Raises QueryError if there is no id, or an unknown one."""
    entity_id = lexeme.text[1:]
    if not entity_id:
        raise QueryError("no entity after @", lexeme.start, "write an id: @taliban")
    if entity_id not in entities:
        same = entity_id.lower() if entity_id.lower() in entities else None
        meant = meant_entity(entity_id, entities) if isinstance(entities, Gazetteer) else same
        advice = "" if meant is None else f"did you mean @{meant}?"
        raise QueryError(f"no entity {entity_id!r}", lexeme.start, advice)
    return EntityTerm(entity_id, at=(lexeme.start, lexeme.end))


def _check_wildcard(token: QueryToken, lexeme: Lexeme) -> None:
    plain = next((at for at, char in enumerate(token.folded) if char in WILDCARDS), None)
    if plain is None or plain >= PLAIN_PREFIX:
        return
    before = lexeme.text[token.start - 1 : token.start]
    advice = "leave the wildcard out, every character is a word here" if before and is_spaceless(before) else ""
    raise QueryError(
        f"a wildcard needs {PLAIN_PREFIX} plain characters before it in its word",
        lexeme.inside + token.start,
        advice,
    )
