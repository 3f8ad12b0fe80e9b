"""Flaws of a valid query: it never holds, parts of it change nothing, or it matches too much.

All findings are certain except the breadth of words, an estimate, and operators in lower case, which may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from firstwire.core.text.nearest import meant_by
from firstwire.core.text.rarities import Rarities
from firstwire.core.watches.breadth import too_broad
from firstwire.core.watches.implication import as_narrow, implies, marks, sought
from firstwire.core.watches.query import (
    And,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    TextRange,
    Value,
    terms_of,
)
from firstwire.core.watches.satisfiability import SatisfiabilityCheck
from firstwire.core.watches.unknown_operators import unknown_operators
from firstwire.core.watches.wildcards import has_wildcard, plain_prefix

Level = Literal["error", "warning"]

PLAIN_ENOUGH = 3
"""Plain characters before a wildcard: with two it matches hundreds of words, all looked for in each article."""

_OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "near": "NEAR/5", "before": "BEFORE/5"}
_WITH_DISTANCE = re.compile(r"([a-z]+)/([0-9]+)")


@dataclass(frozen=True)
class Flaw:
    """One flaw: its range in the query's text, and a message with its remedy."""

    kind: str
    level: Level
    at: TextRange
    message: str


def flaws_of(query: Query, rarities: Rarities) -> list[Flaw]:
    """All flaws of a query, in the order of its text; only that it never holds, if so.

    `rarities` must have the lists of the languages that `breadth.languages_of` returns for the query.
    """
    satisfiability = SatisfiabilityCheck()
    may_contradict = _may_contradict(query.root)
    if may_contradict and not satisfiability.may_hold(query.root):
        return [_never_true(query, query.root)]
    found = [
        *_unknown_operators(query),
        *_redundant(query, query.root),
        *_wildcards(query, query.root),
        *lower_case_operators(query),
    ]
    if may_contradict:
        found += _dead(query, query.root, (), satisfiability)
    common = too_broad(query.root, rarities)
    if common is not None:
        words = " and ".join(list(dict.fromkeys(f"`{query.words(word)}`" for word in common))[:3])
        message = f"requires only {words}, which a large share of all articles contain; add a rarer word with AND"
        found.append(Flaw("too broad", "warning", common[0].at, message))
    return sorted(dict.fromkeys(found), key=lambda flaw: flaw.at)


def lower_case_operators(query: Query) -> list[Flaw]:
    """The words between terms that were probably meant as operators."""
    return list(_lower_case_operators(query, query.root))


def _unknown_operators(query: Query) -> Iterator[Flaw]:
    for phrase, error in unknown_operators(query):
        yield Flaw("unknown operator", "error", phrase.at, f"{error.message}; {error.suggestion}")


def _may_contradict(node: Node) -> bool:
    """Whether a query contains anything that another part of it could contradict."""
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
    """The flaw of a query that never holds; it names a pair of parts that contradict each other, if there is one."""
    if isinstance(root, Or):
        message = f"none of the {len(root.parts)} alternatives can ever hold; each contradicts itself"
        return Flaw("never true", "error", root.at, message)
    parts = root.parts if isinstance(root, And) else (root,)
    for one, other in combinations(parts, 2):
        if not SatisfiabilityCheck().may_hold(one, other):
            message = f"`{query.words(one)}` and `{query.words(other)}` never hold together; remove one"
            return Flaw("never true", "error", other.at, message)
    return Flaw("never true", "error", root.at, f"no article can ever fit `{query.words(root)}`; remove parts of it")


def _redundant(query: Query, node: Node) -> Iterator[Flaw]:
    """Alternatives that another one includes, and conditions that another one implies."""
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
                yield from _redundant(query, part)
        case Not() | InField():
            yield from _redundant(query, node.part)


def _pairs(parts: Sequence[Node], *, of_weaker: bool = False) -> Iterator[tuple[Node, Node]]:
    """Pairs whose first part implies the second, one for every redundant part; of equal parts the later is redundant.

    The redundant part is the first, or with `of_weaker` the second. Parts are looked up by shared marks, as there
    may be thousands.
    """
    under: dict[str, list[int]] = {}
    for at, part in enumerate(parts):
        for mark in marks(part):
            under.setdefault(mark, []).append(at)
    reported: set[int] = set()
    for at, part in enumerate(parts):
        for other in sorted({number for mark in sought(part) for number in under.get(mark, ())}):
            redundant, by = (other, at) if of_weaker else (at, other)
            if other == at or redundant in reported or not implies(part, parts[other]):
                continue
            if redundant > by or not implies(parts[other], part):
                reported.add(redundant)
                yield part, parts[other]


def _narrow_pairs(side: Or) -> Iterator[tuple[Node, Node]]:
    """Terms of a NEAR's side that another covers word for word; a longer phrase may be nearer, so not redundant."""
    terms = terms_of(side)
    for at, part in enumerate(terms):
        for number, other in enumerate(terms):
            if number != at and as_narrow(part, other) and (at > number or not as_narrow(other, part)):
                yield part, other
                break


def _never_adds(query: Query, one: Node, other: Node) -> Flaw:
    if one == other:
        message = f"`{query.words(one)}` is repeated; remove one"
    else:
        message = f"`{query.words(one)}` never adds anything, `{query.words(other)}` finds it already; remove it"
    return Flaw("never adds", "warning", one.at, message)


def _changes_nothing(query: Query, one: Node, other: Node) -> Flaw:
    if one == other:
        message = f"`{query.words(one)}` is repeated; remove one"
    else:
        message = f"`{query.words(one)}` changes nothing, it holds wherever `{query.words(other)}` does; remove it"
    return Flaw("changes nothing", "warning", one.at, message)


def _dead(query: Query, node: Node, beside: tuple[Node, ...], satisfiability: SatisfiabilityCheck) -> Iterator[Flaw]:
    """Alternatives that contradict themselves or the conditions joined to them."""
    match node:
        case And():
            for at, part in enumerate(node.parts):
                yield from _dead(query, part, (*beside, *node.parts[:at], *node.parts[at + 1 :]), satisfiability)
        case Or() if beside or not all(map(_is_leaf, node.parts)):
            for part in node.parts:
                if satisfiability.may_hold(part, *beside):
                    yield from _dead(query, part, beside, satisfiability)
                else:
                    rest = "the rest of the query" if SatisfiabilityCheck().may_hold(part) else "itself"
                    message = f"`{query.words(part)}` can never hold, it contradicts {rest}; remove it"
                    yield Flaw("never holds", "warning", part.at, message)


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
            message = f"`{query.words(node)}` matches hundreds of words; give it another letter before the wildcard"
            yield Flaw("short wildcard", "warning", node.at, message)
        case Value() if not node.pattern.strip("*"):
            message = f"`{query.words(node)}` holds wherever {node.field} is known; name a value"
            yield Flaw("short wildcard", "warning", node.at, message)


def _lower_case_operators(query: Query, node: Node) -> Iterator[Flaw]:
    """Words such as `and` between terms; in quotes, or joined by AND, they are meant."""
    match node:
        case And():
            for at, part in enumerate(node.parts):
                word = query.text[slice(*part.at)]
                operator = _operator_meant(word) if isinstance(part, Phrase) and not word.isupper() else None
                begins = operator == "NOT" or (at > 0 and _follows(query, node.parts[at - 1], part))
                ends = at + 1 < len(node.parts) and _follows(query, part, node.parts[at + 1])
                if operator is not None and begins and ends:
                    message = f"`{word}` is a word here; operators are upper case: {operator}"
                    yield Flaw("lower-case operator", "warning", part.at, message)
                yield from _lower_case_operators(query, part)
        case Or():
            for part in node.parts:
                yield from _lower_case_operators(query, part)
        case Not() | InField():
            yield from _lower_case_operators(query, node.part)


def _operator_meant(word: str) -> str | None:
    """The operator that a word would be in upper case, and spelled right if it has a distance."""
    folded = word.lower()
    match = _WITH_DISTANCE.fullmatch(folded)
    if match is None:
        return _OPERATORS.get(folded)
    name = meant_by(match[1], ("near", "before"))
    return None if name is None else f"{name.upper()}/{match[2]}"


def _follows(query: Query, one: Node, other: Node) -> bool:
    """Whether a part follows another without an operator between them."""
    return not query.text[one.at[1] : other.at[0]].strip().strip("()").strip()
