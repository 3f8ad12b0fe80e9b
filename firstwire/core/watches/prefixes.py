"""The prefixes of words: `title:`, `source:` and others."""

from __future__ import annotations

from firstwire.core.text.nearest import meant_by
from firstwire.core.watches.lexemes import Lexeme
from firstwire.core.watches.query import TEXT_FIELDS, VALUE_FIELDS, ValueField
from firstwire.core.watches.refusal import QueryError
from schemas.record import Field

KNOWN = (*TEXT_FIELDS, *VALUE_FIELDS)


def split_prefix(word: Lexeme) -> tuple[Field | ValueField, Lexeme]:
    """The prefix of a word with a colon, and the rest of the word. Raises QueryError for an unknown prefix."""
    name = word.text.partition(":")[0]
    field = next((known for known in KNOWN if known == name), None)
    if field is None:
        raise _unknown(name, word)
    return field, word.after(len(name) + 1)


def _unknown(name: str, word: Lexeme) -> QueryError:
    close = meant_by(name, KNOWN)
    advice = f'put it in quotes, "{word.text[:40]}", or use one of {", ".join(KNOWN)}'
    return QueryError(f"unknown prefix {name[:40]!r}", word.start, f"did you mean {close}:?" if close else advice)
