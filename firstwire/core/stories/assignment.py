"""Assigns articles to stories, by text shared with another article or by similarity to a story."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.core.state import Change
from firstwire.core.stories.accounts import Account, account_of
from firstwire.core.stories.clusters import cluster, grown_story
from firstwire.core.stories.deduplication import Deduplication, deduplicate
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.news_state import NewsState
from firstwire.core.stories.text_identity import LONG_TEXT_WORDS
from firstwire.core.text.rarities import Rarities
from firstwire.core.text.words import words
from schemas.article import Article, Story


@dataclass(frozen=True)
class Placed:
    """The article in its story (processing of a `duplicate` ends here), and the state changes."""

    story: Story
    changes: tuple[Change, ...]


def place(state: NewsState, article: Article, rarities: Rarities) -> Placed:
    """Assign an article: a copy or update to its partner's story, a `new` one to the best story or a new one."""
    found = deduplicate(state.articles, article)
    if found.story.relation == "duplicate":
        return Placed(found.story, found.changes)
    account = _account(article, rarities)
    if found.story.relation != "new":
        grown = grown_story(state.stories, account, found.story.story_id)
        return Placed(_with_retold(found.story), (*found.changes, grown))
    joined = cluster(state.stories, account, found.story.story_id)
    if joined.is_new:
        return Placed(found.story, (*found.changes, *joined.changes))
    moved = _moved(state.articles, found, joined.story_id, joined.reason)
    return Placed(moved.story, (*moved.changes, *joined.changes))


def _with_retold(story: Story) -> Story:
    """A copy repeats the article that it copies, and a revision with the same text its own earlier one.

    A short text may be the same while its title is not.
    """
    is_long = len(words(story.body) or words(story.summary)) >= LONG_TEXT_WORDS
    is_same = story.relation == "copy" or (story.relation == "update" and story.similarity == 1.0 and is_long)
    if story.copy_of is None or not is_same:
        return story
    return msgspec.structs.replace(story, retells=(story.copy_of,))


def _account(article: Article, rarities: Rarities) -> Account:
    return account_of(
        title=article.title,
        lead="\n".join(filter(None, (article.summary, article.body))),
        language=article.language,
        at=article.fetched_at,
        rarities=rarities,
    )


def _moved(articles: DeduplicationState, found: Deduplication, story_id: str, reason: str) -> Deduplication:
    """The article moved to an older story, whose first article of the credited agency becomes its origin."""
    agency = found.memory.agency
    credited = articles.find_credited(story_id, agency, found.story.fetched_at) if agency is not None else None
    origin_id = credited.origin_id if credited is not None else found.story.origin_id
    joined_reason = f"{found.story.reason}; {reason}"
    return Deduplication(
        msgspec.structs.replace(found.story, story_id=story_id, origin_id=origin_id, reason=joined_reason),
        msgspec.structs.replace(found.memory, story_id=story_id, origin_id=origin_id),
        found.forgotten,
    )
