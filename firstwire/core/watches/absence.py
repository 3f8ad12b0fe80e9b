"""Whether a query can match an article that has none of its words and tags; such a query is refused."""

from __future__ import annotations

from firstwire.core.watches.query import And, InField, Node, Not, Or, Value


def may_hold_without_text(node: Node) -> bool:
    """Whether a node can hold with all text terms and tags absent, for any other values."""
    return _may_be(node, True)


def clause_without_text(root: Node) -> Node | None:
    """The part by which a query can hold without any of its text terms and tags; None if it cannot."""
    if not may_hold_without_text(root):
        return None
    while isinstance(root, Or):
        root = next(part for part in root.parts if may_hold_without_text(part))
    return root


def _may_be(node: Node, wanted: bool) -> bool:
    """Whether a node can evaluate to `wanted`. Other values are free, each by itself: `lang:en` may hold or not."""
    match node:
        case And():
            return (all if wanted else any)(_may_be(part, wanted) for part in node.parts)
        case Or():
            return (any if wanted else all)(_may_be(part, wanted) for part in node.parts)
        case Not():
            return _may_be(node.part, not wanted)
        case InField():
            return _may_be(node.part, wanted)
        case Value():
            return node.field != "tag" or not wanted
        case _:
            return not wanted
