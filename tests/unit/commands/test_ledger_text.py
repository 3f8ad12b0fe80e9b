"""What `firstwire ledger show` says of a page."""

from __future__ import annotations

from firstwire.commands.ledger_text import list_lines, page_lines
from firstwire.core.firsts.groups import Group, Membership
from firstwire.core.firsts.ledger import Seeds, with_correction
from firstwire.core.firsts.vouching import with_vouching
from firstwire.ledger.pages import known_page
from schemas.ledger import Vouching
from tests.support.records import (
    CHINA,
    PAKISTAN,
    act,
    by_hand,
    corrected_page,
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


def test_positions_after_the_day_up_to_which_the_list_is_whole_are_not_vouched_for() -> None:
    page = with_vouching(
        corrected_page(), Vouching(id="a", until="2025-07-05", source="a list", made_at="2025-07-06T00:00:00.000Z")
    )
    assert list(page_lines(page, corrected_page(), seeds()))[1:6] == [
        "  whole up to 2025-07-05, per a list · by hand 2025-07-06T00:00:00.000Z",
        "  positions after 2025-07-05 are not vouched for: earlier acts may be missing",
        "era since 2021-08-15",
        "   1  2025-07-03  Russia (russia) · reported · Reuters",
        "  ≥2  2025-07-10  Iran (iran) · by hand 2025-07-04 · the archive",
    ]


def test_an_empty_page_says_that_nobody_is_on_record() -> None:
    page = with_correction(page_of(act(CHINA, "2025-06-01")), by_hand(CHINA, "did_not", "2025-07-19").correction)
    assert list(page_lines(page, page, Seeds()))[2] == "  no act on record"
