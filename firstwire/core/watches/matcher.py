"""All watches at once: which of them match an article, without evaluating each.

What is true of an article is found once for all queries; of a query only what can still fail is looked at. The
answer is always that of `evaluate` on every watch, which also gives the evidence: for one match, when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from firstwire.core.watches.atoms import ALWAYS, Atoms
from firstwire.core.watches.clauses import RequiredClauses, clauses_of
from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import holds
from firstwire.core.watches.plan import BROKEN, Plan
from firstwire.core.watches.query import Query
from firstwire.core.watches.ragged import Numbers, Ragged
from firstwire.core.watches.watch import Watch

Truth = NDArray[np.uint8]
"""By atom: 1 where it holds; of a trial that was not made, 0."""


class Matcher:
    """A set of watches, ready to be asked. It never changes, and may be asked by several threads."""

    def __init__(self, watches: Iterable[Watch]) -> None:
        self.watches = tuple(watches)
        self._atoms = Atoms()
        self._queries: list[Query] = []
        numbers: dict[object, int] = {}
        asked: list[RequiredClauses] = []
        of_watch = np.empty(len(self.watches), np.int64)
        for at, watch in enumerate(self.watches):
            clauses = clauses_of(watch.query.root, self._atoms)
            same = watch.query.root if clauses.whole else clauses.clauses
            of_watch[at] = number = numbers.setdefault(same, len(asked))
            if number == len(asked):
                asked.append(clauses)
                self._queries.append(watch.query)
        self._watches_of = Ragged.grouped(of_watch, np.arange(len(of_watch)), len(asked))
        self._plan = Plan(asked, self._atoms) if asked else None

    @property
    def judged_whole(self) -> int:
        """Distinct queries that are evaluated one by one when they may match: as clauses they would be too many."""
        return 0 if self._plan is None else int(self._plan.whole.sum())

    def matching(self, document: Document) -> list[Watch]:
        """The watches that match an article, in the order of the rules."""
        return [self.watches[number] for number in self.numbers(document).tolist()]

    def numbers(self, document: Document) -> NDArray[np.int32]:
        """The numbers of the watches that match, ascending: their places in `watches`."""
        if self._plan is None:
            return np.empty(0, np.int32)
        queries = self._matched(self._plan, document)
        if len(self._queries) == len(self.watches):
            return queries.astype(np.int32)
        return np.sort(self._watches_of.of(queries))

    def _matched(self, plan: Plan, document: Document) -> Numbers:
        """The queries that hold, ascending."""
        truth = np.zeros(len(plan.is_trial), np.uint8)
        truth[ALWAYS] = 1
        truth[self._atoms.marks_of(document)] = 1
        called = np.zeros(len(self._queries), bool)
        called[plan.called_by.of(truth.nonzero()[0])] = True
        queries = called.nonzero()[0]
        kept = self._what_is_left(plan, queries, truth, document)
        for at in plan.whole[queries].nonzero()[0].tolist():
            kept[at] = holds(self._queries[queries[at]], document)
        return queries[kept]

    def _what_is_left(self, plan: Plan, queries: Numbers, truth: Truth, document: Document) -> NDArray[np.bool_]:
        """By query: whether the rest of it holds. A trial is made only where a query may still hold with it."""
        kept = np.ones(len(queries), bool)
        asked = plan.lengths[queries].nonzero()[0]
        places, lengths = plan.left.places(queries[asked])
        if not len(places):
            return kept
        atoms, bits, flipped = plan.left.items[places], plan.bits[places], plan.flipped[places]
        starts, wanted = lengths.cumsum() - lengths, plan.wanted[queries[asked]]
        found = np.where(truth[atoms] ^ flipped, bits, 0)
        first, second = plan.needs
        tried = plan.is_trial[atoms].nonzero()[0]
        tried = tried[(truth[first[atoms[tried]]] & truth[second[atoms[tried]]]).astype(bool)]
        if len(tried):
            open_bits = bits[tried]
            found[tried] = np.where(open_bits == BROKEN, 0, open_bits)  # as it would be best for the query
            alive = np.bitwise_or.reduceat(found, starts) == wanted
            owners = starts.searchsorted(tried, "right") - 1
            for trial in set(atoms[tried[alive[owners]]].tolist()):
                truth[trial] = self._atoms.trials[trial].holds(document)
            found[tried] = np.where(truth[atoms[tried]] ^ flipped[tried], open_bits, 0)
            kept[asked] = alive & (np.bitwise_or.reduceat(found, starts) == wanted)
        else:
            kept[asked] = np.bitwise_or.reduceat(found, starts) == wanted
        return kept
