"""How a query is understood, in words: for whoever writes a first one."""

from __future__ import annotations

from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import And, Near, Node, Not, Or


def reading_of(node: Node) -> str:
    """`all of: dock, workers, (any of: strike*, walkout*)`."""
    text = _told(node)
    return text[1:-1] if isinstance(node, And | Or | Near) else text


def _told(node: Node) -> str:
    match node:
        case And():
            wanted = [_told(part) for part in node.parts if not isinstance(part, Not)]
            unwanted = [_told(part.part) for part in node.parts if isinstance(part, Not)]
            but = f", but not: {', '.join(unwanted)}" if unwanted else ""
            return f"(all of: {', '.join(wanted)}{but})" if len(wanted) > 1 else f"({''.join(wanted)}{but})"
        case Or():
            return f"(any of: {', '.join(map(_told, node.parts))})"
        case Near():
            order = " in this order" if node.ordered else ""
            return f"({_told(node.left)} within {node.distance} words of {_told(node.right)}{order})"
        case Not():
            return f"not {_told(node.part)}"
        case _:
            return print_query(node)
