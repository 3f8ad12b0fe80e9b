"""A query of the watch language as two expressions of SQLite's full-text search: what surely holds, and what may.

Words, phrases, entities, outlets, languages and tags are answered by the index alone: then the two are equal. Where
they differ, as for `=Exact`, only the articles between them have to be read and asked one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

from firstwire.core.watches.evaluate import value_matches
from firstwire.core.watches.query import (
    TEXT_FIELDS,
    And,
    EntityTerm,
    Exact,
    InField,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Value,
    terms_of,
)
from firstwire.core.watches.tokens import fold_word
from firstwire.core.watches.wildcards import compiled, has_wildcard, plain_prefix
from firstwire.index.marks import EVERY, INDEXED_VALUES, entity_mark, too_long_mark, value_of_mark, value_prefix
from schemas.record import Field

Expression = str | None
"""Of SQLite's FTS5; None is what no article fits."""
Vocabulary = Callable[[str], Iterable[str]]
"""The tokens of the index that begin with a text."""

ALL = f'"{EVERY}"'

FORMS_LIMIT = 400
"""Forms that a wildcard is written out to; one with more is looked up by its plain beginning, and verified."""
PAIRS_LIMIT = 64
"""Phrases that one with wildcards, or a NEAR with alternatives, is written out to."""
TOKEN_LIMIT = 1_000
"""Code points of a word that is compared in the index: it cuts tokens at 32 kB."""
DEPTH_LIMIT = 20
"""Of nesting: SQLite's parser has room for 100 levels, and each of ours takes some."""


@dataclass(frozen=True)
class Candidates:
    """What surely fits a query, and all that may."""

    certain: Expression
    possible: Expression

    @property
    def doubtful(self) -> Expression:
        """What has to be verified."""
        if self.possible == self.certain or self.possible is None:
            return None
        return self.possible if self.certain is None else f"({self.possible} NOT {self.certain})"


def candidates_of(root: Node, vocabulary: Vocabulary) -> Candidates:
    """The candidates of a query among the articles whose tokens are given."""
    return _Translation(vocabulary).of(root, None, 0)


def rest_of(root: Node, vocabulary: Vocabulary) -> Node:
    """What has to be asked of an article that may fit: of conditions that all must hold, those that may not."""
    if not isinstance(root, And):
        return root
    translation = _Translation(vocabulary)
    found = [(part, translation.of(part, None, 1)) for part in root.parts]
    open_ones = tuple(part for part, each in found if each.certain != each.possible)
    return open_ones[0] if len(open_ones) == 1 else And(open_ones or root.parts)


@dataclass(frozen=True)
class _Translation:
    vocabulary: Vocabulary

    def of(self, node: Node, field: Field | None, depth: int) -> Candidates:
        if depth > DEPTH_LIMIT:
            return Candidates(None, ALL)
        match node:
            case Phrase():
                return self._phrase(node.words, field)
            case Exact():
                return Candidates(None, self._phrase(tuple(_folded(node)), field).possible)
            case EntityTerm():
                fields = TEXT_FIELDS if field is None else (field,)
                return _known(_any(_quoted(entity_mark(name, node.id)) for name in fields))
            case Near():
                return self._near(node, field, depth)
            case InField():
                return self.of(node.part, node.field, depth + 1) if field in (None, node.field) else _known(None)
            case Value():
                return self._value(node)
            case Not():
                part = self.of(node.part, field, depth + 1)
                return Candidates(_without(part.possible), _without(part.certain))
            case And() | Or():
                join = _all if isinstance(node, And) else _any
                parts = [self.of(part, field, depth + 1) for part in node.parts]
                return Candidates(join(part.certain for part in parts), join(part.possible for part in parts))

    def _phrase(self, words: tuple[str, ...], field: Field | None) -> Candidates:
        """Written out for every form of its wildcards, unless there are too many."""
        forms = [self._forms(word) for word in words]
        whole = [form for form in forms if form is not None]
        *_, last = words
        if len(whole) == len(words) and _pairs(whole) <= PAIRS_LIMIT:
            found = _any(_in(field, _quoted(" ".join(chosen))) for chosen in product(*whole))
        elif len(whole) == len(words) == 1:
            found = _any(_in(field, _quoted(form)) for form in whole[0])
        elif len(whole) == len(words) - 1 and forms[-1] is None and last == f"{plain_prefix(last)}*":
            if _pairs(whole) > PAIRS_LIMIT:
                return Candidates(None, self._words_apart(words, field))
            found = _any(
                _in(field, f"{_quoted(' '.join((*chosen, plain_prefix(last))))} *") for chosen in product(*whole)
            )
        else:
            return Candidates(None, self._words_apart(words, field))
        return _known(found) if all(len(word) <= TOKEN_LIMIT for word in words) else Candidates(None, found)

    def _words_apart(self, words: tuple[str, ...], field: Field | None) -> Expression:
        """All words of a phrase, wherever in the article; of wildcards only the plain beginning."""
        return _all(
            _in(field, f"{_quoted(plain_prefix(word))} *" if has_wildcard(word) else _quoted(word)) for word in words
        )

    def _forms(self, word: str) -> list[str] | None:
        """The tokens that a word means; None if they are better looked up by their common beginning."""
        if not has_wildcard(word):
            return [word]
        prefix = plain_prefix(word)
        if word == f"{prefix}*":
            return None
        fits, found = compiled(word).fullmatch, list[str]()
        for token in self.vocabulary(prefix):
            if fits(token):
                found.append(token)
                if len(found) > FORMS_LIMIT:
                    return None
        return found

    def _near(self, near: Near, field: Field | None, depth: int) -> Candidates:
        """Both sides; of plain phrases also their distance, which is the answer unless the two may overlap."""
        sides = [terms_of(near.left), terms_of(near.right)]
        apart = _all(_any(self.of(term, field, depth + 1).possible for term in side) for side in sides)
        if _pairs(sides) > PAIRS_LIMIT or not all(_is_plain(term) for side in sides for term in side):
            return Candidates(None, apart)
        certain, possible = list[Expression](), list[Expression]()
        for left, right in product(*sides):
            assert isinstance(left, Phrase) and isinstance(right, Phrase)
            close = f"NEAR({_quoted(' '.join(left.words))} {_quoted(' '.join(right.words))}, {near.distance})"
            possible.append(_in(field, close))
            if not near.ordered and not set(left.words) & set(right.words):
                certain.append(_in(field, close))
        return Candidates(_any(certain), _any(possible))

    def _value(self, node: Value) -> Candidates:
        if node.field not in INDEXED_VALUES:
            return Candidates(None, ALL)
        marks = self.vocabulary(value_prefix(node.field))
        fitting = [mark for mark in marks if value_matches(node, value_of_mark(node.field, mark))]
        found = _any(map(_quoted, fitting))
        return Candidates(found, _any((found, _quoted(too_long_mark(node.field)))))


def _known(found: Expression) -> Candidates:
    return Candidates(found, found)


def _folded(exact: Exact) -> Iterable[str]:
    return map(fold_word, exact.words)


def _is_plain(term: Node) -> bool:
    return isinstance(term, Phrase) and not any(has_wildcard(word) or len(word) > TOKEN_LIMIT for word in term.words)


def _pairs(parts: Iterable[Iterable[object]]) -> int:
    count = 1
    for part in parts:
        count *= len(list(part))
    return count


def _quoted(tokens: str) -> str:
    return f'"{tokens}"'


def _in(field: Field | None, expression: str) -> str:
    return expression if field is None else f"({field} : {expression})"


def _any(parts: Iterable[Expression]) -> Expression:
    known = list(dict.fromkeys(part for part in parts if part is not None))
    if ALL in known:
        return ALL
    return _joined(" OR ", known)


def _all(parts: Iterable[Expression]) -> Expression:
    given = list(dict.fromkeys(parts))
    if None in given:
        return None
    narrowing = [part for part in given if part is not None and part != ALL]
    return _joined(" AND ", narrowing) if narrowing else ALL


def _joined(operator: str, parts: list[str]) -> Expression:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"


def _without(part: Expression) -> Expression:
    """What does not fit."""
    if part is None:
        return ALL
    return None if part == ALL else f"({ALL} NOT {part})"
