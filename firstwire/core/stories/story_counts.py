"""How many of the stories held have a term: what is on everybody's lips tells little, however rare a word it is.

The counts stand in a table of fixed size by hash, so that they are a function of the stories held. That some terms
share a place matters only where many stories are held, and then little: a dozen in 300,000.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from firstwire.core.stories.story_terms import RARITY_MASK, SHARES, Amounts, Terms

COUNTED_BITS = 20
"""Four megabytes for each language."""
EXPECTED_STORIES = 200
"""A stream that begins is taken to have had so many stories already, none of which had the term."""
A_TOPIC = 3
"""Stories that may share a rare word because they are of one topic: only what more of them have is the wire's own."""
LEAST_RARITY = 0.1

_SHIFT = np.uint32(32 - COUNTED_BITS)


class StoryCounts:
    """How many stories of one language are held, and how many of them have a term."""

    def __init__(self) -> None:
        self.stories = 0
        self._by_term = np.zeros(1 << COUNTED_BITS, np.int32)

    def count(self, terms: Terms, by: int) -> None:
        """A story is held from now on (1), or no longer (-1)."""
        self.stories += by
        np.add.at(self._by_term, terms >> _SHIFT, by)

    def held(self, terms: Terms) -> npt.NDArray[np.int32]:
        """How many stories have each term, or a few more."""
        held: npt.NDArray[np.int32] = self._by_term[terms >> _SHIFT]
        return held

    def rarities(self, terms: Terms) -> Amounts:
        """How rare terms are in the language at large and among its stories held, taken together."""
        common = np.maximum(self.held(terms) - A_TOPIC, 0)
        shares = SHARES[terms & np.uint32(RARITY_MASK)] + common / (self.stories + EXPECTED_STORIES)
        rarities: Amounts = np.maximum(-np.log(shares), LEAST_RARITY)
        return rarities
