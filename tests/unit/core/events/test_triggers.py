"""The quick look before the expressions: it never misses an English word that they find."""

from __future__ import annotations

import re

import pytest

from firstwire.core.events.detection import (
    ORDINAL_TRIGGER,
    RANKING_PARTS,
    RECOGNITION_TRIGGER,
    RECOGNIZING_PARTS,
    RELATIONS_TRIGGER,
)
from firstwire.core.events.relations import WAKING_PARTS


def numeral(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


ONES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
TEENS = [
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth"),
    *("fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
]
TENS = ["twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth"]
ORDINALS = [
    *ONES, *TEENS, *TENS, "only", "ONLY",
    *(f"{tens}-{ones}" for tens in ("twenty", "thirty", "forty", "fifty") for ones in ONES),
    *(numeral(number) for number in range(1000)),
]  # fmt: skip
RECOGNITIONS = ["recognize", "Recognised", "RECOGNITION", "unrecognized", "recognizing", "acknowledges", "Acknowledged"]
RELATIONS = ["relations", "ties", "Embassy", "embassies", "terrorist", "terror list", "diplomats", "counterterrorism"]
SLEEPING = ["parties", "designed", "signal", "shrinks"]


@pytest.mark.parametrize(
    ("trigger", "parts", "texts"),
    [
        (RECOGNITION_TRIGGER, RECOGNIZING_PARTS, RECOGNITIONS),
        (RELATIONS_TRIGGER, WAKING_PARTS, RELATIONS),
        (ORDINAL_TRIGGER, RANKING_PARTS, ORDINALS),
    ],
    ids=["recognizing", "relating", "ranking"],
)
def test_whatever_an_expression_finds_holds_one_of_its_parts(
    trigger: re.Pattern[str], parts: tuple[str, ...], texts: list[str]
) -> None:
    assert [text for text in texts if trigger.search(f"the {text} country") is None] == []
    assert [text for text in texts if not any(part in text.lower() for part in parts)] == []


@pytest.mark.parametrize("text", SLEEPING)
def test_parts_of_other_words_wake_nothing(text: str) -> None:
    assert RELATIONS_TRIGGER.search(f"the {text} country") is None
