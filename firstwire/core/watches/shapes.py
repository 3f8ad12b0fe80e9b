"""The shapes of queries: what remains of them without their words, judged and compiled once for all that share one.

100,000 watches have a thousand shapes, such as `(w OR w) AND w NEAR/8 w`. A query of a known shape needs neither parser
nor tree: its words are put into the shape's clauses. All others are parsed; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

from firstwire.core.watches.atoms import Atoms
from firstwire.core.watches.clauses import Clause, RequiredClauses, clauses_of, distinct
from firstwire.core.watches.lexemes import QUOTES
from firstwire.core.watches.parser import ANY_ENTITY, leaf_of, parse
from firstwire.core.watches.query import EntityTerm, Exact, InField, Near, Node, Phrase, Value
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.trials import Scope

LENGTH_LIMIT = 2_000
"""Characters of a query with a shape: longer ones hardly ever share theirs."""
SHAPES_KEPT = 20_000

_TERM, _IN_FIELD, _TAG, _VALUE, _UNUSUAL = "wftv?"
"""Kinds of leaves: a term, a term with a field, a tag, another value; and what has no place in a shape."""
_STAND_INS = {_TERM: "x{}", _IN_FIELD: "title:x{}", _TAG: "tag:x{}", _VALUE: "lang:x{}"}
_OPERATORS = {"(": "(", ")": ")", "AND": "&", "OR": "|", "NOT": "!"}
_WRITTEN = {piece: operator for operator, piece in _OPERATORS.items()}
_FIELD_GROUP = re.compile(r"(?:title|summary|body):\(")
_PROXIMITY = re.compile(r"(?:NEAR|BEFORE)/[0-9]+")
_PIECE = re.compile(rf"{_FIELD_GROUP.pattern}|{_PROXIMITY.pattern} |.")

# A word, a parenthesis, the opening parenthesis of a field, quoted text with what is written onto its beginning, any
# other word; and any other character alone, which has no place in a shape.
_TOKEN = re.compile(
    rf"[A-Za-z0-9_]++(?![^\s)])|[()]|{_FIELD_GROUP.pattern}"
    rf"|[^\s(){QUOTES}]*+[{QUOTES}][^{QUOTES}]*+[{QUOTES}](?![^\s()])|[^\s(){QUOTES}]+|\S"
)
_PLAIN = re.compile(r'[a-z0-9_]++|"[A-Za-z0-9_]++(?: [A-Za-z0-9_]++)*+"')
"""A term that is no operator and has nothing to fold but capitals."""


class Checker:
    """Refuses what is no query; `entities` are the ids that exist."""

    def __init__(self, entities: Container[str]) -> None:
        self._entities = entities
        self._pieces = _Pieces(entities)

    def check(self, text: str) -> None:
        """Raises QueryError as `parse` does."""
        if _shape(self._pieces, _tokens(text)) is None:
            parse(text, self._entities)


class ClauseMaker:
    """The clauses of queries that are known to be valid; their atoms are added to `atoms`."""

    def __init__(self, atoms: Atoms) -> None:
        self._atoms = atoms
        self._pieces = _Pieces(ANY_ENTITY)
        self._leaves = _Leaves()
        self._literals: dict[Scope, _Literals] = {
            scope: _Literals(scope, atoms) for scope in (None, "title", "summary", "body")
        }
        self._unscoped = self._literals[None].__getitem__

    def clauses_of(self, text: str) -> tuple[RequiredClauses, Node | None]:
        """The clauses of a query, and its tree if it must be evaluated whole."""
        tokens = _tokens(text)
        shape = _shape(self._pieces, tokens)
        if shape is not None and shape.template is not None:
            return RequiredClauses(self._filled(shape.template, tokens)), None
        root = parse(text, ANY_ENTITY).root
        required = clauses_of(root, self._atoms)
        return required, root if required.whole else None

    def _filled(self, template: _Template, tokens: Sequence[str]) -> tuple[Clause, ...]:
        """The clauses with a query's own literals."""
        found = list(map(self._unscoped, template.plain(tokens)))
        for at, scope in template.fielded:
            found.append(self._literals[scope][tokens[at]])
        for at, other, distance, ordered, scope in template.nears:
            left: Any = self._leaves[tokens[at]]
            right: Any = self._leaves[tokens[other]]
            found.append(2 * self._atoms.near(Near(left, right, distance, ordered), scope))
        repeats = len(set(found)) < len(found)
        if template.negates:
            found += [literal + 1 for literal in found]
        slots = tuple(found)
        clauses = [clause(slots) for clause in template.clauses]
        return distinct(clauses) if repeats else tuple(clauses)


class _Template(msgspec.Struct, frozen=True):
    """The clauses of a shape over slots: leaves, those in field groups, NEARs, and the negations of these."""

    plain: Callable[[Sequence[str]], Sequence[str]]
    """The tokens of leaves outside of field groups."""
    fielded: tuple[tuple[int, Scope], ...]
    """The index of each leaf among the tokens, and its field."""
    nears: tuple[tuple[int, int, int, bool, Scope], ...]
    """The indexes of both sides, the distance, whether the order matters, the field."""
    negates: bool
    clauses: tuple[Callable[[Sequence[int]], Clause], ...]


class _Shape(msgspec.Struct, frozen=True):
    """A valid shape. Without a template its queries are evaluated whole."""

    template: _Template | None


class _Pieces(dict[str, str]):
    """By token: what stands for it in a shape."""

    def __init__(self, entities: Container[str]) -> None:
        super().__init__(_OPERATORS)
        self._entities = entities

    def __missing__(self, token: str) -> str:
        found = self[token] = self._piece(token)
        return found

    def _piece(self, token: str) -> str:
        if _PLAIN.fullmatch(token):
            return _TERM
        if _FIELD_GROUP.fullmatch(token):
            return token
        if _PROXIMITY.fullmatch(token):
            return f"{token} "
        try:
            leaf = leaf_of(token)
        except QueryError:
            return _UNUSUAL
        term = leaf.part if isinstance(leaf, InField) else leaf
        if isinstance(leaf, Value):
            return _TAG if leaf.field == "tag" else _VALUE
        if not isinstance(term, Phrase | Exact | EntityTerm):
            return _UNUSUAL
        if isinstance(term, EntityTerm) and term.id not in self._entities:
            return _UNUSUAL
        return _TERM if term is leaf else _IN_FIELD


class _Leaves(dict[str, Node]):
    """By token: its node."""

    def __missing__(self, token: str) -> Node:
        found = self[token] = _leaf(token)
        return found


class _Literals(dict[str, int]):
    """By token of a leaf: its literal in a scope."""

    def __init__(self, scope: Scope, atoms: Atoms) -> None:
        super().__init__()
        self._scope, self._atoms = scope, atoms

    def __missing__(self, token: str) -> int:
        leaf = _leaf(token)
        if isinstance(leaf, Phrase):
            literal = 2 * self._atoms.phrase(leaf, self._scope)
        else:
            node = leaf if self._scope is None else InField(self._scope, leaf)
            ((literal,),) = clauses_of(node, self._atoms).clauses
        self[token] = literal
        return literal


def _leaf(token: str) -> Node:
    """The node of a token. Raises QueryError if it is none by itself."""
    if _PLAIN.fullmatch(token):  # most leaves that are met for the first time
        return Phrase(tuple(token.strip('"').lower().split(" ")))
    return leaf_of(token)


def _tokens(text: str) -> list[str]:
    if len(text) > LENGTH_LIMIT:
        return [_UNUSUAL]
    if text.isascii() and '"' not in text and ":(" not in text:  # splitting takes a fifth of `findall`'s time
        return text.replace("(", " ( ").replace(")", " ) ").split()
    return _TOKEN.findall(text)


def _shape(pieces: _Pieces, tokens: Sequence[str]) -> _Shape | None:
    """The shape of a query; None if it is not valid or has something unusual."""
    return _known_shape("".join(map(pieces.__getitem__, tokens)))


@lru_cache(maxsize=SHAPES_KEPT)
def _known_shape(written: str) -> _Shape | None:
    pieces = _PIECE.findall(written)
    if _UNUSUAL in pieces:
        return None
    stand_ins = (
        _STAND_INS[piece].format(at) if piece in _STAND_INS else _WRITTEN.get(piece, piece)
        for at, piece in enumerate(pieces)
    )
    try:
        root = parse(" ".join(stand_ins), ANY_ENTITY).root
    except QueryError:
        return None
    slots = _Slots(pieces)
    required = clauses_of(root, slots)
    return _Shape(None if required.whole or slots.is_unusual else slots.template(required))


class _Slots(Atoms):
    """Numbers the leaves and NEARs of a shape instead of atoms."""

    def __init__(self, pieces: Sequence[str]) -> None:
        super().__init__()
        self._of = pieces
        self._slots: dict[tuple[Any, ...], int] = {}
        self.is_unusual = False

    def phrase(self, phrase: Phrase, scope: Scope) -> int:
        at = _index(phrase)
        return self._slot(at, None if self._of[at] == _IN_FIELD else scope)

    def value(self, value: Value) -> int:
        return self._slot(int(value.pattern[1:]), None)

    def near(self, near: Near, scope: Scope) -> int:
        if not (isinstance(near.left, Phrase) and isinstance(near.right, Phrase)):
            self.is_unusual = True  # too many alternatives for pairs
            return self._slot()
        return self._slot(_index(near.left), _index(near.right), near.distance, near.ordered, scope)

    def _slot(self, *what: Any) -> int:
        return self._slots.setdefault(what, self._add(1.0, None))

    def template(self, required: RequiredClauses) -> _Template:
        fielded = [what for what in self._slots if len(what) == 2 and what[1] is not None]
        plain = [what for what in self._slots if len(what) == 2 and what[1] is None]
        nears = [what for what in self._slots if len(what) > 2]
        place = {self._slots[what]: at for at, what in enumerate([*plain, *fielded, *nears])}
        negates = any(literal % 2 for clause in required.clauses for literal in clause)
        return _Template(
            plain=_taking([at for at, _ in plain]),
            fielded=tuple(fielded),
            nears=tuple(nears),
            negates=negates,
            clauses=tuple(
                _taking([place[literal // 2] + (literal % 2) * len(place) for literal in clause])
                for clause in required.clauses
            ),
        )


def _index(stand_in: Phrase) -> int:
    """The index of the token that a stand-in is for."""
    return int(stand_in.words[0][1:])


def _taking(places: Sequence[int]) -> Callable[[Any], Any]:
    """Takes the items of a sequence at these places, as a sequence: of a tuple, as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[0] + 1) if places else slice(0))
