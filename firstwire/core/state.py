"""Explicit state: the state of a stage is a fold of changes, each of which can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from schemas.record import Record

LEDGER = "ledger"
DEDUPLICATE_STATE = "deduplicate-state"
STORY_STATE = "story-state"
ALERT_STATE = "alert-state"
WATCH_STATE = "watch-state"


RecordTypes = type[Record] | tuple[type[Record], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A record written to a state topic, or deleted if `value` is None. `topic` is its name without the prefix."""

    topic: str
    key: str
    value: Record | None


class State(Protocol):
    """The state of a stage for one partition of its input."""

    @property
    def topics(self) -> Mapping[str, RecordTypes]:
        """The state topics from which it is folded, each with the type of its records, or its types."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """The number of records remembered, by the state topic that keeps them."""

    def apply(self, change: Change) -> Change:
        """Apply a change; return the change that undoes it."""


def apply_all(state: State, changes: Iterable[Change]) -> list[Change]:
    """Apply changes in order; return the changes that, applied in order, undo them."""
    return [state.apply(change) for change in changes][::-1]


class Stateless:
    """The state of a stateless stage."""

    topics: Mapping[str, type[Record]] = {}
    sizes: Mapping[str, int] = {}

    def apply(self, change: Change) -> Change:
        raise KeyError(change.topic)
