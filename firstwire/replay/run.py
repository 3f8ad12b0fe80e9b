"""Runs the core over articles in order and collects its results; no Kafka, no clock, deterministic."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import (
    Knowledge,
    analyze,
    deduplicate,
    raise_alerts,
    raise_match_alerts,
    split_targets,
)
from firstwire.core.state import State, apply_all
from firstwire.core.stories.identity import language_key
from firstwire.core.stories.news_state import NewsState
from firstwire.files.articles import UnreadableLine
from firstwire.files.word_frequencies import load_word_frequencies
from schemas.alert import Alert, Verdict
from schemas.article import Article, Story
from schemas.event import Event, Match, Matches
from schemas.ledger import LedgerCorrection, LedgerVouching
from schemas.outcome import Outcome, Step


@dataclass
class Replayed:
    """The results of a replay in the order of the articles; alerts in their final state."""

    stories: list[Story] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    alerts: dict[str, Alert] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    unreadable: list[UnreadableLine] = field(default_factory=list)


def replay(
    articles: Iterable[Article | UnreadableLine],
    knowledge: Knowledge,
    seeds: Seeds,
    window: timedelta,
    corrections: Sequence[LedgerCorrection | LedgerVouching] = (),
) -> Replayed:
    """Judge the articles one after another, each through all stages, exactly as the agents do.

    `corrections` of the ledger and vouchings, the oldest first, are applied before the articles fetched after them.
    """
    found = Replayed()
    seen, on_events, on_matches = NewsState(window), EventAlertState(seeds), WatchAlertState()
    waiting = deque(corrections)
    for article in articles:
        if isinstance(article, UnreadableLine):
            found.unreadable.append(article)
            found.outcomes.append(_rejected(article))
            continue
        while waiting and waiting[0].made_at <= article.fetched_at:
            _take(found, on_events, raise_alerts(on_events, waiting.popleft(), knowledge))
        load_word_frequencies(language_key(article.language))
        deduplicated = deduplicate(seen, article, knowledge.stories)
        apply_all(seen, deduplicated.changes)
        found.stories.append(deduplicated.story)
        if deduplicated.outcome is not None:
            found.outcomes.append(deduplicated.outcome)
            continue
        analyzed = analyze(knowledge, deduplicated.story)
        found.outcomes.append(analyzed.outcome)
        found.events += analyzed.events
        found.matches += analyzed.matches
        for event in split_targets(analyzed.events):
            _take(found, on_events, raise_alerts(on_events, event, knowledge))
        if analyzed.matches:
            _take(found, on_matches, raise_match_alerts(on_matches, Matches.of(analyzed.matches)))
    for sent in waiting:
        _take(found, on_events, raise_alerts(on_events, sent, knowledge))
    return found


def _take(found: Replayed, state: State, alerted: Alerted) -> None:
    apply_all(state, alerted.changes)
    found.alerts.update((alert.alert_id, alert) for alert in alerted.alerts)
    found.verdicts += alerted.verdicts


def _rejected(line: UnreadableLine) -> Outcome:
    reason = f"line {line.line}: {line.reason}"
    return Outcome(
        article_id=line.article_id,
        outcome="rejected",
        reason=reason,
        trail=(Step(stage="read", verdict="rejected", detail=reason),),
    )
