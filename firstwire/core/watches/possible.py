"""Whether any article at all can make a query true. "No" is certain; what would take too long to see is "yes"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from firstwire.core.watches.implication import excludes, implies
from firstwire.core.watches.query import And, InField, Node, Not, Or
from firstwire.core.watches.trials import Scope

STEPS_LIMIT = 200_000
"""Parts looked at and terms compared for all that is asked about one query: a second or so."""

_Asked = tuple[Node, Scope, bool]
"""A part, the field that it looks in, and whether it is to hold or not."""


class _TooManyAlternativesError(Exception):
    """The answer would take too long."""


@dataclass
class _Facts:
    """Terms taken to hold, and terms taken not to."""

    present: list[tuple[Node, Scope]] = field(default_factory=list)
    absent: list[tuple[Node, Scope]] = field(default_factory=list)

    def copy(self) -> _Facts:
        return _Facts(list(self.present), list(self.absent))


class Possible:
    """Answers about one query, which together may take so many steps."""

    def __init__(self, steps: int = STEPS_LIMIT) -> None:
        self._left = steps

    def may_hold(self, *nodes: Node) -> bool:
        """Whether an article is possible for which all of the nodes hold."""
        try:
            return self._finds([(node, None, True) for node in nodes], _Facts())
        except (_TooManyAlternativesError, RecursionError):  # each choice is some frames deeper
            return True

    def _finds(self, asked: list[_Asked], facts: _Facts) -> bool:
        """Whether all that is asked can be joined to the facts."""
        choices: list[list[_Asked]] = []
        while asked:
            node, scope, wanted = asked.pop()
            self._takes(1)
            match node:
                case Not():
                    asked.append((node.part, scope, not wanted))
                case InField():
                    asked.append((node.part, node.field, wanted))
                case And() | Or():
                    parts: list[_Asked] = [(part, scope, wanted) for part in node.parts]
                    if isinstance(node, And) is wanted:
                        asked += parts
                    else:
                        choices.append(parts)
                case _ if not self._joins(node, scope, wanted, facts):
                    return False
        choices.sort(key=len)
        return self._chooses(choices, facts)

    def _chooses(self, choices: Sequence[list[_Asked]], facts: _Facts) -> bool:
        if not choices:
            return True
        first, *others = choices
        rest: list[_Asked] = [(_either(choice), choice[0][1], True) for choice in others]
        self._takes(sum(map(len, choices)))
        return any(self._finds([*rest, alternative], facts.copy()) for alternative in first)

    def _joins(self, node: Node, scope: Scope, wanted: bool, facts: _Facts) -> bool:
        """Add a term to the facts, unless it contradicts one of them."""
        self._takes(len(facts.present) + (len(facts.absent) if wanted else 0))
        if not wanted:
            facts.absent.append((node, scope))
            return not any(implies(other, node, where, scope) for other, where in facts.present)
        if any(excludes(other, node, where, scope) for other, where in facts.present):
            return False
        if any(implies(node, other, scope, where) for other, where in facts.absent):
            return False
        facts.present.append((node, scope))
        return True

    def _takes(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooManyAlternativesError


def _either(choice: list[_Asked]) -> Node:
    """A choice as a node again: what is not wanted is wanted not to be."""
    return Or(tuple(node if wanted else Not(node) for node, _, wanted in choice))
