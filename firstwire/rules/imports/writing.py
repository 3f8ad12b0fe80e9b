"""Writes imported watches as a rule file, each under a comment that quotes its line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from firstwire.core.text.wording import cut, one_line
from firstwire.rules.imports.mapped import TELL, Mapped, MappedWatch

SOURCE_LIMIT = 150
LINES_QUOTED = 3


def yaml_of(mapped: Mapped, name: str, form: str) -> str:
    """The text of the rule file."""
    lines = [f"# From {one_line(name)} ({form}), by firstwire rules import.", "watches:"]
    for watch in mapped.watches:
        lines += _watch(watch)
    return "\n".join(lines) + "\n"


def _watch(watch: MappedWatch) -> Iterator[str]:
    if len(watch.sources) > LINES_QUOTED:
        yield f"  # lines {watch.sources[0].number} to {watch.sources[-1].number}: {len(watch.sources):,} terms"
    else:
        for line in watch.sources:
            yield f"  # line {line.number}: {cut(one_line(line.text), SOURCE_LIMIT)}"
    yield f"  - id: {_text(watch.id)}"
    yield f"    query: {_text(watch.query)}"
    if watch.tags:
        yield f"    tags: [{', '.join(map(_text, watch.tags))}]"
    if watch.severity != "info":
        yield f"    severity: {watch.severity}"
    if watch.tell != TELL:
        yield f"    tell: {watch.tell}"


def _text(text: str) -> str:
    """A quoted scalar that YAML reads as the same text."""
    if not text.isprintable():
        return json.dumps(text)
    quoted = text.replace("'", "''")
    return f"'{quoted}'"
