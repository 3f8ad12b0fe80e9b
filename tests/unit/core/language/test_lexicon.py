"""Every row of the lexicon does what its example says, and none stands there for nothing."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.files.lexicon import ENGLISH, LexiconFile, LexiconRow, lexicon_of, read_lexicon
from tests.support.readings import all_as_read

ROWS = read_lexicon(ENGLISH).value
SECTIONS = [field.name for field in msgspec.structs.fields(LexiconFile)]


def rows_of(section: str) -> tuple[LexiconRow, ...]:
    rows: tuple[LexiconRow, ...] = getattr(ROWS, section)
    return rows


@pytest.mark.parametrize("section", SECTIONS)
def test_every_example_is_read_as_its_row_says(section: str) -> None:
    lexicon = lexicon_of(ROWS)
    read = {row.example: all_as_read(row.example, lexicon) for row in rows_of(section)}
    assert read == {row.example: row.reads for row in rows_of(section)}


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_without_a_row_its_example_is_read_otherwise(section: str) -> None:
    rows, idle = rows_of(section), []
    for number, row in enumerate(rows):
        rest = msgspec.structs.replace(ROWS, **{section: (*rows[:number], *rows[number + 1 :])})
        if all_as_read(row.example, lexicon_of(rest)) == row.reads:
            idle.append(row)
    assert not idle
