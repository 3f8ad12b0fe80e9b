"""What `firstwire ledger show` says of a page."""

from __future__ import annotations

import pytest

from firstwire.commands.ledger_text import list_lines, page_lines
from firstwire.core.firsts.groups import Group, Membership
from firstwire.core.firsts.ledger import Seeds, with_correction
from firstwire.core.firsts.vouching import with_vouching
from firstwire.ledger.pages import known_page
from schemas.ledger import Vouching
from tests.support.records import (
    ANY_RULE,
    CHINA,
    PAKISTAN,
    RUSSIA,
    act,
    by_hand,
    corrected_page,
    event,
    final_alerts,
    page_of,
    seeds,
)


def test_a_page_shows_positions_and_what_each_entry_is_known_from() -> None:
    born = seeds((PAKISTAN, "1997-05-25"))
    live = corrected_page()
    page = known_page({("recognize", "taliban"): live}, born, "recognize", "taliban")
    assert list(page_lines(page, live, born)) == [
        "recognize · taliban",
        "  whole up to 2025-12-31, per public record",
        "era 1996-2001",
        "   1  1997-05-25  Pakistan (pakistan) · seeded · public record",
        "era since 2021-08-15",
        "   1  2025-07-03  Russia (russia) · reported · Reuters",
        "   2  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
        "removed  China (china), era since 2021-08-15: reports up to 2025-07-19 are ignored · the archive"
        " · by hand 2025-07-03T20:00:00.000Z",
    ]
    assert list(list_lines([page])) == [
        "recognize taliban: 3 acts, 1997-05-25 to 2025-07-10, 2 corrections by hand, whole up to 2025-12-31"
    ]


def test_a_page_within_a_group_shows_its_members_and_positions_among_them() -> None:
    asia = Group(id="asia", member="Asian country", names=(), members={"iran": (Membership(),)})
    assert list(page_lines(corrected_page(), None, seeds(), asia))[:5] == [
        "recognize · taliban · asia",
        "  nobody vouches that this list is whole: firstwire ledger vouch recognize taliban DATE",
        "  positions are not vouched for: earlier acts may be missing",
        "era since 2021-08-15",
        "  ≥1  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
    ]


WHOLE_TO_JULY_5 = with_vouching(
    corrected_page(), Vouching(id="a", until="2025-07-05", source="a list", made_at="2025-07-06T00:00:00.000Z")
)


@pytest.mark.parametrize(
    ("vouched_days", "after"), [(0, "after"), (1, "more than 1 day after"), (4, "more than 4 days after")]
)
def test_positions_long_after_the_day_up_to_which_the_list_is_whole_are_not_vouched_for(
    vouched_days: int, after: str
) -> None:
    assert list(page_lines(WHOLE_TO_JULY_5, corrected_page(), Seeds(vouched_days=vouched_days)))[1:6] == [
        "  whole up to 2025-07-05, per a list · by hand 2025-07-06T00:00:00.000Z",
        f"  positions {after} 2025-07-05 are not vouched for: earlier acts may be missing",
        "era since 2021-08-15",
        "   1  2025-07-03  Russia (russia) · reported · Reuters",
        "  ≥2  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
    ]


def test_so_long_after_that_day_positions_are_vouched_for() -> None:
    lines = list(page_lines(WHOLE_TO_JULY_5, corrected_page(), Seeds(vouched_days=5)))
    assert lines[2:5] == [
        "era since 2021-08-15",
        "   1  2025-07-03  Russia (russia) · reported · Reuters",
        "   2  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
    ]


@pytest.mark.parametrize("until", ["2025-07-03", "2025-07-02", "2024-07-03", "2024-07-02"])
def test_a_page_vouches_for_a_position_where_an_alert_does(until: str) -> None:
    born = seeds((CHINA, "2025-07-01"), vouched_until=until)
    (alert,) = final_alerts([event(RUSSIA)], ANY_RULE, born=born).values()
    assert alert.novelty is not None
    page = known_page({("recognize", "taliban"): page_of(act(RUSSIA, "2025-07-03"))}, born, "recognize", "taliban")
    is_exact = any(line.startswith("   2  2025-07-03  Russia") for line in page_lines(page, None, born))
    assert is_exact == ("at least" not in alert.novelty.ledger)
    assert is_exact == (until != "2024-07-02")


def test_an_empty_page_says_that_nobody_is_on_record() -> None:
    page = with_correction(page_of(act(CHINA, "2025-06-01")), by_hand(CHINA, "did_not", "2025-07-19").correction)
    assert list(page_lines(page, page, Seeds()))[2] == "  no act on record"
