"""Exact deduplication: revisions seen before, revisions of known articles, exact copies under other ids.

State is one small record per article; it never holds text. Expiry counts in event time (`fetched_at`) only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from firstwire.core.state import Change
from firstwire.core.stories.identity import content_hash, digest, language_key
from firstwire.core.text.tokens import SPACELESS
from firstwire.core.text.words import words
from schemas.article import Article, Relation, Story
from schemas.record import Record
from schemas.state import ArticleMemory
from schemas.times import shifted

BOOK = "deduplicate-state"

LATENESS = timedelta(hours=6)
"""How much older than the newest an article may arrive and still find every partner inside the window."""

CONTENTS_KEPT = 16
"""Revisions remembered per article: feeds of one outlet alternate between a few forms of the same entry."""

LONG_TEXT_WORDS = 30
"""From so many words on, the text alone says what an article is; under it the title counts too."""

SHORTEST_TEXT_WORDS = 4
"""Under so many words in all ("Live updates"), equal text proves nothing."""

_SPACELESS = re.compile(f"[{SPACELESS}]")

FORGOTTEN_AT_ONCE = 2
"""Expired articles forgotten per article read: more than come in, so that memory stays level."""


class DeduplicationState:
    """What is remembered of the articles of one partition. All of it is a function of the memories it holds now."""

    books: Mapping[str, type[Record]] = {BOOK: ArticleMemory}

    def __init__(self, window: timedelta) -> None:
        self.window = window
        self.articles: dict[str, ArticleMemory] = {}
        self._by_text: dict[str, list[tuple[str, str]]] = {}
        """Holders of a text as (first seen, article id), the earliest first."""
        self._by_age: list[tuple[str, str]] = []
        """(Last seen, article id), the longest unseen first."""

    def apply(self, change: Change) -> Change:
        before = self.articles.pop(change.key, None)
        if before is not None:
            holders = self._by_text[before.text_hash]
            _remove(holders, (before.first_seen_at, change.key))
            if not holders:
                del self._by_text[before.text_hash]
            _remove(self._by_age, (before.seen_at, change.key))
        memory = change.value
        if isinstance(memory, ArticleMemory):
            self.articles[change.key] = memory
            insort(self._by_text.setdefault(memory.text_hash, []), (memory.first_seen_at, change.key))
            insort(self._by_age, (memory.seen_at, change.key))
        return Change(BOOK, change.key, before)

    def find(self, article_id: str, now: str) -> ArticleMemory | None:
        """The memory of an article, if it is inside the window at `now`."""
        memory = self.articles.get(article_id)
        return memory if memory is not None and self._is_inside(memory, now) else None

    def find_copy(self, text_hash: str, now: str) -> ArticleMemory | None:
        """The earliest article inside the window that has the same text."""
        held = (self.articles[article_id] for _, article_id in self._by_text.get(text_hash, ()))
        return next((memory for memory in held if self._is_inside(memory, now)), None)

    def expired(self, now: str) -> list[str]:
        """A few articles that nothing inside the lateness bound can meet any more.

        Counts from the article at hand, not from the newest ever seen: one date in the far future forgets a few
        articles, not all that come after it.
        """
        before = shifted(now, -(self.window + LATENESS))
        return [article_id for seen_at, article_id in self._by_age[:FORGOTTEN_AT_ONCE] if seen_at < before]

    def _is_inside(self, memory: ArticleMemory, now: str) -> bool:
        return memory.seen_at >= shifted(now, -self.window)


def _remove(ordered: list[tuple[str, str]], item: tuple[str, str]) -> None:
    at = bisect_left(ordered, item)
    assert ordered[at] == item
    del ordered[at]


@dataclass(frozen=True)
class Deduplicated:
    """The article in its story (a `duplicate` goes no further), why, and what is to be remembered."""

    story: Story
    reason: str
    changes: tuple[Change, ...]


def deduplicate(state: DeduplicationState, article: Article) -> Deduplicated:
    """Compare an article with what is remembered. Only a revision whose content was seen before is dropped."""
    now = article.fetched_at
    content = content_hash(article)
    text_hash = text_hash_of(article)
    known = state.find(article.article_id, now)
    if known is not None:
        if content in known.contents:
            story = _story(article, "duplicate", known, similarity=1.0)
            reason = "this revision was seen before"
        else:
            story = _story(article, "update", known, similarity=None)
            reason = "a new revision of an article seen before"
        memory = msgspec.structs.replace(
            known,
            contents=tuple(dict.fromkeys((*known.contents, content)))[-CONTENTS_KEPT:],
            text_hash=text_hash,
            seen_at=max(known.seen_at, now),
        )
    else:
        partner = state.find_copy(text_hash, now)
        story = _story(article, _relation_to(article, partner), partner, similarity=1.0 if partner else None)
        reason = f"the same text as article {partner.article_id}" if partner else "nothing like it seen before"
        memory = ArticleMemory(
            article_id=article.article_id,
            contents=(content,),
            text_hash=text_hash,
            story_id=story.story_id,
            origin_id=story.origin_id,
            source=article.source,
            first_seen_at=now,
            seen_at=now,
        )
    changes = [Change(BOOK, article.article_id, memory)]
    changes += [Change(BOOK, old, None) for old in state.expired(now) if old != article.article_id]
    return Deduplicated(story, reason, tuple(changes))


def text_hash_of(article: Article) -> str:
    """A hash that articles share exactly when their text has the same words: the body, or the summary without one.

    Texts of different languages never meet, so that any number of partitions gives the same answer. Short texts take
    the title in; very short ones are like nothing but themselves.
    """
    language = language_key(article.language)
    text = words(article.body or article.summary)
    if _length(text) >= LONG_TEXT_WORDS:
        return digest("text", language, *text)
    whole = (*words(article.title), *text)
    if _length(whole) >= SHORTEST_TEXT_WORDS:
        return digest("short", language, *whole)
    return digest("itself", article.article_id)


def _length(found: Iterable[str]) -> int:
    """How many words; in scripts written without spaces every character counts as one."""
    return sum(1 if word.isascii() else max(1, len(_SPACELESS.findall(word))) for word in found)


def _relation_to(article: Article, partner: ArticleMemory | None) -> Relation:
    if partner is None:
        return "new"
    same_outlet = article.source is not None and article.source == partner.source
    return "update" if same_outlet else "copy"


def _story(article: Article, relation: Relation, partner: ArticleMemory | None, similarity: float | None) -> Story:
    return Story(
        article_id=article.article_id,
        title=article.title,
        summary=article.summary,
        body=article.body,
        language=article.language,
        source=article.source,
        url=article.url,
        author=article.author,
        feed=article.feed,
        publisher_tags=article.publisher_tags,
        published_at=article.published_at,
        fetched_at=article.fetched_at,
        story_id=partner.story_id if partner else digest("story", article.article_id),
        relation=relation,
        copy_of=partner.article_id if partner else None,
        similarity=similarity,
        origin_id=partner.origin_id if partner else article.article_id,
    )
