"""Whether any article can satisfy a query. "No" is certain; "yes" is also returned when the search takes too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from firstwire.core.watches.implication import excludes, implies
from firstwire.core.watches.query import And, InField, Node, Not, Or
from firstwire.core.watches.trials import Scope

STEPS_LIMIT = 200_000
"""Parts visited and terms compared in all checks of one query: about a second."""

_Requirement = tuple[Node, Scope, bool]
"""A part, the field that it searches, and whether it must hold or must not."""


class _StepsExhaustedError(Exception):
    """The search takes too long."""


@dataclass
class _Facts:
    """Terms assumed to hold, and terms assumed not to."""

    present: list[tuple[Node, Scope]] = field(default_factory=list)
    absent: list[tuple[Node, Scope]] = field(default_factory=list)

    def copy(self) -> _Facts:
        return _Facts(list(self.present), list(self.absent))


class SatisfiabilityCheck:
    """Checks of one query, which share a budget of steps."""

    def __init__(self, steps: int = STEPS_LIMIT) -> None:
        self._steps_left = steps

    def may_hold(self, *nodes: Node) -> bool:
        """Whether an article can satisfy all of the nodes."""
        try:
            return self._can_meet([(node, None, True) for node in nodes], _Facts())
        except (_StepsExhaustedError, RecursionError):  # each choice adds stack frames
            return True

    def _can_meet(self, required: list[_Requirement], facts: _Facts) -> bool:
        """Whether the facts can be extended to meet all requirements."""
        choices: list[list[_Requirement]] = []
        while required:
            node, scope, wanted = required.pop()
            self._spend(1)
            match node:
                case Not():
                    required.append((node.part, scope, not wanted))
                case InField():
                    required.append((node.part, node.field, wanted))
                case And() | Or():
                    parts: list[_Requirement] = [(part, scope, wanted) for part in node.parts]
                    if isinstance(node, And) is wanted:
                        required += parts
                    else:
                        choices.append(parts)
                case _ if not self._add(node, scope, wanted, facts):
                    return False
        choices.sort(key=len)
        return self._can_choose(choices, facts)

    def _can_choose(self, choices: Sequence[list[_Requirement]], facts: _Facts) -> bool:
        if not choices:
            return True
        first, *others = choices
        rest: list[_Requirement] = [(_either(choice), choice[0][1], True) for choice in others]
        self._spend(sum(map(len, choices)))
        return any(self._can_meet([*rest, alternative], facts.copy()) for alternative in first)

    def _add(self, node: Node, scope: Scope, wanted: bool, facts: _Facts) -> bool:
        """Add a term to the facts; False if it contradicts one of them."""
        self._spend(len(facts.present) + (len(facts.absent) if wanted else 0))
        if not wanted:
            facts.absent.append((node, scope))
            return not any(implies(other, node, where, scope) for other, where in facts.present)
        if any(excludes(other, node, where, scope) for other, where in facts.present):
            return False
        if any(implies(node, other, scope, where) for other, where in facts.absent):
            return False
        facts.present.append((node, scope))
        return True

    def _spend(self, steps: int) -> None:
        self._steps_left -= steps
        if self._steps_left < 0:
            raise _StepsExhaustedError


def _either(choice: list[_Requirement]) -> Node:
    """A choice as a node: an unwanted part becomes a NOT."""
    return Or(tuple(node if wanted else Not(node) for node, _, wanted in choice))
