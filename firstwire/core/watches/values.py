"""Parses values of a query: `source:reuters`, `tag:"south ossetia"`, `lang:(en OR de)`."""

from __future__ import annotations

from msgspec.structs import replace

from firstwire.core.text.folding import fold_value
from firstwire.core.watches.cursor import Cursor
from firstwire.core.watches.lexemes import Lexeme
from firstwire.core.watches.query import Node, TextRange, Value, ValueField, any_of
from firstwire.core.watches.refusal import QueryError


def values_of(cursor: Cursor, field: ValueField, rest: Lexeme, start: int) -> Node:
    """The value after a prefix: the rest of the word, quoted text, or a group of them joined by OR."""
    if rest.text:
        return _value(field, rest, (start, rest.end))
    if cursor.next.kind == "quoted":
        quoted = cursor.advance()
        return _value(field, quoted, (start, quoted.end))
    opened = cursor.advance().start
    values: list[Node] = [_grouped(cursor, field)]
    while cursor.next.kind not in {")", "end"}:
        if not cursor.next.is_keyword("OR"):
            advice = "put OR between values, and quotes around one with a space"
            raise QueryError(f"{field}:(…) takes values joined by OR", cursor.next.start, advice)
        cursor.advance()
        values.append(_grouped(cursor, field))
    cursor.close(opened)
    return replace(any_of(values), at=(start, cursor.end))


def _grouped(cursor: Cursor, field: ValueField) -> Value:
    lexeme = cursor.next
    if lexeme.kind == "(":
        raise QueryError(f"{field}:(…) takes no parentheses inside", lexeme.start)
    if lexeme.kind not in {"word", "quoted"} or lexeme.is_operator:
        raise cursor.missing_operand()
    cursor.advance()
    return _value(field, lexeme, (lexeme.start, lexeme.end))


def _value(field: ValueField, lexeme: Lexeme, at: TextRange) -> Value:
    pattern = fold_value(lexeme.text)
    if not pattern.strip():
        raise QueryError(f"nothing to compare {field}: with", lexeme.start)
    return Value(field, pattern, at=at)
