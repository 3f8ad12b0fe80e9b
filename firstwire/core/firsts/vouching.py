"""Vouching: somebody says, with a source, that a page's list of actors is whole up to a day."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from schemas.ledger import LedgerPage, Vouching
from schemas.record import Date, Timestamp

VOUCHED_DAYS = 365
"""How long after that day the absence of an earlier act still says something, unless configured otherwise."""


def with_vouching(page: LedgerPage, vouching: Vouching) -> LedgerPage:
    """The page with one more vouching; the page itself if it adds nothing."""
    known = {each.id: each for each in (*page.vouchings, vouching)}
    ordered = tuple(sorted(known.values(), key=lambda each: (each.made_at, each.until or "", each.id)))
    return page if ordered == page.vouchings else msgspec.structs.replace(page, vouchings=ordered)


def vouching_in_force(page: LedgerPage, known_by: Timestamp | None = None) -> Vouching | None:
    """The newest vouching, or with `known_by` the newest made by then; None if nobody vouches for the page."""
    made = [each for each in page.vouchings if known_by is None or each.made_at <= known_by]
    return made[-1] if made and made[-1].until is not None else None


def vouched_until(page: LedgerPage, done_on: Date, vouched_days: int, known_by: Timestamp | None = None) -> Date | None:
    """The day up to which the list is whole, if that says something of an act on the day `done_on`; else None."""
    vouching = vouching_in_force(page, known_by)
    if vouching is None or vouching.until is None:
        return None
    is_too_old = date.fromisoformat(done_on) - date.fromisoformat(vouching.until) > timedelta(days=vouched_days)
    return None if is_too_old else vouching.until
