"""Judges what articles say by one set of rules, with the state of alerting; any number of judges share one reading."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import (
    Analyzed,
    Knowledge,
    covered,
    raise_alerts,
    raise_match_alerts,
    split_targets,
)
from firstwire.core.rules.rulebook import Rules
from firstwire.core.state import apply_all
from firstwire.replay.readings import MatchedStory
from firstwire.replay.sources import ByHand
from schemas.event import Event, Match, Matches


@dataclass(frozen=True)
class JudgedStory:
    """What the rules find in a story's article, and what that does to alerts, in order."""

    analyzed: Analyzed
    alerted: tuple[Alerted, ...]


class Judge:
    """The rules, the ledger and all alerts so far. `corrections` by hand apply from when they were made."""

    def __init__(
        self, rules: Rules, knowledge: Knowledge, seeds: Seeds, corrections: Sequence[ByHand] = (), number: int = 0
    ) -> None:
        """`number`: which of the sets of rules they are whose matches stories come with."""
        self._number = number
        self._knowledge = replace(knowledge, rules=rules)
        self._on_events, self._on_matches = EventAlertState(seeds), WatchAlertState()
        self._waiting = deque(corrections)

    def corrected(self, until: str | None = None) -> list[Alerted]:
        """Apply the corrections made until a time, or all that are left. Call it before what was fetched then."""
        found = []
        while self._waiting and (until is None or self._waiting[0].made_at <= until):
            found.append(raise_alerts(self._on_events, self._waiting.popleft(), self._knowledge))
            apply_all(self._on_events, found[-1].changes)
        return found

    def judged(self, told: MatchedStory) -> JudgedStory:
        """Judge one article: its events, then its matches, as the agents do."""
        matches = told.matches[self._number]
        analyzed = covered(self._knowledge.rules.at(told.story.fetched_at), told.read, matches)
        return JudgedStory(analyzed, (*self.on_events(analyzed.events), *self._on_watches(matches)))

    def alerted(self, told: MatchedStory) -> list[Alerted]:
        """Only what an article does to alerts, without the outcome of the article."""
        return [*self.on_events(told.read.events), *self._on_watches(told.matches[self._number])]

    def on_events(self, events: Sequence[Event]) -> list[Alerted]:
        """Judge events without their story."""
        found = []
        for event in split_targets(tuple(events)):
            found.append(raise_alerts(self._on_events, event, self._knowledge))
            apply_all(self._on_events, found[-1].changes)
        return found

    def _on_watches(self, matches: Sequence[Match]) -> list[Alerted]:
        if not matches:
            return []
        found = raise_match_alerts(self._on_matches, Matches.of(matches))
        apply_all(self._on_matches, found.changes)
        return [found]
