"""Atoms that must be evaluated on the article itself, each prepared once: tens of thousands run per second."""

from __future__ import annotations

from typing import Protocol

from firstwire.core.watches.document import Document, FieldText
from firstwire.core.watches.evaluate import value_holds
from firstwire.core.watches.nearness import is_near
from firstwire.core.watches.occurrences import TRIALS_LIMIT, occurs
from firstwire.core.watches.query import Exact, Near, Phrase, Value
from firstwire.core.watches.wildcards import has_wildcard
from schemas.record import Field

Scope = Field | None
"""The field that an atom searches; None for all three."""


class Trial(Protocol):
    """An atom that must be evaluated on the article."""

    def holds(self, document: Document) -> bool:
        """Whether it holds; always equal to the result of `evaluate`."""
        ...


def trial_of(leaf: Phrase | Exact | Near | Value, scope: Scope) -> Trial:
    """The fastest trial for a leaf of a query."""
    match leaf:
        case Value():
            return _ValueTrial(leaf)
        case Near():
            return _NearTrial(leaf, scope)
        case Phrase() if not any(map(has_wildcard, leaf.words)):
            return _PlainPhraseTrial(leaf, scope)
        case _:
            return _TermTrial(leaf, scope)


class _ValueTrial:
    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        self._value = value

    def holds(self, document: Document) -> bool:
        return value_holds(self._value, document)


class _TermTrial:
    __slots__ = ("_scope", "_term")

    def __init__(self, term: Phrase | Exact, scope: Scope) -> None:
        self._term, self._scope = term, scope

    def holds(self, document: Document) -> bool:
        return any(occurs(self._term, field) for field in _fields(document, self._scope))


class _NearTrial:
    __slots__ = ("_near", "_scope")

    def __init__(self, near: Near, scope: Scope) -> None:
        self._near, self._scope = near, scope

    def holds(self, document: Document) -> bool:
        return any(is_near(self._near, field) for field in _fields(document, self._scope))


class _PlainPhraseTrial:
    """A phrase without wildcards: its first word is looked up, the others are compared in place."""

    __slots__ = ("_phrase", "_scope", "_words")

    def __init__(self, phrase: Phrase, scope: Scope) -> None:
        self._phrase, self._scope = phrase, scope
        self._words = list(phrase.words)

    def holds(self, document: Document) -> bool:
        words, length = self._words, len(self._words)
        for field in _fields(document, self._scope):
            positions = field.words.get(words[0])
            if positions is None:
                continue
            if len(positions) * length > TRIALS_LIMIT:
                return any(occurs(self._phrase, other) for other in _fields(document, self._scope))
            tokens = field.folded
            for at in positions:
                if tokens[at : at + length] == words:
                    return True
        return False


def _fields(document: Document, scope: Scope) -> tuple[FieldText, ...]:
    """The fields of a scope that have any text."""
    return document.filled if scope is None else tuple(field for field in document.filled if field.name == scope)
