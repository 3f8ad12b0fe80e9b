"""A table of terms: a header row, then one watch per row."""

from __future__ import annotations

import csv
import io
import re

from firstwire.core.text.nearest import meant_by
from firstwire.errors import ConfigError
from firstwire.rules.imports.mapped import (
    SEVERITIES,
    TELL,
    TELLS,
    Line,
    Mapped,
    MappedWatch,
    UnmappedError,
    checked,
    either,
    grouped,
    is_id,
)
from firstwire.rules.imports.terms import term_of

COLUMNS = ("id", "terms", "tags", "severity", "tell", "exclude")
_BETWEEN = re.compile(r"[;|]")


def map_csv(text: str, prefix: str) -> Mapped:
    """The rows as watches. Raises ConfigError if the header lacks `terms`, or for malformed CSV."""
    found = Mapped()
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [name.strip().lower() for name in next(rows, [])]
    if "terms" not in header:
        raise ConfigError(f"the header row has no column `terms`; known are {', '.join(COLUMNS)}", place="line 1")
    for name in header:
        if name not in COLUMNS:
            meant = meant_by(name, COLUMNS)
            advice = f"; did you mean `{meant}`?" if meant else ""
            found.notes.append((Line(1, ",".join(header)), f"unknown column `{name}`, ignored{advice}"))
    taken: dict[str, int] = {}
    before = rows.line_num
    try:
        for row in rows:
            line, before = Line(before + 1, ",".join(row)), rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            try:
                watch = _watch(dict(zip(header, row, strict=False)), line, prefix, len(row) - len(header))
                if watch.id in taken:
                    raise UnmappedError(f"the id `{watch.id}` is used already in line {taken[watch.id]}")
            except UnmappedError as err:
                found.unmapped.append((line, str(err)))
            else:
                taken[watch.id] = line.number
                found.watches.append(watch)
    except csv.Error as err:
        raise ConfigError(f"not CSV: {err}", place=f"line {rows.line_num}") from err
    return found


def _watch(cells: dict[str, str], line: Line, prefix: str, beyond: int) -> MappedWatch:
    if beyond > 0:
        raise UnmappedError("the row has more cells than the header; put quotes around one with a comma")
    wanted, excluded = _terms(cells, "terms"), _terms(cells, "exclude")
    if not wanted:
        raise UnmappedError("no terms")
    query = either(wanted)
    if excluded:
        query = f"{grouped(query)} AND NOT {grouped(either(excluded))}"
    severity = cells.get("severity", "").strip().lower() or "info"
    if severity not in SEVERITIES:
        raise UnmappedError(f"severity `{severity}` is not one of {', '.join(SEVERITIES)}")
    tell = cells.get("tell", "").strip().lower() or TELL
    if tell not in TELLS:
        raise UnmappedError(f"tell `{tell}` is not one of {', '.join(TELLS)}")
    name = cells.get("id", "").strip() or f"{prefix}-{line.number}"
    if not is_id(name):
        raise UnmappedError(f"the id `{name}` may contain only lower-case letters, digits, `.`, `_` and `-`")
    return MappedWatch(name, checked(query), (line,), tuple(_cells(cells, "tags")), severity, tell)


def _terms(cells: dict[str, str], column: str) -> list[str]:
    terms = []
    for cell in _cells(cells, column):
        try:
            terms.append(checked(term_of(cell)))
        except UnmappedError as err:
            raise UnmappedError(f"{column}: `{cell}`: {err}") from err
    return terms


def _cells(cells: dict[str, str], column: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cells.get(column, "")) if part.strip()]
