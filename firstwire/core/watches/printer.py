"""A parse tree as canonical text: equal trees print equal, and parsing the print gives the tree again."""

from __future__ import annotations

import re

from firstwire.core.watches.lexemes import QUOTES
from firstwire.core.watches.query import And, EntityTerm, Exact, InField, Near, Node, Not, Or, Phrase, Value

_LOOSE, _ALL, _NEGATED, _NEAR, _TIGHT = range(5)
_NEEDS_QUOTES = re.compile(rf"[\s(){QUOTES}]")


def print_query(node: Node) -> str:
    """The canonical text of a parse tree."""
    return _printed(node, _LOOSE)


def _printed(node: Node, binding: int) -> str:
    """The node's text, in parentheses if it binds looser than its context."""
    text, own = _bare(node)
    return text if own >= binding else f"({text})"


def _bare(node: Node) -> tuple[str, int]:
    match node:
        case Or():
            return " OR ".join(_printed(part, _ALL) for part in node.parts), _LOOSE
        case And():
            return " AND ".join(_printed(part, _NEGATED) for part in node.parts), _ALL
        case Not():
            return f"NOT {_printed(node.part, _NEGATED)}", _NEGATED
        case Near():
            name = "BEFORE" if node.ordered else "NEAR"
            return f"{_printed(node.left, _TIGHT)} {name}/{node.distance} {_printed(node.right, _TIGHT)}", _NEAR
        case InField():
            return f"{node.field}:{_printed(node.part, _TIGHT)}", _TIGHT
        case Value():
            quoted = _NEEDS_QUOTES.search(node.pattern) is not None
            return f'{node.field}:"{node.pattern}"' if quoted else f"{node.field}:{node.pattern}", _TIGHT
        case EntityTerm():
            return f"@{node.id}", _TIGHT
        case Exact():
            return f"={_words(node.words)}", _TIGHT
        case Phrase():
            return _words(node.words), _TIGHT


def _words(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f'"{" ".join(words)}"'
