"""Miniflux's keep and block rules: `EntryTitle=(?i)regex` lines, and the bare expressions of a feed."""

from __future__ import annotations

import re
from collections.abc import Callable

from firstwire.rules.imports.mapped import Line, Mapped, MappedWatch, UnmappedError, checked, grouped, lines_of
from firstwire.rules.imports.regexes import Regex, read_regex, text_query, value_query

_RULE = re.compile(r"\s*(Entry[A-Za-z]+)\s*=\s*(.*)")
_UNSUPPORTED = {
    "EntryDate": "queries cannot match dates",
    "EntryCommentsURL": "the address of comments is not kept",
}


def map_miniflux(text: str, prefix: str, block: str = "") -> Mapped:
    """A watch for every rule that keeps articles; each excludes articles that match the rules of `block`.

    Raises UnmappedError for a block rule that cannot be mapped: without it the watches would find unwanted articles.
    """
    found = Mapped()
    excluded = [_excluding(line) for line in lines_of(block)]
    for line in lines_of(text):
        try:
            query = _query(line, found)
            if excluded:
                query = f"{grouped(query)} AND NOT {grouped(' OR '.join(excluded))}"
            found.watches.append(MappedWatch(f"{prefix}-{line.number}", checked(query), (line,)))
        except UnmappedError as err:
            found.unmapped.append((line, str(err)))
    return found


def _excluding(line: Line) -> str:
    try:
        return _query(line, None)
    except UnmappedError as err:
        raise UnmappedError(f"block rule in line {line.number}: {err}") from err


def _query(line: Line, found: Mapped | None) -> str:
    rule = _RULE.fullmatch(line.text)
    if rule is None:
        return _bare(line, found)
    name, expression = rule[1], rule[2].strip()
    if name in _UNSUPPORTED:
        raise UnmappedError(f"`{name}`: {_UNSUPPORTED[name]}")
    if name not in _FIELDS:
        raise UnmappedError(f"`{name}` is not a field of Miniflux's rules")
    return _FIELDS[name](read_regex(expression))


def _bare(line: Line, found: Mapped | None) -> str:
    """An expression without a field searches title, address, tags and author; a watch needs words or tags."""
    regex = read_regex(line.text)
    parts = [_in_title(regex)]
    for field in ("tag",) if found is not None else ("tag", "url", "author"):
        try:
            parts.append(value_query(regex, field))
        except UnmappedError as err:
            if found is None:
                raise
            found.notes.append((line, f"only searched in titles, not in tags: {err}"))
    if found is not None:
        found.notes.append((line, "not searched in addresses and authors: a watch needs words or tags"))
    return " OR ".join(parts)


def _in_title(regex: Regex) -> str:
    return f"title:{grouped(text_query(regex))}"


def _in_content(regex: Regex) -> str:
    query = grouped(text_query(regex))
    return f"summary:{query} OR body:{query}"


def _value(field: str) -> Callable[[Regex], str]:
    return lambda regex: value_query(regex, field)


_FIELDS: dict[str, Callable[[Regex], str]] = {
    "EntryTitle": _in_title,
    "EntryContent": _in_content,
    "EntryURL": _value("url"),
    "EntryAuthor": _value("author"),
    "EntryTag": _value("tag"),
}
