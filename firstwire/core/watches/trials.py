"""Atoms that must be tried on the article itself, each prepared once: tens of thousands are tried a second."""

from __future__ import annotations

from typing import Protocol

from firstwire.core.watches.document import Document, FieldText
from firstwire.core.watches.evaluate import value_holds
from firstwire.core.watches.nearness import is_near
from firstwire.core.watches.occurrences import TRIALS_LIMIT, stands
from firstwire.core.watches.query import Exact, Near, Phrase, Value
from firstwire.core.watches.wildcards import has_wildcard
from schemas.record import Field

Scope = Field | None
"""The field that an atom looks in; None for all three."""


class Trial(Protocol):
    """An atom that must be tried."""

    def holds(self, document: Document) -> bool:
        """Whether it holds, exactly as `evaluate` says."""
        ...


def trial_of(asks: Phrase | Exact | Near | Value, scope: Scope) -> Trial:
    """The quickest trial of a leaf of a query."""
    match asks:
        case Value():
            return _ValueTrial(asks)
        case Near():
            return _NearTrial(asks, scope)
        case Phrase() if not any(map(has_wildcard, asks.words)):
            return _PlainPhraseTrial(asks, scope)
        case _:
            return _TermTrial(asks, scope)


class _ValueTrial:
    def __init__(self, value: Value) -> None:
        self._value = value

    def holds(self, document: Document) -> bool:
        return value_holds(self._value, document)


class _TermTrial:
    def __init__(self, term: Phrase | Exact, scope: Scope) -> None:
        self._term, self._scope = term, scope

    def holds(self, document: Document) -> bool:
        return any(stands(self._term, field) for field in _fields(document, self._scope))


class _NearTrial:
    def __init__(self, near: Near, scope: Scope) -> None:
        self._near, self._scope = near, scope

    def holds(self, document: Document) -> bool:
        return any(is_near(self._near, field) for field in _fields(document, self._scope))


class _PlainPhraseTrial:
    """A phrase without wildcards: its first word is looked up, the others compared as they stand."""

    def __init__(self, phrase: Phrase, scope: Scope) -> None:
        self._phrase, self._scope = phrase, scope
        self._words = list(phrase.words)

    def holds(self, document: Document) -> bool:
        words, length = self._words, len(self._words)
        for field in _fields(document, self._scope):
            places = field.words.get(words[0])
            if places is None:
                continue
            if len(places) * length > TRIALS_LIMIT:
                return any(stands(self._phrase, other) for other in _fields(document, self._scope))
            tokens = field.folded
            for at in places:
                if tokens[at : at + length] == words:
                    return True
        return False


def _fields(document: Document, scope: Scope) -> tuple[FieldText, ...]:
    """The fields of a scope that have any text."""
    return document.filled if scope is None else tuple(field for field in document.filled if field.name == scope)
