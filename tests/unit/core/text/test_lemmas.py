"""Base forms of English verbs, by the list that is shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.knowledge import shipped_lemmas

LEMMAS = shipped_lemmas()
VERBS = [
    line.split()
    for line in (Path(__file__).parent / "verbs.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def bases() -> Mapping[str, set[str]]:
    """By form the verbs that it is of."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for base, *others in VERBS:
        for form in (base, *others):
            found[form].add(base)
    return found


def test_every_form_of_three_hundred_verbs_is_of_its_verb() -> None:
    assert len(VERBS) > 300
    wrong = {form: LEMMAS.verb(form) for form, verbs in bases().items() if LEMMAS.verb(form) not in verbs}
    assert wrong == {}


def test_what_stands_behind_to_is_a_base_form_already() -> None:
    assert {verb: LEMMAS.verb(verb, is_infinitive=True) for verb, *_ in VERBS} == {verb: verb for verb, *_ in VERBS}


@pytest.mark.parametrize(
    ("form", "finite", "behind_to"),
    [("found", "find", "found"), ("lay", "lie", "lay"), ("saw", "see", "saw"), ("bound", "bind", "bound")],
)
def test_a_form_of_two_verbs_is_of_the_likelier_but_behind_to(form: str, finite: str, behind_to: str) -> None:
    assert (LEMMAS.verb(form), LEMMAS.verb(form, is_infinitive=True)) == (finite, behind_to)


def test_legalize_and_legalise_are_one_verb() -> None:
    for form in ("legalise", "legalises", "legalised", "legalising", "legalizing"):
        assert LEMMAS.verb(form) == LEMMAS.verb(form, is_infinitive=form == "legalise") == "legalize"
    for form in ("televises", "advertised", "revise", "exercising", "appraised", "disguises", "supervised"):
        assert LEMMAS.verb(form)[-3:] == "ise"
    assert LEMMAS.verb("programmed") == LEMMAS.verb("programming") == LEMMAS.verb("program") == "program"


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("criminalizes", "criminalize"),
        ("criminalised", "criminalize"),
        ("superseding", "supersede"),
        ("rebranded", "rebrand"),
        ("livestreams", "livestream"),
        ("co-hosts", "co-host"),
        ("denuclearizes", "denuclearize"),
        ("unbanned", "unban"),
    ],
)
def test_a_verb_that_is_on_no_list_is_guessed_by_its_ending(form: str, verb: str) -> None:
    assert form not in LEMMAS.verbs
    assert LEMMAS.verb(form) == verb


@pytest.mark.parametrize("word", ["such", "1994", "they", "penn", "wto", "", "-", "ß", "признать", "a" * 10_000])
def test_what_is_no_verb_stays(word: str) -> None:
    assert LEMMAS.verb(word) == word
