"""The notifier's loop: decides on alerts from Kafka in one transaction with their offsets, then sends them.

Starting it fences an earlier notifier of the same prefix. Killed at any moment, it repeats at most one attempt per
destination: the one whose result was not recorded yet.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from aiokafka.errors import KafkaError

from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import ALERTS, DEAD_LETTERS, DELIVERIES, topic_name
from firstwire.broker.transaction import TransactionalProducer
from firstwire.config import Route
from firstwire.errors import PoisonError, place_of
from firstwire.notifier.counters import Counters
from firstwire.notifier.delivery_log import DeliveryLog, entry_of
from firstwire.notifier.destination import Desk, Destination, Post
from firstwire.notifier.intake import Intake, dead_letter_message, take_in
from firstwire.notifier.outages import end_tasks, persist
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.source import AlertSource, offsets_after
from firstwire.notifier.transaction_writer import TransactionWriter

FINISH_SECONDS = 3.0
"""How long attempts in progress may continue after a stop; closing takes the rest of the 5 s."""
CLOSE_SECONDS = 0.8


class Notifier:
    """`await run()` until `stop()` is called."""

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        topic_prefix: str,
        member_id: str,
        routes: Sequence[Route],
        receivers: Mapping[str, Receiver],
        post: Post,
        give_up_after_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self.counters = Counters()
        self._bootstrap_servers = bootstrap_servers
        self._deliveries = topic_name(topic_prefix, DELIVERIES)
        self._dead_letters = topic_name(topic_prefix, DEAD_LETTERS)
        self._routes = tuple(routes)
        self._now = now
        self._stopping = asyncio.Event()
        self._logger = structlog.get_logger("firstwire.notifier")
        group = f"{topic_prefix}-notifier"
        self._producer = TransactionalProducer(bootstrap_servers, group)
        self._source = AlertSource(bootstrap_servers, topic_name(topic_prefix, ALERTS), group, member_id)
        self._log = DeliveryLog()
        self._writer = TransactionWriter(self._producer, group)
        desk = Desk(self._log, self._writer, self._deliveries, post, now, give_up_after_seconds, self.counters)
        self._destinations = {name: Destination(name, receiver, desk) for name, receiver in receivers.items()}

    def stop(self) -> None:
        """Ask `run` to end, which it does within 5 s. Attempts in progress are recorded if answered in time."""
        self._stopping.set()

    async def run(self) -> None:
        """Notify until stopped. Waits out Kafka's outages; raises FencedError and FatalError."""
        try:
            # In this order: only after the fencing no other notifier writes to the log
            for step in (self._producer.start, self._load, self._source.start):
                await persist(step, self._stopping)
            if not self._stopping.is_set():
                pending = len(self._log.pending())
                self._logger.info("notifier_started", destinations=len(self._destinations), pending=pending)
                await self._work()
        finally:
            await self._close()
            self._log_counts()

    async def _load(self) -> None:
        """Fold the delivery log, then queue what is pending."""
        async for record in read_all(self._bootstrap_servers, self._deliveries):
            try:
                entry = entry_of(record)
            except PoisonError as err:
                self._logger.exception("delivery_unreadable", place=err.place)
                continue
            if entry is not None:
                self._log.apply(entry)
        without: set[str] = set()
        for entry in self._log.pending():
            destination = self._destinations.get(entry.delivery.destination)
            if destination is not None:
                destination.offer(entry)
            else:
                without.add(entry.delivery.destination)
        if without:
            self._logger.warning("pending_without_receiver", destinations=sorted(without))

    async def _work(self) -> None:
        """Read and send until stopped, or until the first error."""
        writer = asyncio.ensure_future(self._writer.run())
        workers = [asyncio.ensure_future(self._read())]
        workers += [asyncio.ensure_future(destination.run()) for destination in self._destinations.values()]
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({writer, stopped, *workers}, return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                for destination in self._destinations.values():
                    destination.stop()
                await asyncio.wait(workers, timeout=FINISH_SECONDS)
        finally:
            await end_tasks(*workers, stopped)
            await end_tasks(writer)
        for task in (writer, *workers):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _read(self) -> None:
        async for batch in self._source.batches(self._stopping):
            intake = take_in(batch, self._routes, self._log, self._now())
            messages = [entry.message(self._deliveries) for entry in intake.entries]
            messages += [dead_letter_message(letter, self._dead_letters) for letter in intake.dead_letters]
            await self._writer.write(messages, offsets_after(batch))
            self._account(batch, intake)
            for entry in intake.entries:
                if entry.delivery.state == "pending":
                    self._destinations[entry.delivery.destination].offer(entry)

    def _account(self, batch: Sequence[Received], intake: Intake) -> None:
        """Count and log the result of a batch: every decision with its reason."""
        self.counters.alerts += len(batch) - len(intake.dead_letters)
        self.counters.poison += len(intake.dead_letters)
        for verdict in intake.verdicts:
            self.counters.skipped += not verdict.decision.deliver
            self._logger.info(
                "alert_routed" if verdict.decision.deliver else "alert_skipped",
                alert_id=verdict.alert_id,
                revision=verdict.revision,
                destination=verdict.destination,
                reason=verdict.decision.reason,
            )
        for letter in intake.dead_letters:
            place = letter.place
            self._logger.error(
                "alert_unreadable", error=letter.error, place=place_of(place.topic, place.partition, place.offset)
            )

    def _log_counts(self) -> None:
        counters = self.counters
        self._logger.info("notifier_stopped", alerts=counters.alerts, skipped=counters.skipped, poison=counters.poison)
        for name in sorted(self._destinations):
            self._logger.info(
                "destination_stopped",
                destination=name,
                attempts=counters.attempts[name],
                delivered=counters.delivered[name],
                failed=counters.failed[name],
                outdated=counters.outdated[name],
            )

    async def _close(self) -> None:
        for close in (self._producer.stop, self._source.stop):
            # Without a broker a close may hang; giving up on it loses nothing that was committed
            with contextlib.suppress(TimeoutError, KafkaError):
                await asyncio.wait_for(close(), CLOSE_SECONDS)
