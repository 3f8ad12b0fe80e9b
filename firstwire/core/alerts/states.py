"""The state of alerting: the ledger's pages and the alerts on events, and the alerts on matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firstwire.core.alerts.episodes import undoing
from firstwire.core.alerts.watch_memory import remembered
from firstwire.core.firsts.ledger import Seeds, done_on, merged_pages, page_key
from firstwire.core.state import ALERT_STATE, LEDGER, WATCH_STATE, Change
from schemas.alert import Subject
from schemas.ledger import LedgerPage
from schemas.record import Record
from schemas.state import AlertMemory, WatchedRevision


class EventAlertState:
    """The ledger and the alerts of the events of one partition."""

    topics: Mapping[str, type[Record]] = {LEDGER: LedgerPage, ALERT_STATE: AlertMemory}

    def __init__(self, seeds: Seeds) -> None:
        self.seeds = seeds
        self.pages: dict[str, LedgerPage] = {}
        self.alerts: dict[str, AlertMemory] = {}
        self._by_page: dict[str, dict[str, None]] = {}

    @property
    def sizes(self) -> Mapping[str, int]:
        return {LEDGER: len(self.pages), ALERT_STATE: len(self.alerts)}

    def apply(self, change: Change) -> Change:
        if change.topic == LEDGER:
            old_page = self.pages.pop(change.key, None)
            if isinstance(change.value, LedgerPage):
                self.pages[change.key] = change.value
            return Change(LEDGER, change.key, old_page)
        before = self.alerts.pop(change.key, None)
        if before is not None:
            self._by_page[_page_of(before.subject)].pop(change.key)
        if isinstance(change.value, AlertMemory):
            self.alerts[change.key] = change.value
            self._by_page.setdefault(_page_of(change.value.subject), {})[change.key] = None
        return Change(ALERT_STATE, change.key, before)

    def page(self, action: str, target: str) -> LedgerPage:
        """Everything known: the live page merged with the seeded one."""
        live = self.pages.get(page_key(action, target), LedgerPage(action=action, target=target))
        seeded = self.seeds.pages.get((action, target))
        return live if seeded is None else merged_pages(seeded, live)

    def episodes(self, reported: AlertMemory) -> list[AlertMemory]:
        """The memories of the same actor's act, under the same rule, in the same era of the target."""
        held = self.alerts.get(reported.alert_id)
        if held is not None and not undoing(reported.subject.action or ""):
            return [held]  # else by subject: an alert that was raised under an old action id has another alert id
        wanted = (reported.rule_id, reported.subject.actor, reported.era)
        return [
            memory
            for memory in self.alerts_on(reported.subject.action or "", reported.subject.target or "")
            if (memory.rule_id, memory.subject.actor, memory.era) == wanted
        ]

    def seeded_days(self, memory: AlertMemory) -> set[str]:
        """The days on which a memory's actor did it, as the ledger was seeded."""
        page = self.seeds.pages.get((memory.subject.action or "", memory.subject.target or ""))
        return done_on(page, memory.subject.actor or "", memory.era) if page is not None else set()

    def alerts_on(self, action: str, target: str) -> list[AlertMemory]:
        return [self.alerts[alert_id] for alert_id in sorted(self._by_page.get(page_key(action, target), ()))]


class WatchAlertState:
    """The alerts of the matches of one partition."""

    topics: Mapping[str, tuple[type[Record], ...]] = {WATCH_STATE: (WatchedRevision, AlertMemory)}

    def __init__(self) -> None:
        self.alerts: dict[str, AlertMemory] = {}

    @property
    def sizes(self) -> Mapping[str, int]:
        return {WATCH_STATE: len(self.alerts)}

    def apply(self, change: Change) -> Change:
        """Apply a revision, folded already or as read, or a memory that an earlier version wrote."""
        if isinstance(change, Remembered):
            memories = change.memories
        elif isinstance(change.value, WatchedRevision):
            memories = remembered(self.alerts, change.value)
        else:
            memories = {change.key: change.value if isinstance(change.value, AlertMemory) else None}
        before = {alert_id: self.alerts.get(alert_id) for alert_id in memories}
        for alert_id, memory in memories.items():
            if memory is None:
                self.alerts.pop(alert_id, None)
            else:
                self.alerts[alert_id] = memory
        return Remembered(WATCH_STATE, change.key, None, before)


@dataclass(frozen=True, slots=True)
class Remembered(Change):
    """A revision with the memories that it leads to, so that they are folded once; or what undoes that."""

    memories: Mapping[str, AlertMemory | None]


def _page_of(subject: Subject) -> str:
    return page_key(subject.action or "", subject.target or "")
