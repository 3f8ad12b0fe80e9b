"""`rules`: the rule set in force and every one before it, a record for each version of each rule."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from schemas.record import Record, Timestamp

RuleKind = Literal["watch", "event"]
RuleState = Literal["live", "shadow"]
"""A shadow rule is judged and recorded like any other, and nobody is told."""


class RuleVersion(Record, frozen=True, kw_only=True, tag="rule-version"):
    """A rule as it was written, or that it was taken out. It judges articles fetched at `effective_at` or later."""

    rule_id: str
    rule_version: Annotated[int, msgspec.Meta(ge=1)]
    kind: RuleKind
    release: Annotated[int, msgspec.Meta(ge=1)]
    """What is published together has one number: an article's outcome names the newest release that was effective."""
    effective_at: Timestamp
    published_at: Timestamp
    definition: dict[str, Any] | None
    """The keys of a rule file; null where the rule was taken out."""
