"""Why a watch was silent: what an article has of it, and what it lacks."""

from __future__ import annotations

import pytest

from firstwire.core.watches.document import Document
from firstwire.core.watches.near_misses import AskedWatch, near_misses

ARTICLE = Document(
    title="Port authority opens new terminals",
    body="Crews of the port met a union that may call a strike. The rest of the text is about ships that came from far"
    " away, and about the weather in the harbor.",
    source="The Times",
    language="en",
)


def line(query: str, **fields: str) -> str:
    (said,) = near_misses([AskedWatch("desk", query, **fields)], ARTICLE).lines  # type: ignore[arg-type]
    return said


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("(port OR terminal*) AND (walkout* OR lockout)", 'desk: has "port", "terminals"; lacks walkout*, lockout'),
        ("(walkout* OR lockout) NEAR/3 port", 'desk: has "port"; lacks walkout*, lockout'),
        (
            "port NEAR/2 weather",
            'desk: has "port", "weather"; lacks port NEAR/2 weather (never in one field with at most 2 words between)',
        ),
        ("port AND NOT ships", "desk: has \"port\"; excluded by NOT ships ('ships' occurs in body)"),
        ("port AND source:afp", 'desk: has "port"; lacks source:afp (source is the times)'),
        ("port AND lang:en AND walkout", 'desk: has "port", `lang:en`; lacks walkout'),
        ("title:strike", "desk: lacks title:strike"),
        ("aa OR bb OR cc OR dd OR ee OR ff", "desk: lacks aa, bb, cc, dd and 2 more"),
    ],
)
def test_what_a_watch_has_and_lacks(query: str, said: str) -> None:
    assert line(query) == said


def test_those_that_share_most_come_first_and_the_others_are_counted() -> None:
    asked = [AskedWatch(f"far-{number}", f"nothing{number}") for number in range(5)]
    asked += [AskedWatch("half", "port AND walkout"), AskedWatch("most", "port AND ships AND walkout")]
    asked += [AskedWatch("matches", "port"), AskedWatch("test", "nothing", "shadow")]
    found = near_misses(asked, ARTICLE)
    assert [each.rule_id for each in found.nearest] == ["most", "half", "far-0", "far-1", "far-2"]
    assert found.lines[-1] == "3 other watches in force do not match"


def test_a_shadow_watch_is_shown_only_if_it_shares_something() -> None:
    assert line("walkout", state="shadow") == "1 watch in force does not match"
    assert line("port walkout", state="shadow") == 'desk (shadow): has "port"; lacks walkout'


def test_a_watch_that_matches_is_no_near_miss() -> None:
    assert near_misses([AskedWatch("desk", "port")], ARTICLE).lines == []
