"""What is new in an alert for one destination, given what it was told before. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from firstwire.notifier.changes import AlertChange, Told, changes_of
from schemas import Alert, Development, Receipt


@dataclass(frozen=True)
class News:
    """What a message to one destination is about."""

    is_whole: bool
    """Whether the destination gets the whole alert, not only developments of one that it knows."""
    developments: tuple[Development, ...] = ()
    """Those that it was not told, the newest first."""
    unlisted: int = 0
    """How many more it was not told, which the alert no longer lists."""
    changes: tuple[AlertChange, ...] = ()
    """What changed in the alert itself; empty if the destination gets it whole, or developments of it."""


def news_of(alert: Alert, told: Told | None) -> News:
    """What is new for a destination, given what it knows of the alert; None: it never got it."""
    untold = alert.developments_so_far - (0 if told is None else told.developments)
    if untold <= 0:
        changes = () if told is None else changes_of(alert, told)
        return News(is_whole=not changes, changes=changes)
    developments = alert.developments[-untold:]
    return News(
        is_whole=told is None,
        developments=developments[::-1],
        unlisted=untold - len(developments),
    )


def receipt_of_news(alert: Alert, receipt: Receipt, told: Told | None) -> Receipt:
    """The receipt of a message: that of the newest development, if the message is about developments."""
    news = news_of(alert, told)
    if news.is_whole or not news.developments:
        return receipt
    newest = news.developments[0]
    return msgspec.structs.replace(receipt, published_at=newest.published_at, fetched_at=newest.fetched_at)
