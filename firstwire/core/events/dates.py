"""The day of an act: the day of publication unless the sentence names a day or a past year."""

from __future__ import annotations

import re
from datetime import date, timedelta

from firstwire.core.entities.sentence import Sentence
from firstwire.core.text.closed_words import MONTH_NAMES, PRONOUNS
from firstwire.core.text.word_lists import word_set

_YEAR_WORD = re.compile(r"(?:1[5-9]|20)\d\d$")
_DECADE = re.compile(r"(?:1[5-9]|20)\d0s$")
_WEEKDAYS = {
    name: number
    for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTH_NAMES, start=1)
    for name in (month, month[:3], *(["sept"] if month == "september" else []))
}

# "1967 borders": the year is part of a name. "since 1961": it begins a span and is not the date.
_NAMING = word_set(
    """
    border borders line lines war wars agreement accord accords treaty constitution resolution declaration
    convention ceasefire armistice peace deal coup revolution invasion olympics election elections world cup
    member members anniversary recognition decision
    """
)
_MEASURING = word_set("since from until till by pre post before after of to")
_IN_MONTH = word_set("in last early late mid")
_MOMENTS = word_set("morning afternoon evening night day eve week weekend hours end beginning")
"""In the morning "of 14 May" something happens; a line "of 14 May" is only called so."""
_OF_PARTICIPLE = word_set("by in on at from as under during")
_AHEAD = word_set("will would to shall may might could should")
_SUBCLAUSE_OPENERS = word_set("after because which who while since although ; when")
_PAST_PHRASES = (
    "years ago",
    "decades ago",
    "year ago",
    "months ago",
    "a decade ago",
    "last year",
    "last century",
    "last decade",
    "previous year",
)

NEWS_DAYS = 21
"""Days after which an act whose day is told is background."""


def act_date(sentence: Sentence, verb: int, published_on: str) -> str:
    """The day of the act, `YYYY-MM-DD`: the day the sentence names, else `published_on`.

    For a past year without a day, or a past month of this year, it is the first day.
    """
    published = date.fromisoformat(published_on)
    year = _dated_year(sentence, verb, published.year)
    day = _named_day(sentence, verb, year or published.year)
    if day is not None and (day <= published or year is not None):
        return day.isoformat()
    if year is not None:
        return f"{year:04d}-01-01"
    for place in _clause(sentence, verb):
        low = sentence.low(place)
        if low == "yesterday":
            return (published - timedelta(days=1)).isoformat()
        if low in _WEEKDAYS and sentence.low(place - 1) not in {"next", "until"}:
            return (published - timedelta(days=(published.weekday() - _WEEKDAYS[low]) % 7)).isoformat()
    month = _past_month(sentence, verb, published)
    return month.isoformat() if month is not None else published_on


def stated_day(sentence: Sentence, verb: int, until: str) -> str | None:
    """The day that the sentence names in full, "16 August 2025" or "August 16, 2025", if it is not later than `until`.

    It needs no date of publication.
    """
    for place in _clause(sentence, verb):
        number = _day_beside(sentence, place)
        following = (sentence.low(near) for near in range(place + 1, place + 4))
        year = next((int(low) for low in following if _YEAR_WORD.match(low)), None)
        if number is None or year is None or _is_of_noun(sentence, place):
            continue
        day = _date(year, _MONTH_NUMBERS[sentence.low(place)], number)
        if day is not None and day.isoformat() <= until:
            return day.isoformat()
    return None


def is_of_these_days(sentence: Sentence, verb: int, published_on: str) -> bool:
    """Whether the sentence names the day of the act, and it is still news: "on 14 May"."""
    published = date.fromisoformat(published_on)
    day = _named_day(sentence, verb, _dated_year(sentence, verb, published.year) or published.year)
    return day is not None and 0 <= (published - day).days <= NEWS_DAYS


def is_long_past(day: str | None, published_on: str) -> bool:
    """Whether a day is told that is no news any more: "back in April"."""
    return day is not None and (date.fromisoformat(published_on) - date.fromisoformat(day)).days > NEWS_DAYS


def past_cue(sentence: Sentence, verb: int, published_on: str, *, past: bool) -> str | None:
    """The words that date the act to an earlier year; None if there are none."""
    year = _dated_year(sentence, verb, int(published_on[:4]))
    if year is not None and (past or sentence.low(verb).endswith(("ed", "tion", "ing"))):
        day = _named_day(sentence, verb, year)
        if day is None or (date.fromisoformat(published_on) - day).days > 31:
            return f"in {year}"
    words = [sentence.low(place) for place in _clause(sentence, verb)]
    decade = next((low for low in words if _DECADE.match(low) and low[:4] < f"{published_on[:3]}0"), None)
    if past and decade is not None:
        return f"in the {decade}"
    text = " ".join(words)
    if sentence.low(verb - 1) in {"previously", "formerly", "historically", "originally"}:
        return sentence.low(verb - 1)
    return next((phrase for phrase in _PAST_PHRASES if past and phrase in text), None)


def _clause(sentence: Sentence, verb: int) -> range:
    """The words that may date the verb: roughly, up to the next verb of another clause."""
    start, end = max(0, verb - 15), min(len(sentence.words), verb + 20)
    for place in range(verb + 1, end):
        reduced = sentence.low(place) in PRONOUNS and sentence.low(place - 1) != ","  # "the recognition it granted"
        if reduced or sentence.low(place) in _SUBCLAUSE_OPENERS or _begins_reduced(sentence, place):
            end = place
            break
    for place in range(verb - 1, start, -1):
        if sentence.low(place) in {"that", ";", ":", "after", "since"}:
            start = place
            break
    return range(start, end)


def _begins_reduced(sentence: Sentence, place: int) -> bool:
    """ "Recognizes the cabinet, *formed* by exiles in 2022"."""
    is_participle = sentence.low(place).endswith("ed") and sentence.low(place + 1) in _OF_PARTICIPLE
    return is_participle and sentence.low(place - 1) == ","


def _is_of_noun(sentence: Sentence, place: int) -> bool:
    """Whether a day or year tells which one a thing is: "the frontiers of 1 January 1956"."""
    while place > 0 and (sentence.low(place)[:1].isdigit() or sentence.low(place) in _MONTH_NUMBERS):
        place -= 1
    of_what = sentence.low(place - 1)
    return sentence.low(place) == "of" and of_what not in _MOMENTS and not of_what[:1].isdigit()


def _is_of_other_verb(sentence: Sentence, year: int, verb: int) -> bool:
    """Whether a year belongs to a participle right before it: "recognizes the state proclaimed in 1976"."""
    other = year - 2
    is_participle = sentence.low(year - 1) == "in" and sentence.low(other).endswith("ed")
    return is_participle and other > verb and sentence.low(other - 1) not in {"and", "or", ",", "was", "were", "been"}


def _dated_year(sentence: Sentence, verb: int, published_year: int) -> int | None:
    for place in _clause(sentence, verb):
        low = sentence.low(place)
        if not _YEAR_WORD.match(low) or int(low) >= published_year:
            continue
        if sentence.low(place + 1) in _NAMING or sentence.low(place - 1) in _MEASURING:
            continue
        if _is_of_noun(sentence, place) or _is_of_other_verb(sentence, place, verb):
            continue
        if any(sentence.low(before) == "since" and not before < verb < place for before in range(place - 4, place)):
            continue  # "the first since Ethiopia in 2009"
        return int(low)
    return None


def _past_month(sentence: Sentence, verb: int, published: date) -> date | None:
    """ "In April", "last November", unless in the future: the first day of that month."""
    if _AHEAD & {sentence.low(place) for place in range(verb - 3, verb)}:
        return None
    for place in _clause(sentence, verb):
        month = _MONTH_NUMBERS.get(sentence.low(place))
        before = sentence.low(place - 1)
        if month is None or before not in _IN_MONTH or not sentence.words[place].text[:1].isupper():
            continue
        if month < published.month:
            return date(published.year, month, 1)
        if before == "last":
            return date(published.year - 1, month, 1)
    return None


def _named_day(sentence: Sentence, verb: int, year: int) -> date | None:
    """ "16 August", "August 16": a day in the verb's clause."""
    for place in _clause(sentence, verb):
        number = _day_beside(sentence, place)
        if number is not None and not _is_of_noun(sentence, place):
            return _date(year, _MONTH_NUMBERS[sentence.low(place)], number)
    return None


def _day_beside(sentence: Sentence, place: int) -> int | None:
    """The number of the day beside the name of a month; None if there is none, or at any other word."""
    if sentence.low(place) not in _MONTH_NUMBERS:
        return None
    numbers = (re.match(r"(\d{1,2})(?:st|nd|rd|th)?$", sentence.low(neighbor)) for neighbor in (place - 1, place + 1))
    number = next(filter(None, numbers), None)
    return None if number is None else int(number[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
