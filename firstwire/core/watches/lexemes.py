"""The lexemes of a query: words, quoted text and parentheses, each with its offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from firstwire.core.watches.refusal import QueryError

QUOTES = '"“”„‟＂'
_BARE_WORD = re.compile(rf"[^\s(){QUOTES}]+")
_QUOTE = re.compile(f"[{QUOTES}]")
_PROXIMITY = re.compile(r"(NEAR|BEFORE)(?:[/:~].*|[0-9]*)")
_TAKES_QUOTES = re.compile(r"=|[^:]+:=?")


class Lexeme(msgspec.Struct, frozen=True, gc=False):
    """One lexeme. The text of a quoted one excludes the quotes."""

    kind: Literal["word", "quoted", "(", ")", "end"]
    text: str
    start: int
    end: int

    @property
    def inside(self) -> int:
        """The offset at which `text` begins."""
        return self.start + 1 if self.kind == "quoted" else self.start

    @property
    def is_operator(self) -> bool:
        return self.kind == "word" and (self.text in {"AND", "OR", "NOT"} or self.is_proximity)

    @property
    def is_proximity(self) -> bool:
        """NEAR or BEFORE, well or badly written."""
        return self.kind == "word" and _PROXIMITY.fullmatch(self.text) is not None

    def is_keyword(self, operator: str) -> bool:
        return self.kind == "word" and self.text == operator

    def after(self, length: int) -> Lexeme:
        """The rest of a word."""
        return Lexeme("word", self.text[length:], self.start + length, self.end)


def lexemes_of(text: str) -> Iterator[Lexeme]:
    """The lexemes in order, the last of kind `end`. Raises QueryError for misplaced quotes."""
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        if char == "(" or char == ")":
            lexeme = Lexeme("(" if char == "(" else ")", char, at, at + 1)
        elif char in QUOTES:
            lexeme = _quoted(text, at)
        else:
            lexeme = _word(text, at)
        yield lexeme
        at = lexeme.end
    yield Lexeme("end", "", len(text), len(text))


def _quoted(text: str, at: int) -> Lexeme:
    closing = _QUOTE.search(text, at + 1)
    if closing is None:
        raise QueryError("this quote is never closed", at)
    end = closing.end()
    if end < len(text) and not (text[end].isspace() or text[end] in "()"):
        raise QueryError("something follows the closing quote directly", end, "put a space after the quote")
    return Lexeme("quoted", text[at + 1 : end - 1], at, end)


def _word(text: str, at: int) -> Lexeme:
    match = _BARE_WORD.match(text, at)
    assert match is not None  # the character is neither space, parenthesis nor quote
    end = match.end()
    if end < len(text) and text[end] in QUOTES and not _TAKES_QUOTES.fullmatch(match[0]):
        raise QueryError("a quote inside a word", end, "put a space before the quote")
    return Lexeme("word", match[0], at, end)
