"""The result of an import: watches, and the lines that could not be mapped, with reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import get_args

from firstwire.core.text.folding import fold_text
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.unknown_operators import parse_new
from schemas.alert import Severity
from schemas.rules import Tell

SEVERITIES: tuple[str, ...] = get_args(Severity)
TELLS: tuple[str, ...] = get_args(Tell)
TELL = "developments"
"""The default."""
ID_LIMIT = 100
_ONE_WORD = re.compile(r'(?:[a-z]+:)?(?:=?"[^"]*"|[^\s()"]+)|\([^()]*\)')
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")


class UnmappedError(ValueError):
    """Why a line could not be mapped to a watch."""


@dataclass(frozen=True)
class Line:
    """A line of the file to map, stripped."""

    number: int
    text: str


@dataclass(frozen=True)
class MappedWatch:
    """A watch, and the lines that it was made from."""

    id: str
    query: str
    sources: tuple[Line, ...]
    tags: tuple[str, ...] = ()
    severity: str = "info"
    tell: str = TELL


@dataclass
class Mapped:
    """The result for a file. `notes`: lines that were only partly mapped."""

    watches: list[MappedWatch] = field(default_factory=list)
    unmapped: list[tuple[Line, str]] = field(default_factory=list)
    notes: list[tuple[Line, str]] = field(default_factory=list)

    def new_id(self, wanted: str) -> str:
        """The wanted id, with a number appended if it is taken."""
        taken = {watch.id for watch in self.watches}
        if wanted not in taken:
            return wanted
        number = 2
        while f"{wanted}-{number}" in taken:
            number += 1
        return f"{wanted}-{number}"


def lines_of(text: str, comment: str = r"\s*#(\s|$)") -> list[Line]:
    """The lines that are neither empty nor comments. A comment begins with `#` and a space: `#tag` is a term."""
    return [
        Line(number, line.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not re.match(comment, line)
    ]


def id_of(text: str) -> str:
    """A text as a rule id, or the empty text if no character of it is allowed in one."""
    return re.sub(r"[^a-z0-9._]+", "-", fold_text(text)).strip("-._")[:ID_LIMIT]


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and len(text) <= ID_LIMIT


def checked(query: str) -> str:
    """The query, if it is valid in a rule file. Raises UnmappedError with the reason if not."""
    try:
        parse_new(query, ())
    except QueryError as err:
        reason = err.message if not err.suggestion else f"{err.message}; {err.suggestion}"
        raise UnmappedError(f"the query would be refused: {reason}") from err
    return query


def grouped(query: str) -> str:
    """The query in parentheses, unless it is a single term or has them already."""
    return query if _ONE_WORD.fullmatch(query) else f"({query})"


def either(queries: Iterable[str]) -> str:
    """Single-term queries joined by OR, each once."""
    return " OR ".join(dict.fromkeys(queries))
