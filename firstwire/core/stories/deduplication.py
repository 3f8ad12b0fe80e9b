"""Deduplication: repeated revisions, new revisions of known articles, copies and near-duplicates under other ids."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from firstwire.core.state import DEDUPLICATE_STATE, Change
from firstwire.core.stories.boilerplate import (
    MOST_OF_IT,
    OPENING_WORDS,
    SAME_THROUGHOUT,
    is_boilerplate,
    is_on_title,
    shared_words,
)
from firstwire.core.stories.boilerplate import without as text_without
from firstwire.core.stories.fingerprint import JACCARD_AT_LEAST, Fingerprint, Likeness, likeness
from firstwire.core.stories.identity import content_hash
from firstwire.core.stories.memories import DeduplicationState, Partner, text_of
from firstwire.core.stories.text_identity import Reading, read
from firstwire.core.text.digest import digest
from schemas.article import Article, Relation, Story
from schemas.state import ArticleMemory

PARTNERS_CONSIDERED = 8
"""The most similar partners: in a flood of copies the others have the same origin."""
CONTENTS_KEPT = 16
"""Revisions remembered per article: feeds of one outlet alternate between a few versions of an entry."""


@dataclass(frozen=True)
class Deduplication:
    """The article with its relation (processing of a `duplicate` ends here), and what to remember and forget.

    A `new` article has a story of its own; the module `assignment` may move it to an older one.
    """

    story: Story
    memory: ArticleMemory
    forgotten: tuple[str, ...]
    own_text: str | None = None
    """Summary and body without passages that articles on other things share; None if there are none."""
    is_same_content: bool = False
    """It has the very title, summary, body and tags of an article under another id."""

    @property
    def changes(self) -> tuple[Change, ...]:
        kept = Change(DEDUPLICATE_STATE, self.memory.article_id, self.memory)
        return (kept, *(Change(DEDUPLICATE_STATE, article_id, None) for article_id in self.forgotten))


def deduplicate(state: DeduplicationState, article: Article) -> Deduplication:
    """Compare an article with the remembered ones. Only a revision with known content is a `duplicate`."""
    now = article.fetched_at
    content = content_hash(article)
    reading = read(article)
    known = state.find(article.article_id, now)
    own_text, is_same_content = None, False
    if known is not None:
        story = _revision(article, content in known.contents, reading, known)
    else:
        partners, own_text = _partners(state, article, reading)
        is_same_content = bool(partners) and content in partners[0].memory.contents
        story = _copy(state, article, reading, partners) if partners else _new(article)
    memory = _memory(article, story, content, reading, known)
    forgotten = tuple(old for old in state.expired(now) if old != article.article_id)
    return Deduplication(story, memory, forgotten, own_text, is_same_content)


def _revision(article: Article, was_seen: bool, reading: Reading, known: ArticleMemory) -> Story:
    if was_seen:
        return _story(article, "duplicate", known, known.origin_id, 1.0, "this revision was seen before")
    similarity = None
    if reading.text_hash == known.text_hash:
        similarity = 1.0
    elif reading.text is not None and known.grams:
        similarity = likeness(reading.text.kept(), text_of(known)).similarity
    return _story(article, "update", known, known.origin_id, similarity, "a new revision of an article seen before")


def _partners(state: DeduplicationState, article: Article, reading: Reading) -> tuple[list[Partner], str | None]:
    """The partners, most similar first; and the article's own text, if it shares boilerplate with others.

    An equal text makes a search for near-duplicates unnecessary.
    """
    now, text = article.fetched_at, reading.text
    same = state.find_copy(reading.text_hash, now)
    if text is None:
        return [same] if same is not None else [], None
    found = [same] if same is not None else state.find_near(text, now)[:PARTNERS_CONSIDERED]
    partners, common = [], np.zeros(len(reading.words), np.bool_)
    for partner in found:
        is_shared = shared_words(text, text_of(partner.memory))
        is_copy = _is_whole(partner) or (
            is_shared.mean() >= MOST_OF_IT
            and _are_two_outlets(article, partner.memory)
            and _has_report(text, partner.memory)
        )
        if is_copy or not is_boilerplate(article.title, reading.words, is_shared, article.language):
            partners.append(partner)
        else:
            common |= is_shared
    if not common.any():
        return partners, None
    own = text_without(article.body or article.summary, np.flatnonzero(common).tolist())
    return partners, own


def _are_two_outlets(article: Article, other: ArticleMemory) -> bool:
    """Whether they are known to be: a report that two have is an agency's, to which each gives its own title."""
    return None not in {article.source, other.source} and article.source != other.source


def _has_report(text: Fingerprint, other: ArticleMemory) -> bool:
    """Whether a text has most of another's beginning, which tells what its title says; a dateline may be cut."""
    return other.is_on_title and shared_words(text_of(other), text)[: 2 * OPENING_WORDS].mean() >= MOST_OF_IT


def _is_whole(partner: Partner) -> bool:
    """Whether texts are the same but for a few words, whatever their titles. Equal ones may be notices."""
    return SAME_THROUGHOUT <= partner.likeness.jaccard < 1


def _copy(state: DeduplicationState, article: Article, reading: Reading, partners: list[Partner]) -> Story:
    nearest = partners[0]
    story_id, similarity = nearest.memory.story_id, nearest.likeness.similarity
    origin_id = min(partners, key=lambda partner: partner.order).memory.origin_id
    if reading.agency is not None:
        credited = state.find_credited(story_id, reading.agency, article.fetched_at)
        origin_id = credited.origin_id if credited is not None else origin_id
    relation = _relation_to(article, nearest.memory)
    reason = f"{_shared(nearest.likeness)} article {nearest.memory.article_id}"
    return _story(article, relation, nearest.memory, origin_id, similarity, reason)


def _shared(like: Likeness) -> str:
    if like.jaccard == 1.0:
        return "the same text as"
    if like.jaccard >= JACCARD_AT_LEAST:
        return f"{like.jaccard:.0%} of all that either says is the same as in"
    return f"{like.held:.0%} of the shorter text stands in the longer, of this and"


def _new(article: Article) -> Story:
    return _story(article, "new", None, article.article_id, None, "no such text seen before")


def _memory(
    article: Article, story: Story, content: str, reading: Reading, known: ArticleMemory | None
) -> ArticleMemory:
    kept = reading.text.kept() if reading.text is not None else None
    contents = known.contents if known is not None else ()
    return ArticleMemory(
        article_id=article.article_id,
        contents=tuple(dict.fromkeys((*contents, content)))[-CONTENTS_KEPT:],
        text_hash=reading.text_hash,
        story_id=story.story_id,
        origin_id=story.origin_id,
        source=known.source if known is not None else article.source,
        grams=kept.to_bytes() if kept is not None else b"",
        thinned=kept.thinned if kept is not None else 0,
        agency=reading.agency,
        is_on_title=is_on_title(article.title, reading.words, article.language),
        first_seen_at=known.first_seen_at if known is not None else article.fetched_at,
        seen_at=max(known.seen_at, article.fetched_at) if known is not None else article.fetched_at,
    )


def _relation_to(article: Article, partner: ArticleMemory) -> Relation:
    same_outlet = article.source is not None and article.source == partner.source
    return "update" if same_outlet else "copy"


def _story(
    article: Article,
    relation: Relation,
    partner: ArticleMemory | None,
    origin_id: str,
    similarity: float | None,
    reason: str,
) -> Story:
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
        origin_id=origin_id,
        reason=reason,
    )
