"""The notifier's loop: decides on alerts from Kafka in one transaction with their offsets, then sends them.

Starting it fences an earlier notifier of the same prefix. Killed at any moment, it repeats at most one attempt per
destination: the one whose result was not recorded yet.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from firstwire.broker.reader import read_all
from firstwire.broker.topics import ALERTS, DEAD_LETTERS, DELIVERIES, FEEDBACK, REDRIVES, RELOADS, SILENCES, topic_name
from firstwire.broker.transaction import TransactionalProducer
from firstwire.core.routes.routing import Routing
from firstwire.errors import ConfigError, PoisonError, place_of
from firstwire.health import Readiness
from firstwire.notifier.clock import Clock
from firstwire.notifier.counters import Counters
from firstwire.notifier.delivery_log import WAITING, DeliveryLog, LoggedDelivery, entry_of
from firstwire.notifier.desk import Desk, Post, TroubleDesk
from firstwire.notifier.destination import Destination
from firstwire.notifier.given_up import READING_STAGE, letter_message
from firstwire.notifier.hearing import take_said
from firstwire.notifier.holding import released, restore
from firstwire.notifier.intake import Intake, take_in
from firstwire.notifier.outages import end_tasks, persist
from firstwire.notifier.plan import NotifierPlan
from firstwire.notifier.redrives import Redrives, take_redrives
from firstwire.notifier.source import NotifierSource, offsets_after
from firstwire.notifier.transaction_writer import TransactionWriter
from schemas import DeadLetter

KAFKA = "kafka"
"""What the notifier needs to be ready."""

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
        create_topics: Callable[[], Awaitable[object]],
        plan: NotifierPlan,
        replan: Callable[[], NotifierPlan],
        post: Post,
        give_up_after_seconds: float,
        expire_after_seconds: float,
        clock: Clock,
        readiness: Readiness,
    ) -> None:
        self.counters = Counters()
        self._readiness = readiness
        self._readiness.lacks(KAFKA, "has not answered yet")
        self._bootstrap_servers = bootstrap_servers
        self._create_topics = create_topics
        self._deliveries = topic_name(topic_prefix, DELIVERIES)
        self._dead_letters = topic_name(topic_prefix, DEAD_LETTERS)
        self._clock = clock
        self._stopping = asyncio.Event()
        self._logger = structlog.get_logger("firstwire.notifier")
        group = f"{topic_prefix}-notifier"
        self._producer = TransactionalProducer(bootstrap_servers, group)
        self._redrives = topic_name(topic_prefix, REDRIVES)
        self._said = tuple(topic_name(topic_prefix, name) for name in (SILENCES, FEEDBACK))
        self._reloads = topic_name(topic_prefix, RELOADS)
        self._alerts = topic_name(topic_prefix, ALERTS)
        topics = (self._alerts, self._redrives, self._reloads, *self._said)
        self._source = NotifierSource(bootstrap_servers, topics, group, member_id)
        self._log = DeliveryLog()
        self._routing = Routing(plan.routes, self._log, plan.inhibitions)
        self._replan = replan
        self._is_asked_to_reload = asyncio.Event()
        self._has_new_times = asyncio.Event()
        self._writer = TransactionWriter(self._producer, group)
        self._desk = Desk(
            log=self._log,
            writer=self._writer,
            topic=self._deliveries,
            dead_letters=self._dead_letters,
            post=post,
            templates=plan.templates,
            clock=clock,
            give_up_after_seconds=give_up_after_seconds,
            expire_after_seconds=expire_after_seconds,
            counters=self.counters,
            trouble=TroubleDesk(plan.trouble_receivers),
        )
        self._destinations = {
            name: Destination(name, receiver, self._desk) for name, receiver in plan.receivers.items()
        }
        self._desk.trouble.open(self._destinations)
        self._senders: dict[Destination, asyncio.Future[None]] = {}

    @property
    def destinations(self) -> Mapping[str, Destination]:
        return self._destinations

    def stop(self) -> None:
        """Ask `run` to end, which it does within 5 s. Attempts in progress are recorded if answered in time."""
        self._stopping.set()

    def reload(self) -> None:
        """Ask for the configuration to be read again; if it is wrong, what is in force stays."""
        self._is_asked_to_reload.set()

    async def run(self) -> None:
        """Notify until stopped. Waits out Kafka's outages; raises FencedError and FatalError."""
        try:
            # In this order: a topic that an earlier version did not know would hold up all reading, and only after the
            # fencing no other notifier writes to the log
            for step in (self._create_topics, self._producer.start, self._load, self._source.start):
                await persist(step, self._stopping)
            if not self._stopping.is_set():
                self._readiness.has(KAFKA)
                pending = self._log.waiting
                self._logger.info("notifier_started", destinations=len(self._destinations), pending=pending)
                await self._work()
        finally:
            await self._close()
            self._log_counts()

    async def _load(self) -> None:
        """Fold the delivery log and what people said, then queue what is pending and hold what is held."""
        timed: dict[str, LoggedDelivery] = {}
        async for record in read_all(self._bootstrap_servers, self._deliveries):
            try:
                entry = entry_of(record)
            except PoisonError as err:
                self._logger.exception("delivery_unreadable", place=err.place)
                continue
            if entry is not None:
                self._log.apply(entry)
                if entry.delivery.group is not None:
                    timed[entry.key] = entry
        for topic in self._said:
            said = [record async for record in read_all(self._bootstrap_servers, topic)]
            self._log_unreadable(take_said(said, self._routing, self._clock.now()))
        restore(self._routing, timed.values())
        self._offer(self._log.pending())

    async def _work(self) -> None:
        """Read and send until stopped, or until the first error."""
        writer = asyncio.ensure_future(self._writer.run())
        workers = [asyncio.ensure_future(each) for each in (self._read(), self._release())]
        for destination in self._destinations.values():
            self._start(destination)
        try:
            while not self._stopping.is_set() and not any(task.done() for task in (writer, *workers)):
                await self._wait_for_change(writer, *workers)
            if self._stopping.is_set():
                self._has_new_times.set()
                for destination in self._destinations.values():
                    destination.stop()
                await asyncio.wait([*workers, *self._senders.values()], timeout=FINISH_SECONDS)
        finally:
            senders = tuple(self._senders.values())
            await end_tasks(*workers, *senders)
            await end_tasks(writer)
        for task in (writer, *workers, *senders):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _wait_for_change(self, *workers: asyncio.Future[None]) -> None:
        """Wait until a worker ends, or a stop or a reload is asked for; then reload. Raises a sender's error."""
        asked = [asyncio.ensure_future(event.wait()) for event in (self._stopping, self._is_asked_to_reload)]
        try:
            awaited: set[asyncio.Future[Any]] = {*workers, *self._senders.values(), *asked}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_tasks(*asked)
        for destination in [destination for destination, task in self._senders.items() if task.done()]:
            sender = self._senders.pop(destination)
            if not sender.cancelled():  # else the writer is about to end, with the error that counts
                sender.result()
        if self._is_asked_to_reload.is_set() and not self._stopping.is_set():
            self._is_asked_to_reload.clear()
            self._put_in_force()

    def _start(self, destination: Destination) -> None:
        self._senders[destination] = asyncio.ensure_future(destination.run())

    def _put_in_force(self) -> None:
        """Change to the routes and receivers of the configuration as it is now; if it is wrong, keep those in force."""
        try:
            plan = self._replan()
        except ConfigError as err:
            self._logger.error("reload_refused", reason=str(err))
            return
        self._routing.reroute(plan.routes, plan.inhibitions)
        self._has_new_times.set()
        self._desk.trouble.rename(plan.trouble_receivers)
        self._desk.templates = plan.templates
        for name in self._destinations.keys() - plan.receivers.keys():
            self._destinations.pop(name).stop()
        for name, receiver in plan.receivers.items():
            if (destination := self._destinations.get(name)) is not None:
                destination.change(receiver)
                continue
            self._destinations[name] = Destination(name, receiver, self._desk)
            self._start(self._destinations[name])
            self._offer(entry for entry in self._log.pending() if entry.delivery.destination == name)
        self._logger.info("configuration_reloaded", destinations=len(self._destinations))

    async def _read(self) -> None:
        async for batch in self._source.batches(self._stopping):
            requests = [record for record in batch if record.topic == self._redrives]
            said = [record for record in batch if record.topic in self._said]
            alerts = [record for record in batch if record.topic == self._alerts]
            unheard = take_said(said, self._routing, self._clock.now())
            intake = take_in(alerts, self._routing, self._log, self._clock.now())
            self._has_new_times.set()
            redrives = take_redrives(requests, self._log, tuple(self._destinations), self._clock.now())
            again = [redrive.entry for redrive in redrives.redrives if redrive.entry is not None]
            messages = [entry.message(self._deliveries) for entry in (*intake.entries, *again)]
            letters = (*intake.dead_letters, *redrives.dead_letters, *unheard)
            messages += [letter_message(letter, self._dead_letters) for letter in letters]
            await self._writer.write(messages, offsets_after(batch))
            if any(record.topic == self._reloads for record in batch):
                self.reload()
            self._account(len(alerts), intake)
            self._log_unreadable(unheard)
            self._offer((*intake.entries, *again))
            self._hurry(redrives)

    async def _release(self) -> None:
        """Tell what waits for its group, a digest or the end of quiet hours, each at its time, until stopped."""
        while not self._stopping.is_set():
            self._has_new_times.clear()
            now, next_at = self._clock.now(), self._routing.next_at()
            if next_at is not None and next_at <= now:
                entries = released(self._routing.tick(now), self._log, now)
                for entry in entries:
                    self._log.apply(entry)
                await self._writer.write([entry.message(self._deliveries) for entry in entries])
                self._offer(entries)
            else:
                await self._clock.woken(self._has_new_times, now, next_at)

    def _offer(self, entries: Iterable[LoggedDelivery]) -> None:
        """Queue what is pending; what has no receiver any more waits until one has its name again."""
        without: set[str] = set()
        for entry in (entry for entry in entries if entry.delivery.state in WAITING):
            destination = self._destinations.get(entry.delivery.destination)
            if destination is not None:
                destination.offer(entry)
            else:
                without.add(entry.delivery.destination)
        if without:
            self._logger.warning("pending_without_receiver", destinations=sorted(without))

    def _hurry(self, redrives: Redrives) -> None:
        """Try at once what somebody asked for, and log what became of each request."""
        for redrive in redrives.redrives:
            if redrive.entry is not None or redrive.hurries:
                self._destinations[redrive.destination].hurry(redrive.key)
                self._logger.info("delivery_redriven", delivery=redrive.key, reason=redrive.reason)
            else:
                self._logger.warning("redrive_refused", delivery=redrive.key, reason=redrive.reason)
        self._log_unreadable(redrives.dead_letters)

    def _account(self, alerts: int, intake: Intake) -> None:
        """Count and log the result of a batch: every decision with its reason."""
        unreadable = [letter for letter in intake.dead_letters if letter.stage == READING_STAGE]
        self.counters.alerts += alerts - len(unreadable)
        for ruling in intake.rulings:
            self.counters.skipped += ruling.fate not in ("sent", "held")
            self._logger.info(
                "alert_routed",
                alert_id=ruling.alert.alert_id,
                revision=ruling.alert.revision,
                destination=ruling.receiver,
                fate=ruling.fate,
                reason=ruling.reason,
            )
        for entry in intake.entries:
            if entry.delivery.state == "failed":
                self.counters.failed[entry.delivery.destination] += 1
                self._logger.error("delivery_failed", delivery=entry.key, result=entry.delivery.result)
        self._log_unreadable(unreadable)

    def _log_unreadable(self, letters: Sequence[DeadLetter]) -> None:
        self.counters.poison += len(letters)
        for letter in letters:
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
