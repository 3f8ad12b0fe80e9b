"""The current stories of one partition, and the index of their words, which depends only on these stories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from itertools import chain, islice

import msgspec
import numpy as np

from firstwire.core.state import STORY_STATE, Change
from firstwire.core.stories.meanings import Meanings
from firstwire.core.stories.packed_articles import trimmed
from firstwire.core.stories.postings import Postings
from firstwire.core.stories.resemblance import Compared
from firstwire.core.stories.story_ages import StoryAges
from firstwire.core.stories.story_counts import StoryCounts
from firstwire.core.stories.story_terms import RARITY_MASK, Terms
from schemas.record import Record
from schemas.story_memory import StoryMemory
from schemas.times import shifted

WORDS_INDEXED = 16
WORDS_INDEXED_OF_MANY = 40
"""For a story of several articles, which has more characteristic words."""
HOLDERS_CONSULTED = 1500
"""The rarest words are looked up until this many stories have them in total: other words are weak evidence."""
WORDS_AT_LEAST = 2
EVERY_HOLDER = 1 << 31
CANDIDATES_AT_MOST = 8
MEANT_AT_MOST = 4
"""Of these, found by their meaning."""
TERMS_KEPT = 96
"""Of a story, the rarest: by them it is found, and they are counted as in the news."""
FORGOTTEN_AT_ONCE = 2

_RANKED_IN_STEPS = 1 << 16
"""Sums of integers do not depend on the order."""


class StoryState:
    """Stories by language and id. Results do not depend on the order of arrival.

    Languages share nothing, not even the expiry of stories: so the state of one partition, which has some of the
    languages, gives the same results as one state with all of them, which replay has.
    """

    topics: Mapping[str, type[Record]] = {STORY_STATE: StoryMemory}

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self._by_language: dict[str, LanguageStories] = {}

    @property
    def sizes(self) -> Mapping[str, int]:
        return {STORY_STATE: len(self)}

    def __len__(self) -> int:
        return sum(len(stories) for stories in self._by_language.values())

    def __iter__(self) -> Iterator[StoryMemory]:
        return chain.from_iterable(self._by_language.values())

    def in_language(self, language: str) -> LanguageStories:
        """The stories of a language."""
        if language not in self._by_language:
            self._by_language[language] = LanguageStories(self.window)
        return self._by_language[language]

    def story(self, story_id: str) -> StoryMemory | None:
        found = (stories.story(story_id) for stories in self._by_language.values())
        return next((story for story in found if story is not None), None)

    def apply(self, change: Change) -> Change:
        before = self.story(change.key)
        after = change.value if isinstance(change.value, StoryMemory) else None
        if before is not None and (after is None or after.language != before.language):
            self.in_language(before.language).change(before, None)
        if after is not None:
            same = before if before is not None and before.language == after.language else None
            self.in_language(after.language).change(same, after)
        return Change(STORY_STATE, change.key, before)


class LanguageStories:
    """The stories in one language."""

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.counts = StoryCounts()
        self._slots: dict[str, int] = {}
        self._rows: list[bytes] = []
        """By slot: the encoded story, see `_StoryRow`."""
        self._postings = Postings(consulted=EVERY_HOLDER)
        self._meanings = Meanings()
        self._ages = StoryAges()

    def __len__(self) -> int:
        return len(self._slots)

    def __iter__(self) -> Iterator[StoryMemory]:
        return map(self._story_at, self._slots.values())

    def story(self, story_id: str) -> StoryMemory | None:
        slot = self._slots.get(story_id)
        return self._story_at(slot) if slot is not None else None

    def change(self, before: StoryMemory | None, after: StoryMemory | None) -> None:
        """Replace the current version `before`, None for a new story, with `after`, None to forget it."""
        words = _words(before) if before is not None else []
        stays = (
            before is not None and after is not None and before.first_at == after.first_at and words == _words(after)
        )
        if before is not None:
            self._leave(before, words, stays)
        if after is not None:
            self._enter(after, stays)

    def candidates(self, article: Compared, now: str, meaning: bytes = b"") -> list[StoryMemory]:
        """The stories inside the window that share the rarest words; with `meaning`, half as many, and those that are
        nearest in meaning. CANDIDATES_AT_MOST in all."""
        sharing = self._inside(self._sharing(article), now)
        if not meaning:
            return list(islice(sharing, CANDIDATES_AT_MOST))
        worthy = list(islice(sharing, CANDIDATES_AT_MOST - MEANT_AT_MOST))
        begun = self._postings.order
        ranked = sorted((-product, begun[slot], slot) for slot, product in self._meanings.near(meaning))
        near = islice(self._inside((slot for _, _, slot in ranked), now), MEANT_AT_MOST)
        known = {story.story_id for story in worthy}
        return [*worthy, *(story for story in near if story.story_id not in known)]

    def _inside(self, slots: Iterable[int], now: str) -> Iterator[StoryMemory]:
        """The stories of slots that are inside the window."""
        since, until = shifted(now, -self.window), shifted(now, self.window)
        stories = map(self._story_at, slots)
        return (story for story in stories if story.last_at >= since and story.first_at <= until)

    def _sharing(self, article: Compared) -> list[int]:
        """The slots of stories that share words, the rarest and most first."""
        terms = np.array(sorted({*article.sketch.lead, *article.sketch.names}), np.uint32)
        if len(terms) == 0:
            return []
        held = self.counts.held(terms)
        rarest = np.argsort(held, kind="stable")
        count = max(WORDS_AT_LEAST, int(np.cumsum(held[rarest]).searchsorted(HOLDERS_CONSULTED)))
        sought = np.sort(rarest[:count])
        weights = np.array([article.rarities[term] for term in terms[sought].tolist()])
        slots, features = self._postings.holdings(terms[sought])
        if len(slots) == 0:
            return []
        worth = np.rint(weights**2 * _RANKED_IN_STEPS)[terms[sought].searchsorted(features)]
        order = slots.argsort()
        slots = slots[order]
        starts = np.flatnonzero(np.concatenate((_TRUE, slots[1:] != slots[:-1])))
        slots, shared = slots[starts], np.add.reduceat(worth[order], starts)
        if len(shared) > CANDIDATES_AT_MOST:
            is_likely = shared >= np.partition(shared, -CANDIDATES_AT_MOST)[-CANDIDATES_AT_MOST]
            slots, shared = slots[is_likely], shared[is_likely]
        begun = self._postings.order
        ranked = sorted(
            (-worth, begun[slot], slot) for worth, slot in zip(shared.tolist(), slots.tolist(), strict=True)
        )
        return [slot for _, _, slot in ranked]

    def expired(self, now: str, lateness: timedelta) -> list[str]:
        """A few stories that no article may join anymore, the longest silent first."""
        limit = shifted(now, -self.window - lateness)
        return [story_id for last_at, story_id in islice(self._ages.oldest(), FORGOTTEN_AT_ONCE) if last_at < limit]

    def _enter(self, story: StoryMemory, stays: bool) -> None:
        if stays:
            slot = self._slots[story.story_id]
        else:
            slot = self._postings.add((story.first_at, story.story_id), _words(story))
            self._slots[story.story_id] = slot
            if slot == len(self._rows):
                self._rows.append(b"")
        self._rows[slot] = _row(story)
        self._meanings.put(slot, story.meaning)
        self.counts.count(terms_of(story.terms), 1)
        order = self._postings.order[slot]
        self._ages.add(order if story.last_at == story.first_at else (story.last_at, story.story_id))

    def _leave(self, story: StoryMemory, words: list[int], stays: bool) -> None:
        """Remove a story; it keeps its slot if its words and `first_at` remain."""
        if not stays:
            slot = self._slots.pop(story.story_id)
            self._postings.drop(slot, lambda: words)
            self._rows[slot] = b""
            self._meanings.put(slot, b"")
        self.counts.count(terms_of(story.terms), -1)
        self._ages.remove((story.last_at, story.story_id))

    def _story_at(self, slot: int) -> StoryMemory:
        language, articles, members, terms, last_at, meaning = _STORY_DECODER.decode(self._rows[slot])
        first_at, story_id = self._postings.order[slot]
        return StoryMemory(
            story_id=story_id,
            language=language,
            articles=articles,
            members=members,
            terms=terms,
            meaning=meaning,
            first_at=first_at,
            last_at=last_at or first_at,
        )


_StoryRow = tuple[str, int, tuple[bytes, ...], bytes, str | None, bytes]
"""Language, articles, members, terms, `last_at` unless equal to `first_at`, meaning: a third of the record's size."""
_STORY_DECODER = msgspec.msgpack.Decoder(_StoryRow)


def _row(story: StoryMemory) -> bytes:
    last_at = story.last_at if story.last_at != story.first_at else None
    return trimmed(
        msgspec.msgpack.encode((story.language, story.articles, story.members, story.terms, last_at, story.meaning))
    )


def terms_of(data: bytes) -> Terms:
    """The terms of a story; an incomplete last one is ignored."""
    return np.frombuffer(data, _STORED_TERM, len(data) // _STORED_TERM.itemsize).astype(np.uint32)


def united(data: bytes, terms: Iterable[int]) -> bytes:
    """The terms of a story with those of another article: of all, the TERMS_KEPT rarest, ascending."""
    every = {*terms_of(data).tolist(), *terms}
    kept = _rarest(every, TERMS_KEPT) if len(every) > TERMS_KEPT else every
    return np.array(sorted(kept), _STORED_TERM).tobytes()


def _rarest(terms: Iterable[int], at_most: int) -> list[int]:
    """The rarest first, of equals by number; sorted as single numbers, as a key of two takes longer."""
    ranked = sorted([(RARITY_MASK - (term & RARITY_MASK)) << _TERM_BITS | term for term in terms])
    return [rank & _TERM_MASK for rank in ranked[:at_most]]


@lru_cache(maxsize=1024)
def _words_in(terms: bytes, at_most: int) -> list[int]:
    return _rarest(terms_of(terms).tolist(), at_most)


def _words(story: StoryMemory) -> list[int]:
    """The words by which a story is indexed; cached, as a growing story needs them at every change."""
    return _words_in(story.terms, WORDS_INDEXED if story.articles == 1 else WORDS_INDEXED_OF_MANY)


_STORED_TERM = np.dtype("<u4")
_TERM_BITS = 32
_TERM_MASK = (1 << _TERM_BITS) - 1
_TRUE = np.ones(1, np.bool_)
