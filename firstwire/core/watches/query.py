"""The parse tree of a query: frozen nodes, equal when they ask the same, each with its place in the query's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from schemas.record import Field

ValueField = Literal["source", "lang", "tag", "author", "url"]
Place = tuple[int, int]
"""Code points of the query's text, from and to."""

TEXT_FIELDS: tuple[Field, ...] = ("title", "summary", "body")
VALUE_FIELDS: tuple[ValueField, ...] = ("source", "lang", "tag", "author", "url")
QUOTED_LIMIT = 80
"""Characters of the query's words that a reason repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What all nodes share: where they stand in the query's text, which makes no difference to what they ask."""

    at: Place = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Phrase(Located):
    """Consecutive tokens, folded; `*` and `?` in them are wildcards. A bare term is a phrase of one."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exact(Located):
    """Consecutive tokens with the case and accents given."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityTerm(Located):
    """Any of an entity's names."""

    id: str
    names: tuple[Phrase | Exact, ...]


@dataclass(frozen=True, slots=True)
class Near(Located):
    """Both sides in one field, not overlapping, at most `distance` tokens between; `ordered` wants the left first."""

    left: Side
    right: Side
    distance: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class InField(Located):
    """A text expression that looks in one field only."""

    field: Field
    part: Node


@dataclass(frozen=True, slots=True)
class Value(Located):
    """A folded pattern for the whole of a value."""

    field: ValueField
    pattern: str


@dataclass(frozen=True, slots=True)
class Not(Located):
    part: Node


@dataclass(frozen=True, slots=True)
class And(Located):
    """Two parts or more, none of them an And: see `all_of`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Located):
    """Two parts or more, none of them an Or: see `any_of`."""

    parts: tuple[Node, ...]


Term = Phrase | Exact | EntityTerm
Side = Term | Or
Node = Term | Near | InField | Value | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query as written and as understood."""

    text: str
    root: Node

    def words(self, node: Node) -> str:
        """The query's own words for a node, shortened."""
        start, end = node.at
        words = " ".join(self.text[start:end].split())
        return words if len(words) <= QUOTED_LIMIT else f"{words[: QUOTED_LIMIT - 1]}…"


def all_of(parts: Iterable[Node]) -> Node:
    """All of the parts: flat, and the part itself when there is but one."""
    given = tuple(parts)
    flat = tuple(inner for part in given for inner in (part.parts if isinstance(part, And) else (part,)))
    return flat[0] if len(flat) == 1 else And(flat, at=_around(given))


def any_of(parts: Iterable[Node]) -> Node:
    """Any of the parts: flat, and the part itself when there is but one."""
    given = tuple(parts)
    flat = tuple(inner for part in given for inner in (part.parts if isinstance(part, Or) else (part,)))
    return flat[0] if len(flat) == 1 else Or(flat, at=_around(given))


def _around(parts: tuple[Node, ...]) -> Place:
    return min(part.at[0] for part in parts), max(part.at[1] for part in parts)
