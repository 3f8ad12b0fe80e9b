"""What is new in an alert for one destination, given what it was told before. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

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


def news_of(alert: Alert, told: int | None) -> News:
    """What is new for a destination that was told so many developments; None: it never got the alert."""
    untold = alert.developments_so_far - (told or 0)
    if untold <= 0:
        return News(is_whole=True)
    developments = alert.developments[-untold:]
    return News(
        is_whole=told is None,
        developments=developments[::-1],
        unlisted=untold - len(developments),
    )


def receipt_of_news(alert: Alert, receipt: Receipt, told: int | None) -> Receipt:
    """The receipt of a message: that of the newest development, if the message is about developments."""
    news = news_of(alert, told)
    if news.is_whole or not news.developments:
        return receipt
    newest = news.developments[0]
    return msgspec.structs.replace(receipt, published_at=newest.published_at, fetched_at=newest.fetched_at)
