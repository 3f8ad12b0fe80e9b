"""`rules`: the rules in force and all earlier ones, a record for each version of each rule."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from schemas.record import Record, Timestamp

RuleKind = Literal["watch", "event"]
RuleState = Literal["live", "shadow"]
"""A shadow rule is judged and recorded like any other, but nobody is notified."""
Tell = Literal["new", "developments", "all"]
"""What a watch tells of a story: what opens it, also what is news inside it, or every article."""


class RuleVersion(Record, frozen=True, kw_only=True, tag="rule-version"):
    """A version of a rule, or its removal. It applies to articles fetched at `effective_at` or later."""

    rule_id: str
    rule_version: Annotated[int, msgspec.Meta(ge=1)]
    kind: RuleKind
    release: Annotated[int, msgspec.Meta(ge=1)]
    """The number of all versions published together; an article's outcome names the release in force."""
    effective_at: Timestamp
    published_at: Timestamp
    definition: dict[str, Any] | None
    """The keys of a rule file; null if the rule was removed."""
