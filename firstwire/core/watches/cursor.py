"""A cursor over the lexemes of a query: the next one, the last one read, and the nesting depth."""

from __future__ import annotations

from firstwire.core.watches.lexemes import Lexeme, lexemes_of
from firstwire.core.watches.refusal import QueryError

DEPTH_LIMIT = 60
"""Levels of nested parentheses and NOTs: each takes six stack frames, and Python stops at 1,000."""


class Cursor:
    """One pass over the lexemes. `next` is the one to be read; `end` is the end of the last one read."""

    def __init__(self, text: str) -> None:
        self._lexemes = lexemes_of(text)
        self._last: Lexeme | None = None
        self._depth = 0
        self.next = next(self._lexemes)
        self.end = 0

    def advance(self) -> Lexeme:
        """Read the next lexeme and return it."""
        read = self.next
        self._last, self.end = read, read.end
        self.next = next(self._lexemes, read)
        return read

    def follows_directly(self, *kinds: str) -> bool:
        """Whether the next lexeme is one of these kinds, with no space before it."""
        return self.next.kind in kinds and self.next.start == self.end

    def enter(self, position: int) -> None:
        """Enter a nested level; raises QueryError beyond DEPTH_LIMIT."""
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise QueryError(f"nested more than {DEPTH_LIMIT} deep", position)

    def leave(self) -> None:
        self._depth -= 1

    def close(self, opened: int) -> None:
        """Read the parenthesis that closes the one at `opened`; raises QueryError if it is missing."""
        if self.next.kind != ")":
            raise QueryError("this parenthesis is never closed", opened)
        self.advance()

    def missing_operand(self) -> QueryError:
        """The error for a missing term."""
        lexeme, last = self.next, self._last
        if lexeme.kind == "word" and lexeme.is_operator:
            if lexeme.is_proximity and "/" not in lexeme.text:
                return no_distance(lexeme.text, lexeme.start)
            return QueryError(
                f"{lexeme.text} needs a term on its left", lexeme.start, "put it in quotes to look for it"
            )
        if last is not None and last.is_operator:
            return QueryError(f"{last.text} needs a term on its right", last.start)
        if last is not None and last.kind == "(":
            if lexeme.kind == "end":
                return QueryError("this parenthesis is never closed", last.start)
            return QueryError("these parentheses are empty", last.start)
        if lexeme.kind == ")":
            return QueryError("this parenthesis closes nothing", lexeme.start)
        return QueryError("the query is empty", 0)


def no_distance(operator: str, position: int) -> QueryError:
    """The error for NEAR or BEFORE without a number."""
    name = "NEAR" if operator.startswith("NEAR") else "BEFORE"
    digits = "".join(char for char in operator if char in "0123456789").lstrip("0")
    meant = f"{name}/{digits if 0 < len(digits) <= 3 else '5'}"
    return QueryError(f"{name} needs a number of words after a slash", position, f"did you mean {meant}?")
