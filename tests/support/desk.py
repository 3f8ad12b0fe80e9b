"""A desk without Kafka and without sockets, for single attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from firstwire.notifier.clock import SystemClock
from firstwire.notifier.counters import Counters
from firstwire.notifier.delivery_log import DeliveryLog
from firstwire.notifier.desk import Desk, TroubleDesk
from firstwire.notifier.replies import Reply, Request
from tests.support.alerts import NOW

NOT_USED: Any = None


class StoppedClock(SystemClock):
    """Always shows NOW."""

    def now(self) -> datetime:
        return NOW


def desk_with(*statuses: int) -> Desk:
    """A desk whose posts are answered with these statuses, one after another."""
    replies = iter(statuses)

    async def post(request: Request) -> Reply:
        return Reply(next(replies), "", NOW)

    return Desk(
        log=DeliveryLog(),
        writer=NOT_USED,
        topic="deliveries",
        dead_letters="dead-letters",
        post=post,
        clock=StoppedClock(),
        give_up_after_seconds=3_600.0,
        expire_after_seconds=86_400.0,
        counters=Counters(),
        trouble=TroubleDesk(()),
    )
