"""QueryError: why a query is refused, the position in its text, and a suggestion."""

from __future__ import annotations


class QueryError(ValueError):
    """An invalid query. `position` counts code points of the query from 0."""

    def __init__(self, message: str, position: int, suggestion: str = "") -> None:
        super().__init__(f"{message} (character {position + 1}){f'; {suggestion}' if suggestion else ''}")
        self.message = message
        self.position = position
        self.suggestion = suggestion
