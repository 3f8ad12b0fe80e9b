"""Which words wake the parser, and the quick look before the expression of ranks, which misses none of them."""

from __future__ import annotations

import pytest

from firstwire.core.events.reading import RANK_TRIGGER, TRIGGER, may_tell_act, may_tell_rank


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


def test_whatever_the_expressions_find_the_quick_look_finds() -> None:
    assert [text for text in ORDINALS if RANK_TRIGGER.search(f"the {text.lower()} country") is None] == []
    assert [text for text in ORDINALS if not may_tell_rank(f"the {text} country")] == []
    assert [text for text in TOLD if TRIGGER.search(f"the {text.lower()} country") is None] == []


@pytest.mark.parametrize("text", TOLD)
def test_words_of_acts_wake_the_parser(text: str) -> None:
    assert may_tell_act(f"the {text} country")


@pytest.mark.parametrize("text", SLEEPING)
def test_parts_of_other_words_wake_nothing(text: str) -> None:
    assert not may_tell_act(f"the {text} country")
