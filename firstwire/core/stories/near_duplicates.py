"""An index of remembered texts that finds candidates for near-duplicates without comparing all of them.

Every eighth 5-gram of a remembered text is a feature; all 5-grams of a new text are looked up. A run of eight shared
5-grams, twelve words, therefore always contains a feature, whatever was cut or added around it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.fingerprint import HELD_AT_LEAST, JACCARD_AT_LEAST, Fingerprint
from firstwire.core.stories.postings import Order, Postings, Slots

Amounts = npt.NDArray[np.float32]

FEATURE_EVERY = 8
"""Near-duplicates share runs of ten or more 5-grams on average: a changed word costs five, and few words change."""

FEATURES_AT_LEAST = 6
"""The shortest texts have denser features: every fourth of 26 5-grams."""

HITS_SHARE = 0.25
"""Share of the features expected for the least similar near-duplicates. Each end of a run may lose most of one."""

CANDIDATES_VERIFIED = 64
"""Candidates verified at most, those with most shared features: only a flood of copies exceeds this."""


class NearDuplicateIndex:
    """The remembered texts by their features."""

    def __init__(self) -> None:
        self._postings = Postings()
        self._slots: dict[str, int] = {}
        self._sizes = np.zeros(1024, np.float32)
        self._grams_per_feature = np.zeros(1024, np.float32)

    def add(self, order: Order, text: Fingerprint) -> None:
        slot = self._postings.add(order, _features(text))
        self._slots[order[1]] = slot
        if slot >= len(self._sizes):
            more = np.zeros(len(self._sizes), np.float32)
            self._sizes = np.concatenate([self._sizes, more])
            self._grams_per_feature = np.concatenate([self._grams_per_feature, more])
        self._sizes[slot] = text.size
        self._grams_per_feature[slot] = _step(text) << text.thinned

    def remove(self, article_id: str, text: Fingerprint) -> None:
        self._postings.drop(self._slots.pop(article_id), lambda: _features(text))

    def candidates(self, text: Fingerprint) -> list[str]:
        """Article ids of possible near-duplicates, the most likely first."""
        held = self._postings.holders(text.gram_set)
        if len(held) == 0:
            return []
        held.sort()
        lasts = np.flatnonzero(np.concatenate((held[1:] != held[:-1], _TRUE)))
        slots, hits = held[lasts], lasts + 1
        hits[1:] -= hits[:-1].copy()
        is_likely = hits >= self._hits_needed(text.size, slots)
        orders = self._postings.order
        likely = zip(hits[is_likely].tolist(), slots[is_likely].tolist(), strict=True)
        ranked = sorted((-hit, orders[slot]) for hit, slot in likely)
        return [article_id for _, (_, article_id) in ranked[:CANDIDATES_VERIFIED]]

    def _hits_needed(self, size: int, slots: Slots) -> Amounts:
        sizes = self._sizes[slots]
        # Jaccard j of sets of a and b means that they share (a + b) * j / (1 + j)
        shared_by_jaccard = (sizes + np.float32(size)) * np.float32(JACCARD_AT_LEAST / (1 + JACCARD_AT_LEAST))
        shared_by_holding = np.minimum(sizes, np.float32(size)) * np.float32(HELD_AT_LEAST)
        shared = np.minimum(shared_by_jaccard, shared_by_holding)
        needed: Amounts = shared / self._grams_per_feature[slots] * np.float32(HITS_SHARE)
        return needed


def _features(text: Fingerprint) -> list[int]:
    return list(dict.fromkeys(text.grams[:: _step(text)].tolist()))


def _step(text: Fingerprint) -> int:
    return min(FEATURE_EVERY, max(1, len(text.grams) // FEATURES_AT_LEAST))


_TRUE = np.ones(1, np.bool_)
