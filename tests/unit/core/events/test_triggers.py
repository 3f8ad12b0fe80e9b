"""Which words may tell an act or a rank."""

from __future__ import annotations

import pytest

from firstwire.core.events.triggers import may_tell_act, may_tell_rank, trigger_places


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


def test_ordinals_in_words_and_digits_may_rank() -> None:
    assert [text for text in ORDINALS if not may_tell_rank(f"the {text} country")] == []


@pytest.mark.parametrize("text", TOLD)
def test_words_of_acts_wake_the_parser(text: str) -> None:
    assert may_tell_act(f"the {text} country")


@pytest.mark.parametrize("text", SLEEPING)
def test_parts_of_other_words_wake_nothing(text: str) -> None:
    assert not may_tell_act(f"the {text} country")


@pytest.mark.parametrize(
    "text", ["sees it as the country", "regards it as a sovereign and free government", "is a state"]
)
def test_a_recognition_may_have_no_other_word(text: str) -> None:
    assert may_tell_act(text)


@pytest.mark.parametrize("text", ["the country", "as it governs", "is a governmental task", "was the country"])
def test_a_state_alone_tells_nothing(text: str) -> None:
    assert not may_tell_act(text)


def test_the_places_of_words_are_told_in_order() -> None:
    text = "Only Kenya cut ties. Signals of hope. It signed an accord first."
    assert [text[place : place + 4] for place in trigger_places(text)] == ["Only", "ties", "sign", "acco", "firs"]
