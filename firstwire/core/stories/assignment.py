"""Assigns articles to stories, by text shared with another article or by what they report; says what each adds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from firstwire.core.state import Change
from firstwire.core.stories.clusters import Arrival, Joined, cluster, grown_story
from firstwire.core.stories.deduplication import Deduplication, deduplicate
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.memories import DeduplicationState
from firstwire.core.stories.news_state import NewsState
from firstwire.core.stories.sketches import sketch_of, text_of
from firstwire.core.stories.story_knowledge import StoryKnowledge
from schemas.article import Article, Story


@dataclass(frozen=True)
class Placed:
    """The article in its story (processing of a `duplicate` ends here), and the state changes."""

    story: Story
    changes: tuple[Change, ...]


def place(state: NewsState, article: Article, knowledge: StoryKnowledge) -> Placed:
    """Assign an article: a copy or update to its partner's story, a `new` one to the best story or a new one."""
    found = deduplicate(state.articles, article)
    if found.story.relation == "duplicate":
        return Placed(found.story, found.changes)
    sketch, style, facts = sketch_of(
        article, knowledge.rarities, knowledge.vectors, found.own_text, reader=knowledge.reader
    )
    arrival = Arrival(sketch, style, language_key(article.language), article.fetched_at)
    story_id, copy_of = found.story.story_id, found.story.copy_of
    if copy_of is not None:
        is_revision = found.story.relation == "update" or article.source is None
        joined = grown_story(
            state.stories,
            arrival,
            story_id,
            copy_of,
            knowledge,
            is_revision=is_revision,
            is_same_content=found.is_same_content,
        )
    else:
        if knowledge.reader is not None and sketch.beginning:
            text = found.own_text if found.own_text is not None else text_of(article)
            arrival = replace(
                arrival,
                meaning=knowledge.reader.meaning(sketch.beginning),
                rest=knowledge.reader.rest(article.title, text),
            )
        joined = cluster(state.stories, arrival, story_id, knowledge)
        if not joined.is_new:
            found = _moved(state.articles, found, joined)
    story = msgspec.structs.replace(
        found.story, facts=facts, news=joined.news, retells=joined.retells, development_of=joined.development_of
    )
    return Placed(story, (*found.changes, *joined.changes))


def _moved(articles: DeduplicationState, found: Deduplication, joined: Joined) -> Deduplication:
    """The article moved to an older story, whose first article of the credited agency becomes its origin."""
    agency = found.memory.agency
    credited = articles.find_credited(joined.story_id, agency, found.story.fetched_at) if agency is not None else None
    origin_id = credited.origin_id if credited is not None else found.story.origin_id
    reason = f"{found.story.reason}; {joined.reason}"
    return Deduplication(
        msgspec.structs.replace(found.story, story_id=joined.story_id, origin_id=origin_id, reason=reason),
        msgspec.structs.replace(found.memory, story_id=joined.story_id, origin_id=origin_id),
        found.forgotten,
    )
