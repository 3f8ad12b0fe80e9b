"""Whether one part of a query implies or excludes another. Both answer yes only where it is certain."""

from __future__ import annotations

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
    Side,
    Term,
    Value,
    terms_of,
)
from firstwire.core.watches.tokens import fold_word
from firstwire.core.watches.trials import Scope
from firstwire.core.watches.wildcards import compiled, has_wildcard, plain_prefix

PREFIX = 2
"""Plain characters that every wildcard begins with; terms that may cover one another share them."""
_ABSENCE = "NOT "


def implies(one: Node, other: Node, scope: Scope = None, other_scope: Scope = None) -> bool:
    """Whether `other` certainly holds for every article for which `one` holds."""
    if scope == other_scope and one == other:
        return True
    match one, other:
        case InField(), _:
            return implies(one.part, other, one.field, other_scope)
        case _, InField():
            return implies(one, other.part, scope, other.field)
        case Or(), _:
            return all(implies(part, other, scope, other_scope) for part in one.parts)
        case _, And():
            return all(implies(one, part, scope, other_scope) for part in other.parts)
        case And(), _ if any(implies(part, other, scope, other_scope) for part in one.parts):
            return True
        case _, Or():
            return any(implies(one, part, scope, other_scope) for part in other.parts)
        case _, Not():
            return excludes(one, other.part, scope, other_scope)
        case _:
            return other_scope in (None, scope) and _leaf_implies(one, other)


def excludes(one: Node, other: Node, scope: Scope = None, other_scope: Scope = None) -> bool:
    """Whether certainly no article satisfies both."""
    match one, other:
        case InField(), _:
            return excludes(one.part, other, one.field, other_scope)
        case _, InField():
            return excludes(one, other.part, scope, other.field)
        case _, Not():
            return implies(one, other.part, scope, other_scope)
        case Not(), _:
            return implies(other, one.part, other_scope, scope)
        case Or(), _:
            return all(excludes(part, other, scope, other_scope) for part in one.parts)
        case _, Or():
            return all(excludes(one, part, scope, other_scope) for part in other.parts)
        case And(), _:
            return any(excludes(part, other, scope, other_scope) for part in one.parts)
        case _, And():
            return any(excludes(one, part, scope, other_scope) for part in other.parts)
        case Value(), Value():
            return one.field == other.field and one.field != "tag" and _are_disjoint(one, other)
        case _:
            return False


def as_narrow(one: Side, other: Side) -> bool:
    """Whether one side of a NEAR occurs only where the other occurs, word for word, so that distances are equal too."""
    return all(any(_is_as_narrow(a, b) for b in terms_of(other)) for a in terms_of(one))


def sought(node: Node) -> set[str]:
    """Keys for candidates that a node may imply: each of those has one of them in its `marks`, except double NOTs."""
    match node:
        case Phrase():
            return {word[:PREFIX] for word in node.words}
        case Exact():
            return {fold_word(word)[:PREFIX] for word in node.words}
        case EntityTerm():
            return {f"@{node.id}"}
        case Near():
            return sought(node.left) | sought(node.right)
        case InField():
            return sought(node.part)
        case Value():
            plain = {f"{node.field}:{value}" for value in _with_ancestors(node)}
            return plain | {f"{node.field}:*", f"{_ABSENCE}{node.field}:*"}
        case Not():
            return {f"{_ABSENCE}{mark}" for mark in marks(node.part)}
        case Or():
            return sought(node.parts[0])
        case And():
            return {mark for part in node.parts for mark in sought(part)}


def marks(node: Node) -> set[str]:
    """The keys under which nodes that may imply this one find it: see `sought`."""
    match node:
        case Phrase():
            return {node.words[0][:PREFIX]}
        case Exact():
            return {fold_word(node.words[0])[:PREFIX]}
        case EntityTerm():
            return {f"@{node.id}"}
        case Near():
            return marks(node.left)
        case InField():
            return marks(node.part)
        case Value():
            return {f"{node.field}:{'*' if has_wildcard(node.pattern) else node.pattern}"}
        case Not():
            return {f"{_ABSENCE}{mark}" for mark in sought(node.part)}
        case Or():
            return {mark for part in node.parts for mark in marks(part)}
        case And():
            return marks(node.parts[0])


def _is_as_narrow(one: Term, other: Term) -> bool:
    if isinstance(one, EntityTerm) or isinstance(other, EntityTerm):
        return one == other
    return len(one.words) == len(other.words) and _leaf_implies(one, other)


def _leaf_implies(one: Node, other: Node) -> bool:
    """Whether a word implies an entity, or an entity a word, is never certain: the entity finder looks around it."""
    match one, other:
        case EntityTerm(), EntityTerm():
            return one.id == other.id
        case Phrase(), Phrase():
            return _holds_inside(one.words, other.words)
        case Exact(), Exact():
            return _holds_inside(one.words, other.words)
        case Exact(), Phrase():
            return _holds_inside(tuple(map(fold_word, one.words)), other.words)
        case Near(), Near():
            if one.distance > other.distance or (other.ordered and not one.ordered):
                return False
            same = as_narrow(one.left, other.left) and as_narrow(one.right, other.right)
            crossed = not other.ordered and as_narrow(one.left, other.right) and as_narrow(one.right, other.left)
            return same or crossed
        case Near(), (Phrase() | Exact() | EntityTerm()):
            return any(implies(side, other) for side in (one.left, one.right))
        case Value(), Value():
            return one.field == other.field and _value_implies(one, other)
        case _:
            return False


def _holds_inside(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether consecutive words are covered, one by one, by those wanted."""
    return any(
        all(_covers(pattern, word) for pattern, word in zip(wanted, words[at:], strict=False))
        for at in range(len(words) - len(wanted) + 1)
    )


def _covers(pattern: str, word: str) -> bool:
    """Whether a word or wildcard matches everything that another matches."""
    if pattern == word:
        return True
    if not has_wildcard(pattern):
        return False
    if not has_wildcard(word):
        return compiled(pattern).fullmatch(word) is not None
    beginning = plain_prefix(pattern)
    return pattern == f"{beginning}*" and plain_prefix(word).startswith(beginning)


def _value_implies(one: Value, other: Value) -> bool:
    if _covers(other.pattern, one.pattern):
        return True
    if has_wildcard(one.pattern):
        return False
    return any(_covers(other.pattern, value) for value in _with_ancestors(one))


def _with_ancestors(value: Value) -> list[str]:
    """A value; for a language also its first subtags: `en-us`, `en`."""
    if value.field != "lang" or has_wildcard(value.pattern):
        return [value.pattern]
    subtags = value.pattern.split("-")
    return ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]


def _are_disjoint(one: Value, other: Value) -> bool:
    """Whether no single value matches both patterns."""
    plain, other_plain = not has_wildcard(one.pattern), not has_wildcard(other.pattern)
    if plain and other_plain:
        return one.pattern not in _with_ancestors(other) and other.pattern not in _with_ancestors(one)
    if one.field != "lang" and (plain or other_plain):
        value, pattern = (one, other) if plain else (other, one)
        return compiled(pattern.pattern).fullmatch(value.pattern) is None
    begins, other_begins = plain_prefix(one.pattern), plain_prefix(other.pattern)
    return not (begins.startswith(other_begins) or other_begins.startswith(begins))
