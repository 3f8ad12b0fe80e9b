"""Placing: which story an article belongs to, by the text that it shares with another or by what it tells."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.core.state import Change
from firstwire.core.stories.accounts import Account, account_of
from firstwire.core.stories.clusters import cluster, told_again
from firstwire.core.stories.deduplication import Deduplication, deduplicate
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.news_state import NewsState
from firstwire.core.text.rarities import Rarities
from schemas.article import Article, Story


@dataclass(frozen=True)
class Placed:
    """The article in its story (a `duplicate` goes no further), and what is to be remembered."""

    story: Story
    changes: tuple[Change, ...]


def place(state: NewsState, article: Article, rarities: Rarities) -> Placed:
    """A copy or update is of its partner's story. A `new` article joins the story that it fits, or begins one."""
    found = deduplicate(state.articles, article)
    if found.story.relation == "duplicate":
        return Placed(found.story, found.changes)
    account = _account(article, rarities)
    if found.story.relation != "new":
        grown = told_again(state.stories, account, found.story.story_id)
        return Placed(found.story, (*found.changes, grown))
    joined = cluster(state.stories, account, found.story.story_id)
    if joined.is_new:
        return Placed(found.story, (*found.changes, *joined.changes))
    moved = _moved(state.articles, found, joined.story_id, joined.reason)
    return Placed(moved.story, (*moved.changes, *joined.changes))


def _account(article: Article, rarities: Rarities) -> Account:
    return account_of(
        title=article.title,
        lead="\n".join(filter(None, (article.summary, article.body))),
        language=article.language,
        at=article.fetched_at,
        rarities=rarities,
    )


def _moved(articles: DeduplicationState, found: Deduplication, story_id: str, reason: str) -> Deduplication:
    """The same in an older story, where an agency that it credits may have written before."""
    agency = found.memory.agency
    credited = articles.find_credited(story_id, agency, found.story.fetched_at) if agency is not None else None
    origin_id = credited.origin_id if credited is not None else found.story.origin_id
    told = f"{found.story.reason}; {reason}"
    return Deduplication(
        msgspec.structs.replace(found.story, story_id=story_id, origin_id=origin_id, reason=told),
        msgspec.structs.replace(found.memory, story_id=story_id, origin_id=origin_id),
        found.forgotten,
    )
