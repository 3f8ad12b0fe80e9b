"""The third stage: events and matches → alerts, verdicts and the ledger. One class for each of its two inputs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from agents.matches import matches_in
from agents.stage import Judged, Writer, stamped
from firstwire.broker.commit_notes import Tally
from firstwire.broker.producer import Message
from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERTS, EVENTS, MATCHES, VERDICTS
from firstwire.core.alerts.alerting import Alerted
from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, raise_alerts, raise_match_alerts
from firstwire.core.state import State
from schemas.codec import decode_one_of
from schemas.event import Event
from schemas.ledger import LedgerCorrection, LedgerVouching


@dataclass(frozen=True)
class AlertOnEvents:
    writer: Writer
    knowledge: Knowledge
    seeds: Seeds
    name = "alert-events"
    input = EVENTS
    is_transactional_input = True

    @cached_property
    def old_ids(self) -> OldActionIds:
        return OldActionIds(self.knowledge.lemmas)

    def new_state(self) -> State:
        return EventAlertState(self.seeds)

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        assert isinstance(state, EventAlertState)
        renamed = self.old_ids.renamed(decode_one_of(record.value, Event, LedgerCorrection, LedgerVouching))
        alerted = raise_alerts(state, renamed, self.knowledge)
        return _written(self.writer, alerted, record, stamp)

    def rejected(self, record: Received, reason: str) -> list[Message]:
        return []


@dataclass(frozen=True)
class AlertOnMatches:
    writer: Writer
    name = "alert-matches"
    input = MATCHES
    is_transactional_input = True
    old_ids = None

    def new_state(self) -> State:
        return WatchAlertState()

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        assert isinstance(state, WatchAlertState)
        alerted = raise_match_alerts(state, matches_in(record.value))
        return _written(self.writer, alerted, record, stamp)

    def rejected(self, record: Received, reason: str) -> list[Message]:
        return []


def _written(writer: Writer, alerted: Alerted, record: Received, stamp: str) -> Judged:
    headers = stamped(record.headers, "alerted_at", stamp)
    messages = [writer.message(ALERTS, alert.alert_id, alert, headers, record.timestamp_ms) for alert in alerted.alerts]
    messages += [
        writer.message(VERDICTS, verdict.key, verdict, (), record.timestamp_ms) for verdict in alerted.verdicts
    ]
    verdicts = Counter(verdict.verdict.value for verdict in alerted.verdicts)
    return Judged(messages, list(alerted.changes), Tally(verdicts=verdicts))
