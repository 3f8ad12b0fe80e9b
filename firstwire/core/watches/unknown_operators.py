"""Terms that look like operators and are none (`NEER/10`, `NEAR-10`): words in a rule in force, refused when new."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from firstwire.core.text.nearest import meant_by
from firstwire.core.watches.cursor import no_distance
from firstwire.core.watches.parser import ANY_ENTITY, parse, parse_search
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Phrase, Query
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.tokens import WILDCARDS

_OTHER_NAME = r"(?<![A-Z])(?!(?:NEAR|BEFORE)/)(?P<name>[A-Z]+)/(?P<distance>[0-9]+)"
_NO_SLASH = rf"(?:NEAR|BEFORE)[^\w\s{re.escape(''.join(WILDCARDS))}][0-9]*"
_WRITTEN_AS_OPERATOR = re.compile(f"{_OTHER_NAME}|{_NO_SLASH}")


def parse_new(text: str, entities: Container[str]) -> Query:
    """The query of a watch that is not in force yet. Raises QueryError as `parse` does, and for unknown operators."""
    return _checked(parse(text, entities))


def parse_new_search(text: str, entities: Container[str]) -> Query:
    """A search, as `parse_search` takes it. Raises QueryError for unknown operators too."""
    return _checked(parse_search(text, entities))


def unknown_operator_of(text: str) -> QueryError | None:
    """What is wrong with the first unknown operator of a query that `parse` takes; None if it has none."""
    if _WRITTEN_AS_OPERATOR.search(text) is None:
        return None
    return next((error for _, error in unknown_operators(parse(text, ANY_ENTITY))), None)


def unknown_operators(query: Query) -> Iterator[tuple[Phrase, QueryError]]:
    """The terms of a query that are written as operators, in the order of its text, and what is wrong with each."""
    if _WRITTEN_AS_OPERATOR.search(query.text) is None:
        return
    for phrase in _phrases(query.root):
        match = _WRITTEN_AS_OPERATOR.fullmatch(query.text[slice(*phrase.at)])
        if match is not None:
            yield phrase, _refusal(match, phrase.at[0])


def _refusal(match: re.Match[str], position: int) -> QueryError:
    name, distance = match["name"], match["distance"]
    if name is None:
        error = no_distance(match[0], position)
        return QueryError(error.message, position, f"{error.suggestion} Quotes make it words")
    meant = meant_by(name, ("NEAR", "BEFORE"))
    known = f"did you mean {meant}/{distance}? Quotes" if meant else "known are NEAR/n and BEFORE/n; quotes"
    return QueryError(f"no operator {match[0]}", position, f"{known} make it words")


def _checked(query: Query) -> Query:
    for _, error in unknown_operators(query):
        raise error
    return query


def _phrases(node: Node) -> Iterator[Phrase]:
    match node:
        case Phrase():
            yield node
        case And() | Or():
            for part in node.parts:
                yield from _phrases(part)
        case Not() | InField():
            yield from _phrases(node.part)
        case Near():
            for side in (node.left, node.right):
                yield from _phrases(side)
