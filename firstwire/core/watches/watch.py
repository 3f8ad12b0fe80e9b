"""A watch: a stored query with its id and the attributes of its matches."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

import msgspec

from firstwire.core.watches.parser import ANY_ENTITY, parse
from firstwire.core.watches.query import Query
from firstwire.core.watches.shapes import Checker
from schemas.alert import Severity
from schemas.rules import RuleState, Tell

MAX_AGE_SECONDS = 3 * 86_400.0
"""Articles published longer than this before they were fetched raise nothing, unless the rule says otherwise."""


QUERIES_KEPT = 16_384
"""Parsed queries of watches that matched lately, 16 MB; those of 100,000 watches would take 100 MB."""


class Watch(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A stored query, kept as its text: of few watches anybody asks for more."""

    id: str
    text: str
    """The query, valid."""
    version: int = 1
    tags: tuple[str, ...] = ()
    severity: Severity = "info"
    max_age_seconds: float | None = MAX_AGE_SECONDS
    """None: articles of any age."""
    tell: Tell = "developments"
    state: RuleState = "live"

    @property
    def query(self) -> Query:
        """The parsed query."""
        return _query(self.text)


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
    Checker(entities).check(query)
    return Watch(
        id=watch_id,
        text=query,
        version=version,
        tags=tags,
        severity=severity,
        max_age_seconds=max_age_seconds,
        tell=tell,
        state=state,
    )


@lru_cache(maxsize=QUERIES_KEPT)
def _query(text: str) -> Query:
    return parse(text, ANY_ENTITY)
