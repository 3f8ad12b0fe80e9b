"""NEAR/n and BEFORE/n: their distance and their operands."""

from __future__ import annotations

import re

from firstwire.core.watches.cursor import no_distance
from firstwire.core.watches.lexemes import Lexeme
from firstwire.core.watches.query import EntityTerm, Exact, InField, Near, Node, Or, Phrase, Side
from firstwire.core.watches.refusal import QueryError

DISTANCE_LIMIT = 999_999
"""Words between the sides: more than any article has; more digits are taken for a typing error."""

_DISTANCE_OPERATOR = re.compile(r"(NEAR|BEFORE)/([0-9]+)")


def distance_of(operator: Lexeme) -> tuple[int, bool]:
    """The distance of NEAR/n or BEFORE/n, and whether the order matters. Raises QueryError without a valid distance."""
    match = _DISTANCE_OPERATOR.fullmatch(operator.text)
    if match is None:
        raise no_distance(operator.text, operator.start)
    digits = match[2].lstrip("0") or "0"
    if len(digits) > len(str(DISTANCE_LIMIT)):
        raise QueryError(f"at most {match[1]}/{DISTANCE_LIMIT}", operator.start)
    return int(digits), match[1] == "BEFORE"


def side_of(node: Node, operator: Lexeme, *, grouped: bool) -> Side:
    """The node as a side of a NEAR. Raises QueryError if it cannot be one."""
    match node:
        case Phrase() | Exact() | EntityTerm():
            return node
        case Or() if grouped and all(isinstance(part, Phrase | Exact | EntityTerm) for part in node.parts):
            return node
        case Near():
            raise chained(operator)
        case InField():
            advice = f"put both sides in the field: {node.field}:(a {operator.text} b)"
        case _:
            advice = "each side is a term, a phrase, an entity, or a parenthesized OR of those"
    raise QueryError(f"this cannot be a side of {operator.text}", node.at[0], advice)


def chained(operator: Lexeme) -> QueryError:
    """The error for `a NEAR/3 b NEAR/3 c`."""
    return QueryError(
        f"{operator.text} cannot be chained",
        operator.start,
        "split it with AND, or use a phrase",
    )
