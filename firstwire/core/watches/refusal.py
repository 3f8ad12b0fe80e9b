"""QueryError: why a query is refused, where in its text, and what was probably meant."""

from __future__ import annotations


class QueryError(ValueError):
    """A query that cannot be understood. `position` counts code points of the query from 0."""

    def __init__(self, message: str, position: int, suggestion: str = "") -> None:
        super().__init__(f"{message} (character {position + 1}){f'; {suggestion}' if suggestion else ''}")
        self.message = message
        self.position = position
        self.suggestion = suggestion


class UnknownEntityError(QueryError):
    """A query asks for an entity that nobody knows."""

    def __init__(self, entity_id: str, position: int, suggestion: str = "") -> None:
        super().__init__(f"no entity {entity_id!r}", position, suggestion)
        self.entity_id = entity_id
