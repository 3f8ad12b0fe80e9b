"""The remembered articles of one partition: a small record each, and indexes derived from them.

No text is kept. Expiry is in event time (`fetched_at`) only.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from firstwire.core.state import DEDUPLICATE_STATE, Change
from firstwire.core.stories.fingerprint import Fingerprint, Likeness, likeness
from firstwire.core.stories.near_duplicates import NearDuplicateIndex
from firstwire.core.stories.packed_articles import PackedArticles, packed_digest
from schemas.record import Record
from schemas.state import ArticleMemory
from schemas.times import shifted

K = TypeVar("K")

Order = tuple[str, str]
"""(First seen, article id): the earliest first."""
Held = dict[K, Order | list[Order]]
"""Nearly every key has one holder, stored without a list: there are hundreds of thousands."""

LATENESS = timedelta(hours=6)
"""How much older than the newest an article may be and still find every partner inside the window."""

FORGOTTEN_AT_ONCE = 2
"""Expired articles forgotten per article read: more than arrive, so that memory use stays constant."""


class DeduplicationState:
    """The memories by article id. All results depend only on the current ones, not on their order of arrival."""

    topics: Mapping[str, type[Record]] = {DEDUPLICATE_STATE: ArticleMemory}

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.articles = PackedArticles()
        self._by_text: Held[bytes] = {}
        """By text hash: the articles with that text."""
        self._by_age: list[tuple[str, str]] = []
        """(Last seen, article id), the longest unseen first."""
        self._by_credit: Held[tuple[str, str]] = {}
        """By (story, agency): the articles of the story that credit the agency."""
        self._near = NearDuplicateIndex()

    @property
    def sizes(self) -> Mapping[str, int]:
        return {DEDUPLICATE_STATE: len(self.articles)}

    def apply(self, change: Change) -> Change:
        before = self.articles.find(change.key)
        after = change.value if isinstance(change.value, ArticleMemory) else None
        if before is not None:
            del self.articles[change.key]
            _drop(self._by_text, packed_digest(before.text_hash), _order(before))
            _remove(self._by_age, (before.seen_at, change.key))
            if before.agency is not None:
                _drop(self._by_credit, (before.story_id, before.agency), _order(before))
            if before.grams and not _has_same_text(before, after):
                self._near.remove(change.key, text_of(before))
        if after is not None:
            order = _order(after)  # one object shared by all indexes: there are hundreds of thousands
            self.articles[change.key] = after
            _hold(self._by_text, packed_digest(after.text_hash), order)
            insort(self._by_age, order if after.seen_at == after.first_seen_at else (after.seen_at, change.key))
            if after.agency is not None:
                _hold(self._by_credit, (after.story_id, after.agency), order)
            if after.grams and not _has_same_text(before, after):
                self._near.add(order, text_of(after))
        return Change(DEDUPLICATE_STATE, change.key, before)

    def find(self, article_id: str, now: str) -> ArticleMemory | None:
        """The memory of an article, unless expired at `now`; an article that is late is an older revision."""
        memory = self.articles.find(article_id)
        return memory if memory is not None and memory.seen_at >= shifted(now, -self.window) else None

    def find_copy(self, text_hash: str, now: str) -> Partner | None:
        """The earliest article inside the window with the same text."""
        held = (self.articles[article_id] for _, article_id in _held(self._by_text, packed_digest(text_hash)))
        same = next((memory for memory in held if self._is_inside(memory, now)), None)
        return Partner(same, Likeness(1.0, 1.0)) if same is not None else None

    def find_near(self, text: Fingerprint, now: str) -> list[Partner]:
        """The near-duplicates inside the window, by similarity, then by time."""
        kept = text.kept()
        found = []
        for article_id in self._near.candidates(text):
            memory = self.articles[article_id]
            if self._is_inside(memory, now):
                like = likeness(kept, text_of(memory))
                if like.is_near_duplicate:
                    found.append(Partner(memory, like))
        return sorted(found, key=lambda partner: (-partner.likeness.jaccard, partner.order))

    def find_credited(self, story_id: str, agency: str, now: str) -> ArticleMemory | None:
        """The earliest article of a story inside the window that credits an agency."""
        held = (self.articles[article_id] for _, article_id in _held(self._by_credit, (story_id, agency)))
        return next((memory for memory in held if self._is_inside(memory, now)), None)

    def expired(self, now: str) -> list[str]:
        """A few articles that no article inside the lateness bound can have as partners anymore.

        Relative to the current article, not to the newest ever seen: one date in the far future forgets a few
        articles, not all that follow.
        """
        before = shifted(now, -(self.window + LATENESS))
        return [article_id for seen_at, article_id in self._by_age[:FORGOTTEN_AT_ONCE] if seen_at < before]

    def _is_inside(self, memory: ArticleMemory, now: str) -> bool:
        """Whether it was seen within the window before `now` or, for a late article, after it."""
        return memory.seen_at >= shifted(now, -self.window) and memory.first_seen_at <= shifted(now, self.window)


@dataclass(frozen=True)
class Partner:
    """A remembered article with the same text or a near-duplicate of it."""

    memory: ArticleMemory
    likeness: Likeness

    @property
    def order(self) -> tuple[str, str]:
        """Sort key: the earliest first, independent of the order of arrival."""
        return _order(self.memory)


def _order(memory: ArticleMemory) -> tuple[str, str]:
    return memory.first_seen_at, memory.article_id


def text_of(memory: ArticleMemory) -> Fingerprint:
    """The remembered fingerprint; empty for a short text."""
    return Fingerprint.from_bytes(memory.grams, memory.thinned)


def _has_same_text(before: ArticleMemory | None, after: ArticleMemory | None) -> bool:
    """Whether the entry in the index of texts is unchanged, as for most articles seen again."""
    if before is None or after is None:
        return False
    return before.grams == after.grams and before.first_seen_at == after.first_seen_at


def _held(lists: Held[K], key: K) -> Sequence[Order]:
    held = lists.get(key, [])
    return held if isinstance(held, list) else (held,)


def _hold(lists: Held[K], key: K, item: Order) -> None:
    held = lists.get(key)
    if held is None:
        lists[key] = item
    elif isinstance(held, list):
        insort(held, item)
    else:
        lists[key] = sorted((held, item))


def _drop(lists: Held[K], key: K, item: Order) -> None:
    held = lists[key]
    if isinstance(held, list):
        _remove(held, item)
        if len(held) == 1:
            lists[key] = held[0]
    else:
        del lists[key]


def _remove(ordered: list[Order], item: Order) -> None:
    at = bisect_left(ordered, item)
    assert ordered[at] == item
    del ordered[at]
