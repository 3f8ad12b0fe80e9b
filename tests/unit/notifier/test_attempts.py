"""An attempt at a message about several alerts, without Kafka and without sockets."""

from __future__ import annotations

from pathlib import Path

import msgspec

from firstwire.notifier.attempts import Attempts
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
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
