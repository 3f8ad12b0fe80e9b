"""Which words wake the parser, and the quick look before the expression of ranks, which misses none of them."""

from __future__ import annotations

import pytest

from firstwire.core.events.detection import ORDINAL_TRIGGER, RANKING_PARTS
from firstwire.core.events.reading import TRIGGER


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
TOLD = [
    *("recognize", "Recognised", "RECOGNITION", "unrecognized", "acknowledges", "relations", "ties", "Embassy"),
    *("terrorist", "diplomats", "counterterrorism", "sanctions", "signs", "sign a trade agreement", "ratifies"),
]
SLEEPING = ["parties", "designed", "signal", "shrinks", "sign of hope", "no deal"]


def test_whatever_names_a_rank_holds_one_of_its_parts() -> None:
    assert [text for text in ORDINALS if ORDINAL_TRIGGER.search(f"the {text} country") is None] == []
    assert [text for text in ORDINALS if not any(part in text.lower() for part in RANKING_PARTS)] == []


@pytest.mark.parametrize("text", TOLD)
def test_words_of_acts_wake_the_parser(text: str) -> None:
    assert TRIGGER.search(f"the {text} country") is not None


@pytest.mark.parametrize("text", SLEEPING)
def test_parts_of_other_words_wake_nothing(text: str) -> None:
    assert TRIGGER.search(f"the {text} country") is None
