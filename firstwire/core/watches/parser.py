"""Query text to its parse tree. OR binds loosest, then AND and juxtaposition, NOT, NEAR/n and BEFORE/n.

Anything else is a QueryError with its position; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Container

from msgspec.structs import replace

from firstwire.core.watches.absence import clause_without_text
from firstwire.core.watches.cursor import Cursor
from firstwire.core.watches.lexemes import Lexeme
from firstwire.core.watches.prefixes import split_prefix
from firstwire.core.watches.proximity import chained, distance_of, side_of
from firstwire.core.watches.query import And, InField, Near, Node, Not, Or, Query, all_of, any_of
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.terms import entity_of, exact_of, phrase_of
from firstwire.core.watches.values import values_of
from schemas.record import Field

LENGTH_LIMIT = 100_000
"""Characters of a query: five times a list of 2,000 names."""


class _AnyEntity:
    def __contains__(self, entity_id: object) -> bool:
        return True


ANY_ENTITY: Container[str] = _AnyEntity()
"""For queries whose entities are known to exist."""


def parse(text: str, entities: Container[str]) -> Query:
    """The query of a watch; `entities` are the ids that exist. Raises QueryError with position and suggestion."""
    query = parse_search(text, entities)
    unbound = clause_without_text(query.root)
    if unbound is not None:
        message = "this holds even for articles that have none of its words and tags"
        raise QueryError(message, unbound.at[0], "join a word to look for with AND")
    return query


def parse_search(text: str, entities: Container[str]) -> Query:
    """A query that may also ask for values alone, as `source:"Radio Kivu"`: a search is bounded, a watch is not."""
    if len(text) > LENGTH_LIMIT:
        raise QueryError(f"a query of {len(text):,} characters is over the limit of {LENGTH_LIMIT:,}", LENGTH_LIMIT)
    return Query(text, _Parser(text, entities).whole())


def leaf_of(token: str) -> Node:
    """The node of a lexeme that is an operand by itself, such as `word`, `"a phrase"` or `lang:(en OR de)`.

    Any entity exists here. Raises QueryError if it is none.
    """
    return _Parser(token, ANY_ENTITY).whole()


class _Parser:
    """Recursive descent, one method per level of binding."""

    def __init__(self, text: str, entities: Container[str]) -> None:
        self._entities = entities
        self._cursor = Cursor(text)
        self._field: Field | None = None

    def whole(self) -> Node:
        node = self._any()
        if self._cursor.next.kind == ")":
            raise QueryError("this parenthesis closes nothing", self._cursor.next.start)
        return node

    def _any(self) -> Node:
        parts = [self._all()]
        while self._cursor.next.is_keyword("OR"):
            self._cursor.advance()
            parts.append(self._all())
        return any_of(parts)

    def _all(self) -> Node:
        parts = [self._negated()]
        while not (self._cursor.next.kind in {")", "end"} or self._cursor.next.is_keyword("OR")):
            if self._cursor.next.is_keyword("AND"):
                self._cursor.advance()
            parts.append(self._negated())
        return all_of(parts)

    def _negated(self) -> Node:
        if not self._cursor.next.is_keyword("NOT"):
            return self._near()
        start = self._cursor.advance().start
        self._cursor.enter(start)
        part = self._negated()
        self._cursor.leave()
        return Not(part, at=(start, self._cursor.end))

    def _near(self) -> Node:
        first = self._cursor.next
        left = self._operand()
        if not self._cursor.next.is_proximity:
            return left
        operator = self._cursor.advance()
        distance, ordered = distance_of(operator)
        side = side_of(left, operator, grouped=first.kind == "(")
        second = self._cursor.next
        if second.is_keyword("NOT"):
            raise QueryError(f"{operator.text} takes no NOT on a side", second.start, "split it with AND NOT")
        other = side_of(self._operand(), operator, grouped=second.kind == "(")
        following = self._cursor.next
        if following.is_proximity:
            raise chained(following)
        return Near(side, other, distance, ordered, at=(first.start, self._cursor.end))

    def _operand(self) -> Node:
        lexeme = self._cursor.next
        if lexeme.kind == "(":
            return self._group()
        if lexeme.kind == "quoted":
            self._cursor.advance()
            return phrase_of(lexeme, (lexeme.start, lexeme.end))
        if lexeme.kind == "word" and not lexeme.is_operator:
            return self._word(self._cursor.advance())
        raise self._cursor.missing_operand()

    def _group(self) -> Node:
        start = self._cursor.advance().start
        self._cursor.enter(start)
        node = self._any()
        self._cursor.close(start)
        self._cursor.leave()
        return replace(node, at=(start, self._cursor.end)) if isinstance(node, And | Or) else node

    def _word(self, word: Lexeme) -> Node:
        if word.text.startswith("="):
            return self._exact(word)
        if word.text.startswith("@"):
            return entity_of(word, self._entities)
        if ":" in word.text:
            return self._prefixed(word)
        if word.text[0] in "-!" and len(word.text) > 1:
            raise QueryError(f"{word.text[0]} is no operator", word.start, f"did you mean NOT {word.text[1:]}?")
        return phrase_of(word, (word.start, word.end))

    def _exact(self, word: Lexeme) -> Node:
        if word.text == "=" and self._cursor.follows_directly("quoted"):
            return exact_of(self._cursor.advance(), (word.start, self._cursor.end))
        if ":" in word.text:
            advice = "write the field first, as in title:=Apple, or quotes"
            raise QueryError("no prefix can follow =", word.start, advice)
        return exact_of(word.after(1), (word.start, word.end))

    def _prefixed(self, word: Lexeme) -> Node:
        field, rest = split_prefix(word)
        if self._field is not None:
            advice = "a field holds only words; join fields with AND"
            raise QueryError(f"{field}: is inside {self._field}:", word.start, advice)
        if not rest.text and not self._cursor.follows_directly("(", "quoted"):
            raise QueryError(f"nothing directly follows {field}:", word.start, "leave no space after the colon")
        if field != "title" and field != "summary" and field != "body":
            return values_of(self._cursor, field, rest, word.start)
        if rest.is_operator:
            advice = f"use parentheses, {field}:(…), or quotes"
            raise QueryError(f"the operator {rest.text} directly follows {field}:", rest.start, advice)
        self._field = field
        part = self._word(rest) if rest.text else self._operand()
        self._field = None
        return InField(field, part, at=(word.start, self._cursor.end))
