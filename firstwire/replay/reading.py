"""What old articles say, whatever the rules: read again from articles, or taken from recorded stories and events."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import chain

from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.pipeline import Knowledge, deduplicate
from firstwire.core.state import apply_all
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.news_state import NewsState
from firstwire.errors import ConfigError
from firstwire.files.articles import UnreadableLine
from firstwire.files.word_frequencies import load_word_frequencies
from firstwire.replay.progress import ReadPace
from firstwire.replay.readings import MatchedStory, Readers, Reading, ReadingTask, Unread
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


Told = MatchedStory | LoneEvent | Duplicate | UnreadableLine
_Unread = Unread | LoneEvent | Duplicate | UnreadableLine

BREATH_SECONDS = 0.02
"""After so long others on the loop have their turn, among them a Ctrl-C. After every article it would be a cost where
articles take a fraction of a millisecond.
"""


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


def told_by(
    source: ReplaySource,
    span: ReplaySpan,
    stage: StartStage,
    task: ReadingTask,
    readers: Readers,
    window: timedelta,
    pace: ReadPace | None = None,
) -> AsyncIterator[Sourced[Told]]:
    """What a source says in a span, in the order in which it is judged; duplicates are only among articles.

    Raises what the source and the readers raise.
    """
    if stage is StartStage.STORIES:
        return _read(_recorded(source, span, task.knowledge), readers, pace)
    return told_of(source.articles(span), task, readers, window, pace)


def told_of(
    articles: AsyncIterator[Sourced[Article | UnreadableLine]],
    task: ReadingTask,
    readers: Readers,
    window: timedelta,
    pace: ReadPace | None = None,
) -> AsyncIterator[Sourced[Told]]:
    """What articles say, all of which are read again."""
    return _read(_stories_of(articles, Deduplicator(task.knowledge, window)), readers, pace)


async def _read(
    unread: AsyncIterator[Sourced[_Unread]], readers: Readers, pace: ReadPace | None
) -> AsyncIterator[Sourced[Told]]:
    """The same in their order, with stories as they were read by whoever reads."""
    waiting: deque[tuple[list[Sourced[_Unread]], Reading]] = deque()
    together: list[Sourced[_Unread]] = []
    breath = _Breath()
    most_together = readers.together if pace is None else min(readers.together, pace.at_once)
    async for each in unread:
        if pace is not None:
            await pace.wait()
        together.append(each)
        if len(together) >= most_together:
            waiting.append((together, readers.submit(_stories(together))))
            together = []
        while len(waiting) >= readers.ahead:
            handed_over, read = waiting.popleft()
            for told in _in_order(handed_over, await read()):
                yield told
                await breath.take()
        await breath.take()
    waiting.append((together, readers.submit(_stories(together))))
    while waiting:
        handed_over, read = waiting.popleft()
        for told in _in_order(handed_over, await read()):
            yield told
            await breath.take()


class _Breath:
    """The turn of others on the loop, when it is time."""

    def __init__(self) -> None:
        self._taken_at = time.monotonic()

    async def take(self) -> None:
        if time.monotonic() - self._taken_at >= BREATH_SECONDS:
            await asyncio.sleep(0)
            self._taken_at = time.monotonic()


def _stories(together: Sequence[Sourced[_Unread]]) -> list[Unread]:
    return [each.record for each in together if isinstance(each.record, Unread)]


def _in_order(together: Sequence[Sourced[_Unread]], stories: Iterable[MatchedStory]) -> Iterator[Sourced[Told]]:
    """What was handed over, with the stories as they were read."""
    matched = iter(stories)
    for each in together:
        record = each.record
        yield Sourced(next(matched) if isinstance(record, Unread) else record, each.is_warm_up)


async def _stories_of(
    articles: AsyncIterator[Sourced[Article | UnreadableLine]], deduplicator: Deduplicator
) -> AsyncIterator[Sourced[_Unread]]:
    async for each in articles:
        article = each.record
        told = article if isinstance(article, UnreadableLine) else deduplicator.story_of(article)
        yield Sourced(told, each.is_warm_up)


class Deduplicator:
    """Puts articles into their stories, one after another, with the memory of the first stage."""

    def __init__(self, knowledge: Knowledge, window: timedelta) -> None:
        self._knowledge = knowledge
        self._state = NewsState(window)

    def story_of(self, article: Article) -> Unread | Duplicate:
        """The article in its story, or its end as a duplicate."""
        load_word_frequencies(language_key(article.language))
        found = deduplicate(self._state, article, self._knowledge.stories)
        apply_all(self._state, found.changes)
        return Unread(found.story) if found.outcome is None else Duplicate(found.story, found.outcome)


async def _recorded(source: ReplaySource, span: ReplaySpan, knowledge: Knowledge) -> AsyncIterator[Sourced[_Unread]]:
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
            yield Sourced(Unread(story, found), each.is_warm_up)
    for event in chain.from_iterable(events.values()):
        is_before = span.since_time is not None and event.context.fetched_at < span.since_time
        yield Sourced(LoneEvent(event), is_before)
