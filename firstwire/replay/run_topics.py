"""The topics of replays: `replay.RUN.alerts` and so on. No name of theirs can be one of the live topics.

Those end with a hyphen and the kind, whatever the prefix; so neither the notifier nor any stage can be given one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from firstwire.broker.admin import open_admin
from firstwire.broker.producer import Message
from firstwire.broker.reader import open_reader
from firstwire.broker.topics import FOREVER_MS, Topic, create_topics, partitions_once_led
from firstwire.broker.transaction import FencedError, TransactionalProducer
from firstwire.errors import ConfigError, TransientError
from firstwire.replay.files import NAMES
from firstwire.replay.topic import CLIENT_ID
from schemas.codec import DecodeError, decode, encode
from schemas.replay_run import ReplayRun
from schemas.times import to_milliseconds

RUN = "run"
"""The kind of the topic with the `ReplayRun`."""
DELETION_SECONDS = 30.0
"""Kafka deletes a little later than it says; who reads a topic meanwhile would wait 40 s for it in vain."""
DELETION_LOOK_SECONDS = 0.1
ANY_TIME_MS = 2**63 - 1
"""How far ahead of now a record's time may be: Kafka's default is an hour, which articles of the future exceed."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_TOPIC = re.compile(rf"replay\.({_NAME.pattern})\.({'|'.join((*NAMES, RUN))})")


def run_topic(run: str, kind: str) -> str:
    """The name of a topic. Raises ConfigError if the run's name cannot be part of one."""
    if not _NAME.fullmatch(run):
        raise ConfigError(f"{run!r} is no name of a run: up to 61 of a-z, 0-9 and hyphens, not a hyphen first")
    return f"replay.{run}.{kind}"


@dataclass(frozen=True)
class RunTopics:
    """The topics of the runs on a broker."""

    bootstrap_servers: str
    replicas: int = 1

    async def claim(self, begun: ReplayRun) -> ReplayRun:
        """Record a run under its name, and make its topics. The run as it was said last: this one, or what was there of
        the same token. Raises ConfigError if the name is another run's, or if there are topics that no run recorded.
        """
        async with self._admin() as admin:
            there = {run_topic(begun.run, kind) for kind in (RUN, *NAMES)}.intersection(await admin.list_topics())
            strangers = sorted(there - {run_topic(begun.run, RUN)})
            if strangers and len(strangers) == len(there):
                raise _of_no_run(begun.run, strangers)
            await self._create(admin, begun.run, [RUN])
            found = await self._recorded(begun, strangers)
            await self._create(admin, begun.run, NAMES)
        return found

    async def runs(self) -> dict[str, ReplayRun]:
        """The recorded runs by name, as they were said last. Topics that only have such a name are not among them."""
        async with self._admin() as admin:
            names = {
                found[1]
                for topic in await admin.list_topics()
                if (found := _TOPIC.fullmatch(topic)) is not None and found[2] == RUN
            }
        recorded = {}
        for name in sorted(names):
            with suppress(ConfigError):  # somebody else's topic
                run = await self._last_said(name)
                if run is not None:
                    recorded[name] = run
        return recorded

    async def run(self, name: str) -> ReplayRun | None:
        """A run as it was said last; None if there is none, or nobody has written to its topic.

        Raises ConfigError if anything but a run of this name is there.
        """
        async with self._admin() as admin:
            if run_topic(name, RUN) not in await admin.list_topics():
                return None
        return await self._last_said(name)

    async def _last_said(self, name: str) -> ReplayRun | None:
        """The same, where its topic exists."""
        topic, found = run_topic(name, RUN), None
        try:
            async with open_reader(self.bootstrap_servers, topic, client_id=CLIENT_ID) as reader:
                async for record in reader.read(await reader.range_of()):
                    found = decode(record.value, ReplayRun)
                    if found.run != name:
                        raise ConfigError(f"not of a replay of this name but of {found.run!r}", place=topic)
        except DecodeError as err:
            raise ConfigError(f"not of a replay: {err}", place=topic) from err
        return found

    async def remove(self, runs: Iterable[str]) -> list[str]:
        """Delete the topics of recorded runs, until they are gone; the names of those that there were."""
        wanted = sorted(set(runs) & set(await self.runs()))
        async with self._admin() as admin:
            there = {run_topic(name, kind) for name in wanted for kind in (*NAMES, RUN)}
            there &= set(await admin.list_topics())
            if there:
                await admin.delete_topics(sorted(there))
                await self._until_gone(admin, there)
        return wanted

    async def remove_expired(self, now: str) -> list[str]:
        """Delete the topics of the runs whose time is over; their names."""
        return await self.remove(expired(await self.runs(), now))

    async def _recorded(self, begun: ReplayRun, strangers: Sequence[str]) -> ReplayRun:
        """What its topic says of the run, whose record it gets if it has none: of two runs at once only one writes."""
        producer = TransactionalProducer(self.bootstrap_servers, f"{CLIENT_ID}-{begun.run}", client_id=CLIENT_ID)
        await producer.start()  # fences others who would record a run of this name: what is read from here on is all
        try:
            there = await self._last_said(begun.run)
            if there is None and strangers:
                raise _of_no_run(begun.run, strangers)
            if there is None:
                async with producer.transaction() as out:
                    await out.send(message_of(begun))
        except FencedError as err:
            raise taken(begun.run) from err
        finally:
            await producer.stop()
        if there is not None and there.token != begun.token:
            raise taken(begun.run)
        return there or begun

    async def _create(self, admin: AIOKafkaAdminClient, run: str, kinds: Iterable[str]) -> None:
        """Make topics that are not there; they can be read and written when it returns."""
        new = [self._new_topic(run, kind) for kind in kinds]
        await create_topics(admin, new)
        await partitions_once_led(admin, [topic.name for topic in new])

    def _new_topic(self, run: str, kind: str) -> NewTopic:
        lasting = Topic("", "delete", FOREVER_MS).settings(self.replicas)  # records are of old times: none may expire
        return NewTopic(
            name=run_topic(run, kind),
            num_partitions=1,
            replication_factor=self.replicas,
            topic_configs={**lasting, "message.timestamp.after.max.ms": str(ANY_TIME_MS)},
        )

    async def _until_gone(self, admin: AIOKafkaAdminClient, topics: Collection[str]) -> None:
        try:
            async with asyncio.timeout(DELETION_SECONDS):
                while True:
                    if set(topics).isdisjoint(await admin.list_topics()):
                        return
                    await asyncio.sleep(DELETION_LOOK_SECONDS)
        except TimeoutError as err:
            reason = f"Kafka has not deleted them within {DELETION_SECONDS:.0f} s: {', '.join(sorted(topics))}"
            raise TransientError(reason, place=self.bootstrap_servers) from err

    def _admin(self) -> AbstractAsyncContextManager[AIOKafkaAdminClient]:
        return open_admin(self.bootstrap_servers, "cannot manage topics", client_id=CLIENT_ID)


def message_of(run: ReplayRun) -> Message:
    """What is said of a run, for its topic."""
    at_ms = to_milliseconds(run.began_at)
    return Message(run_topic(run.run, RUN), run.run, encode(run), timestamp_ms=at_ms, partition=0)


def expired(runs: Mapping[str, ReplayRun], now: str) -> list[str]:
    """The names of those that are to be kept no longer."""
    return [name for name, run in runs.items() if run.keep_until <= now]


def new_token() -> str:
    """What tells a run from others of its name."""
    return uuid4().hex


def taken(run: str) -> ConfigError:
    return ConfigError(
        f"there is a run {run} already; choose another name, or remove it with: firstwire replays remove {run}",
        place=run_topic(run, RUN),
    )


def _of_no_run(run: str, topics: Iterable[str]) -> ConfigError:
    there = ", ".join(topics)
    return ConfigError(f"there are topics that no replay has recorded: {there}; choose another name than {run}")
