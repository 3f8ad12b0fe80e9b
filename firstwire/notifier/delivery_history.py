"""What became of every delivery, for people: read from Kafka, selected, and asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firstwire.broker.producer import open_producer
from firstwire.broker.reader import read_all
from firstwire.broker.topics import DELIVERIES, REDRIVES, topic_name
from firstwire.errors import ConfigError, PoisonError
from firstwire.notifier.delivery_log import WAITING, LoggedDelivery, entry_of
from firstwire.notifier.retries import queued_at
from schemas.delivery import DeliveryState

SHORTEST_ID = 4
NOT_ARRIVED: tuple[DeliveryState, ...] = ("failed", *WAITING)


@dataclass(frozen=True)
class Selection:
    """Which deliveries are meant; what is None or empty excludes none. Times are timestamps."""

    alert: str | None = None
    """The beginning of an alert's id, or of a delivery's."""
    receiver: str | None = None
    states: tuple[DeliveryState, ...] = ()
    since: str | None = None
    until: str | None = None

    def includes(self, entry: LoggedDelivery) -> bool:
        """Whether a delivery meets every condition."""
        delivery, at = entry.delivery, happened_at(entry)
        return (
            (self.alert is None or entry.key.startswith(self.alert))
            and (self.receiver is None or delivery.destination == self.receiver)
            and (not self.states or delivery.state in self.states)
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
        )


async def read_deliveries(bootstrap_servers: str, prefix: str) -> list[LoggedDelivery]:
    """The current state of every delivery, the latest first."""
    newest: dict[str, LoggedDelivery] = {}
    async for record in read_all(bootstrap_servers, topic_name(prefix, DELIVERIES)):
        try:
            entry = entry_of(record)
        except PoisonError:
            continue  # the notifier names it in its log
        if entry is not None:
            newest[entry.key] = entry
    return sorted(newest.values(), key=lambda entry: (happened_at(entry), entry.key), reverse=True)


def happened_at(entry: LoggedDelivery) -> str:
    """The time of the last attempt; before the first one, when the delivery was decided on."""
    return entry.delivery.attempted_at or queued_at(entry)


def of_one_alert(found: Sequence[LoggedDelivery], wanted: str) -> list[LoggedDelivery]:
    """The deliveries meant by an id of a delivery or an alert, or by its beginning.

    Raises ConfigError if there are none, or if several alerts are meant.
    """
    if len(wanted) < SHORTEST_ID:
        raise ConfigError(f"give at least {SHORTEST_ID} characters of the id", place=wanted)
    meant = [entry for entry in found if wanted in (entry.key, entry.delivery.alert_id)]
    meant = meant or [entry for entry in found if Selection(alert=wanted).includes(entry)]
    alerts = sorted({entry.delivery.alert_id for entry in meant})
    if len(alerts) != 1:
        names = ", ".join(alerts[:6])
        raise ConfigError(f"{wanted!r} is ambiguous: {names}" if meant else f"no delivery {wanted!r}")
    return meant


def asked_again(found: Sequence[LoggedDelivery], wanted: Sequence[str]) -> list[LoggedDelivery]:
    """What may be made again of the deliveries meant by these ids, of all if there are none.

    Of each alert at each receiver that is the newest revision, unless it arrived: it tells what earlier ones would have
    told. Raises ConfigError if an id means no delivery, or several alerts.
    """
    newest: dict[tuple[str, str], LoggedDelivery] = {}
    for entry in found:
        pair = entry.delivery.alert_id, entry.delivery.destination
        if pair not in newest or entry.delivery.revision > newest[pair].delivery.revision:
            newest[pair] = entry
    meant = [entry for one in wanted for entry in of_one_alert(found, one)] if wanted else found
    pairs = dict.fromkeys((entry.delivery.alert_id, entry.delivery.destination) for entry in meant)
    return [newest[pair] for pair in pairs if newest[pair].delivery.state in NOT_ARRIVED]


async def request_redrives(bootstrap_servers: str, prefix: str, entries: Iterable[LoggedDelivery]) -> None:
    """Ask the notifier to make deliveries again; it does so at once, or when it is started."""
    topic = topic_name(prefix, REDRIVES)
    async with open_producer(bootstrap_servers) as producer:
        await producer.send_all(entry.message(topic) for entry in sorted(entries, key=queued_at))
