"""`outcomes`: the one terminal reason of every article. `dead-letters`: records that could not be judged, and why."""

from __future__ import annotations

from typing import Literal

from schemas.record import Part, Record, Timestamp

Ending = Literal["duplicate", "rejected", "no_match", "alerting"]


class Place(Part, frozen=True, kw_only=True):
    """The place of a record in Kafka."""

    topic: str
    partition: int
    offset: int


class Step(Part, frozen=True, kw_only=True):
    """One stage's verdict on an article."""

    stage: str
    verdict: str
    detail: str = ""


class Outcome(Record, frozen=True, kw_only=True, tag="outcome"):
    """How one record of `articles` ended. `place` is filled in by the agents; a replay has none."""

    article_id: str
    outcome: Ending
    reason: str
    rules: tuple[str, ...] = ()
    """For `alerting`: the rules that cover it."""
    release: int = 0
    """The release of the rules that judged it; 0 if they were read from files or not used."""
    trail: tuple[Step, ...] = ()
    place: Place | None = None


class DeadLetter(Record, frozen=True, kw_only=True, tag="dead-letter"):
    """A record that could not be judged: its place, the error, and the beginning of its value."""

    stage: str
    place: Place
    error: str
    attempts: int = 1
    key: str | None = None
    value_base64: str | None = None
    """The first `VALUE_LIMIT_BYTES` of the value; the whole is at `place` until retention removes it."""
    value_bytes: int = 0
    happened_at: Timestamp
