"""All watches at once: those that match an article, without evaluating each.

Atoms are looked up once for all queries; of a query only the clauses that can still fail are checked. The
result always equals that of `evaluate` on every watch, which also gives a match its evidence.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from firstwire.core.watches.atoms import ALWAYS, Atoms
from firstwire.core.watches.clauses import RequiredClauses
from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import holds
from firstwire.core.watches.garbage import collector_paused
from firstwire.core.watches.plan import BROKEN, Plan
from firstwire.core.watches.query import Node
from firstwire.core.watches.ragged import Numbers, Ragged
from firstwire.core.watches.shapes import ClauseMaker
from firstwire.core.watches.watch import Watch

Truth = NDArray[np.uint8]
"""By atom: 1 where it holds; 0 for a trial that was not evaluated."""


class Matcher:
    """A compiled set of watches. Immutable and thread-safe."""

    @collector_paused()
    def __init__(self, watches: Iterable[Watch]) -> None:
        self.watches = tuple(watches)
        self._atoms = Atoms()
        self._judged_whole: dict[int, Node] = {}
        """By query that is evaluated when it may match: its tree."""
        maker = ClauseMaker(self._atoms)
        numbers: dict[object, int] = {}
        required: list[RequiredClauses] = []
        of_watch = np.empty(len(self.watches), np.int64)
        for at, watch in enumerate(self.watches):
            clauses, whole = maker.clauses_of(watch.text)
            of_watch[at] = number = numbers.setdefault(whole or clauses.clauses, len(required))
            if number == len(required):
                required.append(clauses)
                if whole is not None:
                    self._judged_whole[number] = whole
        self._watches_of = Ragged.grouped(of_watch, np.arange(len(of_watch)), len(required))
        self._plan = Plan(required, self._atoms) if required else None

    @property
    def judged_whole(self) -> int:
        """The number of distinct queries with too many clauses, which are evaluated whole when they may match."""
        return len(self._judged_whole)

    def matching(self, document: Document) -> list[Watch]:
        """The watches that match an article, in the order of the rules."""
        return [self.watches[number] for number in self.numbers(document).tolist()]

    def numbers(self, document: Document) -> NDArray[np.int32]:
        """The indexes in `watches` of those that match, ascending."""
        if self._plan is None:
            return np.empty(0, np.int32)
        queries = self._matched(self._plan, document)
        if len(self._plan.whole) == len(self.watches):
            return queries.astype(np.int32)
        return np.sort(self._watches_of.of(queries))

    def _matched(self, plan: Plan, document: Document) -> Numbers:
        """The queries that hold, ascending."""
        truth = np.zeros(len(plan.is_trial), np.uint8)
        truth[ALWAYS] = 1
        truth[self._atoms.marks_of(document)] = 1
        selected = np.zeros(len(plan.whole), bool)
        selected[plan.selected_by.of(truth.nonzero()[0])] = True
        queries = selected.nonzero()[0]
        kept = self._remaining_clauses_hold(plan, queries, truth, document)
        for at in plan.whole[queries].nonzero()[0].tolist():
            kept[at] = holds(self._judged_whole[int(queries[at])], document)
        return queries[kept]

    def _remaining_clauses_hold(
        self, plan: Plan, queries: Numbers, truth: Truth, document: Document
    ) -> NDArray[np.bool_]:
        """By query: whether its remaining clauses hold. Trials are evaluated only for queries that may still hold."""
        kept = np.ones(len(queries), bool)
        unsettled = plan.lengths[queries].nonzero()[0]
        positions, lengths = plan.remaining.positions(queries[unsettled])
        if not len(positions):
            return kept
        atoms, bits, flipped = plan.remaining.items[positions], plan.bits[positions], plan.flipped[positions]
        starts, wanted = lengths.cumsum() - lengths, plan.wanted[queries[unsettled]]
        found = np.where(truth[atoms] ^ flipped, bits, 0)
        first, second = plan.needs
        tried = plan.is_trial[atoms].nonzero()[0]
        tried = tried[(truth[first[atoms[tried]]] & truth[second[atoms[tried]]]).astype(bool)]
        if len(tried):
            open_bits = bits[tried]
            found[tried] = np.where(open_bits == BROKEN, 0, open_bits)  # the best case for the query
            alive = np.bitwise_or.reduceat(found, starts) == wanted
            owners = starts.searchsorted(tried, "right") - 1
            for trial in set(atoms[tried[alive[owners]]].tolist()):
                truth[trial] = self._atoms.trials[trial].holds(document)
            found[tried] = np.where(truth[atoms[tried]] ^ flipped[tried], open_bits, 0)
            kept[unsettled] = alive & (np.bitwise_or.reduceat(found, starts) == wanted)
        else:
            kept[unsettled] = np.bitwise_or.reduceat(found, starts) == wanted
        return kept
