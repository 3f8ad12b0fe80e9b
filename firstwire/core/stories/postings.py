"""Postings: which texts hold a feature, some tens of millions of them at eight bytes each.

New ones stand in a dictionary, older ones in two sorted arrays that are merged now and then. A text that is dropped
only loses its mark of life; its postings vanish at a merge. What is answered depends on the living texts alone.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.fingerprint import Hashes

Slots = npt.NDArray[np.uint32]
Order = tuple[str, str]
"""(First seen, article id): the one order of texts that does not depend on how they arrived."""

HOLDERS_CONSULTED = 256
"""Of a feature that more texts hold (boilerplate, a flood of copies) the newest so many count."""

HEAD_POSTINGS = 1 << 14
MIDDLE_POSTINGS = 1 << 18
MIDDLE_SHARE = 16
"""The middle is merged into the main array when it is a sixteenth of it: each posting is copied some 16 times."""


class Postings:
    """Texts are known by slot numbers, which are given out here and given again after a while."""

    def __init__(self) -> None:
        self.order: list[Order] = []
        """By slot; of a free one what was there before."""
        self._is_alive = np.zeros(1024, np.bool_)
        self._free: list[int] = []
        self._dropped: list[int] = []
        self._head: dict[int, list[int]] = {}
        self._head_size = 0
        self._middle = _Run.empty()
        self._main = _Run.empty()
        self._crowded: dict[int, list[tuple[Order, int]]] = {}
        """All living holders of the features known to have many, the oldest first."""

    def add(self, order: Order, features: list[int]) -> int:
        """Enter a text; each feature is named once. The slot it has from now on."""
        slot = self._new_slot(order)
        for feature in features:
            self._head.setdefault(feature, []).append(slot)
        self._head_size += len(features)
        for feature in self._crowded.keys() & features:
            insort(self._crowded[feature], (order, slot))
        if self._head_size > HEAD_POSTINGS:
            self._settle()
        return slot

    def drop(self, slot: int, features: list[int]) -> None:
        """Take a text out. `features` are those that it was entered with."""
        self._is_alive[slot] = False
        self._dropped.append(slot)
        entry = (self.order[slot], slot)
        for feature in self._crowded.keys() & features:
            holders = self._crowded[feature]
            del holders[bisect_left(holders, entry)]

    def holders(self, features: Hashes) -> Slots:
        """The slots of living texts that hold these features (ascending, each once), once for every feature held."""
        wanted = set(features.tolist())
        crowded = self._crowded.keys() & wanted
        found: dict[int, list[Slots]] = {}
        for run in (self._main, self._middle):
            for feature, slots in run.find(features):
                if feature not in crowded:
                    found.setdefault(feature, []).append(slots)
        for feature in self._head.keys() & wanted:
            if feature not in crowded:
                found.setdefault(feature, []).append(np.array(self._head[feature], np.uint32))
        for feature in [feature for feature, parts in found.items() if sum(map(len, parts)) > HOLDERS_CONSULTED]:
            living = [slot for part in found.pop(feature) for slot in part.tolist() if self._is_alive[slot]]
            self._crowded[feature] = sorted((self.order[slot], slot) for slot in living)
            crowded.add(feature)
        parts = [part for several in found.values() for part in several]
        newest = [slot for feature in crowded for _, slot in self._crowded[feature][-HOLDERS_CONSULTED:]]
        slots = np.concatenate([*parts, np.array(newest, np.uint32)])
        return slots[self._is_alive[slots]]

    def _new_slot(self, order: Order) -> int:
        if self._free:
            slot = self._free.pop()
            self.order[slot] = order
        else:
            slot = len(self.order)
            self.order.append(order)
            if slot == len(self._is_alive):
                self._is_alive = np.concatenate([self._is_alive, np.zeros(slot, np.bool_)])
        self._is_alive[slot] = True
        return slot

    def _settle(self) -> None:
        """Empty the head into the middle, and that into the main array when it has grown."""
        self._middle = self._middle.merged(_Run.of(self._head.items()), self._is_alive)
        self._head, self._head_size = {}, 0
        if len(self._middle.features) > max(MIDDLE_POSTINGS, len(self._main.features) // MIDDLE_SHARE):
            self._main = self._main.merged(self._middle, self._is_alive)
            self._middle = _Run.empty()
            self._free += self._dropped  # no posting of theirs is left
            self._dropped = []
            self._crowded = {f: held for f, held in self._crowded.items() if len(held) > HOLDERS_CONSULTED}


class _Run:
    """Postings in ascending order of features."""

    def __init__(self, features: Hashes, slots: Slots) -> None:
        self.features = features
        self.slots = slots

    @classmethod
    def empty(cls) -> _Run:
        return cls(np.empty(0, np.uint32), np.empty(0, np.uint32))

    @classmethod
    def of(cls, postings: Iterable[tuple[int, list[int]]]) -> _Run:
        pairs = [(feature, slot) for feature, slots in postings for slot in slots]
        both = np.array(pairs, np.uint32).reshape(-1, 2)
        by_feature = np.argsort(both[:, 0], kind="stable")
        return cls(both[by_feature, 0], both[by_feature, 1])

    def merged(self, other: _Run, is_alive: npt.NDArray[np.bool_]) -> _Run:
        """Both in one, without the dead."""
        mine, theirs = is_alive[self.slots], is_alive[other.slots]
        features, more = self.features[mine], other.features[theirs]
        at = features.searchsorted(more)
        return _Run(np.insert(features, at, more), np.insert(self.slots[mine], at, other.slots[theirs]))

    def find(self, features: Hashes) -> list[tuple[int, Slots]]:
        """The features that are here, with the slots, dead ones too."""
        if len(self.features) == 0:
            return []
        starts = self.features.searchsorted(features)
        starts[starts == len(self.features)] = 0
        is_here = self.features[starts] == features
        here, starts = features[is_here], starts[is_here]
        ends = self.features.searchsorted(here, side="right")
        spans = zip(here.tolist(), starts.tolist(), ends.tolist(), strict=True)
        return [(feature, self.slots[start:end]) for feature, start, end in spans]
