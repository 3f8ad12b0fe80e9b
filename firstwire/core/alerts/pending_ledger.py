"""The ledger as it is with what is being written, and what is remembered of acts as it then is to be told."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.alerts.episodes import apart, undoing
from firstwire.core.alerts.fusion import joined, known_until
from firstwire.core.alerts.standing import CurrentPage, decide
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.ledger import done_on, merged_pages, page_key, standing
from firstwire.core.rules.rulebook import EventRule, Rules
from firstwire.core.state import LEDGER, Change
from schemas.ledger import Correction, LedgerPage
from schemas.state import AlertMemory


@dataclass(frozen=True)
class LedgerPreview:
    """The page of an action on a target with a record folded in, beside all other pages; and the change, if any."""

    state: EventAlertState
    page: CurrentPage
    is_news: bool
    """Whether it changes anything that alerts say of the page: another day for an act, later than known, does not."""
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, state: EventAlertState, live: LedgerPage) -> LedgerPreview:
        key = page_key(live.action, live.target)
        before = state.page(live.action, live.target)
        page = CurrentPage.of(merged_pages(before, live))
        is_changed = bool(live.actors or live.corrections) and live != state.pages.get(key)
        is_news = page.stands != standing(before) if not page.raw.corrections else page.raw != before
        return cls(state, page, is_news, (Change(LEDGER, key, live),) if is_changed else ())

    def decided(self, memory: AlertMemory, rules: Rules) -> AlertMemory:
        """The memory with its alert as it now stands; as it is where no rule has a say or nothing spoke for the act."""
        newest = newest_rule(rules, memory)
        return memory if newest is None else self.judged(memory, newest)[0]

    def judged(self, memory: AlertMemory, rule: EventRule) -> tuple[AlertMemory, str, str]:
        """The memory with its alert as it stands under a rule, the verdict on the newest report, and its reason."""
        raw = self._page(memory.subject.action or "", memory)
        page = self.page if raw is self.page.raw else CurrentPage.of(raw)
        return decide(memory, rule, page, self.state.seeds, self._rejoined(memory))

    def _rejoined(self, memory: AlertMemory) -> Correction | None:
        """What says that the undoing before an episode did not happen."""
        if memory.episode.number == 1 or memory.actor is None:
            return None
        removals = [CurrentPage.of(page).removal(memory.actor.id, memory.era) for page in self._opposite(memory)]
        return next((removal for removal in removals if removal is not None), None)

    def episodes(self, heard: AlertMemory) -> list[AlertMemory]:
        """What is remembered of an actor's act with what was heard just now: a memory for each episode, mostly one."""
        held = self.state.episodes(heard)
        return self._cut([*held, heard]) or [joined([*held, heard])]

    def cut_anew(self, action: str, actors: set[str]) -> list[AlertMemory]:
        """What is remembered of an action on the page's target by actors whose undoing of it is being written."""
        groups: dict[tuple[str, ...], list[AlertMemory]] = {}
        for memory in self.state.alerts_on(action, self.page.raw.target):
            if memory.actor is not None and memory.actor.id in actors:
                groups.setdefault((memory.rule_id, memory.actor.id, memory.era), []).append(memory)
        return [memory for held in groups.values() for memory in self._cut(held)]

    def _cut(self, memories: list[AlertMemory]) -> list[AlertMemory]:
        """The memories of one act by episodes; none if it was never undone."""
        memory = memories[0]
        assert memory.actor is not None
        pages = self._opposite(memory)
        undone = {day for page in pages for day in done_on(page, memory.actor.id, memory.era)}
        if not undone:
            return []
        said = sum(1 for page in pages for each in page.corrections if each.actor == memory.actor.id)
        return apart(memories, self.state.seeded_days(memory), undone, said)

    def _opposite(self, memory: AlertMemory) -> list[LedgerPage]:
        """The pages that tell when the act that a memory is of was undone."""
        return [self._page(action, memory) for action in undoing(memory.subject.action or "")]

    def _page(self, action: str, memory: AlertMemory) -> LedgerPage:
        target = memory.subject.target or ""
        raw = self.page.raw
        return raw if (raw.action, raw.target) == (action, target) else self.state.page(action, target)


def newest_rule(rules: Rules, memory: AlertMemory) -> EventRule | None:
    """The rule as it was for the newest article that spoke for the alert; null where none did, or it is in no file."""
    if not memory.contributions:
        return None
    return rules.at(known_until(memory)).event_rule(memory.rule_id)
