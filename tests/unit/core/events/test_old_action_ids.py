"""Action ids of before are read as those of today, or left alone; never as another act's."""

from __future__ import annotations

import pytest

from firstwire.core.events.old_action_ids import OldActionIds, old_first_word
from schemas.alert import Subject
from schemas.ledger import LedgerPage
from schemas.state import AlertMemory
from tests.support.knowledge import shipped_lemmas
from tests.support.records import RUSSIA, event

LEMMAS = shipped_lemmas()
OLD = OldActionIds(LEMMAS)
FORMS = [form for form in LEMMAS.verbs if "-" not in form]
"""A first word ends at its first hyphen."""


@pytest.mark.parametrize(
    ("old", "today"),
    [
        ("agre-to-truce", "agree-to-truce"),
        ("rul-ban-unlawful", "rule-ban-unlawful"),
        ("dy-in-space", "die-in-space"),
        ("fre-hostages", "free-hostages"),
        ("ty-knot", "tie-knot"),
        ("travell-to-moon", "travel-to-moon"),
        ("panick", "panic"),
        ("ratifi-treaty", "ratify-treaty"),
        ("took-office", "take-office"),
        ("wa-crowned", "be-crowned"),
        ("appraize-art", "appraise-art"),
    ],
)
def test_an_old_id_is_read_as_the_verb_that_it_was_cut_from(old: str, today: str) -> None:
    assert OLD.today(old) == today


@pytest.mark.parametrize(
    "action",
    [
        "singe-anthem",
        "found-oil",
        "rid-bicycle",
        "supersed-law",
        "such-x",
        "1994-x",
        "",
        "-",
        "recognize",
        "be-elected",
    ],
)
def test_what_may_be_of_two_verbs_or_of_none_stays(action: str) -> None:
    assert OLD.today(action) == action


def test_listed_actions_stay() -> None:
    for action in ("withdraw_recognition", "establish_relations", "delist_terror", "landed on the moon", "признать"):
        assert OLD.today(action) == action


def test_ids_of_today_stay() -> None:
    today = {LEMMAS.verb(form, is_infinitive=is_infinitive) for form in FORMS for is_infinitive in (False, True)}
    assert {verb for verb in today if OLD.today(f"{verb}-x") != f"{verb}-x"} == set()


def test_no_old_id_becomes_that_of_another_verb() -> None:
    """Of all forms of all verbs on the list: what they made then is today what they make today, or it stays."""
    misread = moved = 0
    for form in FORMS:
        old, today = f"{old_first_word(form)}-x", f"{LEMMAS.verb(form)}-x"
        found = OLD.today(old)
        misread += found not in {old, today}
        moved += old != today == found
    assert misread == 0
    assert moved > 3000


def test_a_record_keeps_its_own_id() -> None:
    subject = Subject(action="agre-to-truce", actor="russia", target="kosovo", era="all")
    memory = AlertMemory(alert_id="kept", rule_id="r", subject=subject, supporting=(), reports=())
    renamed = OLD.renamed(memory)
    assert (renamed.alert_id, renamed.subject.action, renamed.subject.actor) == ("kept", "agree-to-truce", "russia")
    assert OLD.renamed(renamed) is renamed
    assert OLD.renamed(LedgerPage(action="agre-to-truce", target="kosovo")).action == "agree-to-truce"
    told = event(RUSSIA)
    assert OLD.renamed(told) is told
