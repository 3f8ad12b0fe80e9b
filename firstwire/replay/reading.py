"""What old articles say, whatever the rules: read again from articles, or taken from recorded stories and events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import chain

from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.pipeline import Knowledge, ReadStory, deduplicate, read_story, recorded_story
from firstwire.core.state import apply_all
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.news_state import NewsState
from firstwire.errors import ConfigError
from firstwire.files.articles import UnreadableLine
from firstwire.files.word_frequencies import load_word_frequencies
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan, Sourced
from schemas.article import Article, Story
from schemas.event import Context, Event
from schemas.outcome import Outcome


class StartStage(StrEnum):
    """From where records are judged again."""

    ARTICLES = "articles"
    """Everything: stories, events, matches, alerts."""
    STORIES = "stories"
    """What rules decide: matches and alerts. Stories and events are those on record."""


@dataclass(frozen=True)
class StageChoice:
    """The stage, and why."""

    stage: StartStage
    reason: str


@dataclass(frozen=True)
class Duplicate:
    """An article that ends in the first stage, with its outcome."""

    story: Story
    outcome: Outcome


@dataclass(frozen=True)
class LoneEvent:
    """An event on record whose story is not: of before the range, or expired."""

    event: Event

    @property
    def context(self) -> Context:
        return self.event.context


Told = ReadStory | LoneEvent | Duplicate | UnreadableLine


async def chosen_stage(source: ReplaySource, span: ReplaySpan, asked: StartStage | None) -> StageChoice:
    """Where to begin if only rules are to be judged again. Raises ConfigError if the stage asked for is impossible."""
    if asked is StartStage.ARTICLES:
        return StageChoice(asked, "as --from-stage asks")
    why_not = await source.why_not_recorded(span)
    if asked is StartStage.STORIES:
        if why_not:
            raise ConfigError(f"cannot start from stories: {why_not}", place=source.name)
        return StageChoice(asked, "as --from-stage asks")
    if why_not:
        return StageChoice(StartStage.ARTICLES, why_not)
    return StageChoice(StartStage.STORIES, "rules change neither stories nor events, and those are on record")


class ArticleReader:
    """Reads articles one after another, with the memory of the first stage."""

    def __init__(self, knowledge: Knowledge, window: timedelta) -> None:
        self._knowledge = knowledge
        self._state = NewsState(window)

    def read(self, article: Article) -> ReadStory | Duplicate:
        """What the article says in its story, or its end as a duplicate."""
        load_word_frequencies(language_key(article.language))
        found = deduplicate(self._state, article, self._knowledge.stories)
        apply_all(self._state, found.changes)
        if found.outcome is not None:
            return Duplicate(found.story, found.outcome)
        return read_story(self._knowledge, found.story)


async def told_by(
    source: ReplaySource, span: ReplaySpan, stage: StartStage, knowledge: Knowledge, window: timedelta
) -> AsyncIterator[Sourced[Told]]:
    """What a source says in a span, in the order in which it is judged; duplicates are only among articles.

    Raises what the source raises.
    """
    if stage is StartStage.STORIES:
        async for told in _recorded(source, span, knowledge):
            yield told
        return
    reader = ArticleReader(knowledge, window)
    async for each in source.articles(span):
        article = each.record
        yield Sourced(article if isinstance(article, UnreadableLine) else reader.read(article), each.is_warm_up)


async def _recorded(source: ReplaySource, span: ReplaySpan, knowledge: Knowledge) -> AsyncIterator[Sourced[Told]]:
    """Stories with their events, after the events of before them, and before those whose stories are not there."""
    old_ids = OldActionIds(knowledge.lemmas)
    events: dict[tuple[str, str], list[Event]] = {}
    earlier: list[Event] = []
    async for event in source.events(span):
        if isinstance(event, UnreadableLine):
            yield Sourced(event, False)
        elif span.warm_since is not None and event.context.fetched_at < span.warm_since:
            earlier.append(old_ids.renamed(event))
        else:
            events.setdefault((event.article_id, event.context.fetched_at), []).append(old_ids.renamed(event))
    for event in earlier:
        yield Sourced(LoneEvent(event), True)
    async for each in source.stories(span):
        story = each.record
        if isinstance(story, UnreadableLine):
            yield Sourced(story, each.is_warm_up)
        elif story.relation != "duplicate":
            found = tuple(events.pop((story.article_id, story.fetched_at), ()))
            yield Sourced(recorded_story(knowledge.gazetteer, story, found), each.is_warm_up)
    for event in chain.from_iterable(events.values()):
        is_before = span.since_time is not None and event.context.fetched_at < span.since_time
        yield Sourced(LoneEvent(event), is_before)
