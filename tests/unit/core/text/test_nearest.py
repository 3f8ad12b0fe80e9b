"""The nearest known name: suggested where it is probably meant, and never where it is only the least unlike."""

from __future__ import annotations

import pytest

from firstwire.core.text.nearest import meant_by, nearest


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("talibann", ["taliban", "jordan"], "taliban"),
        ("alert", ["alerts", "alarms"], "alerts"),
        ("rnu", ["run", "rules"], "run"),
        ("Taliban", ["taliban"], "taliban"),
        ("published", ["published_at", "title"], "published_at"),
        ("putin", ["vladimir-putin", "russia"], "vladimir-putin"),
        ("kingdom", ["united-kingdom", "netherlands"], "united-kingdom"),
        ("receive_limt", ["receive_limit"], "receive_limit"),
        ("roterdam", ["jordan", "sudan", "amsterdam"], None),
        ("korea", ["north-korea", "south-korea"], None),
        ("xx", ["xy"], None),
        ("in", ["india"], None),
        ("", ["a"], None),
    ],
)
def test_a_name_is_meant_only_if_few_typing_errors_lead_to_it(name: str, known: list[str], meant: str | None) -> None:
    assert meant_by(name, known) == meant


def test_without_a_near_name_few_known_ones_are_listed_and_many_are_not() -> None:
    assert nearest("x", ["b", "a"]) == "; known are a, b"
    assert nearest("x", map(str, range(1000))) == ""
