"""A preview of the ledger with a record folded in, and of the alerts that result."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.alerts.current_state import AlertDecision, CurrentPage, current_state
from firstwire.core.alerts.episodes import apart, undoing
from firstwire.core.alerts.fusion import joined, last_supported_at
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import done_on, merged_pages, page_key
from firstwire.core.rules.rulebook import EventRule, Rules
from firstwire.core.state import LEDGER, Change
from schemas.ledger import Correction, LedgerPage
from schemas.state import AlertMemory


@dataclass(frozen=True)
class LedgerPreview:
    """The page of an action on a target with a record folded in, all other pages, and the change, if any."""

    state: EventAlertState
    page: CurrentPage
    is_news: bool
    """Whether the record changes the page's answers: a further, later day for a known act does not."""
    is_changed: bool
    """Whether it changes anything that is on record: another origin's report of a known act does."""
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, state: EventAlertState, live: LedgerPage) -> LedgerPreview:
        key = page_key(live.action, live.target)
        before = state.page(live.action, live.target)
        page = CurrentPage.of(merged_pages(before, live))
        is_filled = bool(live.actors or live.corrections or live.vouchings)
        is_changed = is_filled and live != state.pages.get(key)
        is_news = page.current != current_page(before) if not page.raw.corrections else page.raw != before
        return cls(state, page, is_news, page.raw != before, (Change(LEDGER, key, live),) if is_changed else ())

    def decided(self, memory: AlertMemory, rules: Rules) -> AlertMemory:
        """The memory with its alert in its current state; unchanged if no rule covers it or nothing supports it."""
        newest = newest_rule(rules, memory)
        return memory if newest is None else self.decision(memory, newest).memory

    def decision(self, memory: AlertMemory, rule: EventRule) -> AlertDecision:
        """The current state of an alert under a rule."""
        raw = self._page(memory.subject.action or "", memory)
        page = self.page if raw is self.page.raw else CurrentPage.of(raw)
        return current_state(memory, rule, page, self.state.seeds, self._rejoined(memory))

    def _rejoined(self, memory: AlertMemory) -> Correction | None:
        """The correction that removed the undoing before an episode."""
        if memory.episode.number == 1 or memory.actor is None:
            return None
        removals = [CurrentPage.of(page).removal(memory.actor.id, memory.era) for page in self._opposite(memory)]
        return next((removal for removal in removals if removal is not None), None)

    def episodes(self, reported: AlertMemory) -> list[AlertMemory]:
        """The memories of an actor's act with a new report, one for each episode, mostly a single one."""
        held = self.state.episodes(reported)
        return self._cut([*held, reported]) or [joined([*held, reported])]

    def cut_anew(self, action: str, actors: set[str]) -> list[AlertMemory]:
        """The memories, divided anew, of an action on the page's target by actors whose undoing of it was reported."""
        groups: dict[tuple[str, ...], list[AlertMemory]] = {}
        for memory in self.state.alerts_on(action, self.page.raw.target):
            if memory.actor is not None and memory.actor.id in actors:
                groups.setdefault((memory.rule_id, memory.actor.id, memory.era), []).append(memory)
        return [memory for held in groups.values() for memory in self._cut(held)]

    def _cut(self, memories: list[AlertMemory]) -> list[AlertMemory]:
        """The memories of one act, divided into episodes; none if it was never undone."""
        memory = memories[0]
        assert memory.actor is not None
        pages = self._opposite(memory)
        undone = {day for page in pages for day in done_on(page, memory.actor.id, memory.era)}
        if not undone:
            return []
        corrections = sum(1 for page in pages for each in page.corrections if each.actor == memory.actor.id)
        return apart(memories, self.state.seeded_days(memory), undone, corrections)

    def _opposite(self, memory: AlertMemory) -> list[LedgerPage]:
        """The pages that record the undoing of a memory's act."""
        return [self._page(action, memory) for action in undoing(memory.subject.action or "")]

    def _page(self, action: str, memory: AlertMemory) -> LedgerPage:
        target = memory.subject.target or ""
        raw = self.page.raw
        return raw if (raw.action, raw.target) == (action, target) else self.state.page(action, target)


def newest_rule(rules: Rules, memory: AlertMemory) -> EventRule | None:
    """The rule in force for the newest supporting article; None without support, or if there was no such rule."""
    if not memory.supporting:
        return None
    return rules.at(last_supported_at(memory)).event_rule(memory.rule_id)
