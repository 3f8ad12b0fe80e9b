"""One text for all queries that differ only in the order or repetition of operands."""

from __future__ import annotations

from msgspec.structs import replace

from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Side, all_of, any_of


def canonical_text(node: Node) -> str:
    """The query with sorted operands of AND, OR and NEAR, without duplicates; equal only for equivalent queries."""
    return print_query(_canonical(node))


def _canonical(node: Node) -> Node:
    match node:
        case And():
            return all_of(_ordered(node.parts))
        case Or():
            return any_of(_ordered(node.parts))
        case Not():
            return replace(node, part=_canonical(node.part))
        case InField():
            return replace(node, part=_canonical(node.part))
        case Near():
            left, right = _side(node.left), _side(node.right)
            if not node.ordered and print_query(left) > print_query(right):
                left, right = right, left
            return replace(node, left=left, right=right)
        case _:
            return node


def _side(side: Side) -> Side:
    return any_of(_ordered(side.parts)) if isinstance(side, Or) else side  # type: ignore[return-value]  # terms alone


def _ordered(parts: tuple[Node, ...]) -> list[Node]:
    known = {print_query(part): part for part in map(_canonical, parts)}
    return [known[text] for text in sorted(known)]
