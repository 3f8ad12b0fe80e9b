"""Which corrections of the ledger are sent for what its keepers ask."""

from __future__ import annotations

import pytest

from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import with_correction
from firstwire.errors import ConfigError
from firstwire.ledger.corrections import BEFORE_ALL, addition, change
from schemas.record import Entity
from tests.support.records import CHINA, ERA_NOW, IRAN, RUSSIA, act, by_hand, page_of, seeds

NOON = "2025-07-20T12:00:00.000Z"


def test_an_act_is_added_in_the_era_of_its_day_or_in_the_one_that_is_named() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"))
    sent = addition(page, CHINA, "2025-06-30", source=" the archive ", now=NOON, seeds=seeds())
    found = sent.correction
    assert (sent.action, sent.target, found.era, found.says, found.date) == (
        "recognize",
        "taliban",
        ERA_NOW,
        "did",
        "2025-06-30",
    )
    assert (found.source, found.made_at) == ("the archive", NOON)
    old = addition(page, RUSSIA, "1997-01-01", source="x", now=NOON, seeds=seeds(), era="1996-2001")
    assert old.correction.era == "1996-2001"


@pytest.mark.parametrize(
    ("actor", "day", "source", "era", "message"),
    [
        (RUSSIA, "2025-06-30", "x", None, "Russia is listed already, on 2025-07-03"),
        (CHINA, "2025-02-30", "x", None, "'2025-02-30' is not a valid date"),
        (CHINA, "20250630", "x", None, "not a valid date"),
        (CHINA, "2025-07-21", "x", None, "2025-07-21 is in the future"),
        (CHINA, "1850-01-01", "x", ERA_NOW, "not in the era 'since 2021-08-15' of 'taliban' (2021-08-15 to now)"),
        (CHINA, "2015-01-01", "x", None, "2015-01-01 is in no era of 'taliban'"),
        (CHINA, "2025-06-30", " ", None, "--source"),
        (CHINA, "2025-06-30", "x", "since 2020", "has no era 'since 2020'; it has 1996-2001, since 2021-08-15"),
    ],
)
def test_an_addition_that_cannot_be_says_why(
    actor: Entity, day: str, source: str, era: str | None, message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        addition(page_of(act(RUSSIA, "2025-07-03")), actor, day, source=source, now=NOON, seeds=seeds(), era=era)
    assert message in raised.value.message


def test_a_removal_concerns_reports_up_to_today_unless_it_says_otherwise() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"))
    found = change(page, "russia", source="x", now=NOON, seeds=seeds()).correction
    assert (found.says, found.date, found.era, found.name) == ("did_not", "2025-07-20", ERA_NOW, "Russia")
    until = change(page, "russia", source="x", now=NOON, seeds=seeds(), until="2026-01-01").correction
    assert until.date == "2026-01-01"
    moved = change(page, "russia", source="x", now=NOON, seeds=seeds(), day="2025-07-02").correction
    assert (moved.says, moved.date) == ("did", "2025-07-02")


def test_a_correction_of_who_stands_nowhere_or_in_several_eras_is_an_error() -> None:
    page = page_of(act(RUSSIA, "2025-07-03"), act(RUSSIA, "1997-07-03", era="1996-2001"))
    with pytest.raises(ConfigError, match="nothing on record of 'china'"):
        change(page, "china", source="x", now=NOON, seeds=seeds())
    with pytest.raises(ConfigError, match="several eras, choose one with --era: 1996-2001, since 2021-08-15"):
        change(page, "russia", source="x", now=NOON, seeds=seeds())
    assert change(page, "russia", source="x", now=NOON, seeds=seeds(), era=ERA_NOW).correction.era == ERA_NOW


def test_what_was_added_by_hand_can_be_corrected_and_corrections_can_be_taken_back() -> None:
    page = with_correction(page_of(act(IRAN, "2025-07-01")), by_hand(IRAN, "did", "2025-06-01", hours=1).correction)
    back = change(page, "iran", source="x", now=NOON, seeds=seeds(), until=BEFORE_ALL)
    assert [entry.date for entry in current_page(with_correction(page, back.correction)).actors] == ["2025-07-01"]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("1850-01-01", r"not in the era 'since 2021-08-15' .*firstwire ledger add recognize russia taliban 1850-01-01"),
        ("1997-05-25", "add it there"),
        ("2031-01-01", "is in the future"),
    ],
)
def test_an_act_is_moved_to_no_other_era_and_not_into_the_future(day: str, message: str) -> None:
    page = page_of(act(RUSSIA, "2025-07-03"))
    with pytest.raises(ConfigError, match=message):
        change(page, "russia", source="x", now=NOON, seeds=seeds(), day=day)
