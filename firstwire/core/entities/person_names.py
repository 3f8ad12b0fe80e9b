"""Whether "Jordan" is a person, or "Trump" another person, by first names, offices and capitals nearby."""

from __future__ import annotations

import re

from firstwire.core.text.word_lists import word_set

_NEXT_WORD = re.compile(r" ([A-Z][a-z'’-]+)")
_PREVIOUS_WORD = re.compile(r"([A-Z][a-z]+) $")
_NO_SURNAMES = word_set(
    """
    Governorate Oblast Prefecture Island Islands Mayor Governor Marathon Olympic Olympics Summit Conference
    Airport International Metropolitan Underground Stock
    Attorney General Senator Senate Congress Parliament Deputy Vice Secretary Chancellor Premier Emperor Sultan
    Sunday Monday Tuesday Wednesday Thursday Friday Saturday January February March April June July August
    September October November December Region Province County District Square Street Bridge Zoo Opera Hospital
    Fashion Attacks Declaration Talks Agreement Times Independence Referendum Kurdistan House Council Assembly
    Archbishop Bishop Cardinal Ministry Department Office University College School Church Cathedral Mosque Civil
    Foreign Prime President King Queen Crown Prince Princess Minister Ministry Parliament Government Army
    Defence Defense Interior Finance Police Supreme Constitutional Central National Air Navy Ambassador
    Embassy State Republic Valley River Becomes Recognizes Recognises Says Opens Signs First Bans Joins Votes
    Court Armed Forces Bank City
    """
)
_FIRST_NAMES = word_set(
    """
    Michael George James John Robert David William Richard Thomas Mark Paul Steven Kevin Brian Eric Jeff Jim
    Joe Bill Bob Tom Tim Dan Mike Chris Matt Nick Sam Ben Jack Denzel Kerry Booker Harold DeAndre Louis
    Barbara Vernon Hamilton Montell Neil Sarah Mary Anna Kate Emma Amy Lisa Karen Susan Linda Miss Ms Mr Mrs
    Dr Princess Prince Queen
    """
)
_NO_GIVEN_NAMES = word_set(
    """
    Leader Dictator Strongman Candidate Nominee Republican Democrat Democratic Conservative Labour Socialist Liberal
    Ayatollah Colonel Sheikh Sir Lady Lord Pope Comrade Incumbent Former Late Then Mr Mrs Ms Dr
    When After As If While But And Or In On The For With That Why How What Will Does Did Can Could Should Under
    Since Because Although Though Before Until Both Against From About Like Via By To At Is Was Has Had Not Only
    Meanwhile However Also Later Earlier Yesterday Today Tomorrow Where Which Who Pro Anti Amid Despite During
    """
)
SHORTEST_FIRST_NAME = 3


def is_in_person_name(text: str, start: int, end: int) -> bool:
    """Whether the words next to a given name show that it is part of a person's name."""
    previous = _PREVIOUS_WORD.search(text, max(0, start - 20), start)
    if previous is not None and previous[1] in _FIRST_NAMES:
        return True
    following = _NEXT_WORD.match(text, end)
    if following is None or following[1] in _NO_SURNAMES:
        return False
    return _is_prose(text, start, end)


def is_namesake(text: str, start: int, end: int) -> bool:
    """Whether a leader's family name follows another first name: "Melania Trump". Never true in headlines."""
    previous = _PREVIOUS_WORD.search(text, max(0, start - 20), start)
    if previous is None or len(previous[1]) < SHORTEST_FIRST_NAME:
        return False
    return previous[1] not in _NO_SURNAMES | _NO_GIVEN_NAMES and _is_prose(text, start, end)


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether most words around a name are in lower case, so that capitals are significant."""
    window = re.findall(r"\b[A-Za-z]{4,}", text[max(0, start - 80) : end + 80])
    capitalized = sum(1 for word in window if word[0].isupper())
    return capitalized * 2 < len(window)
