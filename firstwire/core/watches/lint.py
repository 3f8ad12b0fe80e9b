"""What is wrong with a query that can be understood: it never holds, parts of it change nothing, it finds too much.

Only what is certain is said, but for the breadth of words, which is an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from firstwire.core.text.rarities import Rarities
from firstwire.core.watches.breadth import too_broad
from firstwire.core.watches.implication import as_narrow, implies, marks, sought
from firstwire.core.watches.possible import Possible
from firstwire.core.watches.query import (
    And,
    EntityTerm,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Query,
    Value,
)
from firstwire.core.watches.wildcards import has_wildcard, plain_prefix

Level = Literal["error", "warning"]

PLAIN_ENOUGH = 3
"""Plain characters before a wildcard: with two it fits hundreds of words, and each article is asked for all of them."""


@dataclass(frozen=True)
class Flaw:
    """One thing to mend: its place in the query's text, and a sentence that says what to do."""

    kind: str
    level: Level
    at: Place
    says: str


def flaws_of(query: Query, rarities: Rarities) -> list[Flaw]:
    """Everything that is wrong with a query, in the order of its text; only that it never holds, if so.

    `rarities` has the lists of the languages that `breadth.languages_of` finds in the query.
    """
    possible = Possible()
    may_contradict = _may_contradict(query.root)
    if may_contradict and not possible.may_hold(query.root):
        return [_never_true(query, query.root)]
    found = [*_needless(query, query.root), *_wildcards(query, query.root)]
    if may_contradict:
        found += _dead(query, query.root, (), possible)
    common = too_broad(query.root, rarities)
    if common is not None:
        words = " and ".join(list(dict.fromkeys(f"`{query.words(word)}`" for word in common))[:3])
        says = f"asks for no more than {words}, as a great part of all articles have; add a rarer word with AND"
        found.append(Flaw("too broad", "warning", common[0].at, says))
    return sorted(dict.fromkeys(found), key=lambda flaw: flaw.at)


def _may_contradict(node: Node) -> bool:
    """Whether anything stands in a query that another part of it could contradict."""
    match node:
        case And() | Or():
            return any(map(_may_contradict, node.parts))
        case InField():
            return _may_contradict(node.part)
        case Value():
            return node.field != "tag"
        case _:
            return isinstance(node, Not)


def _never_true(query: Query, root: Node) -> Flaw:
    """Named by the smallest pair of parts that contradict each other, if a pair is enough."""
    if isinstance(root, Or):
        says = f"none of the {len(root.parts)} alternatives can ever hold; each contradicts itself"
        return Flaw("never true", "error", root.at, says)
    parts = root.parts if isinstance(root, And) else (root,)
    for one, other in combinations(parts, 2):
        if not Possible().may_hold(one, other):
            says = f"`{query.words(one)}` and `{query.words(other)}` never hold together; take one out"
            return Flaw("never true", "error", other.at, says)
    return Flaw("never true", "error", root.at, f"no article can ever fit `{query.words(root)}`; take parts of it out")


def _needless(query: Query, node: Node) -> Iterator[Flaw]:
    """Alternatives that another includes, and conditions that another makes certain."""
    match node:
        case Or():
            for one, other in _pairs(node.parts):
                yield _never_adds(query, one, other)
        case And():
            for other, one in _pairs(node.parts, of_weaker=True):
                yield _changes_nothing(query, one, other)
        case Near():
            for side in (node.left, node.right):
                if isinstance(side, Or):
                    for one, other in _narrow_pairs(side):
                        yield _never_adds(query, one, other)
    match node:
        case And() | Or():
            for part in node.parts:
                yield from _needless(query, part)
        case Not() | InField():
            yield from _needless(query, node.part)


def _pairs(parts: Sequence[Node], *, of_weaker: bool = False) -> Iterator[tuple[Node, Node]]:
    """Pairs of which the second follows from the first: for every needless part one; of equals the later is needless.

    The needless part is the first, or `of_weaker` the second. Parts are found by what they have in common, as there
    may be thousands.
    """
    under: dict[str, list[int]] = {}
    for at, part in enumerate(parts):
        for mark in marks(part):
            under.setdefault(mark, []).append(at)
    told: set[int] = set()
    for at, part in enumerate(parts):
        for other in sorted({number for mark in sought(part) for number in under.get(mark, ())}):
            needless, by = (other, at) if of_weaker else (at, other)
            if other == at or needless in told or not implies(part, parts[other]):
                continue
            if needless > by or not implies(parts[other], part):
                told.add(needless)
                yield part, parts[other]


def _narrow_pairs(side: Or) -> Iterator[tuple[Node, Node]]:
    """Terms of a NEAR's side that another covers word for word; a longer phrase may be nearer, and adds something."""
    terms = [part for part in side.parts if isinstance(part, Phrase | Exact | EntityTerm)]
    for at, part in enumerate(terms):
        for number, other in enumerate(terms):
            if number != at and as_narrow(part, other) and (at > number or not as_narrow(other, part)):
                yield part, other
                break


def _never_adds(query: Query, one: Node, other: Node) -> Flaw:
    if one == other:
        says = f"`{query.words(one)}` stands here twice; take one out"
    else:
        says = f"`{query.words(one)}` never adds anything, `{query.words(other)}` finds it already; take it out"
    return Flaw("never adds", "warning", one.at, says)


def _changes_nothing(query: Query, one: Node, other: Node) -> Flaw:
    if one == other:
        says = f"`{query.words(one)}` stands here twice; take one out"
    else:
        says = f"`{query.words(one)}` changes nothing, it holds wherever `{query.words(other)}` does; take it out"
    return Flaw("changes nothing", "warning", one.at, says)


def _dead(query: Query, node: Node, beside: tuple[Node, ...], possible: Possible) -> Iterator[Flaw]:
    """Alternatives that contradict themselves or what stands beside them."""
    match node:
        case And():
            for at, part in enumerate(node.parts):
                yield from _dead(query, part, (*beside, *node.parts[:at], *node.parts[at + 1 :]), possible)
        case Or() if beside or not all(map(_is_leaf, node.parts)):
            for part in node.parts:
                if possible.may_hold(part, *beside):
                    yield from _dead(query, part, beside, possible)
                else:
                    rest = "what stands beside it" if Possible().may_hold(part) else "itself"
                    says = f"`{query.words(part)}` can never hold, it contradicts {rest}; take it out"
                    yield Flaw("never holds", "warning", part.at, says)


def _is_leaf(node: Node) -> bool:
    return not isinstance(node, And | Or | Not)


def _wildcards(query: Query, node: Node) -> Iterator[Flaw]:
    match node:
        case And() | Or():
            for part in node.parts:
                yield from _wildcards(query, part)
        case Not() | InField():
            yield from _wildcards(query, node.part)
        case Near():
            for side in (node.left, node.right):
                yield from _wildcards(query, side)
        case Phrase(words=(word,)) if has_wildcard(word) and len(plain_prefix(word)) < PLAIN_ENOUGH:
            says = f"`{query.words(node)}` fits hundreds of words; give it another letter before the wildcard"
            yield Flaw("short wildcard", "warning", node.at, says)
        case Value() if not node.pattern.strip("*"):
            says = f"`{query.words(node)}` holds wherever {node.field} is known; name a value"
            yield Flaw("short wildcard", "warning", node.at, says)
