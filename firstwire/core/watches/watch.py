"""A watch: a stored query with its id and the attributes of its matches."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import Query
from schemas.alert import Severity
from schemas.rules import RuleState, Tell

MAX_AGE_SECONDS = 3 * 86_400.0
"""Articles published longer than this before they were fetched raise nothing, unless the rule says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A stored query."""

    id: str
    query: Query
    version: int = 1
    tags: tuple[str, ...] = ()
    severity: Severity = "info"
    max_age_seconds: float | None = MAX_AGE_SECONDS
    """None: articles of any age."""
    tell: Tell = "developments"
    state: RuleState = "live"


def watch_of(
    watch_id: str,
    query: str,
    entities: Container[str],
    *,
    version: int = 1,
    tags: tuple[str, ...] = (),
    severity: Severity = "info",
    max_age_seconds: float | None = MAX_AGE_SECONDS,
    tell: Tell = "developments",
    state: RuleState = "live",
) -> Watch:
    """A watch from its query's text. Raises QueryError, with the position, for an invalid query."""
    return Watch(
        id=watch_id,
        query=parse(query, entities),
        version=version,
        tags=tags,
        severity=severity,
        max_age_seconds=max_age_seconds,
        tell=tell,
        state=state,
    )
