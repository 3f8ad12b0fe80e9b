"""The stories of one partition that are still told, and the index by their words: a function of those held now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice

import msgspec
import numpy as np

from firstwire.core.state import Change
from firstwire.core.stories.postings import Order, Postings
from firstwire.core.stories.story_ages import StoryAges
from firstwire.core.stories.story_counts import StoryCounts
from firstwire.core.stories.story_terms import PAIR, Amounts, Terms
from firstwire.core.stories.story_vectors import heaviest_words, unpacked
from schemas.record import Record
from schemas.story_memory import StoryMemory
from schemas.times import shifted

BOOK = "story-state"

WORDS_INDEXED = 16
WORDS_INDEXED_OF_MANY = 32
"""Of a story of several articles, which has more words that tell it."""
HOLDERS_CONSULTED = 64
"""Stories looked at for one word, those begun last: a word that more of them share tells little."""
CANDIDATES_AT_MOST = 12
FORGOTTEN_AT_ONCE = 2

_RANKED_IN_STEPS = 1 << 16
"""Whole numbers add up to the same in any order."""


class StoryState:
    """Stories by id. Whatever order they came in, the same stories answer the same."""

    books: Mapping[str, type[Record]] = {BOOK: StoryMemory}

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.counts = StoryCounts()
        self._slots: dict[str, int] = {}
        self._rows: list[bytes] = []
        """By slot: a story as it is kept, see `_Row`."""
        self._postings = Postings(consulted=HOLDERS_CONSULTED)
        self._ages = StoryAges()

    def __len__(self) -> int:
        return len(self._slots)

    def story(self, story_id: str) -> StoryMemory | None:
        slot = self._slots.get(story_id)
        return self._story_at(slot) if slot is not None else None

    def apply(self, change: Change) -> Change:
        before = self.story(change.key)
        after = change.value if isinstance(change.value, StoryMemory) else None
        if before is not None:
            self._leave(before)
        if after is not None:
            self._enter(after)
        return Change(BOOK, change.key, before)

    def candidates(self, terms: Terms, weights: Amounts, now: str) -> list[StoryMemory]:
        """The stories inside the window that share the weightiest words, at most CANDIDATES_AT_MOST."""
        is_word = (terms & np.uint32(PAIR)) == 0
        sought, worth = terms[is_word], np.rint(weights[is_word] ** 2 * _RANKED_IN_STEPS)
        slots, features = self._postings.holdings(sought)
        if len(slots) == 0:
            return []
        every, places = np.unique(slots, return_inverse=True)
        shared = np.bincount(places, worth[np.searchsorted(sought, features)])
        enough = -np.partition(-shared, CANDIDATES_AT_MOST)[CANDIDATES_AT_MOST] if len(shared) > CANDIDATES_AT_MOST else 0
        likely = np.flatnonzero(shared >= enough)
        orders = self._postings.order
        ranked = sorted(zip((-shared[likely]).tolist(), (orders[slot] for slot in every[likely]), every[likely].tolist()))
        stories = (self._story_at(slot) for _, _, slot in ranked)
        return list(islice((story for story in stories if self.is_inside(story, now)), CANDIDATES_AT_MOST))

    def is_inside(self, story: StoryMemory, now: str) -> bool:
        return story.last_at >= shifted(now, -self.window) and story.first_at <= shifted(now, self.window)

    def expired(self, now: str, lateness: timedelta) -> list[str]:
        """A few stories that no article may join any more, the longest silent first."""
        limit = shifted(now, -self.window - lateness)
        return [story_id for last_at, story_id in islice(self._ages.oldest(), FORGOTTEN_AT_ONCE) if last_at < limit]

    def _enter(self, story: StoryMemory) -> None:
        order = (story.first_at, story.story_id)
        terms, words = _indexed(story)
        self.counts.count(story.language, terms, 1)
        slot = self._postings.add(order, words)
        self._slots[story.story_id] = slot
        if slot == len(self._rows):
            self._rows.append(b"")
        self._rows[slot] = _row(story)
        self._ages.add(order if story.last_at == story.first_at else (story.last_at, story.story_id))

    def _leave(self, story: StoryMemory) -> None:
        terms, words = _indexed(story)
        self.counts.count(story.language, terms, -1)
        slot = self._slots.pop(story.story_id)
        self._postings.drop(slot, lambda: words)
        self._rows[slot] = b""
        self._ages.remove((story.last_at, story.story_id))

    def _story_at(self, slot: int) -> StoryMemory:
        language, articles, center, titles, marks, last_at = _DECODER.decode(self._rows[slot])
        first_at, story_id = self._postings.order[slot]
        return StoryMemory(
            story_id=story_id,
            language=language,
            articles=articles,
            center=center,
            titles=titles,
            marks=marks,
            first_at=first_at,
            last_at=last_at or first_at,
        )


_Row = tuple[str, int, bytes, tuple[bytes, ...], tuple[str, ...], str | None]
"""Language, articles, center, titles, marks, and when last told if not only once: a third of what the record takes."""
_DECODER = msgspec.msgpack.Decoder(_Row)


def _row(story: StoryMemory) -> bytes:
    last_at = story.last_at if story.last_at != story.first_at else None
    return msgspec.msgpack.encode((story.language, story.articles, story.center, story.titles, story.marks, last_at))


def _indexed(story: StoryMemory) -> tuple[Terms, list[int]]:
    terms, weights = unpacked(story.center)
    return terms, heaviest_words(terms, weights, WORDS_INDEXED if story.articles == 1 else WORDS_INDEXED_OF_MANY)
