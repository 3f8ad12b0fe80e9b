"""Corrections by hand, read back from the pages."""

from __future__ import annotations

from firstwire.core.firsts.ledger import with_correction
from firstwire.ledger.pages import corrections_of
from schemas.ledger import LedgerPage
from tests.support.records import (
    RUSSIA,
    at,
    by_hand,
    corrected_page,
)


def test_corrections_are_read_back_in_the_order_in_which_they_were_made() -> None:
    other = with_correction(LedgerPage(action="open_embassy", target="kosovo"), by_hand(RUSSIA, hours=25).correction)
    found = [(one.target, one.correction.actor) for one in corrections_of([corrected_page(), other])]
    assert found == [("taliban", "china"), ("kosovo", "russia"), ("taliban", "iran")]
    assert [one.correction.actor for one in corrections_of([corrected_page()], before=at(30))] == ["china"]
