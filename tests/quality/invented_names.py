"""Invented names in place of masked ones: news has parties that no list has, and an encoder must know them by the rest.

A listed name is masked before an encoder sees it, an unlisted one is not. Items have few of the latter; without more of
them the encoder takes them for bystanders: "recalls its ambassador to Batsaland" has no target.
"""

from __future__ import annotations

import random
from dataclasses import replace

from firstwire.core.events.encoder_input import EncoderInput
from firstwire.core.text.word_lists import word_set

_BEGINNINGS = sorted(
    word_set(
        "Ar Bel Cal Cas Dor Dra El Est Fal Gal Gua Hal Ist Jaz Kal Kar Kes Kir Lan Lor Lum Mar Mer Mon Nar Nov Nyo Om "
        "Or Os Pal Per Pon Qua Ral Ros Sal Sar Ser Sol Sul Tal Tar Tor Tre Tuv Ul Um Val Var Vel Ves Wes Yar Zam Zar "
        "Zel Zor"
    )
)
_MIDDLES = sorted(word_set("a e i o an ar en er in or al el il ov av am om un ust est ond ell ass imb ang und ost"))
_OF_STATES = sorted(word_set("ia land stan a o e is or ar ova ania eria avia onia uria"))
_OF_PEOPLE = sorted(word_set("ian ese i ish an ani"))
_OF_PERSONS = sorted(word_set("o i a ez ov in er as u enko sson"))
_CONSONANTS = sorted(word_set("l m n r s t v nd sl rt"))
_STATES = ("{}",) * 6 + ("Republic of {}", "{} Republic", "North {}", "Free State of {}", "the {} Federation", "San {}")
_BODIES = (
    "{} Council",
    "{} Liberation Front",
    "{} Authority",
    "provisional government of {}",
    "{} administration",
    "National Assembly of {}",
)
_MARKS = frozenset({"#nation", "#demonym", "#capital", "#organization", "#leader"})
_CYRILLIC = str.maketrans(
    "abcdefghiklmnoprstuvwyzABCDEFGHIJKLMNOPRSTUVWYZ", "абкдефгхиклмнопрстуввизАБКДЕФГХИЖКЛМНОПРСТУВВИЗ"
)
_IN_CYRILLIC = frozenset({"ru", "uk"})
CAPITALIZED = _IN_CYRILLIC | {"de", "es", "fr", "it", "pl", "pt", "tr"}
"""Other languages in which an unlisted name is known by its capital."""


def swapped(given: EncoderInput, random_of: random.Random) -> EncoderInput | None:
    """The same with the names of one party replaced by an invented one; None if no masked party stands in the sentence.
    A name of several words takes the place of one, so that all places stay."""
    by_id: dict[str, list[int]] = {}
    around = {party.entity.id for party in given.parties if not party.is_here}
    for party in given.parties:
        if party.is_here and party.entity.id not in around and given.words[party.place] in _MARKS:
            by_id.setdefault(party.entity.id, []).append(party.place)
    if not by_id:
        return None
    state = _name(random_of, _OF_STATES)
    shape, body, person = random_of.choice(_STATES), random_of.choice(_BODIES), _person(random_of)
    words = list(given.words)
    for place in by_id[random_of.choice(sorted(by_id))]:
        words[place] = {
            "#nation": shape.format(state),
            "#demonym": state.rstrip("aeiou") + random_of.choice(_OF_PEOPLE),
            "#capital": _name(random_of, _OF_STATES),
            "#organization": body.format(state),
            "#leader": person,
        }[words[place]]
    return replace(given, words=tuple(words))


def swapped_with_ending(given: EncoderInput, random_of: random.Random, language: str) -> EncoderInput | None:
    """As `swapped`, in a language of CAPITALIZED: the invented name has the ending of the masked one, which tells the
    case. What follows from an adjective is left out, and so are parties that have one."""
    words = list(given.words)
    by_id: dict[str, list[int]] = {}
    for party in given.parties:
        by_id.setdefault(party.entity.id, []).append(party.place)
    able = sorted(
        each
        for each, places in by_id.items()
        if all(place < len(words) and words[place] in _MARKS - {"#demonym"} for place in places)
    )
    if not able:
        return None
    stem = _name(random_of, _CONSONANTS)
    if language in _IN_CYRILLIC:
        stem = stem.translate(_CYRILLIC)
    for place in by_id[random_of.choice(able)]:
        words[place - 1], words[place] = f" {stem}", words[place - 1]
    return replace(given, words=tuple(words))


def _person(random_of: random.Random) -> str:
    return f"{_name(random_of, _OF_PERSONS)} {_name(random_of, _OF_PERSONS)}"


def _name(random_of: random.Random, endings: list[str]) -> str:
    middle = random_of.choice(["", "", *_MIDDLES])
    return random_of.choice(_BEGINNINGS) + middle + random_of.choice(endings)
