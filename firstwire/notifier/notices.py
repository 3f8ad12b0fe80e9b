"""Messages about the notifier itself, to the receivers that still work. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from firstwire.notifier.delivery_log import LoggedDelivery
from schemas import Delivery, Notice, Receipt
from schemas.times import format_timestamp


def parked_notices(parked: LoggedDelivery, setting: str, told: Iterable[str], now: datetime) -> list[LoggedDelivery]:
    """A delivery to each of these receivers, which says that another one takes nothing, why, and what to do."""
    name = parked.delivery.destination
    lines = (
        f"Reason: {parked.delivery.result}",
        f"Its deliveries wait. Mend it, or {setting} in the settings, and restart the notifier; or if the settings "
        f"need no change, run: firstwire deliveries redrive --receiver {name}",
    )
    notice = Notice(
        kind="receiver.parked",
        headline=f"Nothing can be delivered to the receiver {name}",
        lines=lines,
        happened_at=format_timestamp(now),
    )
    return _deliveries(f"parked-{name}", notice, told)


def failing_notices(
    tried: LoggedDelivery, since: datetime, waiting: int, told: Iterable[str], now: datetime
) -> list[LoggedDelivery]:
    """The same of a receiver that has done nothing but fail since then, while so many deliveries wait for it."""
    name = tried.delivery.destination
    notice = Notice(
        kind="receiver.failing",
        headline=f"The receiver {name} has failed since {format_timestamp(since)[:16].replace('T', ' ')} UTC",
        lines=(
            f"Last: {tried.delivery.result}",
            f"What waits for it ({waiting:,}) is sent when it answers again, unless it has become too old.",
        ),
        happened_at=format_timestamp(now),
    )
    return _deliveries(f"failing-{name}", notice, told)


def _deliveries(what: str, notice: Notice, told: Iterable[str]) -> list[LoggedDelivery]:
    return [
        LoggedDelivery(
            Delivery(
                alert_id=f"{what}-{notice.happened_at}",
                revision=1,
                destination=destination,
                state="pending",
                queued_at=notice.happened_at,
                receipt=Receipt(published_at=None, fetched_at=notice.happened_at),
                notice=notice,
            )
        )
        for destination in told
    ]


def trial_notice(name: str, now: datetime) -> Notice:
    """A message that shows that a receiver works."""
    return Notice(
        kind="receiver.test",
        headline="TEST: this is no alert",
        lines=(f"Somebody tries whether the receiver {name} works. It does.",),
        happened_at=format_timestamp(now),
    )


def notice_lines(notice: Notice) -> tuple[str, ...]:
    """The notice as plain text."""
    return (f"FIRSTWIRE  {notice.headline}", *notice.lines)
