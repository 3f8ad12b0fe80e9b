"""A watch: a stored query with its name, what its matches carry, and examples of what it must and must not find."""

from __future__ import annotations

from dataclasses import dataclass

from firstwire.core.watches.parser import parse
from firstwire.core.watches.query import Query
from firstwire.core.watches.terms import Aliases
from schemas.alert import Severity
from schemas.rules import RuleState


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A query that somebody keeps. `match` and `no_match` are example texts."""

    id: str
    query: Query
    version: int = 1
    tags: tuple[str, ...] = ()
    severity: Severity = "info"
    state: RuleState = "live"
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


def watch_of(
    watch_id: str,
    query: str,
    aliases: Aliases,
    *,
    version: int = 1,
    tags: tuple[str, ...] = (),
    severity: Severity = "info",
    state: RuleState = "live",
    match: tuple[str, ...] = (),
    no_match: tuple[str, ...] = (),
) -> Watch:
    """A watch from its query's text. QueryError, with its place in the query, for one that cannot be understood."""
    return Watch(
        id=watch_id,
        query=parse(query, aliases),
        version=version,
        tags=tags,
        severity=severity,
        state=state,
        match=match,
        no_match=no_match,
    )
