"""The alert that a command is asked about, by its id or the beginning of it: of Kafka, or of the file of a replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import meant_id, on_kafka
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from firstwire.notifier.delivery_log import DeliveryLog
    from schemas import Alert, Feedback, Silence

with_file_of_alerts = click.option(
    "--alerts",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Look for it in this alerts.jsonl of a replay, with nothing delivered so far.",
)


def asked_alert(
    configuration: config.Configuration, file: Path | None, wanted: str
) -> tuple[Alert, DeliveryLog, list[Silence | Feedback]]:
    """The alert, what was delivered of all, and what people said. Raises ConfigError if there is no such alert."""
    return _in_file(file, wanted) if file is not None else _in_kafka(configuration, wanted)


def _in_file(file: Path, wanted: str) -> tuple[Alert, DeliveryLog, list[Silence | Feedback]]:
    """The alert of an id in a file of alerts, to which nothing was delivered and about which nobody said anything."""
    from firstwire.notifier.delivery_log import DeliveryLog
    from schemas import Alert
    from schemas.codec import DecodeError, decode

    found = {}
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            one = decode(line, Alert)
        except DecodeError as err:
            raise ConfigError(str(err), place=f"{file}:{number}") from err
        found[one.alert_id] = one
    return found[meant_id(wanted, found, "alert")], DeliveryLog(), []


def _in_kafka(configuration: config.Configuration, wanted: str) -> tuple[Alert, DeliveryLog, list[Silence | Feedback]]:
    """The alert of an id, what was delivered of all, and what people said."""
    from firstwire.broker.shown_alerts import read_shown_alerts
    from firstwire.notifier.delivery_history import read_deliveries
    from firstwire.notifier.delivery_log import DeliveryLog
    from firstwire.notifier.said import read_feedback, read_silences

    prefix = configuration.settings.kafka.topic_prefix

    async def reading(address: str) -> tuple[dict[str, Alert], DeliveryLog, list[Silence | Feedback]]:
        found = await read_shown_alerts(address, prefix, wanted)
        said: list[Silence | Feedback] = [*await read_silences(address, prefix), *await read_feedback(address, prefix)]
        return found, DeliveryLog(await read_deliveries(address, prefix)), said

    found, log, said = on_kafka(configuration, reading)
    return found[meant_id(wanted, found, "alert")], log, said
