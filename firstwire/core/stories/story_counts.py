"""The number of current stories that contain a term: a term in the news everywhere is weak evidence, even if rare.

The counts are in a hash table of fixed size, so that they depend only on the current stories. Collisions of terms
matter only with many stories, and then little: a dozen in 300,000.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_terms import RARITY_MASK, SHARES, Amounts, Terms

COUNTED_BITS = 20
"""Bits of the table's index: four megabytes per language."""
EXPECTED_STORIES = 200
"""A new stream is assumed to have had this many stories already, none of them with the term."""
A_TOPIC = 3
"""Stories that may share a rare word because they have one topic; only more make the word common in the stream."""
LEAST_RARITY = 0.1

_SHIFT = np.uint32(32 - COUNTED_BITS)


class StoryCounts:
    """The number of current stories of one language, in total and by term."""

    def __init__(self) -> None:
        self.stories = 0
        self._by_term = np.zeros(1 << COUNTED_BITS, np.int32)

    def count(self, terms: Terms, by: int) -> None:
        """Add a story (1) or remove it (-1)."""
        self.stories += by
        np.add.at(self._by_term, terms >> _SHIFT, by)

    def held(self, terms: Terms) -> npt.NDArray[np.int32]:
        """The number of stories with each term, or slightly more."""
        held: npt.NDArray[np.int32] = self._by_term[terms >> _SHIFT]
        return held

    def rarities(self, terms: Terms) -> Amounts:
        """The rarity of terms in the language in general and in its current stories, combined."""
        common = np.maximum(self.held(terms) - A_TOPIC, 0)
        shares = SHARES[terms & np.uint32(RARITY_MASK)] + common / (self.stories + EXPECTED_STORIES)
        rarities: Amounts = np.maximum(-np.log(shares), LEAST_RARITY)
        return rarities
