"""Headlines: the same words under another publisher's suffix, dash or emoji are one text."""

from __future__ import annotations

import pytest

from firstwire.core.stories.short_texts import without_publisher
from tests.support.records import article, relations

HEADLINE = "Quake hits the coast of Chile"


@pytest.mark.parametrize(
    "other",
    [
        f"{HEADLINE} - BBC News",
        f"{HEADLINE} | The Guardian",
        f"{HEADLINE} | World | The Guardian",
        f"{HEADLINE} – Reuters",
        f"{HEADLINE} — example.com",
        f"{HEADLINE} - AFP",  # the outlet's own name
        f"Harbor Times: {HEADLINE}",
        f"AFP: {HEADLINE}",
        f"World | {HEADLINE}",
        f"🔴 {HEADLINE.upper()} ‼️",
        "Quake hits the coast of Chile …",
        "Quake — hits the coast of “Chile”",
    ],
)
def test_a_headline_in_another_dress_is_a_copy(other: str) -> None:
    one = article("a", title=HEADLINE, body="")
    assert relations(one, article("b", title=other, body="", hours=1, source="AFP")) == ["new", "copy"]


@pytest.mark.parametrize(
    "other",
    [
        "Quake hits the coast of Peru",
        f"Second {HEADLINE}",
        f"{HEADLINE} - two dead",
        f"{HEADLINE} - Officials",
        f"Officials: {HEADLINE}",
        f"{HEADLINE}: the news so far",
        "Quake hits 13 coasts of Chile",
    ],
)
def test_other_words_are_another_headline(other: str) -> None:
    one = article("a", title=HEADLINE, body="")
    assert relations(one, article("b", title=other, body="", hours=1, source="AFP")) == ["new", "new"]


def test_a_suffix_that_leaves_too_little_stays() -> None:
    assert without_publisher("Live - BBC News", None, None) == "Live - BBC News"


def test_the_host_names_the_publisher_too() -> None:
    title = "Quake hits the coast of Chile - The Harbour Wire"
    assert without_publisher(title, None, "https://www.harbourwire.example/a") == HEADLINE


def test_a_long_row_of_marks_costs_nothing() -> None:
    hostile = "- " * 200_000 + "|"
    assert without_publisher(hostile, None, None) == hostile
