"""Postings: the texts that contain a feature, tens of millions of entries at eight bytes each.

New ones are in a dictionary, older ones in two sorted arrays that are merged now and then. A text that is dropped
is only marked dead; its postings disappear at a merge. All results depend on the living texts only.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.fingerprint import Hashes

Slots = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.int64]
Order = tuple[str, str]
"""(First seen, article id): an order of texts that is independent of their arrival."""

HOLDERS_CONSULTED = 256
"""Holders of a feature that are consulted, the newest; boilerplate and floods of copies have more."""

HEAD_POSTINGS = 1 << 14
HEAD_MARK_BITS = 18
HEAD_SHIFT = np.uint32(32 - HEAD_MARK_BITS)
"""The first bits of the hashes in the head are marked: one lookup in sixteen is a false positive."""
MIDDLE_POSTINGS = 1 << 18
MIDDLE_SHARE = 16
"""The middle is merged into the main array at a sixteenth of its size: each posting is copied about 16 times."""
DROPPED_SHARE = 4
"""It is also merged when a fourth of the slots are dead."""

MARKS_PER_POSTING = 4
MARK_BITS_AT_LEAST = 10
"""Four to eight marks per posting: about one lookup in five is a false positive."""


class Postings:
    """An inverted index from features to texts. Texts are identified by slot numbers, which are reused."""

    def __init__(
        self,
        *,
        consulted: int = HOLDERS_CONSULTED,
        head_limit: int = HEAD_POSTINGS,
        middle_limit: int = MIDDLE_POSTINGS,
    ) -> None:
        self._consulted = consulted
        self._head_limit = head_limit
        self._middle_limit = middle_limit
        self.order: list[Order] = []
        """By slot; free slots keep their previous value."""
        self._is_alive = np.zeros(1024, np.bool_)
        self._free: list[int] = []
        self._dropped: list[int] = []
        self._head: dict[int, tuple[int, ...]] = {}
        self._head_size = 0
        self._head_marks = np.zeros(1 << HEAD_MARK_BITS, np.bool_)
        self._middle = _Run.empty()
        self._main = _Run.empty()
        self._crowded: dict[int, list[tuple[Order, int]]] = {}
        """By feature with many holders: all living holders, the oldest first."""

    def add(self, order: Order, features: list[int]) -> int:
        """Add a text with its distinct features; return its slot."""
        slot = self._new_slot(order)
        alone = (slot,)
        self._head_marks[np.array(features, np.uint32) >> HEAD_SHIFT] = True
        for feature in features:
            if feature in self._head:
                self._head[feature] += (slot,)
            else:
                self._head[feature] = alone
        self._head_size += len(features)
        for feature in self._crowded.keys() & features:
            insort(self._crowded[feature], (order, slot))
        if self._head_size > self._head_limit:
            self._settle()
        return slot

    def drop(self, slot: int, features: Callable[[], list[int]]) -> None:
        """Remove a text. `features` returns those that it was added with; it is rarely called."""
        self._is_alive[slot] = False
        self._dropped.append(slot)
        entry = (self.order[slot], slot)
        for feature in self._crowded.keys() & features() if self._crowded else ():
            holders = self._crowded[feature]
            del holders[bisect_left(holders, entry)]

    def holders(self, features: Hashes) -> Slots:
        """The slots of living texts with these features (ascending, distinct), once per feature."""
        return self.holdings(features)[0]

    def holdings(self, features: Hashes) -> tuple[Slots, Hashes]:
        """The slots, and parallel to them the features."""
        marked = features[self._head_marks[features >> HEAD_SHIFT]].tolist()
        head = {feature: self._head[feature] for feature in marked if feature in self._head}
        hits = [run.hits(features) for run in (self._main, self._middle)]
        crowded = self._crowded.keys() & features.tolist() if self._crowded else set()
        for feature in _often_held(head, hits, self._consulted // 3) - crowded:
            held = [*head.get(feature, ()), *(slot for hit in hits for slot in hit.slots_of(feature))]
            if len(held) > self._consulted:
                living = [(self.order[slot], slot) for slot in held if self._is_alive[slot]]
                self._crowded[feature] = sorted(living)
                crowded.add(feature)
        near = head
        for feature in crowded:
            near[feature] = tuple([slot for _, slot in self._crowded[feature][-self._consulted :]])
        others = [hit.without(crowded) for hit in hits if len(hit.features)]
        by_feature = np.repeat(np.array(list(near), np.uint32), [len(held) for held in near.values()])
        held_by = np.concatenate([by_feature, *(hit.features_held() for hit in others)])
        near_slots = np.fromiter(chain.from_iterable(near.values()), np.uint32, len(by_feature))
        slots = np.concatenate([near_slots, *(hit.slots() for hit in others)])
        is_alive = self._is_alive[slots]
        return slots[is_alive], held_by[is_alive]

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
        """Merge the head into the middle, and the middle into the main array when it is large enough."""
        self._middle = self._middle.merged(_Run.of(self._head), self._is_alive)
        self._head, self._head_size = {}, 0
        self._head_marks[:] = False
        is_full = len(self._middle.features) > max(self._middle_limit, len(self._main.features) // MIDDLE_SHARE)
        if is_full or len(self._dropped) * DROPPED_SHARE > len(self.order):
            self._main = self._main.merged(self._middle, self._is_alive)
            self._middle = _Run.empty()
            self._free += self._dropped  # no posting of theirs is left
            self._dropped = []
            self._crowded = {f: held for f, held in self._crowded.items() if len(held) > self._consulted}


class _Run:
    """Postings in ascending order of features."""

    def __init__(self, features: Hashes, slots: Slots) -> None:
        self.features = features
        self.slots = slots
        bits = max(MARK_BITS_AT_LEAST, (len(features) * MARKS_PER_POSTING).bit_length())
        self._shift = np.uint32(32 - min(bits, 32))
        marks = np.zeros(1 << min(bits, 32), np.bool_)
        marks[features >> self._shift] = True
        self._marks = np.packbits(marks, bitorder="little")
        """A bit for every range of hashes with a feature: most features looked up are in none."""

    @classmethod
    def empty(cls) -> _Run:
        return cls(np.empty(0, np.uint32), np.empty(0, np.uint32))

    @classmethod
    def of(cls, postings: dict[int, tuple[int, ...]]) -> _Run:
        counts = [len(held) for held in postings.values()]
        features = np.repeat(np.fromiter(postings, np.uint32, len(postings)), counts)
        slots = np.fromiter(chain.from_iterable(postings.values()), np.uint32, len(features))
        by_feature = np.argsort(features, kind="stable")
        return cls(features[by_feature], slots[by_feature])

    def merged(self, other: _Run, is_alive: npt.NDArray[np.bool_]) -> _Run:
        """Both runs in one, without dead slots."""
        mine, theirs = is_alive[self.slots], is_alive[other.slots]
        features, more = self.features[mine], other.features[theirs]
        at = features.searchsorted(more)
        return _Run(np.insert(features, at, more), np.insert(self.slots[mine], at, other.slots[theirs]))

    def hits(self, features: Hashes) -> _Hits:
        """The ranges of those features that the run contains."""
        if len(self.features) == 0:
            return _Hits(self, features[:0], _NOWHERE, _NOWHERE)
        stretches = features >> self._shift
        features = features[(self._marks[stretches >> _THREE] >> (stretches & _SEVEN).astype(np.uint8)) & _ONE > 0]
        starts = self.features.searchsorted(features)
        starts[starts == len(self.features)] = 0
        is_here = self.features[starts] == features
        here = features[is_here]
        return _Hits(self, here, starts[is_here], self.features.searchsorted(here, side="right"))


@dataclass(frozen=True)
class _Hits:
    """Features of a run with their ranges; these include postings of dead slots."""

    run: _Run
    features: Hashes
    starts: Positions
    ends: Positions

    def slots_of(self, feature: int) -> list[int]:
        (at,) = np.flatnonzero(self.features == feature).tolist() or (None,)
        return self.run.slots[self.starts[at] : self.ends[at]].tolist() if at is not None else []

    def without(self, features: set[int]) -> _Hits:
        if not features:
            return self
        others = np.array([feature not in features for feature in self.features.tolist()], np.bool_)
        return _Hits(self.run, self.features[others], self.starts[others], self.ends[others])

    def slots(self) -> Slots:
        if len(self.features) == 0:
            return self.run.slots[:0]
        counts = self.ends - self.starts
        before = np.cumsum(counts) - counts
        positions: Positions = np.repeat(self.starts - before, counts) + np.arange(before[-1] + counts[-1])
        return self.run.slots[positions]

    def features_held(self) -> Hashes:
        """The feature of each of the slots."""
        return np.repeat(self.features, self.ends - self.starts)


def _often_held(head: dict[int, tuple[int, ...]], hits: list[_Hits], share: int) -> set[int]:
    """Features that may have too many holders: those with more than `share` in one of the three parts."""
    often = {feature for feature, held in head.items() if len(held) > share}
    for hit in hits:
        if len(hit.features):
            often.update(hit.features[hit.ends - hit.starts > share].tolist())
    return often


_ONE = np.uint8(1)
_THREE = np.uint32(3)
_SEVEN = np.uint32(7)
_NOWHERE: Positions = np.empty(0, np.int64)
