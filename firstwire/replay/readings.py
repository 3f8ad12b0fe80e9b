"""What is read of one story and matched in it, whatever came before it: the part of a replay that may run anywhere.

Deduplication and judging go on from article to article and stay where they are; between them stands this.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import msgspec
from msgspec.structs import replace

from firstwire.core.pipeline import (
    Knowledge,
    ReadStory,
    context_of,
    matches_of,
    read_story,
    recorded_story,
    unnamed_story,
)
from firstwire.core.rules.rulebook import Rulebook, Rules
from schemas.article import Story
from schemas.event import Context, Event, Match
from schemas.outcome import Step

DIGEST_BYTES = 8
"""64 bits tell whether a story is the one of before: who could make them collide could as well change the rules."""


class Unread(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A story that is to be read; or one on record, with the events that were read of it then."""

    story: Story
    recorded: tuple[Event, ...] | None = None


class StoryReading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is read of a story, and the matches of each set of rules. Events on record are left out."""

    tags: tuple[str, ...]
    events: tuple[Event, ...] | None
    steps: tuple[Step, ...]
    no_event: str
    matches: tuple[tuple[Match, ...], ...]


@dataclass(frozen=True)
class MatchedStory:
    """A story's article as it was read, and the matches of each set of rules."""

    read: ReadStory
    matches: tuple[tuple[Match, ...], ...]

    @property
    def story(self) -> Story:
        return self.read.story

    @property
    def context(self) -> Context:
        return self.read.context


@dataclass(frozen=True)
class ReadingTask:
    """What stories are read with, and the sets of rules that are matched."""

    knowledge: Knowledge
    rules: tuple[Rules, ...]

    def matched(self, unread: Unread) -> MatchedStory:
        """Read a story. It depends on nothing but the story and the events on record."""
        story = unread.story
        rulebooks = [rules.at(story.fetched_at) for rules in self.rules]
        if unread.recorded is not None and not any(book.asks_for_names for book in rulebooks):
            return self._matched_without_names(rulebooks, story, unread.recorded)
        if unread.recorded is None:
            read = read_story(self.knowledge, story)
        else:
            read = recorded_story(self.knowledge.gazetteer, story, unread.recorded)
        return MatchedStory(read, tuple(matches_of(book, read) for book in rulebooks))

    def _matched_without_names(
        self, rulebooks: Sequence[Rulebook], story: Story, events: tuple[Event, ...]
    ) -> MatchedStory:
        """Names, which take longer than watches, are only looked for to be told with a match, and most match none."""
        unnamed = unnamed_story(self.knowledge.gazetteer, story, events)
        matches = tuple(matches_of(book, unnamed) for book in rulebooks)
        if not any(matches):
            return MatchedStory(unnamed, matches)
        read = recorded_story(self.knowledge.gazetteer, story, events)
        named = (tuple(replace(match, context=read.context) for match in found) for found in matches)
        return MatchedStory(read, tuple(named))

    def restored(self, unread: Unread, reading: StoryReading) -> MatchedStory:
        """The same of what was read before, or elsewhere."""
        story = unread.story
        events = unread.recorded if reading.events is None else reading.events
        read = ReadStory(
            story,
            context_of(story, reading.tags),
            events or (),
            reading.steps,
            reading.no_event,
            self.knowledge.gazetteer,
        )
        return MatchedStory(read, reading.matches)


Reading = Callable[[], Awaitable[list[MatchedStory]]]
"""Gives the stories that were handed over as they were read, in their order. While it is waited for, others on the loop
have their turn, among them a Ctrl-C."""


class Readers(Protocol):
    """Who reads: this process, several ones, or a journal of what was read before."""

    @property
    def together(self) -> int:
        """How many articles are handed over at once."""

    @property
    def ahead(self) -> int:
        """How many times so many may be handed over and not yet given back; at least once."""

    def submit(self, stories: Sequence[Unread]) -> Reading:
        """Hand stories over, without waiting. What is returned is called in the order of submission."""


@dataclass(frozen=True)
class ReadHere:
    """Reads in this process, when it is asked."""

    task: ReadingTask
    together: int = 1
    ahead: int = 1

    def submit(self, stories: Sequence[Unread]) -> Reading:
        async def read() -> list[MatchedStory]:
            return [self.task.matched(each) for each in stories]

        return read


def reading_of(matched: MatchedStory, unread: Unread) -> StoryReading:
    """What a journal keeps, and a process hands back."""
    read = matched.read
    events = read.events if unread.recorded is None else None
    return StoryReading(read.context.tags, events, read.steps, read.no_event, matched.matches)


def digest_of(unread: Unread) -> bytes:
    """Tells one story from another, and from another state of itself."""
    return blake2b(msgspec.msgpack.encode(unread), digest_size=DIGEST_BYTES).digest()
