"""The clauses of all queries as arrays: the queries that a mark selects, and the remaining clauses of each.

Every query is indexed under the marks of its rarest clause only: without one of them it cannot hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firstwire.core.watches.atoms import ALWAYS, NEVER, Atoms
from firstwire.core.watches.clauses import RequiredClauses
from firstwire.core.watches.ragged import Numbers, Ragged

BROKEN = np.uint64(1 << 63)
"""The bit set by an atom that must not hold."""

_NEVER, _ALWAYS = (2 * NEVER,), (2 * ALWAYS,)


class Plan:
    """The compiled clauses of queries, numbered in their order."""

    def __init__(self, queries: Sequence[RequiredClauses], atoms: Atoms) -> None:
        shares = np.array(atoms.shares)
        self.needs = np.array(atoms.needs, np.int32).T.copy()
        """Two rows, by atom: the marks that it requires."""
        self.is_trial = np.zeros(len(shares), bool)
        self.is_trial[list(atoms.trials)] = True
        self.whole = np.array([query.whole for query in queries], bool)
        """By query: whether it must be evaluated whole when it is selected."""

        clauses = [_with_key(query) for query in queries]
        per_query = np.array([len(each) for each in clauses], np.int64)
        lengths = np.array([len(clause) for each in clauses for clause in each], np.int64)
        literals = np.array([literal for each in clauses for clause in each for literal in clause], np.int64)
        atom, negated = literals >> 1, (literals & 1).astype(bool)
        query_of = np.repeat(np.arange(len(clauses)), per_query)
        clause_of = np.repeat(np.arange(len(lengths)), lengths)

        is_key = _keys(_sums(np.where(negated, np.inf, shares[atom]), lengths), per_query, query_of)
        in_key = is_key[clause_of]
        self.selected_by = Ragged.grouped(
            self.needs[0][atom[in_key]].astype(np.int64), query_of[clause_of[in_key]], len(shares)
        )
        """By mark: the queries that it selects."""

        settled = is_key & (_sums(self.is_trial[atom].astype(float), lengths) == 0)
        is_absence = (lengths == 1) & negated[_starts(lengths)]
        bits, self.wanted = _bits(~settled & ~is_absence, query_of, len(clauses))
        bits[is_absence] = BROKEN
        left = ~settled[clause_of]
        self.remaining = Ragged(_bounds(query_of[clause_of[left]], len(clauses)), atom[left].astype(np.int32))
        """By query: the atoms of the clauses that its selection has not settled."""
        self.lengths = np.diff(self.remaining.starts)
        self.flipped: NDArray[np.uint8] = (negated & ~is_absence[clause_of])[left].astype(np.uint8)
        """By item of `remaining`: 1 where the atom's absence sets the bit."""
        self.bits: NDArray[np.uint64] = bits[clause_of[left]]
        """By item of `remaining`: the bit of its clause. `wanted`, by query: all its bits."""


def _with_key(query: RequiredClauses) -> tuple[tuple[int, ...], ...]:
    """The clauses of a query, none empty and at least one without negated literals."""
    clauses = query.clauses if all(query.clauses) else tuple(clause or _NEVER for clause in query.clauses)
    for clause in clauses:
        if clause[0] % 2 == 0 and not any(literal % 2 for literal in clause):
            return clauses
    return (*clauses, _ALWAYS)


def _keys(costs: NDArray[np.float64], per_query: Numbers, query_of: Numbers) -> NDArray[np.bool_]:
    """By clause: whether it is the first of its query's cheapest."""
    cheapest = np.minimum.reduceat(costs, _starts(per_query))
    candidates = np.flatnonzero(costs == cheapest[query_of])
    queries = query_of[candidates]
    first = np.ones(len(queries), bool)
    first[1:] = queries[1:] != queries[:-1]
    is_key = np.zeros(len(costs), bool)
    is_key[candidates[first]] = True
    return is_key


def _bits(counted: NDArray[np.bool_], query_of: Numbers, queries: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """By clause: its bit among the counted clauses of its query. By query: all their bits."""
    before: Numbers = np.cumsum(counted) - counted
    first = np.zeros(queries, np.int64)
    first[query_of[::-1]] = before[::-1]
    bits = np.left_shift(np.uint64(1), (before - first[query_of]).astype(np.uint64))
    totals = np.bincount(query_of[counted], minlength=queries).astype(np.uint64)
    return bits, np.left_shift(np.uint64(1), totals) - np.uint64(1)


def _sums(values: NDArray[np.float64], lengths: Numbers) -> NDArray[np.float64]:
    return np.add.reduceat(values, _starts(lengths))


def _starts(lengths: Numbers) -> Numbers:
    return np.cumsum(lengths) - lengths


def _bounds(rows: Numbers, count: int) -> Numbers:
    """The index at which each row begins among ascending row numbers, and the end of the last."""
    return np.searchsorted(rows, np.arange(count + 1))
