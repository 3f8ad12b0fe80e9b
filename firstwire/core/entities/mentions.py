"""The names found in an article, field by field: read once, for its tags, its events and the watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstwire.core.entities.gazetteer import Gazetteer, Mention
from schemas.article import ArticleText
from schemas.record import Field
from schemas.times import EPOCH

Mentions = Mapping[Field, Sequence[Mention]]
"""By field: its mentions, in order."""


def find_mentions(article: ArticleText, gazetteer: Gazetteer) -> Mentions:
    """The mentions in an article. Leaders act for their nation if in office on the day of publication or, if that is
    unknown, of fetching.
    """
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    assumed = article.published_at or article.fetched_at
    day = "" if assumed == EPOCH else assumed[:10]
    return {field: gazetteer.find(text, day) if text else [] for field, text in texts.items()}


def tags_of(article: ArticleText, mentions: Mentions, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The ids of the entities mentioned, of their nations and countries, and of the publisher's tags that name one."""
    tags: set[str] = set()
    for found in mentions.values():
        for mention in found:
            named = (mention.entity, mention.nation, mention.country)
            tags.update(entity.id for entity in named if entity is not None)
    for name in article.publisher_tags:
        entity = gazetteer.named(name)
        if entity is not None:
            tags.add(entity.id)
    return tuple(sorted(tags))
