"""All watches at once: which of them match an article, without evaluating each.

What is true of an article is found once for all queries; of a query only what can still fail is looked at. The
answer is always that of `evaluate` on every watch, which also gives the evidence: for one match, when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from firstwire.core.watches.atoms import ALWAYS, Atoms
from firstwire.core.watches.clauses import Clauses, clauses_of
from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import holds
from firstwire.core.watches.plan import BROKEN, Plan
from firstwire.core.watches.query import Query
from firstwire.core.watches.ragged import Numbers, Ragged
from firstwire.core.watches.watch import Watch


class Matcher:
    """A set of watches, ready to be asked. It never changes, and may be asked by several threads."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.watches = tuple(watches)
        self._atoms = Atoms()
        numbers: dict[object, int] = {}
        asked: list[Clauses] = []
        self._queries: list[Query] = []
        of_watch = np.empty(len(self.watches), np.int64)
        for at, watch in enumerate(self.watches):
            clauses = clauses_of(watch.query.root, self._atoms)
            same = watch.query.root if clauses.whole else clauses.clauses
            number = of_watch[at] = numbers.setdefault(same, len(numbers))
            if number == len(asked):
                asked.append(clauses)
                self._queries.append(watch.query)
        self._copies = Ragged.grouped(of_watch, np.arange(len(of_watch)), len(asked))
        self._plan = Plan(asked, self._atoms) if asked else None

    def matching(self, document: Document) -> list[Watch]:
        """The watches that match an article, in the order of the rules."""
        return [self.watches[number] for number in self.numbers(document).tolist()]

    def numbers(self, document: Document) -> NDArray[np.int32]:
        """The numbers of the watches that match, ascending: places in `watches`."""
        if self._plan is None:
            return np.empty(0, np.int32)
        queries = self._matched(self._plan, document)
        if len(self._queries) == len(self.watches):
            return queries.astype(np.int32)
        return np.sort(self._copies.of(queries))

    def _matched(self, plan: Plan, document: Document) -> Numbers:
        """The queries that hold, ascending."""
        marks = np.fromiter(self._atoms.marks_of(document), np.int64)
        truth = np.zeros(len(plan.is_trial), np.uint8)
        truth[ALWAYS] = 1
        truth[marks] = 1
        called = np.zeros(len(self._queries), bool)
        called[plan.called_by.of(np.flatnonzero(truth))] = True
        queries = np.flatnonzero(called)

        kept = self._left_over(plan, queries, truth, document)
        for at in np.flatnonzero(plan.whole[queries]).tolist():
            kept[at] = holds(self._queries[queries[at]], document)
        return queries[kept]

    def _left_over(
        self, plan: Plan, queries: Numbers, truth: NDArray[np.uint8], document: Document
    ) -> NDArray[np.bool_]:
        """Whether what is left of each query holds. A trial is made only if a query may still hold with it."""
        kept = np.ones(len(queries), bool)
        asked = np.flatnonzero(plan.lengths[queries])
        places, lengths = plan.left.places(queries[asked])
        if not len(places):
            return kept
        atoms = plan.left.items[places]
        first, second = plan.needs
        open_ = plan.is_trial[atoms] & (truth[first[atoms]] & truth[second[atoms]]).astype(bool)
        bits, wanted = plan.bits[places], plan.wanted[queries[asked]]
        set_ = truth[atoms] ^ plan.flipped[places]
        starts = np.cumsum(lengths) - lengths
        if not open_.any():
            kept[asked] = np.bitwise_or.reduceat(np.where(set_, bits, 0), starts) == wanted
            return kept
        hoped = np.where(set_ | open_, bits, 0)
        hoped[open_ & (bits == BROKEN)] = 0
        alive = np.bitwise_or.reduceat(hoped, starts) == wanted
        alive_items = np.repeat(alive, lengths)
        for trial in np.unique(atoms[open_ & alive_items]).tolist():
            truth[trial] = self._atoms.trials[trial].holds(document)
        set_ = truth[atoms] ^ plan.flipped[places]
        kept[asked] = alive & (np.bitwise_or.reduceat(np.where(set_, bits, 0), starts) == wanted)
        return kept
