"""An attempt at a message about several alerts, without Kafka and without sockets."""

from __future__ import annotations

from pathlib import Path

import msgspec

from firstwire.notifier.attempts import Attempts
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.replies import Request
from tests.support.alerts import first_alert, receipt
from tests.support.desk import desk_with
from tests.support.receivers import receiver


def together(*ids: str) -> list[LoggedDelivery]:
    """Deliveries that share a message."""
    entries = [new_entry(first_alert(alert_id=each), "desk", receipt()) for each in ids]
    return [
        LoggedDelivery(msgspec.structs.replace(each.delivery, batch="batch-1", occasion="group")) for each in entries
    ]


async def test_alerts_of_a_message_that_is_rejected_after_the_receiver_was_mended_are_not_parked(
    tmp_path: Path,
) -> None:
    one = receiver("discord", "https://discord.example/api/webhooks/1", tmp_path)
    attempts = Attempts("desk", one, desk_with(404, 400, 400))
    parked = [step.entry for step in await attempts.made(together("a", "b"))]
    assert [each.delivery.state for each in parked] == ["parked", "parked"]
    rejected = [step.entry.delivery for step in await attempts.made(parked)]
    assert [(each.state, each.batch, each.alone) for each in rejected] == [("pending", None, True)] * 2


async def test_the_first_message_keeps_the_times_of_the_first_article_when_it_is_edited(tmp_path: Path) -> None:
    one = receiver("slack_bot", "https://slack.example/api", tmp_path, channel="C1")
    desk, bodies = desk_with(200, 200), list[bytes]()
    post = desk.post

    async def noted(request: Request) -> object:
        bodies.append(request.body)
        return await post(request)

    desk.post = noted  # type: ignore[assignment,method-assign]
    first = new_entry(first_alert(), "desk", receipt()).delivery
    desk.log.apply(LoggedDelivery(msgspec.structs.replace(first, state="delivered", alert=None, thread="C1/1.0")))
    later = receipt(published_at="2025-07-04T09:00:00.000Z", fetched_at="2025-07-04T09:30:00.000Z")
    await Attempts("desk", one, desk).made([new_entry(first_alert(revision=2, state="corrected"), "desk", later)])
    assert b"fetched 14:02:40" in bodies[0] and b"09:30:00" not in bodies[0]
