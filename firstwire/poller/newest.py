"""Which entries of a very long document are read: the newest, whether it lists them first or last. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

MOSTLY_DATED = 0.5

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def newest_places(moments: Sequence[datetime | None], limit: int) -> Sequence[int]:
    """The places of at most `limit` entries, in the document's order, by their dates.

    Where few have one, half are from either end: the newest are at one of them.
    """
    places = range(len(moments))
    if len(moments) <= limit:
        return places
    dated = sum(moment is not None for moment in moments)
    if dated < MOSTLY_DATED * len(moments):
        return [*places[: limit - limit // 2], *places[len(moments) - limit // 2 :]]
    by_age = sorted(places, key=lambda place: moments[place] or _LONG_AGO, reverse=True)
    return sorted(by_age[:limit])
