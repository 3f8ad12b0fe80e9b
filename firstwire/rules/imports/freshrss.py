"""FreshRSS's searches and filters: `(intitle:a OR "b c") -author:d #tag /regex/i`, one per line."""

from __future__ import annotations

import re

from firstwire.rules.imports.mapped import Mapped, MappedWatch, UnmappedError, checked, grouped, lines_of
from firstwire.rules.imports.regexes import read_regex, text_query, value_query
from firstwire.rules.imports.terms import beginning_of, value_of

_PREFIX = re.compile(r"([A-Za-z]+):")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)+)/([a-zA-Z]*)(?=[\s)]|$)")
_BARE = re.compile(r"(?:\\[()]|[^\s()])+")
_FIELDS = {"intitle": "title", "intext": "content", "author": "author", "inurl": "url"}
_UNSUPPORTED = {
    **dict.fromkeys(("f", "c"), "feeds and categories have other numbers here; use source: instead"),
    **dict.fromkeys(("l", "label", "labels"), "labels are a reader's, not part of an article"),
    **dict.fromkeys(("date", "pubdate", "userdate", "mdate"), "queries cannot match dates"),
    **dict.fromkeys(("search", "s"), "it refers to another search; import that one, and combine the two"),
    "e": "queries cannot match a single article",
}


def map_freshrss(text: str, prefix: str) -> Mapped:
    """One watch per line."""
    found = Mapped()
    for line in lines_of(text):
        try:
            query = _Search(line.text).whole()
            found.watches.append(MappedWatch(f"{prefix}-{line.number}", checked(query), (line,)))
        except UnmappedError as err:
            found.unmapped.append((line, str(err)))
    return found


class _Search:
    """Recursive descent over a search; each method returns the query of what it read, ready to be joined by AND."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> str:
        query = self._any()
        if self._at < len(self._text):
            raise UnmappedError("a parenthesis closes nothing")
        return query

    def _any(self) -> str:
        parts = [self._all()]
        while self._takes_word("OR"):
            parts.append(self._all())
        return " OR ".join(parts)

    def _all(self) -> str:
        parts: list[str] = []
        while not self._ends() and not self._is_word("OR"):
            if not self._takes_word("AND"):
                parts.append(self._one())
        if not parts:
            raise UnmappedError("a term is missing")
        return " AND ".join(parts)

    def _one(self) -> str:
        negated = ""
        if self._text[self._at] in "!-" and self._text[self._at + 1 : self._at + 2].strip():
            self._at += 1
            negated = "NOT "
        if self._text[self._at] != "(":
            return negated + self._term()
        self._at += 1
        query = self._any()
        if not self._text.startswith(")", self._at):
            raise UnmappedError("a parenthesis is never closed")
        self._at += 1
        return f"{negated}({query})"

    def _term(self) -> str:
        if self._text[self._at] == "#":
            self._at += 1
            return value_of("tag", self._value().replace("+", " "))
        prefix = _PREFIX.match(self._text, self._at)
        if prefix is None or self._text.startswith("//", prefix.end()):
            return self._text_query("")
        name = prefix[1].lower()
        if name in _UNSUPPORTED:
            raise UnmappedError(f"`{prefix[0]}`: {_UNSUPPORTED[name]}")
        if name not in _FIELDS:
            raise UnmappedError(f"`{prefix[0]}` is not a known operator of FreshRSS")
        self._at = prefix.end()
        field = _FIELDS[name]
        if field in ("author", "url"):
            return self._value_query(field)
        return self._text_query(field)

    def _text_query(self, field: str) -> str:
        regex = self._takes_regex()
        query = text_query(read_regex(regex[0], folds_case=regex[1])) if regex else beginning_of(self._value())
        if not field:
            return grouped(query)
        if field == "content":
            return f"(summary:{grouped(query)} OR body:{grouped(query)})"
        return f"{field}:{grouped(query)}"

    def _value_query(self, field: str) -> str:
        regex = self._takes_regex()
        if regex is not None:
            return grouped(value_query(read_regex(regex[0], folds_case=regex[1]), field))
        return value_of(field, f"*{self._value()}*")

    def _takes_regex(self) -> tuple[str, bool] | None:
        """A `/regex/flags`, and whether it ignores case."""
        found = _REGEX.match(self._text, self._at)
        if found is None:
            return None
        if set(found[2]) - set("im"):
            raise UnmappedError(f"unknown modifiers `{found[2]}`")
        self._at = found.end()
        return found[1].replace("\\/", "/"), "i" in found[2]

    def _value(self) -> str:
        """A word, or the text in quotes."""
        quote = self._text[self._at : self._at + 1]
        if quote in ('"', "'") and quote:
            end = self._text.find(quote, self._at + 1)
            if end < 0:
                raise UnmappedError("a quote is never closed")
            value = self._text[self._at + 1 : end]
            self._at = end + 1
        else:
            found = _BARE.match(self._text, self._at)
            if found is None:
                raise UnmappedError("a value is missing")
            self._at = found.end()
            value = found[0].replace("\\(", "(").replace("\\)", ")")
        if not value.strip():
            raise UnmappedError("a value is missing")
        return value

    def _ends(self) -> bool:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return self._at >= len(self._text) or self._text[self._at] == ")"

    def _is_word(self, word: str) -> bool:
        return re.compile(rf"{word}(?=[\s()]|$)").match(self._text, self._at) is not None

    def _takes_word(self, word: str) -> bool:
        if self._ends() or not self._is_word(word):
            return False
        self._at += len(word)
        return True
