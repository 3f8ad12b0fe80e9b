"""Restores state: records written under earlier action ids are moved to the current ones.

An action is part of the key of its events, and so determines which partition judges them. A partition whose state has
actions therefore also reads the other partitions for records that belong to it under current ids; otherwise it would
raise their alerts again. Such records are only kept in memory and written when they next change. The partition's own
records take precedence.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka.partitioner import DefaultPartitioner

from firstwire.core.alerts.episodes import event_key
from firstwire.core.events.old_action_ids import OldActionIds
from firstwire.core.firsts.ledger import merged_pages, page_key
from firstwire.core.state import Change, State
from schemas.ledger import LedgerPage
from schemas.record import Record
from schemas.state import AlertMemory

_partition_of = DefaultPartitioner()


class Restoring:
    """Folds the records of state topics into the state of one partition."""

    def __init__(self, state: State, partition: int, partitions: Sequence[int], old_ids: OldActionIds) -> None:
        self._state = state
        self._partition = partition
        self._partitions = list(partitions)
        self._old_ids = old_ids
        self._elsewhere: dict[tuple[int, str, str], Change] = {}
        """The newest records of other partitions that belong to this one, by partition, topic and key."""
        self._merged: set[str] = set()
        """Keys of pages that several old pages were merged into."""

    def take(self, partition: int, change: Change) -> None:
        """Fold a record. Each partition's records come in order; partitions may interleave."""
        renamed = self._with_current_ids(change)
        if partition == self._partition:
            self._fold(renamed, is_moved=renamed.key != change.key)
        elif renamed.value is None:
            self._elsewhere.pop((partition, change.topic, change.key), None)
        elif self._home(renamed.value) == self._partition:
            self._elsewhere[partition, change.topic, change.key] = renamed

    def end(self) -> None:
        """Add the records of other partitions, once everything was read."""
        for _, change in sorted(self._elsewhere.items()):
            if isinstance(change.value, LedgerPage):
                self._fold(change, is_moved=True)
            elif (before := self._state.apply(change)).value is not None:
                self._state.apply(before)

    def _fold(self, change: Change, *, is_moved: bool) -> None:
        before = self._state.apply(change).value
        if is_moved:
            self._merged.add(change.key)
        if change.key in self._merged and isinstance(before, LedgerPage) and isinstance(change.value, LedgerPage):
            self._state.apply(Change(change.topic, change.key, merged_pages(before, change.value)))

    def _with_current_ids(self, change: Change) -> Change:
        if change.value is None:
            return change
        record = self._old_ids.renamed(change.value)
        key = page_key(record.action, record.target) if isinstance(record, LedgerPage) else change.key
        return Change(change.topic, key, record)

    def _home(self, record: Record) -> int | None:
        """The partition that judges the record's subject."""
        if isinstance(record, LedgerPage):
            key = event_key(record.action, record.target)
        elif isinstance(record, AlertMemory):
            key = event_key(record.subject.action or "", record.subject.target or "")
        else:
            return None
        home: int = _partition_of(key.encode(), self._partitions, self._partitions)
        return home
