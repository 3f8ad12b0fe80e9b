"""The stories of one partition that are still told, and the index by their words: a function of those held now."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sized
from datetime import timedelta
from heapq import nsmallest
from math import log

from firstwire.core.state import Change
from firstwire.core.stories.story_vectors import PAIR, unpacked
from schemas.record import Record
from schemas.story_memory import StoryMemory
from schemas.times import shifted

BOOK = "story-state"

POSTINGS_READ = 64
"""Stories looked at for one word, the newest: a word that more of them share tells little."""
SOUGHT_TERMS = 16
"""Words of an article by which stories are sought, the rarest."""
CANDIDATES_AT_MOST = 12
FORGOTTEN_AT_ONCE = 2

EXPECTED_STORIES = 200
"""Stories that a beginning stream is taken to have had already, so that the first weights are no accident."""

Rarity = Mapping[int, float]

Order = tuple[str, str]
"""When a story began, and its id."""


class StoryState:
    """Stories by id. Whatever order they came in, the same stories answer the same."""

    books: Mapping[str, type[Record]] = {BOOK: StoryMemory}

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.stories: dict[str, StoryMemory] = {}
        self._by_term: dict[int, list[Order]] = {}
        self._by_age: list[Order] = []
        self._count: Counter[str] = Counter()

    def apply(self, change: Change) -> Change:
        before = self.stories.get(change.key)
        after = change.value if isinstance(change.value, StoryMemory) else None
        if before is not None:
            del self.stories[change.key]
            self._count[before.language] -= 1
            self._by_age.pop(bisect_left(self._by_age, (before.last_at, change.key)))
        if after is not None:
            self.stories[change.key] = after
            self._count[after.language] += 1
            insort(self._by_age, (after.last_at, change.key))
        self._index(change.key, before, after)
        return Change(BOOK, change.key, before)

    def told_in(self, language: str) -> int:
        """How many stories are held in a language."""
        return self._count[language]

    def rarities(self, language: str) -> Rarity:
        """The weight of a word by how few of the stories held in its language have it."""
        return _Rarities(self._by_term, self._count[language] + EXPECTED_STORIES)

    def candidates(self, terms: Mapping[int, float], rarity: Rarity, now: str) -> list[StoryMemory]:
        """The stories inside the window that share the weightiest words; at most CANDIDATES_AT_MOST."""
        weights = {term: weight * rarity[term] for term, weight in terms.items() if term in self._by_term}
        rarest = sorted(weights, key=lambda term: (-weights[term], term))[:SOUGHT_TERMS]
        found: dict[Order, float] = {}
        for term in rarest:
            for order in self._by_term[term][-POSTINGS_READ:]:
                found[order] = found.get(order, 0.0) + weights[term] * rarity[term]
        stories = [(-found[order], order) for order in found if self.is_inside(self.stories[order[1]], now)]
        return [self.stories[order[1]] for _, order in nsmallest(CANDIDATES_AT_MOST, stories)]

    def is_inside(self, story: StoryMemory, now: str) -> bool:
        return story.last_at >= shifted(now, -self.window) and story.first_at <= shifted(now, self.window)

    def expired(self, now: str, lateness: timedelta) -> list[str]:
        """A few stories that no article may join any more, the longest silent first."""
        limit = shifted(now, -self.window - lateness)
        return [story_id for last_at, story_id in self._by_age[:FORGOTTEN_AT_ONCE] if last_at < limit]

    def _index(self, story_id: str, before: StoryMemory | None, after: StoryMemory | None) -> None:
        old = _indexed(before)
        new = _indexed(after)
        for order, term in old - new:
            held = self._by_term[term]
            held.pop(bisect_left(held, order))
            if not held:
                del self._by_term[term]
        for order, term in new - old:
            insort(self._by_term.setdefault(term, []), order)


class _Rarities(dict[int, float]):
    """Worked out once for each word that is asked for."""

    def __init__(self, held: Mapping[int, Sized], stories: int) -> None:
        super().__init__()
        self._held = held
        self._stories = stories

    def __missing__(self, term: int) -> float:
        return self.setdefault(term, log(1 + self._stories / (len(self._held.get(term, ())) + 1)))


def _indexed(story: StoryMemory | None) -> set[tuple[Order, int]]:
    if story is None:
        return set()
    order = (story.first_at, story.story_id)
    return {
        (order, term) for data in (story.seed, story.center) for term in unpacked(data)[0].tolist() if not term & PAIR
    }
