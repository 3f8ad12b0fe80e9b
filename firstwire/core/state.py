"""Explicit state: what a stage remembers is a fold of changes, each of which can be undone."""

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


@dataclass(frozen=True, slots=True)
class Change:
    """One record of a state topic written (or, with no value, forgotten). `topic` is its name without the prefix."""

    topic: str
    key: str
    value: Record | None


class State(Protocol):
    """What a stage remembers for one partition of its input."""

    topics: Mapping[str, type[Record]]
    """The state topics it is folded from, and the record each carries."""

    def apply(self, change: Change) -> Change:
        """Take a change in; return the change that undoes it."""


def apply_all(state: State, changes: Iterable[Change]) -> list[Change]:
    """Apply changes in order; the result, applied in order, undoes them."""
    return [state.apply(change) for change in changes][::-1]


class Stateless:
    """The state of a stage that remembers nothing."""

    topics: Mapping[str, type[Record]] = {}

    def apply(self, change: Change) -> Change:
        raise KeyError(change.topic)
