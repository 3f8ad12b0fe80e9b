"""A query as a conjunction of clauses over atoms, each clause a list of alternatives.

A literal is twice its atom's number, plus one if negated. Multiplying out alternatives of ANDs can explode: where it
yields more than CLAUSES_LIMIT clauses, only one necessary clause is kept, and the whole query is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import msgspec

from firstwire.core.watches.atoms import NEVER, Atoms
from firstwire.core.watches.query import (
    And,
    EntityTerm,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Value,
    terms_of,
)
from firstwire.core.watches.trials import Scope

CLAUSES_LIMIT = 60
"""Clauses that are not a single negated literal: each is a bit of a 64-bit word."""
PRODUCT_LIMIT = 5_000
"""Literals that multiplying out one query may produce."""
PAIRS_LIMIT = 64
"""Pairs of alternatives of a NEAR that become atoms of their own; with more, the NEAR is one atom."""

Clause = tuple[int, ...]
_Clauses = list[Clause]


class RequiredClauses(msgspec.Struct, frozen=True, gc=False):
    """The clauses of a query: necessary, and sufficient too unless `whole`."""

    clauses: tuple[Clause, ...]
    whole: bool = False


class _TooManyClausesError(Exception):
    """Multiplying out exceeds the limits."""


def clauses_of(root: Node, atoms: Atoms) -> RequiredClauses:
    """The clauses of a query; its atoms are added to `atoms`."""
    try:
        clauses = _clauses(root, None, True, atoms)
        if len(clauses) <= CLAUSES_LIMIT or sum(map(_is_presence, clauses)) <= CLAUSES_LIMIT:
            return RequiredClauses(distinct(clauses))
    except _TooManyClausesError:
        pass
    necessary = _necessary(root, None, True, atoms)
    return RequiredClauses(() if necessary is None else (necessary,), whole=True)


def distinct(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses, none twice, each without repeated literals."""
    return tuple(dict.fromkeys(tuple(dict.fromkeys(clause)) for clause in clauses))


def _clauses(node: Node, scope: Scope, wanted: bool, atoms: Atoms) -> _Clauses:
    """The clauses of a node, or of its negation unless `wanted`."""
    match node:
        case Phrase():
            return [(2 * atoms.phrase(node, scope) + (not wanted),)]
        case Exact():
            return [(2 * atoms.exact(node, scope) + (not wanted),)]
        case EntityTerm():
            return [(2 * atoms.entity(node, scope) + (not wanted),)]
        case Near():
            return _near(node, scope, wanted, atoms)
        case Value():
            return [(2 * atoms.value(node) + (not wanted),)]
        case Not():
            return _clauses(node.part, scope, not wanted, atoms)
        case InField() if scope not in (None, node.field):
            return [(2 * NEVER + (not wanted),)]
        case InField():
            return _clauses(node.part, node.field, wanted, atoms)
        case Or() if wanted and all(isinstance(part, Phrase) for part in node.parts):
            return [tuple(dict.fromkeys(2 * atoms.phrase(part, scope) for part in node.parts))]  # type: ignore[arg-type]
        case Or():
            return _either([_clauses(part, scope, wanted, atoms) for part in node.parts], wanted)
        case And():
            return _either([_clauses(part, scope, wanted, atoms) for part in node.parts], not wanted)


def _near(near: Near, scope: Scope, wanted: bool, atoms: Atoms) -> _Clauses:
    """The pairs of both sides' alternatives; beyond PAIRS_LIMIT the NEAR itself and its sides as necessary clauses."""
    left, right = terms_of(near.left), terms_of(near.right)
    if len(left) * len(right) > PAIRS_LIMIT:
        itself = (2 * atoms.near(near, scope) + (not wanted),)
        sides = [tuple(2 * _term(term, scope, atoms) for term in terms) for terms in (left, right)]
        return [itself, *sides] if wanted else [itself]
    pairs = (Near(one, other, near.distance, near.ordered) for one, other in product(left, right))
    literals = [2 * atoms.near(pair, scope) + (not wanted) for pair in pairs]
    return [tuple(literals)] if wanted else [(literal,) for literal in literals]


def _term(term: Term, scope: Scope, atoms: Atoms) -> int:
    match term:
        case Phrase():
            return atoms.phrase(term, scope)
        case Exact():
            return atoms.exact(term, scope)
        case EntityTerm():
            return atoms.entity(term, scope)


def _either(parts: list[_Clauses], wanted: bool) -> _Clauses:
    """The disjunction of the parts; their conjunction unless `wanted`."""
    if not wanted:
        return [clause for part in parts for clause in part]
    single = [part[0] for part in parts if len(part) == 1]
    several = [part for part in parts if len(part) != 1]
    together = tuple(literal for clause in single for literal in clause)
    if not several:
        return [tuple(dict.fromkeys(together))]
    count, length = 1, len(together)
    for part in several:
        count, length = count * len(part), length + max((len(clause) for clause in part), default=0)
        if count * length > PRODUCT_LIMIT:
            raise _TooManyClausesError
    return [
        tuple(dict.fromkeys(literal for clause in (together, *chosen) for literal in clause))
        for chosen in product(*several)
    ]


def _necessary(node: Node, scope: Scope, wanted: bool, atoms: Atoms) -> Clause | None:
    """The rarest known clause without negated literals that is necessary for the node; None if none is known."""
    match node:
        case InField() if scope in (None, node.field):
            return _necessary(node.part, node.field, wanted, atoms)
        case Not():
            return _necessary(node.part, scope, not wanted, atoms)
        case And() | Or():
            parts = [_necessary(part, scope, wanted, atoms) for part in node.parts]
            if isinstance(node, Or) is not wanted:
                return min((part for part in parts if part is not None), key=atoms.share_of, default=None)
            known = [part for part in parts if part is not None]
            return tuple(literal for part in known for literal in part) if len(known) == len(parts) else None
        case _:
            usable = [clause for clause in _clauses(node, scope, wanted, atoms) if not any(map(_is_negated, clause))]
            return min(usable, key=atoms.share_of, default=None)


def _is_presence(clause: Clause) -> bool:
    """Whether a clause is not just a single negated literal."""
    return len(clause) != 1 or not _is_negated(clause[0])


def _is_negated(literal: int) -> bool:
    return bool(literal % 2)
