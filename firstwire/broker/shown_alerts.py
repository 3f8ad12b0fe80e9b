"""Reads alerts as they may be shown: without what they quote of articles that were taken down."""

from __future__ import annotations

from firstwire.broker.reader import read_all
from firstwire.broker.takedowns import read_takedowns
from firstwire.broker.topics import ALERTS, topic_name
from firstwire.core.alerts.redaction import redacted
from schemas.alert import Alert
from schemas.codec import DecodeError, decode


async def read_shown_alerts(bootstrap_servers: str, prefix: str, beginning: str = "") -> dict[str, Alert]:
    """The newest revision of each alert, by id; only of ids with this beginning.

    Those that cannot be read, or of which all articles were taken down, are left out.
    """
    hidden = await read_takedowns(bootstrap_servers, prefix)
    found: dict[str, Alert] = {}
    async for record in read_all(bootstrap_servers, topic_name(prefix, ALERTS)):
        if not record.key.startswith(beginning):
            continue  # the topic holds every alert: only those that are meant are worth decoding
        found.pop(record.key, None)
        try:
            alert = redacted(decode(record.value, Alert), hidden)
        except DecodeError:
            continue  # a tombstone, or what the notifier names in its log
        if alert is not None:
            found[record.key] = alert
    return found
