"""A list of words: one term or phrase per line."""

from __future__ import annotations

import re

from firstwire.core.watches.parser import LENGTH_LIMIT
from firstwire.rules.imports.mapped import Line, Mapped, MappedWatch, UnmappedError, checked, either, id_of, lines_of
from firstwire.rules.imports.terms import term_of

_TRAILING_COMMENT = re.compile(r"\s#.*$")


def map_words(text: str, prefix: str, *, each: bool = False) -> Mapped:
    """One watch that finds any of the terms, or with `each` one per term. Several words on a line are a phrase."""
    found = Mapped()
    terms: list[tuple[Line, str]] = []
    for line in lines_of(text, comment=r"\s*#"):
        try:
            terms.append((line, checked(term_of(_TRAILING_COMMENT.sub("", line.text)))))
        except UnmappedError as err:
            found.unmapped.append((line, str(err)))
    if each:
        for line, term in terms:
            name = id_of(f"{prefix}-{term}") if id_of(term) else f"{prefix}-{line.number}"
            found.watches.append(MappedWatch(found.new_id(name), term, (line,)))
        return found
    lists = _fitting(terms)
    for number, some in enumerate(lists, start=1):
        name = prefix if len(lists) == 1 else f"{prefix}-{number}"
        sources = tuple(line for line, _ in some)
        found.watches.append(MappedWatch(name, either(term for _, term in some), sources))
    return found


def _fitting(terms: list[tuple[Line, str]]) -> list[list[tuple[Line, str]]]:
    """The terms, split into lists that fit into one query each."""
    lists: list[list[tuple[Line, str]]] = []
    room = 0
    for line, term in terms:
        needed = len(term) + len(" OR ")
        if needed > room:
            lists.append([])
            room = LENGTH_LIMIT
        lists[-1].append((line, term))
        room -= needed
    return lists
