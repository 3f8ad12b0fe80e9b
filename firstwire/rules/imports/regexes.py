"""Regular expressions within the power of queries: literal words, alternatives, optional parts, word boundaries.

They are parsed into alternatives of simple pieces; anything else is an UnmappedError that names it. A regular
expression finds parts of words: a piece without a boundary at its end gets a `*` there. A query has no wildcard at the
beginning of a word, so matches inside words are lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Literal

from firstwire.rules.imports.mapped import UnmappedError, either
from firstwire.rules.imports.terms import beginning_of, term_of, value_of

ALTERNATIVES_LIMIT = 64
"""Limit of the alternatives that optional parts and groups multiply into."""
CLASS_LIMIT = 6
ANYWHERE_AFTER = "BEFORE/9999"
"""`.*` between two words: in one field, in this order, at any distance."""

Kind = Literal["char", "any", "run", "letter", "letters", "space", "edge", "start", "end"]


@dataclass(frozen=True)
class RegexPiece:
    kind: Kind
    char: str = ""


Pieces = tuple[RegexPiece, ...]
_FLAGS = re.compile(r"\(\?([a-zA-Z]+)\)")
_ESCAPED: dict[str, Kind] = {"b": "edge", "s": "space", "w": "letter", "A": "start", "z": "end", "Z": "end"}
_REPEATED: dict[Kind, Kind] = {"any": "run", "letter": "letters", "space": "space"}
_CLASSES = {"a-z": "letter", "a-zA-Z": "letter", "A-Za-z": "letter", "a-z0-9": "letter", r"\w": "letter"}


@dataclass(frozen=True)
class Regex:
    """A regular expression as alternatives."""

    alternatives: tuple[Pieces, ...]
    folds_case: bool


def read_regex(text: str, *, folds_case: bool = False) -> Regex:
    """The alternatives of an expression, which may begin with flags. Raises UnmappedError for unsupported syntax."""
    flags = _FLAGS.match(text)
    if flags is not None:
        unknown = set(flags[1]) - set("ims")
        if unknown:
            raise UnmappedError(f"unknown flag `{min(unknown)}`")
        folds_case = folds_case or "i" in flags[1]
        text = text[flags.end() :]
    reader = _ExpressionReader(text)
    alternatives = reader.alternatives()
    if reader.at < len(text):
        raise UnmappedError("a parenthesis closes nothing")
    return Regex(tuple(dict.fromkeys(alternatives)), folds_case)


def text_query(regex: Regex) -> str:
    """The query of an expression on text: terms joined by OR."""
    return either(_phrase(pieces, regex.folds_case) for pieces in regex.alternatives)


def value_query(regex: Regex, field: str) -> str:
    """The query of an expression on a value (address, author, tag): whole values with wildcards."""
    return either(value_of(field, _whole(pieces)) for pieces in regex.alternatives)


def _phrase(pieces: Pieces, folds_case: bool) -> str:
    segments: list[list[RegexPiece]] = [[]]
    for piece in pieces:
        if piece.kind in ("start", "end"):
            raise UnmappedError(
                f"`{'^' if piece.kind == 'start' else '$'}`: queries cannot match where a text begins or ends"
            )
        if piece.kind == "run":
            segments.append([])
        else:
            segments[-1].append(piece)
    terms = [_term(segment, folds_case) for segment in segments if segment]
    if not terms:
        raise UnmappedError("it matches everything")
    if len(terms) > 2:
        raise UnmappedError("more than one `.*`")
    return terms[0] if len(terms) == 1 else f"({terms[0]} {ANYWHERE_AFTER} {terms[1]})"


def _term(pieces: list[RegexPiece], folds_case: bool) -> str:
    closed_before, closed = pieces[0].kind in ("edge", "space"), pieces[-1].kind in ("edge", "space")
    text = ""
    for at, piece in enumerate(pieces):
        match piece.kind:
            case "char" if piece.char in "*?":
                raise UnmappedError(f"`{piece.char}` is not part of a word")
            case "char":
                text += piece.char
            case "space":
                text += " "
            case "letter":
                text += "?"
            case "letters":
                text += "*"
            case "any":
                raise UnmappedError("`.` is ambiguous: write a space, a hyphen or `?`")
            case _ if 0 < at < len(pieces) - 1 and not _borders(pieces, at):
                raise UnmappedError("`\\b` inside a word")
    text = text.strip()
    is_exact = not folds_case and closed_before and closed and text != text.lower() and not re.search(r"[*?]", text)
    if is_exact:
        return f"={term_of(text)}"
    return term_of(text) if closed else beginning_of(text)


def _borders(pieces: list[RegexPiece], at: int) -> bool:
    """Whether a `\\b` is at the beginning or end of a word."""
    beside = (pieces[at - 1], pieces[at + 1])
    return any(piece.kind == "space" or (piece.kind == "char" and not piece.char.isalnum()) for piece in beside)


def _whole(pieces: Pieces) -> str:
    pattern = "" if pieces and pieces[0].kind == "start" else "*"
    for at, piece in enumerate(pieces):
        match piece.kind:
            case "char" if piece.char == "*":
                raise UnmappedError("queries cannot match a literal `*`")
            case "char":
                pattern += piece.char
            case "space":
                pattern += " "
            case "any" | "letter":
                pattern += "?"
            case "run" | "letters":
                pattern += "*"
            case "edge":
                raise UnmappedError("`\\b`: addresses, authors and tags are compared whole, not by words")
            case "start" if at:
                raise UnmappedError("`^` is not at the beginning")
            case "end" if at < len(pieces) - 1:
                raise UnmappedError("`$` is not at the end")
    if not (pieces and pieces[-1].kind == "end"):
        pattern += "*"
    pattern = re.sub(r"\*+", "*", pattern)
    if not pattern.strip("*?"):
        raise UnmappedError("it matches everything")
    return pattern


class _ExpressionReader:
    """Recursive descent over an expression; each method returns the alternatives of what it read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def alternatives(self) -> list[Pieces]:
        found = self._sequence()
        while self._next() == "|":
            self.at += 1
            found += self._sequence()
        return _limited(found)

    def _next(self) -> str:
        return self._text[self.at : self.at + 1]

    def _sequence(self) -> list[Pieces]:
        found: list[Pieces] = [()]
        while self._next() not in ("", "|", ")"):
            item = self._repeated(self._item())
            if len(found) * len(item) > ALTERNATIVES_LIMIT:
                raise UnmappedError(f"more than {ALTERNATIVES_LIMIT} alternatives")
            found = [(*before, *after) for before, after in product(found, item)]
        return found

    def _item(self) -> list[Pieces]:
        char = self._next()
        self.at += 1
        match char:
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return [(self._escaped(),)]
            case ".":
                return [(RegexPiece("any"),)]
            case "^":
                return [(RegexPiece("start"),)]
            case "$":
                return [(RegexPiece("end"),)]
            case "*" | "+" | "?" | "{":
                raise UnmappedError(f"`{char}` repeats nothing")
            case _:
                return [(RegexPiece("space") if char.isspace() else RegexPiece("char", char),)]

    def _group(self) -> list[Pieces]:
        if self._text.startswith("?:", self.at):
            self.at += 2
        elif self._next() == "?":
            raise UnmappedError(
                f"`({self._text[self.at : self.at + 3]}…`: queries have no lookahead, lookbehind or backreferences"
            )
        found = self.alternatives()
        if self._next() != ")":
            raise UnmappedError("a parenthesis is never closed")
        self.at += 1
        return found

    def _class(self) -> list[Pieces]:
        end = self._text.find("]", self.at + 1)
        if end < 0:
            raise UnmappedError("a bracket is never closed")
        inside = self._text[self.at : end]
        self.at = end + 1
        if inside in _CLASSES:
            return [(RegexPiece("letter"),)]
        chars = re.findall(r"\\.|[^\\]", inside)
        if inside.startswith("^") or len(chars) > CLASS_LIMIT or any(char == "-" for char in chars[1:-1]):
            raise UnmappedError(f"`[{inside}]`: only a few single characters are supported")
        pieces = [self._of_class(char, inside) for char in chars]
        return [(piece,) for piece in dict.fromkeys(pieces)]

    def _of_class(self, char: str, inside: str) -> RegexPiece:
        if char in ("-", "_", " ", "\\s", "\\-"):  # a query treats them alike between words
            return RegexPiece("space")
        if char.startswith("\\") and char[1:].isalnum():
            raise UnmappedError(f"`[{inside}]`: only a few single characters are supported")
        return RegexPiece("char", char[-1])

    def _escaped(self) -> RegexPiece:
        char = self._next()
        self.at += 1
        if not char:
            raise UnmappedError("it ends in a backslash")
        if not char.isalnum():
            return RegexPiece("space") if char.isspace() else RegexPiece("char", char)
        if char not in _ESCAPED:
            raise UnmappedError(f"`\\{char}` is not supported by queries")
        return RegexPiece(_ESCAPED[char])

    def _repeated(self, item: list[Pieces]) -> list[Pieces]:
        quantifier = self._next()
        if quantifier not in ("?", "*", "+", "{") or not quantifier:
            return item
        self.at += 1
        single = item[0][0].kind if len(item) == 1 and len(item[0]) == 1 else None
        if quantifier == "{":
            raise UnmappedError("`{…}`: queries cannot count")
        if quantifier == "?":
            found = [(), *item]
        elif single in _REPEATED:
            piece = RegexPiece(_REPEATED[single])
            found = [(), (piece,)] if single == "space" and quantifier == "*" else [(piece,)]
        else:
            raise UnmappedError(f"`{quantifier}` repeats more than a query can")
        if self._next() in ("?", "+"):  # lazy or possessive: finds the same articles
            self.at += 1
        return found


def _limited(found: list[Pieces]) -> list[Pieces]:
    if len(found) > ALTERNATIVES_LIMIT:
        raise UnmappedError(f"more than {ALTERNATIVES_LIMIT} alternatives")
    return found
