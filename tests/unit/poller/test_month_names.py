"""Months by name: those of CLDR, and what they are cut to."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from firstwire.poller.month_names import month_number
from tests.support.month_names import FILE
from tests.support.shared_data import ROOT

PRINTED = "import sys; from tests.support.month_names import text; sys.stdout.buffer.write(text().encode())"


@pytest.mark.slow
def test_the_file_is_what_cldr_says() -> None:
    # In a process of its own: names of one locale get into another's if others were loaded before
    fresh = subprocess.run([sys.executable, "-c", PRINTED], cwd=ROOT, check=True, capture_output=True)
    assert FILE.read_bytes() == fresh.stdout, "run: python -m tests.support.month_names"


@pytest.mark.slow
def test_every_name_is_known_in_its_own_language() -> None:
    unknown = [
        (language, name)
        for language, months in json.loads(FILE.read_text(encoding="utf-8")).items()
        for number, names in enumerate(months, start=1)
        for name in names
        # An English name is English in every feed
        if month_number(name, language) != number and month_number(name, "en") is None
    ]
    assert unknown == []


@pytest.mark.parametrize("name", ["", "x", "ju", "ma", "lis", "monday", "7", "."])
def test_what_names_no_month_or_several_is_unknown(name: str) -> None:
    assert month_number(name) is None
