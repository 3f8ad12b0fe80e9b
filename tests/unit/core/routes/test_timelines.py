"""Who is told what at which second: group wait, interval, repeats, silences, quiet hours, digests, inhibition.

The clock is handed in, so every time is exact.
"""

from __future__ import annotations

import tomllib

import pytest

from firstwire.core.routes.settings import Inhibition
from tests.support.timeline_tables import INHIBITED, TIMELINES, inhibiting
from tests.support.timelines import moment, routes_of, rows_of, sent, wanted


@pytest.mark.parametrize("name", TIMELINES)
def test_messages_come_at_the_second(name: str) -> None:
    written, table = TIMELINES[name]
    rows = rows_of(table)
    assert sent(rows, routes_of(tomllib.loads(written)["routes"])) == wanted(rows)


@pytest.mark.parametrize(
    ("inhibition", "table"),
    [
        (inhibiting(), INHIBITED),
        (
            inhibiting(equal=[]),
            """
            10:00:00 | A kind=first tag=mali | desk: A
            10:01:00 | B tag=togo            |
            10:02:00 | A retracted           | desk: A
            10:03:00 | C tag=togo            | desk: C
            """,
        ),
        (
            # one that fits both sides is not inhibited by others that do, nor by itself
            inhibiting(source=["severity=critical"], target=["severity=~.*"], equal=[]),
            """
            10:00:00 | A severity=critical | desk: A
            10:01:00 | B severity=critical | desk: B
            10:02:00 | C                   |
            """,
        ),
        (
            # what was told is also taken back
            inhibiting(equal=[], source=["severity=critical"], target=["severity=info"]),
            """
            10:00:00 | B                   | desk: B
            10:01:00 | A severity=critical | desk: A
            10:02:00 | B retracted         | desk: B
            """,
        ),
    ],
)
def test_an_alert_that_says_less_is_inhibited_while_another_is_new(inhibition: Inhibition, table: str) -> None:
    rows = rows_of(table)
    assert sent(rows, routes_of([{"receivers": ["desk"]}]), [inhibition]) == wanted(rows)


def test_a_thousand_alerts_in_ten_seconds_are_three_messages_to_people() -> None:
    rows = rows_of("\n".join(f"10:00:{number // 100:02} | A{number} |" for number in range(1_000)) + "\n10:10:00 | |")
    tree = routes_of([{"receivers": ["people", "machine"]}])
    said = sent(rows, tree, gathering=["people"])
    people = [each for each in said if " people: " in each]
    assert [(each.split(" people")[0], each.count(",") + 1) for each in people] == [
        ("03-02 10:00:00", 100),
        ("03-02 10:00:30", 900),
    ]
    assert sum(each.count(",") + 1 for each in said if " machine: " in each) == 1_000 == len(said) - len(people)


def test_five_that_wait_go_one_by_one_and_six_together() -> None:
    tree = routes_of([{"receivers": ["people"]}])
    five = rows_of("10:00:00 | A; B; C; D; E |\n10:01:00 | |")
    assert sent(five, tree, gathering=["people"]) == [
        f"03-02 10:00:0{number} people: {name}" for number, name in enumerate("ABCDE")
    ]
    seven = rows_of("10:00:00 | A; B; C; D; E; F; G |\n10:00:01 | H |\n10:01:00 | |")
    assert sent(seven, tree, gathering=["people"]) == [
        "03-02 10:00:00 people: A, B, C, D, E, F, G",
        "03-02 10:00:30 people: H",
    ]


def test_moments_are_those_of_the_table() -> None:
    assert moment("10:00:30").isoformat() == "2026-03-02T10:00:30+00:00"
