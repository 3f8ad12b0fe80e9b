"""The receipt of an alert: when the article that caused a revision was fetched, and when each stage had it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from firstwire.core.routes.decision import TAKEN_BACK
from schemas.alert import Alert, CoveringArticle, Development
from schemas.delivery import Delivery, Receipt
from schemas.times import format_timestamp, from_milliseconds, parse_timestamp


def receipt_of(alert: Alert, headers: Sequence[tuple[str, bytes]], timestamp_ms: int = 0) -> Receipt:
    """The times of the article that caused this revision, and those that the stages stamped on the alert's record.

    `timestamp_ms` is the record's: the fetch of that article. What no article caused, as a correction by hand, has the
    alert's own times. Stamps that cannot be parsed are left out.
    """
    stamps = dict(headers)
    published_at, fetched_at = alert.times.published_at, alert.times.fetched_at
    caused_at = from_milliseconds(timestamp_ms)
    if "analyzed_at" in stamps:
        # All articles of one visit have one time of fetching: the newest of them caused the revision
        known: list[Development | CoveringArticle] = [*reversed(alert.developments)]
        usual = published_at
        if caused_at != fetched_at:
            known += reversed(alert.coverage)
            usual = None
        published_at = next((each.published_at for each in known if each.fetched_at == caused_at), usual)
        fetched_at = caused_at
    return Receipt(
        published_at=published_at,
        fetched_at=fetched_at,
        deduplicated_at=_stamp(stamps.get("deduplicated_at")),
        analyzed_at=_stamp(stamps.get("analyzed_at")),
        alerted_at=_stamp(stamps.get("alerted_at")),
    )


def raise_seen(alert: Alert, seen: Receipt, before: Receipt | None) -> Receipt:
    """The receipt of the first raise, given that of this revision and what was known before.

    If the first revision was never seen, only the alert's own times are known.
    """
    if alert.revision == 1:
        return seen
    return before or receipt_of_article(alert)


def receipt_of_article(alert: Alert) -> Receipt:
    """The times of the article fetched first alone."""
    return Receipt(published_at=alert.times.published_at, fetched_at=alert.times.fetched_at)


def receipt_of_raise(seen: Receipt, deliveries: Iterable[Delivery]) -> Receipt:
    """The receipt of the first raise with its first arrival; its deliveries know the stages that were not seen.

    While it waits for its group or a digest, a newer revision takes its place: then the arrival is that one's.
    """
    known = [one for one in deliveries if one.notice is None]
    if seen.alerted_at is None:
        of_raise = (one.receipt for one in known if one.revision == 1)
        seen = next((receipt for receipt in of_raise if receipt.alerted_at is not None), seen)
    told = [one for one in known if one.receipt.delivered_at and one.alert_state not in TAKEN_BACK]
    first = min((one.revision for one in told), default=1)
    # One that was told again has the time of its last message
    arrived = [one.receipt.delivered_at for one in told if one.revision == first and not one.repeat]
    return replace(seen, delivered_at=min(filter(None, arrived), default=None))


def receipt_of_development(development: Development, number: int, deliveries: Iterable[Delivery]) -> Receipt:
    """The receipt of a development with its first arrival, as far as deliveries know it.

    `number` is its place among all that the alert ever had, from 1: others of the same visit were fetched with it.
    """
    told = [
        one.receipt
        for one in deliveries
        if one.receipt.fetched_at == development.fetched_at
        and one.developments >= number
        and one.receipt.delivered_at
        and not one.repeat
    ]
    usual = Receipt(published_at=development.published_at, fetched_at=development.fetched_at)
    found = min(told, key=lambda receipt: receipt.delivered_at or "", default=usual)
    return replace(found, published_at=development.published_at)


def seconds_to_arrival(delivery: Delivery) -> float | None:
    """From the fetch of the article that a message is about until its receiver had accepted it.

    None for what is no measure of speed: it did not arrive, it was held back on purpose, or no fetched article raised
    or developed it, as with notices, corrections by hand and retractions.
    """
    receipt = delivery.receipt
    if receipt.delivered_at is None or receipt.analyzed_at is None:
        return None
    if delivery.group is not None or delivery.notice is not None or delivery.alert_state in TAKEN_BACK:
        return None
    took = parse_timestamp(receipt.delivered_at) - parse_timestamp(receipt.fetched_at)
    return max(0.0, took.total_seconds())


def _stamp(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return format_timestamp(parse_timestamp(value.decode()))
    except ValueError:
        return None
