"""An article as the full-text index holds it: the tokens of watches, and marks for everything else queries ask for.

A mark begins with a character that no token holds, so that marks stand beside the words and are never taken for one.
"""

from __future__ import annotations

import re

from firstwire.core.watches.document import Document
from firstwire.core.watches.query import ValueField
from schemas.record import Field

EVERY = "!"
"""Every article has this mark."""

INDEXED_VALUES: tuple[ValueField, ...] = ("source", "lang", "tag")
"""Values that many articles share; `author` and `url` are looked up in the articles that the words leave."""

TOKENIZER = "ascii tokenchars '!@#_=:%.-'"
"""Splits at white space and nothing else: letters beyond ASCII are all kept, and the tokens are folded already."""

VALUE_LIMIT = 500
"""Code points of a value that is a mark; of longer ones only that there is one."""

_UNSAFE = re.compile(r"[^\w.\-\x80-\U0010ffff]")


def rows_of(document: Document) -> tuple[str, str, str, str]:
    """The title, summary, body and marks of an article, each as tokens between spaces."""
    title, summary, body = (" ".join(field.folded) for field in document.fields)
    return title, summary, body, " ".join(_marks(document))


def entity_mark(field: Field, entity_id: str) -> str:
    return f"@{field}:{_safe(entity_id)}"


def value_mark(field: ValueField, value: str) -> str:
    """The mark of a folded value; the one for all that are too long, if it is."""
    return too_long_mark(field) if len(value) > VALUE_LIMIT else f"{value_prefix(field)}{_safe(value)}"


def value_prefix(field: ValueField) -> str:
    return f"={field}:"


def too_long_mark(field: ValueField) -> str:
    return f"#{field}"


def value_of_mark(field: ValueField, mark: str) -> str:
    """The value of a mark: the inverse of `value_mark`."""
    return re.sub(r"%([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), mark.removeprefix(value_prefix(field)))


def _marks(document: Document) -> list[str]:
    found = [EVERY]
    for field in document.fields:
        found += [entity_mark(field.name, entity_id) for entity_id in field.names]
    for name in INDEXED_VALUES:
        found += [value_mark(name, value) for value in document.values(name)]
    return found


def _safe(text: str) -> str:
    """Without white space and signs, which would end the token; ASCII signs are written as %hh."""
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02x}", text)
