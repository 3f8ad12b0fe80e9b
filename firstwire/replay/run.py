"""Runs the core over what articles say, in order, and collects its results; no Kafka, no clock, deterministic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.files.articles import UnreadableLine
from firstwire.replay.judging import Judge
from firstwire.replay.reading import Deduplicator, Duplicate, LoneEvent, Told
from firstwire.replay.readings import MatchedStory, ReadingTask, Unread
from firstwire.replay.sources import ByHand
from schemas.alert import Alert, Verdict
from schemas.article import Article, Story
from schemas.event import Event, Match
from schemas.outcome import Outcome, Step


class Results(Protocol):
    """Where the results go, article by article."""

    async def take(self, found: Replayed, at: str) -> None:
        """Called after every article, with the time when it was fetched; may take out all but the alerts."""

    async def finish(self, found: Replayed, at: str) -> None:
        """Called once, when alerts are in their final state, with the time of the last article."""


class KeptResults:
    """They stay where they are."""

    async def take(self, found: Replayed, at: str) -> None:
        """Nothing to do."""

    finish = take


@dataclass(repr=False)  # asyncio makes a text of whatever a run returns, and throws it away: seconds for many alerts
class Replayed:
    """The results of a replay in the order of the articles; alerts in their final state."""

    stories: list[Story] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    alerts: dict[str, Alert] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    unreadable: list[UnreadableLine] = field(default_factory=list)

    def take(self, told: Told, judge: Judge) -> None:
        """Judge what an article says, and keep what comes of it."""
        if isinstance(told, UnreadableLine):
            self.unreadable.append(told)
            self.outcomes.append(_rejected(told))
        elif isinstance(told, LoneEvent):
            self._keep(judge.corrected(told.context.fetched_at))
            self._keep(judge.on_events((told.event,)))
        elif isinstance(told, Duplicate):
            self._keep(judge.corrected(told.story.fetched_at))
            self.stories.append(told.story)
            self.outcomes.append(told.outcome)
        else:
            self._take_story(told, judge)

    def forget_articles(self) -> None:
        """Keep only alerts and what could not be read, so that memory does not grow with the articles."""
        for records in (self.stories, self.events, self.matches, self.outcomes, self.verdicts):
            records.clear()

    def end(self, judge: Judge) -> None:
        """Apply the corrections that were made after the last article."""
        self._keep(judge.corrected())

    def _take_story(self, told: MatchedStory, judge: Judge) -> None:
        self._keep(judge.corrected(told.story.fetched_at))
        self.stories.append(told.story)
        found = judge.judged(told)
        self.outcomes.append(found.analyzed.outcome)
        self.events += found.analyzed.events
        self.matches += found.analyzed.matches
        self._keep(found.alerted)

    def _keep(self, alerted: Iterable[Alerted]) -> None:
        for each in alerted:
            self.alerts.update((alert.alert_id, alert) for alert in each.alerts)
            self.verdicts += each.verdicts


def replay(
    articles: Iterable[Article | UnreadableLine],
    knowledge: Knowledge,
    seeds: Seeds,
    window: timedelta,
    corrections: Sequence[ByHand] = (),
) -> Replayed:
    """Judge the articles one after another, each through all stages, exactly as the agents do.

    `corrections` of the ledger and vouchings, the oldest first, are applied before the articles fetched after them.
    """
    found = Replayed()
    deduplicator, task = Deduplicator(knowledge, window), ReadingTask(knowledge, (knowledge.rules,))
    judge = Judge(knowledge.rules, knowledge, seeds, corrections)
    for article in articles:
        told = article if isinstance(article, UnreadableLine) else deduplicator.story_of(article)
        found.take(task.matched(told) if isinstance(told, Unread) else told, judge)
    found.end(judge)
    return found


def _rejected(line: UnreadableLine) -> Outcome:
    reason = f"line {line.line}: {line.reason}"
    return Outcome(
        article_id=line.article_id,
        outcome="rejected",
        reason=reason,
        trail=(Step(stage="read", verdict="rejected", detail=reason),),
    )
