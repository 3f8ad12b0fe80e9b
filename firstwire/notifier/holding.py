"""What waits by the routes' rules: held, released, muted and told again, as delivery records. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from firstwire.core.routes.routing import Routing
from firstwire.core.routes.rulings import Ruling, Send, Tick
from firstwire.core.routes.tree import RoutePolicy
from firstwire.core.text.digest import digest
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery
from firstwire.notifier.retries import anew, superseded
from schemas import Delivery
from schemas.delivery import MessageOccasion
from schemas.times import format_timestamp, parse_timestamp


def entries_of(ruling: Ruling, fresh: LoggedDelivery, log: DeliveryLog, now: datetime) -> list[LoggedDelivery]:
    """The records of a ruling; `fresh` is the alert as a delivery that is due. A held one of before gives way."""
    before = log.held(ruling.alert.alert_id, ruling.receiver)
    gone = [] if before is None or before.key == fresh.key else [superseded(before, _why_gone(ruling))]
    changes = _timing(ruling.policy, ruling.group, ruling.repeat_at, now) if ruling.fate == "sent" else {}
    if ruling.fate == "held":
        assert ruling.due_at is not None, "what is held is due some time"
        changes = {
            "state": "held",
            "group": ruling.group,
            "held_until": format_timestamp(ruling.due_at),
            "result": ruling.reason,
            # It keeps its place among those that it waits with
            "queued_at": fresh.delivery.queued_at if before is None else before.delivery.queued_at,
        }
    elif ruling.fate == "muted":
        changes = {"state": "muted", "result": ruling.reason, "alert": None}
    elif ruling.fate == "withdrawn":
        changes = {"state": "superseded", "result": ruling.reason, "alert": None}
    return [*gone, LoggedDelivery(msgspec.structs.replace(fresh.delivery, **changes))]


def released(tick: Tick, log: DeliveryLog, now: datetime) -> list[LoggedDelivery]:
    """The records of what is due now, and of what became of others that waited."""
    found: list[LoggedDelivery] = []
    for ruling in tick.rulings:
        held = log.held(ruling.alert.alert_id, ruling.receiver)
        if held is not None:
            found += entries_of(ruling, held, log, now)
    for send in tick.sends:
        found += _released(send, log, now)
    return found


def restore(routing: Routing, entries: Iterable[LoggedDelivery]) -> None:
    """Give back to the routing what it knew before a restart, from the newest records of what its rules concerned."""
    for entry in sorted(entries, key=lambda each: each.delivery.queued_at or ""):
        delivery = entry.delivery
        group = delivery.group or ""
        if delivery.state == "held" and delivery.alert is not None and delivery.held_until is not None:
            due_at = parse_timestamp(delivery.held_until)
            routing.restore_held(delivery.alert, delivery.destination, group, due_at, delivery.result)
        elif delivery.released_at is not None:
            at = parse_timestamp(delivery.released_at)
            routing.restore_flush(delivery.destination, group, delivery.rule_id or "", at)
            if delivery.repeat_at is not None and delivery.alert is not None and delivery.state != "superseded":
                repeat_at = parse_timestamp(delivery.repeat_at)
                routing.restore_repeat(delivery.alert, delivery.destination, group, repeat_at, at)


def _released(send: Send, log: DeliveryLog, now: datetime) -> list[LoggedDelivery]:
    """The deliveries of one message, due now. A message of its own has no batch, unless it is a reminder."""
    occasion: MessageOccasion | None = None
    if send.occasion == "repeat":
        occasion = "repeat"
    elif len(send.alerts) > 1:
        occasion = "digest" if send.policy.is_digest else "group"
    batch = None if occasion is None else batch_id(send.receiver, send.group, format_timestamp(send.at), occasion)
    known = log.repeating if send.occasion == "repeat" else log.held
    found = []
    for alert in send.alerts:
        entry = known(alert.alert_id, send.receiver)
        if entry is not None:
            found.append(_due_again(entry.delivery, send, occasion, batch, now))
    return found


def _due_again(
    delivery: Delivery, send: Send, occasion: MessageOccasion | None, batch: str | None, now: datetime
) -> LoggedDelivery:
    is_repeat = send.occasion == "repeat"
    changes = _timing(send.policy, send.group, send.repeat_at, now)
    if is_repeat:
        changes["released_at"] = delivery.released_at
    return anew(
        delivery,
        now,
        result="",
        held_until=None,
        batch=batch,
        occasion=occasion,
        repeat=delivery.repeat + is_repeat,
        **changes,
    )


def _timing(policy: RoutePolicy, group: str, repeat_at: datetime | None, now: datetime) -> dict[str, object]:
    """What the routing must know again after a restart; nothing of a route that tells everything at once."""
    changes: dict[str, object] = {"max_alerts": policy.max_alerts, "template": policy.template}
    if policy.group_interval or policy.cooldown or repeat_at is not None:
        changes |= {
            "group": group,
            "released_at": format_timestamp(now),
            "repeat_at": None if repeat_at is None else format_timestamp(repeat_at),
        }
    return changes


def batch_id(receiver: str, *what: str) -> str:
    """The id of a message about several alerts, the same whenever it is sent again."""
    return "batch-" + digest(receiver, *what)


def _why_gone(ruling: Ruling) -> str:
    if ruling.fate == "withdrawn":
        return ruling.reason
    return f"superseded by revision {ruling.alert.revision}"
