"""The parse tree of a query: frozen nodes that know their range in the query's text, and compare without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

from schemas.record import Field

ValueField = Literal["source", "lang", "tag", "author", "url"]
TextRange = tuple[int, int]
"""A range of the query's text in code points: start, end."""

TEXT_FIELDS: tuple[Field, ...] = ("title", "summary", "body")
VALUE_FIELDS: tuple[ValueField, ...] = ("source", "lang", "tag", "author", "url")
QUOTED_LIMIT = 80
"""Characters of the query that a reason quotes."""


class Located(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False):
    """The range of a node in the query's text, ignored when nodes are compared; of use only in trees of `parse`."""

    at: TextRange = (0, 0)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash((type(self), *self._compared()))

    def _compared(self) -> tuple[object, ...]:
        return msgspec.structs.astuple(self)[:-1]  # `at` is the last field


class Phrase(Located, frozen=True, eq=False, gc=False):
    """Consecutive tokens, folded; `*` and `?` in them are wildcards. A bare term is a phrase of one."""

    words: tuple[str, ...]


class Exact(Located, frozen=True, eq=False, gc=False):
    """Consecutive tokens with the case and accents given."""

    words: tuple[str, ...]


class EntityTerm(Located, frozen=True, eq=False, gc=False):
    """An entity, wherever the entity finder finds it."""

    id: str


class Near(Located, frozen=True, eq=False, gc=False):
    """Both sides in one field, not overlapping, at most `distance` tokens between; `ordered`: the left one first."""

    left: Side
    right: Side
    distance: int
    ordered: bool


class InField(Located, frozen=True, eq=False, gc=False):
    """A text expression restricted to one field."""

    field: Field
    part: Node


class Value(Located, frozen=True, eq=False, gc=False):
    """A folded pattern that must match a whole value."""

    field: ValueField
    pattern: str


class Not(Located, frozen=True, eq=False, gc=False):
    part: Node


class And(Located, frozen=True, eq=False, gc=False):
    """Two parts or more, none of them an And: see `all_of`."""

    parts: tuple[Node, ...]


class Or(Located, frozen=True, eq=False, gc=False):
    """Two parts or more, none of them an Or: see `any_of`."""

    parts: tuple[Node, ...]


Term = Phrase | Exact | EntityTerm
Side = Term | Or
Node = Term | Near | InField | Value | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query as written and as parsed."""

    text: str
    root: Node

    def words(self, node: Node) -> str:
        """The query's text for a node, shortened to QUOTED_LIMIT."""
        start, end = node.at
        words = " ".join(self.text[start:end].split())
        return words if len(words) <= QUOTED_LIMIT else f"{words[: QUOTED_LIMIT - 1]}…"


def values_in(node: Node, field: ValueField) -> Iterator[Value]:
    """The values of a field that a node names, in the order of its text."""
    match node:
        case Value():
            if node.field == field:
                yield node
        case And() | Or():
            for part in node.parts:
                yield from values_in(part, field)
        case Not():
            yield from values_in(node.part, field)


def terms_of(side: Side) -> tuple[Term, ...]:
    """The alternatives of a NEAR's side."""
    if isinstance(side, Or):
        return tuple(part for part in side.parts if isinstance(part, Phrase | Exact | EntityTerm))
    return (side,)


def all_of(parts: Iterable[Node]) -> Node:
    """The AND of the parts, flattened; a single part is returned as it is."""
    given = tuple(parts)
    flat = tuple(inner for part in given for inner in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat, at=_range_of(given))


def any_of(parts: Iterable[Node]) -> Node:
    """The OR of the parts, flattened; a single part is returned as it is."""
    given = tuple(parts)
    flat = tuple(inner for part in given for inner in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat, at=_range_of(given))


def _range_of(parts: tuple[Node, ...]) -> TextRange:
    return min(part.at[0] for part in parts), max(part.at[1] for part in parts)
